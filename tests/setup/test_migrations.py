"""Tables made from the models and tables made by the migrations are the same tables."""

from typing import Any

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_the_migrations_end_at_the_models(settings: Any) -> None:
    """Exits with an error where a model says something that no migration does."""
    settings.MIGRATION_MODULES = {}  # the real ones, also where the tests do without
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
