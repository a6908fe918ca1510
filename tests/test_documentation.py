"""What the documents say is there: links, paths, commands, variables, fragments, pictures."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands

from budgets.workbook import (
    CellSnapshot,
    ProcurementRow,
    ProjectBudget,
    ProjectSnapshot,
    PurchasedServiceRow,
    WorkbookSnapshot,
)
from departments.models import StaffMember
from departments.roles import Role
from disclosures.filing import ALL_PACKAGE_CHECKS
from disclosures.filing_package import (
    CodeLabel,
    FilingHead,
    KeyTask,
    Reason,
    Text,
    WrittenExplanation,
)
from performance.evaluation import DeclarationSnapshot, EvaluationSnapshot, ResultSnapshot
from rulebook.codec import from_json, to_json

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
IMAGES = sorted((DOCS / "images").glob("*.png"))
MOST_IMAGE_BYTES = 250_000
FOLDERS = (
    "rulebook", "departments", "filings", "budgets", "performance", "disclosures", "reviews",
    "portal", "config", "templates", "static", "tests", "scripts", "deploy", "docs", ".ci",
)  # fmt: skip
FRAGMENTS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        CellSnapshot, CodeLabel, DeclarationSnapshot, EvaluationSnapshot, FilingHead, KeyTask,
        ProcurementRow, ProjectBudget, ProjectSnapshot, PurchasedServiceRow, Reason,
        ResultSnapshot, Text, WorkbookSnapshot, WrittenExplanation,
    )
}  # fmt: skip
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FRAGMENT = re.compile(r"```json (\w+)\n(.*?)```", re.S)
# The proposal that was deviated from names files that are not there, and says so.
PROPOSAL = DOCS / "decisions" / "0011-what-differs-from-the-proposal.md"


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def paths_named(text: str) -> set[str]:
    """The files and folders of the project named in code marks; a year to come is an example."""
    words = {word for code in CODE.findall(text) for word in code.split()}
    words = {
        word.rstrip("，。")
        for word in words
        if not re.search(r"[…<>*{}_]20(?!23)\d\d|[…<>*{}]", word)
    }
    return {word for word in words if word.split("/")[0] in FOLDERS and "/" in word}


@cache
def source() -> str:
    """All code and data, to look names up in."""
    files = (
        path
        for folder in FOLDERS[:9]
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".toml"}
    )
    return "\n".join(text_of(path) for path in files)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    targets = (link.split("#")[0] for link in LINK.findall(text_of(page)) if "://" not in link)
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_named_exist(page: Path) -> None:
    if page != PROPOSAL:
        assert [
            path for path in sorted(paths_named(text_of(page))) if not (ROOT / path).exists()
        ] == []


def test_the_map_is_read() -> None:
    assert len(paths_named(text_of(ROOT / "README.md"))) > 30


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_named_exist(page: Path) -> None:
    text = text_of(page)
    named = set(re.findall(r"manage\.py (\w+)", text))
    if page.parent.name == "guide":
        named |= set(re.findall(r"^\| `((?:filing|report|events)_\w+)", text, re.M))
    assert named - set(get_commands()) == set()
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.M))
    calls = re.findall(r"(?:`|^)make ([a-z -]+)", text, re.M)
    assert {word for call in calls for word in call.split()} - targets == set()


def test_the_flags_of_commands_named_exist() -> None:
    """Each example call of a command uses options which the command has."""
    for page in PAGES:
        for name, rest in re.findall(
            r"manage\.py ((?:filing|report)_\w+)([^\n|`]*)", text_of(page)
        ):
            known = source_of_command(name)
            for flag in re.findall(r"--[a-z-]+", rest):
                assert f'"{flag}"' in known, (page.name, name, flag)


def source_of_command(name: str) -> str:
    shared = text_of(ROOT / "reviews" / "command_line.py")
    return shared + text_of(ROOT / "reviews" / "management" / "commands" / f"{name}.py")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_variables_named_are_explained(page: Path) -> None:
    explained = text_of(ROOT / ".env.example") + text_of(ROOT / "conftest.py")
    explained += "".join(text_of(path) for path in (ROOT / ".ci").iterdir() if path.is_file())
    named = set(re.findall(r"MINGZHANG_[A-Z_]*[A-Z]", text_of(page)))
    assert {name for name in named if name not in explained} == set()


def test_names_of_the_glossary_are_those_of_the_code() -> None:
    rows = [line for line in text_of(DOCS / "glossary.md").splitlines() if line.startswith("| ")]
    names = {
        part for row in rows for code in CODE.findall(row.split("|")[2]) for part in code.split(".")
    }
    assert len(names) > 100
    assert {name for name in names if name not in source()} == set()


@pytest.mark.parametrize(
    ("kind", "fragment"), FRAGMENT.findall(text_of(DOCS / "data-package.md")), ids=lambda v: v[:20]
)
def test_fragments_of_the_data_package_are_read_and_complete(kind: str, fragment: str) -> None:
    data: Any = json.loads(fragment)
    assert to_json(from_json(FRAGMENTS[kind], data)) == data


def test_every_part_of_a_package_has_its_fragment() -> None:
    kinds = {kind for kind, _ in FRAGMENT.findall(text_of(DOCS / "data-package.md"))}
    assert kinds == set(FRAGMENTS)


def test_findings_of_the_data_package_are_listed_in_their_words() -> None:
    listed = re.findall(
        r"^\| (PK-\d+) \| (.+?)(?:（预警）)? \| (.+) \|$", text_of(DOCS / "data-package.md"), re.M
    )
    assert listed == [(check.id, check.title, check.hint) for check in ALL_PACKAGE_CHECKS]


def test_pictures_are_small_and_shown() -> None:
    shown = "".join(map(text_of, PAGES))
    assert IMAGES
    assert [image.name for image in IMAGES if image.stat().st_size > MOST_IMAGE_BYTES] == []
    assert [image.name for image in IMAGES if f"images/{image.name}" not in shown] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(page.name[:4]) for page in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_first_account_is_a_system_administrator(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long enough word 7")
    call_command("createsuperuser", username="first", email="", interactive=False, verbosity=0)
    first = StaffMember.objects.get(username="first")
    assert (first.role, first.department) == (Role.SYSTEM_ADMIN, None)
