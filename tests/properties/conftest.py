"""Properties may open databases; each example has its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def open_databases(django_db_blocker: Any) -> Iterator[None]:
    """Databases may be opened during the test."""
    with django_db_blocker.unblock():
        yield
