"""Make the four faces of static/fonts/ from the originals named in its README.md.

Run by hand when a face or the character list changes, never at set-up:

    .venv/bin/python scripts/subset_fonts.py FandolFang-Regular.otf LXGWWenKai-Regular.ttf \\
        NotoSerifCJK-Bold.ttc NotoSansCJK-Regular.ttc
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, woff2

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
SIMPLIFIED_CHINESE_FACE = 2  # within the two .ttc collections
RENAMED = {1: "Mingzhang Kai", 3: "Mingzhang Kai 1.250", 4: "Mingzhang Kai", 6: "MingzhangKai"}


def read(source: str) -> TTFont:
    face = SIMPLIFIED_CHINESE_FACE if source.endswith(".ttc") else -1
    return TTFont(source, fontNumber=face, recalcTimestamp=False)


def cut(font: TTFont) -> TTFont:
    """Keep the characters of characters.txt and drop hints, which print does not use."""
    options = Options(hinting=False, notdef_outline=True, name_IDs=["*"], name_languages=["*"])
    options.layout_features = ["ccmp", "kern", "mark", "mkmk"]
    options.drop_tables += ["BASE", "vhea", "vmtx", "VORG"]
    subsetter = Subsetter(options)
    subsetter.populate(text=(FONTS / "characters.txt").read_text(encoding="utf-8"))
    subsetter.subset(font)
    return font


def rename(font: TTFont) -> TTFont:
    """Give the altered WenKai a name of ours: its licence reserves the original one."""
    names = font["name"]
    for record in list(names.names):
        if record.langID == 0x804:
            names.removeNames(record.nameID, record.platformID, record.platEncID, record.langID)
        elif record.nameID in RENAMED:
            names.setName(
                RENAMED[record.nameID],
                record.nameID,
                record.platformID,
                record.platEncID,
                record.langID,
            )
    return font


def write(font: TTFont, name: str) -> None:
    """Write WOFF2 without the glyf transform, which takes seconds to undo in Python."""
    font.flavor = "woff2"
    font.flavorData = woff2.WOFF2FlavorData(transformedTables=[])
    font.save(FONTS / f"{name}.woff2")


def main(fang: str, kai: str, serif: str, sans: str) -> None:
    write(cut(read(fang)), "FandolFang-Regular")
    write(rename(cut(read(kai))), "MingzhangKai-Regular")
    write(cut(read(serif)), "NotoSerifCJKsc-Bold")
    write(cut(read(sans)), "NotoSansCJKsc-Regular")


if __name__ == "__main__":
    main(*sys.argv[1:])
