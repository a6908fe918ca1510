"""The press prints what WeasyPrint prints by itself, in fewer steps."""

import hashlib
import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from celery.signals import worker_process_shutdown
from django.conf import settings
from PIL import ImageChops

from disclosures import press
from disclosures.evaluate import evaluate
from disclosures.pdf import _fonts
from disclosures.press.source import Page, page_of
from disclosures.printing import print_report
from disclosures.render import render_html
from reviews.benchmarks import sample_package
from reviews.large_report import large_package
from tests.disclosures.sample_report import sample_report

SCRIPT = """
import sys, django; django.setup()
from disclosures import press
press.REPLACED = tuple(each for each in press.REPLACED if each.name not in sys.argv[2:])
from tests.disclosures.test_press import printed_sample
open(sys.argv[1], "wb").write(printed_sample())
"""
BORDERS = "draw_collapsed_borders"


def printed_sample() -> bytes:
    return print_report(
        sample_report(rows=60), identifier="ab" * 32, dated=date(2024, 9, 20)
    ).content


@cache
def ours() -> bytes:
    return printed_sample()


@pytest.fixture(scope="module")
def printed_without(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """The sample printed in a process that lacks some of the replacements."""

    @cache
    def printed(*names: str) -> bytes:
        path: Path = tmp_path_factory.mktemp("press") / "sample.pdf"
        environment = os.environ | {
            "PYTHONHASHSEED": "11",
            "PYTHONPATH": str(settings.BASE_DIR),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [sys.executable, "-c", SCRIPT, str(path), *names]
        subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)
        return path.read_bytes()

    return printed


ALL = tuple(each.name for each in press.REPLACED)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("replaced", press.REPLACED, ids=lambda each: each.name)
def test_the_original_is_the_one_it_was_written_against(replaced: press.Replaced) -> None:
    """When this fails: compare the function with the new version, then renew the fingerprint and
    ``press.TRIED``."""
    assert press.fingerprint(replaced.original) == replaced.fingerprint


def test_the_versions_are_those_it_was_tried_with() -> None:
    assert press.is_tried()
    assert press.install()


def test_another_version_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(press.TRIED, "weasyprint", "71.0")
    monkeypatch.setattr(press.Replaced, "put", lambda self: pytest.fail("replaced"))
    assert not press.install.__wrapped__()


def test_apart_from_borders_every_byte_is_that_of_the_original(
    printed_without: Callable[..., bytes],
) -> None:
    assert sha(printed_without(BORDERS)) == sha(printed_without(*ALL))


def test_two_processes_make_the_same_bytes(printed_without: Callable[..., bytes]) -> None:
    assert sha(printed_without()) == sha(ours())


def test_the_page_looks_the_same(printed_without: Callable[..., bytes]) -> None:
    """Borders drawn as one line and not side by side differ at most in a shade at their edge."""
    left, right = (pypdfium2.PdfDocument(each) for each in (ours(), printed_without(*ALL)))
    assert len(left) == len(right)
    for mine, theirs in zip(left, right, strict=True):
        images = [each.render(scale=1).to_pil().convert("L") for each in (mine, theirs)]
        difference = ImageChops.difference(*images)
        assert difference.getextrema()[1] <= 64
        assert mine.get_textpage().get_text_bounded() == theirs.get_textpage().get_text_bounded()


def structure(content: bytes) -> list[tuple[int, str, str, str]]:
    """Depth, kind, attributes and alternative text of every element of the structure tree."""
    found: list[tuple[int, str, str, str]] = []

    def follow(element: Any, depth: int) -> None:
        if not isinstance(element, pikepdf.Dictionary) or "/S" not in element:
            return
        attributes = element.get("/A")
        told = str(attributes.unparse()) if isinstance(attributes, pikepdf.Dictionary) else ""
        found.append((depth, str(element.S), told, str(element.get("/Alt", ""))))
        children = element.get("/K", [])
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            follow(child, depth + 1)

    with pikepdf.open(BytesIO(content)) as pdf:
        for child in pdf.Root.StructTreeRoot.K:
            follow(child, 0)
    return found


def test_the_tags_are_the_same(printed_without: Callable[..., bytes]) -> None:
    mine = structure(ours())
    assert mine == structure(printed_without(*ALL))
    kinds = Counter(kind for _, kind, _, _ in mine)
    assert kinds["/TD"] > kinds["/TH"] > kinds["/Table"] > 0
    assert any("/Headers" in told for _, kind, told, _ in mine if kind == "/TD")


def test_our_templates_are_read_by_the_fast_parser() -> None:
    assert type(page_of(render_html(sample_report(rows=3)), "asset:///", None)) is Page


def test_what_is_not_well_formed_is_read_by_the_other_parser() -> None:
    found = page_of("<p>a<p>b", "asset:///", None)
    assert not isinstance(found, Page)
    assert len(found.wrapper_element.query("body").etree_children) == 2


def test_what_was_printed_before_leaves_no_trace(printed_without: Callable[..., bytes]) -> None:
    print_report(sample_report(rows=3), identifier="1", dated=date(2024, 1, 1))
    assert sha(printed_sample()) == sha(printed_without())


def test_the_copies_of_the_faces_go_with_the_process() -> None:
    print_report(sample_report(rows=3), identifier="1", dated=date(2024, 1, 1))
    folder = _fonts(os.getpid())._folder
    assert any(folder.iterdir())
    worker_process_shutdown.send(sender=None)
    assert not folder.exists()


@pytest.mark.slow
def test_memory_stays_flat_over_documents() -> None:
    """What one document needed serves all that follow."""
    report = evaluate(sample_package()).report

    def peak() -> int:
        print_report(report, identifier="0" * 64, dated=date(2024, 1, 1))
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    peaks = [peak() for _ in range(10)]
    assert peaks[-1] <= peaks[2] + 5


def test_the_large_report_holds_what_was_asked_for() -> None:
    package = large_package(items=30, forms=3)
    assert len(package.evaluations) == 3
    assert not evaluate(package).findings
    with pytest.raises(ValueError, match="只有"):
        large_package(items=1, forms=20)
