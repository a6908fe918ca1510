"""A real LibreOffice that opens a file and saves it, in a profile of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

FILTER = "xlsx:Calc MS Excel 2007 XML"
PATIENCE = 120  # seconds


def saved_by_office(data: bytes, folder: Path) -> bytes:
    """The file as LibreOffice saves it after opening and recalculating."""
    source, target = folder / "in" / "book.xlsx", folder / "out"
    source.parent.mkdir(parents=True)
    source.write_bytes(data)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--norestore", "--convert-to", FILTER, "--outdir", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    saved = target / source.name
    assert saved.is_file(), done.stderr or done.stdout
    return saved.read_bytes()
