"""Decode the shipped WOFF2 faces once, to var/fonts/: WeasyPrint would for every document.

.venv/bin/python scripts/decode_fonts.py [folder]
"""

import sys
from pathlib import Path

from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "static" / "fonts"
SUFFIX = {"OTTO": ".otf", "\x00\x01\x00\x00": ".ttf"}


def decode(source: Path, folder: Path) -> Path:
    """Write the plain OTF or TTF beside its siblings; an interrupted run leaves no half file."""
    font = TTFont(source, recalcBBoxes=False, recalcTimestamp=False)
    target = folder / (source.stem + SUFFIX[font.sfntVersion])
    if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
        return target
    font.flavor = None
    partial = target.with_suffix(".partial")
    font.save(partial, reorderTables=None)
    return partial.replace(target)


def main(folder: Path = ROOT / "var" / "fonts") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted(SOURCE.glob("*.woff2")):
        decode(source, folder)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
