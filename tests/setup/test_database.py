"""The embedded database under several processes: no lost update, no "database is locked"."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PROCESSES, TIMES = 4, 25

PRELUDE = """
import django
django.setup()
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
"""

PREPARE = """
with connection.schema_editor() as editor:
    editor.create_model(Session)
Session.objects.create(session_key="counter", session_data="0", expire_date=timezone.now())
with connection.cursor() as cursor:
    for name in ("journal_mode", "synchronous", "foreign_keys"):
        cursor.execute(f"PRAGMA {name}")
        print(cursor.fetchone()[0])
"""

COUNT = f"""
for _ in range({TIMES}):
    with transaction.atomic():
        row = Session.objects.get(pk="counter")
        row.session_data = str(int(row.session_data) + 1)
        row.save()
"""

READ = 'print(Session.objects.get(pk="counter").session_data)'


def start(var: Path, script: str) -> subprocess.Popen[str]:
    hidden = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script],
        env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings", "MINGZHANG_VAR": str(var)},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> list[str]:
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return out.split()


@pytest.mark.slow
def test_concurrent_transactions_all_count(tmp_path: Path) -> None:
    assert finish(start(tmp_path, PREPARE)) == ["wal", "1", "1"]
    for process in [start(tmp_path, COUNT) for _ in range(PROCESSES)]:
        finish(process)
    assert finish(start(tmp_path, READ)) == [str(PROCESSES * TIMES)]
