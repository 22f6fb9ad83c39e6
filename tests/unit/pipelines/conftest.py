"""Databases for imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.imports import Databases


@pytest.fixture
def databases(tmp_path: Path, django_db_blocker: Any) -> Iterator[Databases]:
    with django_db_blocker.unblock(), Databases(tmp_path) as made:
        yield made
