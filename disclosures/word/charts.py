"""PURE: charts as DrawingML, whose labels print the bound figures as they stand."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from disclosures.charts import FILLS, Drawing
from disclosures.report.blocks import Chart, ChartPoint
from disclosures.report.characters import printable

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_INLINE = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EMU_PER_MM = 36_000
_SHOWN = (
    '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
    '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)


# The drawing's own room: names left of the bars, figures at their ends.
_ROOM = (
    '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
    '<c:yMode val="edge"/><c:x val="0.32"/><c:y val="0.04"/><c:w val="0.46"/><c:h val="0.92"/>'
    "</c:manualLayout></c:layout>"
)


def _from_zero(chart: Chart) -> str:
    """Bars begin at zero, or their lengths would not compare; with both signs they do anyway."""
    values = [point.figure.value for point in chart.points]
    bound = "" if min(values) < 0 < max(values) else "max" if min(values) < 0 else "min"
    return f'<c:{bound} val="0"/>' if bound else ""


def chart_xml(chart: Chart) -> bytes:
    """The chart as a part of its own: horizontal bars, the first on top."""
    points = "".join(_label(index, point) for index, point in enumerate(chart.points))
    names = "".join(
        f'<c:pt idx="{index}"><c:v>{escape(printable(point.label))}</c:v></c:pt>'
        for index, point in enumerate(chart.points)
    )
    values = "".join(
        f'<c:pt idx="{index}"><c:v>{point.figure.value}</c:v></c:pt>'
        for index, point in enumerate(chart.points)
    )
    count = f'<c:ptCount val="{len(chart.points)}"/>'
    fill = f'<a:solidFill><a:srgbClr val="{FILLS[0].lstrip("#")}"/></a:solidFill>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{_DRAWING}"><c:roundedCorners val="0"/>'
        f'<c:chart><c:autoTitleDeleted val="1"/><c:plotArea>{_ROOM}<c:barChart>'
        '<c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'<c:ser><c:idx val="0"/><c:order val="0"/><c:spPr>{fill}</c:spPr>'
        f'<c:invertIfNegative val="0"/><c:dLbls>{points}{_SHOWN}</c:dLbls>'
        f"<c:cat><c:strLit>{count}{names}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>{count}{values}</c:numLit></c:val>"
        '</c:ser><c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:crossAx val="2"/></c:catAx>'
        f'<c:valAx><c:axId val="2"/><c:scaling>{_from_zero(chart)}</c:scaling>'
        '<c:delete val="1"/><c:axPos val="t"/><c:crossAx val="1"/></c:valAx></c:plotArea>'
        '<c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    ).encode()


def _label(index: int, point: ChartPoint) -> str:
    text = f"<a:r><a:t>{escape(printable(point.figure.text))}</a:t></a:r>"
    return (
        f'<c:dLbl><c:idx val="{index}"/><c:tx><c:rich><a:bodyPr wrap="none"/>'
        f"<a:p>{text}</a:p></c:rich></c:tx>{_SHOWN}</c:dLbl>"
    )


def placed_chart(chart: Chart, drawing: Drawing, relation: str, number: int) -> str:
    """The run that shows a chart part at its place, with its alternative text."""
    size = f'cx="{int(drawing.width * EMU_PER_MM)}" cy="{int(drawing.height * EMU_PER_MM * 2)}"'
    described = quoteattr(printable(chart.alternative_text))
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_INLINE}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="{number}" name="chart{number}" descr={described}/>'
        f'<a:graphic xmlns:a="{_DRAWING}"><a:graphicData uri="{CHART}">'
        f'<c:chart xmlns:c="{CHART}" xmlns:r="{_RELATION}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
