"""Bring the database up to date and load rules and sample, in one process.

Each of the three is safe to repeat; three processes would each import everything again.
"""

import os
import sys
from pathlib import Path

import django
from django.core.management import CommandError, call_command

STEPS = (("migrate", {"verbosity": 0}), ("load_rulebook", {}), ("sample", {}))


def main() -> int:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        for command, options in STEPS:
            call_command(command, **options)
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
