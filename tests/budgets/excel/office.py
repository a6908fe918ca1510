"""A real LibreOffice that opens a file and saves it, in a profile of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

SHEETS = "xlsx:Calc MS Excel 2007 XML"
PATIENCE = 120  # seconds


def saved_by_office(data: bytes, folder: Path) -> bytes:
    """The workbook as LibreOffice saves it after opening and recalculating."""
    return converted_by_office(data, folder, name="book.xlsx", to=SHEETS)


def converted_by_office(data: bytes, folder: Path, *, name: str, to: str) -> bytes:
    """A file as LibreOffice writes it in the format ``to``: a suffix, with a filter if need be."""
    source, target = folder / "in" / name, folder / "out"
    source.parent.mkdir(parents=True)
    source.write_bytes(data)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--norestore", "--convert-to", to, "--outdir", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    saved = target / source.with_suffix(f".{to.partition(':')[0]}").name
    assert saved.is_file(), done.stderr or done.stdout
    return saved.read_bytes()
