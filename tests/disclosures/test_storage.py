"""Rendered files on disk: complete under their name or not there at all (T07, T31, T34)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from disclosures import storage

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def root(settings: object, tmp_path: Path) -> Path:
    settings.PUBLISHED_ROOT = tmp_path / "published"  # type: ignore[attr-defined]
    return tmp_path / "published"


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize(("official", "folder"), [(True, "reports"), (False, "drafts")])
def test_bytes_are_kept_under_their_fingerprint(root: Path, official: bool, folder: str) -> None:
    path, sha256 = storage.keep(CONTENT, official=official)
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert path == f"{folder}/{sha256}.pdf"
    assert storage.path_of(path).read_bytes() == CONTENT


def test_the_same_bytes_are_one_file(root: Path) -> None:
    assert storage.keep(CONTENT, official=True) == storage.keep(CONTENT, official=True)
    assert len(files(root)) == 1


@pytest.mark.parametrize("step", ["replace", "fsync"])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_while_writing_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr(os, step, fail)
        with pytest.raises(type(failure)):
            storage.keep(CONTENT, official=True)
    assert files(root) == []
    path, _ = storage.keep(CONTENT, official=True)
    assert storage.path_of(path).read_bytes() == CONTENT


def test_what_a_killed_worker_left_is_not_taken_for_the_file(root: Path) -> None:
    (storage.folder(storage.OFFICIAL) / "tmpabc.part").write_bytes(CONTENT[:100])
    path, _ = storage.keep(CONTENT, official=True)
    assert storage.path_of(path).read_bytes() == CONTENT


@pytest.mark.parametrize(
    "name",
    [
        "../secret-key",
        "reports/../../secret-key",
        "/etc/passwd",
        "reports/../../published-not/x.pdf",
        "..",
        "",
        "reports",
        "reports/missing.pdf",
        "reports/%2e%2e/%2e%2e/secret-key",
        "..\\secret-key",
    ],
)
def test_no_path_leads_outside_or_to_nothing(root: Path, name: str) -> None:
    storage.keep(CONTENT, official=True)
    (root.parent / "secret-key").write_text("secret")
    other = root.parent / "published-not"
    other.mkdir()
    (other / "x.pdf").write_bytes(b"x")
    with pytest.raises(storage.FileDamaged):
        storage.path_of(name)


def test_a_link_that_leads_outside_is_refused(root: Path) -> None:
    (root.parent / "secret-key").write_text("secret")
    (storage.folder(storage.OFFICIAL) / "x.pdf").symlink_to(root.parent / "secret-key")
    with pytest.raises(storage.FileDamaged):
        storage.path_of("reports/x.pdf")
