"""The stores that the contract suite runs on, each on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from tests.contracts import stores


@pytest.fixture(scope="session")
def store_aliases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[dict[str, str]]:
    """Migrated databases by kind of store, made when first asked for."""
    with django_db_blocker.unblock():
        made = _Aliases(request, tmp_path_factory)
        yield made
        made.close()


class _Aliases(dict[str, str]):
    def __init__(self, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> None:
        super().__init__()
        self._request = request
        self._folders = folders
        self._open: list[Any] = []

    def __missing__(self, kind: str) -> str:
        if kind.startswith("mariadb"):
            database = self._request.getfixturevalue("mariadb_server").new_database()
            url = database.__enter__()
            self._open.append(database)
            url += "?local_infile=0" if kind == "mariadb-insert" else ""
        else:
            url = f"sqlite:///{self._folders.mktemp('store') / 'moocdb.sqlite3'}"
        migrated = stores.migrated(kind, url)
        self[kind] = migrated.__enter__()
        self._open.append(migrated)
        return self[kind]

    def close(self) -> None:
        for context in reversed(self._open):
            context.__exit__(None, None, None)


@pytest.fixture(params=stores.KINDS)
def store(request: pytest.FixtureRequest, store_aliases: dict[str, str], django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        alias = store_aliases[request.param]
        stores.empty(alias)
        yield stores.store_of(request.param, alias)
        connections[alias].close()
