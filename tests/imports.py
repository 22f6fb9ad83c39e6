"""Databases to import into, and logs to import, for tests of the bulk import."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from openedx_moocdb.data_access.dump import Checksum, checksums
from openedx_moocdb.data_access.sources.sites import SiteOptions
from openedx_moocdb.data_access.store import tables
from openedx_moocdb.data_access.store.address import add_database
from openedx_moocdb.data_access.store.sql import open_store
from openedx_moocdb.pipelines.bulk import BulkImport, ImportOptions
from openedx_moocdb.pipelines.chunks import Filters
from openedx_moocdb.pipelines.replay import replay
from openedx_moocdb.pipelines.summary import Summary
from openedx_moocdb.schema.course import CourseVersion
from openedx_moocdb.simulator.api import Simulation, SimulationPlan, simulate

SECRET = b"a secret of the import tests"
_numbers = count()


class Database:
    """One migrated database; each ``run`` is an import as a new process would do it."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def run(self, *paths: Path | str, structures: Iterable[CourseVersion] = (), **changes: Any) -> Summary:
        """Import ``paths`` with small sizes unless ``changes`` (of ``ImportOptions``) say otherwise."""
        bulk = BulkImport(open_store(self.alias), options(**changes))
        return bulk.run([str(path) for path in paths], structures)

    def replay(self, **changes: Any) -> Summary:
        """Try the lines in quarantine again."""
        return replay(open_store(self.alias), options(**changes))

    def sums(self) -> dict[str, Checksum]:
        """Checksums of all tables that are a function of what was imported."""
        return checksums(self.alias)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query in the dialect that SQLite and MariaDB share."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute(query, list(values))
            return list(cursor.fetchall())

    def count(self, table: str) -> int:
        """Rows of a table by its canonical name."""
        return int(self.rows(f"SELECT COUNT(*) FROM {tables.PREFIX}{table}")[0][0])

    def counts(self) -> dict[str, int]:
        """Rows of every table, marks and states included."""
        return {table: self.count(table) for table in tables.MODELS}


class Databases:
    """Makes databases and closes them at the end of ``with``; SQLite files lie in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._aliases: list[str] = []

    def __enter__(self) -> Databases:
        return self

    def __exit__(self, *_error: object) -> None:
        self.forget()

    def sqlite(self) -> Database:
        """A new SQLite file, migrated."""
        path = self.folder / f"{next(_numbers)}.sqlite3"
        path.write_bytes(_empty_file())
        return self.at(f"sqlite:///{path}", is_migrated=True)

    def at(self, url: str, is_migrated: bool = False) -> Database:
        """The database at ``url``, migrated if it is not yet."""
        alias = f"import_{next(_numbers)}"
        self._aliases.append(alias)
        add_database(alias, url)
        if not is_migrated:
            call_command("migrate", "openedx_moocdb", database=alias, verbosity=0)
        return Database(alias)

    def forget(self) -> None:
        """Close all that were made."""
        for alias in self._aliases:
            connections[alias].close()
            del connections[alias]
            del connections.databases[alias]
        self._aliases.clear()


@cache
def _empty_file() -> bytes:
    """A migrated SQLite database; made once, since migrations take longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite3"
        with Databases(Path(folder)) as databases:
            databases.at(f"sqlite:///{path}")
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
        connection.close()
        return path.read_bytes()


def options(
    site: SiteOptions | None = None, filters: Filters | None = None, batch_events: int = 500, **changes: Any
) -> ImportOptions:
    """Options of an import of the test site."""
    return ImportOptions(
        site or SiteOptions(SECRET), filters or Filters(), batch_events=batch_events, **changes
    )


@cache
def simulation(**plan: Any) -> Simulation:
    """A simulation by the fields of its plan."""
    return simulate(SimulationPlan(**plan))


@cache
def log_lines(**plan: Any) -> tuple[tuple[bytes, ...], ...]:
    """Lines of each server of a simulation, without line ends."""
    servers: list[list[bytes]] = [[] for _ in range(plan.get("servers", 1))]
    for line in simulation(**plan).lines():
        servers[line.server].append(line.line)
    return tuple(map(tuple, servers))


def write_log(path: Path, lines: Sequence[bytes]) -> Path:
    """A plain log of ``lines``."""
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def adds_up(summary: Summary) -> bool:
    """Is every line translated, skipped or rejected?"""
    told = summary.translated + sum(summary.skipped.values()) + sum(summary.rejected.values())
    return summary.lines == told
