"""What this machine can run: browser tests want a Chromium, office tests a LibreOffice, qpdf
tests a qpdf, server tests real servers.

Tests that cannot run, and slow ones outside CI, are reported as skipped with the reason. `.ci/run`
sets the `MINGZHANG_REQUIRE_…` variables and `MINGZHANG_ALL_TESTS`, and then nothing is skipped:
what is missing fails.
"""

import os
import shutil

import pytest
from django.conf import settings

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of the system's Chromium, which Playwright is told to drive."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def has_servers() -> bool:
    """Say whether the settings in force name a PostgreSQL and a Redis."""
    engine = settings.DATABASES["default"]["ENGINE"]
    return engine.endswith("postgresql") and settings.CELERY_BROKER_URL.startswith("redis")


def reasons_not_to_run() -> dict[str, str]:
    reasons = {}
    if not find_chromium() and not os.environ.get("MINGZHANG_REQUIRE_BROWSER"):
        reasons["browser"] = "浏览器测试未运行：本机未找到 Chromium"
    if not shutil.which("soffice") and not os.environ.get("MINGZHANG_REQUIRE_OFFICE"):
        reasons["office"] = "办公软件测试未运行：本机未找到 LibreOffice（soffice）"
    if not shutil.which("qpdf") and not os.environ.get("MINGZHANG_REQUIRE_QPDF"):
        reasons["qpdf"] = "PDF 语法检查未运行：本机未找到 qpdf"
    if not has_servers() and not os.environ.get("MINGZHANG_REQUIRE_SERVERS"):
        reasons["servers"] = "服务器测试未运行：未指定 PostgreSQL 与 Redis"
    if not os.environ.get("MINGZHANG_ALL_TESTS"):
        reasons["slow"] = "耗时测试未运行：设置 MINGZHANG_ALL_TESTS=1 后运行（.ci/run 总是运行）"
    return reasons


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for marker, reason in reasons_not_to_run().items():
        for item in items:
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the browser is; a test that asks for it must be marked `browser`."""
    path = find_chromium()
    assert path, "Chromium was not found on the PATH"
    return path
