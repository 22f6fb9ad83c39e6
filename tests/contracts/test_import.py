"""Imports beside each other, and beside readers."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from openedx_moocdb.pipelines import readers
from openedx_moocdb.pipelines.summary import Summary
from tests.imports import Database, Databases, adds_up, log_lines, simulation, write_log

PLAN: dict[str, Any] = {
    "seed": 12, "learners": 15, "weeks": 2, "era": "both", "lines": 4000, "servers": 2,
    "duplicates_per_million": 3000, "malformed_per_million": 3000,
}  # fmt: skip
READER_QUERIES = (
    "SELECT COUNT(*), COUNT(gap_s), SUM(observed_event_duration) FROM moocdb_observed_events",
    "SELECT user_id, COUNT(*) FROM moocdb_visits GROUP BY user_id",
    "SELECT url, COUNT(*) FROM moocdb_observed_events NATURAL JOIN moocdb_urls GROUP BY url",
)


@pytest.fixture
def databases(tmp_path: Path, django_db_blocker: Any) -> Iterator[Databases]:
    with django_db_blocker.unblock(), Databases(tmp_path) as made:
        yield made


def run_beside(database: Database, *runs: tuple[Any, ...], **changes: Any) -> list[Summary]:
    """Imports that start at one moment, each with a connection of its own."""
    barrier = threading.Barrier(len(runs))

    def work(run: tuple[Any, ...]) -> Summary:
        structures, *paths = run
        barrier.wait()
        try:
            return database.run(*paths, structures=structures, **changes)
        finally:
            connections[database.alias].close()

    with ThreadPoolExecutor(len(runs)) as pool:
        return list(pool.map(work, runs))


@pytest.mark.parametrize("is_structured_twice", [True, False])
@pytest.mark.parametrize("kind", ["mariadb", "sqlite"])
def test_two_imports_of_overlapping_logs_at_once_are_one_import(
    databases: Databases,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    is_structured_twice: bool,
) -> None:
    """The second may know the course structure, or get to know it while it runs."""
    monkeypatch.setattr(readers, "LINES_PER_CHUNK", 200)
    first, second = log_lines(**PLAN)
    structures = simulation(**PLAN).courses
    alone = databases.sqlite()
    both = write_log(tmp_path / "both.log", [*first, *second])
    alone.run(both, structures=structures, batch_events=100_000)
    database = (
        databases.at(request.getfixturevalue("mariadb_url")) if kind == "mariadb" else databases.sqlite()
    )
    one = write_log(tmp_path / "one.log", [*first, *second[: len(second) // 2]])
    two = write_log(tmp_path / "two.log", [*first[len(first) // 2 :], *second])
    known = structures if is_structured_twice else ()
    for summary in run_beside(database, (structures, one), (known, two), batch_events=150):
        assert adds_up(summary)
    wanted, found = alone.sums(), database.sums()
    assert {table for table in wanted if found[table] != wanted[table]} == set()
    assert database.rows("SELECT COUNT(*) FROM moocdb_learner_state WHERE is_dirty = 1") == [(0,)]


def test_readers_are_never_locked_out_while_a_log_is_imported_into_sqlite(
    databases: Databases, tmp_path: Path
) -> None:
    """Readers see whole batches only, and as many rows as before or more."""
    lines = log_lines(seed=13, learners=120, weeks=3, lines=30_000)[0]
    log = write_log(tmp_path / "tracking.log", lines)
    database = databases.sqlite()
    path = str(connections[database.alias].settings_dict["NAME"])
    database.run(write_log(tmp_path / "first.log", lines[:10]))
    is_over = threading.Event()
    counts: list[int] = []
    slowest_s = 0.0

    def read() -> None:
        nonlocal slowest_s
        reader = sqlite3.connect(path, timeout=0)  # not a moment of patience
        while not is_over.is_set():
            began = time.monotonic()
            for query in READER_QUERIES:
                rows = reader.execute(query).fetchall()
                if query is READER_QUERIES[0]:
                    counts.append(rows[0][0])
            slowest_s = max(slowest_s, time.monotonic() - began)
            time.sleep(0.01)
        reader.close()

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        try:
            summary = database.run(log, batch_events=2000)
        finally:
            is_over.set()
        reading.result(timeout=30)
    assert adds_up(summary)
    assert summary.lines_before + summary.lines == 30_000
    assert len(counts) > 20
    assert counts == sorted(counts)
    assert len(set(counts)) > 3
    assert slowest_s < 5
