"""The small programs that set-up and continuous integration are made of."""

import socket
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from scripts import free_port, wait_for


def shell(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )


def test_a_taken_port_is_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert free_port.main("127.0.0.1", taken) == 0
    assert int(capsys.readouterr().out) > taken


def test_no_free_port_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(free_port, "is_free", lambda host, port: False)
    assert free_port.main("127.0.0.1", 8000) == 1
    assert "8000" in capsys.readouterr().err


def test_waiting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait_for, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert wait_for.main(f"http://127.0.0.1:{port}/") == 1


def test_a_missing_python_is_a_sentence(tmp_path: Path) -> None:
    """Set-up in a bare copy, with nothing on the PATH but what sh itself needs."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("dirname", "id", "cmp"):
        (programs / name).symlink_to(f"/usr/bin/{name}")
    copy = tmp_path / "project" / "scripts"
    copy.mkdir(parents=True)
    script = copy / "setup.sh"
    script.write_bytes((settings.BASE_DIR / "scripts" / "setup.sh").read_bytes())
    result = shell("/bin/sh", str(script), PATH=str(programs))
    assert result.returncode == 1
    assert "未找到 Python 3.11" in result.stderr


@pytest.mark.parametrize(
    "script", sorted((settings.BASE_DIR / "scripts").glob("*.sh")), ids=lambda file: file.name
)
def test_scripts_are_plain_sh_and_may_be_run(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    assert shell("/bin/sh", "-n", str(script)).returncode == 0


def test_the_locks_hold_what_the_project_asks_for_and_name_no_address() -> None:
    for lock in ("requirements.txt", "requirements-dev.txt"):
        text = (settings.BASE_DIR / lock).read_text(encoding="ascii")
        assert "://" not in text
        assert "--index-url" not in text
        assert text.count("==") <= text.count("--hash=sha256:")


def test_production_has_every_service() -> None:
    text = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    for service in ("web", "worker", "beat", "postgres", "redis", "nginx"):
        assert f"\n  {service}:\n" in text
