"""In production a page gets one version of every script: all names carry a hash."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command
from django.test import override_settings

SOURCE = Path(settings.BASE_DIR) / "static"
STORAGE = "config.static_files.HashedModulesStorage"
# Wider than what the storage rewrites: any quoted address of a script, however it is imported.
IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'`]([^"'`]+)["'`]""")
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


def collect(root: Path, *, source: Path) -> None:
    """Our own files only: .ci/deploy-check collects those of the packages, too."""
    with override_settings(
        STATIC_ROOT=root,
        STATICFILES_DIRS=[source],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES={"staticfiles": {"BACKEND": STORAGE}},
    ):
        get_finder.cache_clear()
        call_command("collectstatic", interactive=False, verbosity=0)
    get_finder.cache_clear()


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("static")
    collect(root, source=SOURCE)
    return root


def modules(collected: Path) -> list[Path]:
    return [file for file in (collected / "js").rglob("*.js") if HASHED.search(file.name)]


def test_every_module_imports_a_hashed_file_that_exists(collected: Path) -> None:
    found = {
        (file.name, address): file.parent / address
        for file in modules(collected)
        for address in IMPORTED.findall(file.read_text(encoding="utf-8"))
    }
    assert len(found) > 15
    assert [place for place, file in found.items() if not HASHED.search(file.name)] == []
    assert [place for place, file in found.items() if not file.is_file()] == []


def test_a_script_has_one_hashed_name_and_a_compressed_twin(collected: Path) -> None:
    files = modules(collected)
    names = [HASHED.sub(".js", str(file)) for file in files]
    assert len(names) == len(set(names)) > 10
    large = [file for file in files if file.stat().st_size > 1000]
    assert [file.name for file in large if not Path(f"{file}.gz").is_file()] == []


def test_a_change_far_below_renames_all_that_lead_to_it(tmp_path: Path, collected: Path) -> None:
    source, root = tmp_path / "source", tmp_path / "root"
    shutil.copytree(SOURCE / "js", source / "js")
    with (source / "js" / "sheet_editor" / "clipboard.js").open("a", encoding="utf-8") as file:
        file.write("// changed\n")
    collect(root, source=source)
    before, after = ({file.name for file in modules(tree)} for tree in (collected, root))
    assert {name.split(".")[0] for name in after - before} == {
        "clipboard",
        "paste",
        "start",
        "main",
        "list",
    }
