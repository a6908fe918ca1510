"""What production mode refuses, and what the embedded mode makes for itself."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.secrets import kept_secret

PRINT = """
import config.settings as s
print(s.SECRET_KEY, s.HTTPS, s.STORAGES["staticfiles"]["BACKEND"])
"""
KEY = "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz"


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a fresh process, as a server would."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", PRINT],
        env=kept | {"MINGZHANG_VAR": str(tmp_path), "PYTEST_VERSION": "x"} | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "MINGZHANG_SECRET_KEY"),
        ({"MINGZHANG_SECRET_KEY": "short"}, "MINGZHANG_SECRET_KEY"),
        ({"MINGZHANG_SECRET_KEY": KEY, "MINGZHANG_DEBUG": "1"}, "MINGZHANG_DEBUG"),
    ],
)
def test_production_refuses(tmp_path: Path, environment: dict[str, str], reason: str) -> None:
    result = start(tmp_path, MINGZHANG_MODE="production", **environment)
    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
    assert reason in result.stderr


def test_production_starts_with_a_key_https_and_hashed_scripts(tmp_path: Path) -> None:
    result = start(tmp_path, MINGZHANG_MODE="production", MINGZHANG_SECRET_KEY=KEY)
    storage = "config.static_files.HashedModulesStorage"
    assert result.stdout.split() == [KEY, "True", storage], result.stderr


def test_embedded_mode_keeps_the_key_it_made(tmp_path: Path) -> None:
    first, second = start(tmp_path), start(tmp_path)
    assert first.stdout == second.stdout
    assert len(first.stdout.split()[0]) >= 50
    assert first.stdout.split()[1] == "False"


def test_a_made_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret-key"
    assert kept_secret(file) == kept_secret(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_settings_fit_on_a_few_pages() -> None:
    text = (settings.BASE_DIR / "config" / "settings.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250


def test_every_variable_of_the_settings_is_in_the_example() -> None:
    read = re.findall(
        r'env\.\w+\(\s*"([A-Z_]+)"',
        (settings.BASE_DIR / "config" / "settings.py").read_text(encoding="utf-8"),
    )
    example = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    shown = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))
    assert set(read) - {"PYTEST_XDIST_WORKER"} <= shown
