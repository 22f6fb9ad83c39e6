"""A line that cannot be translated stays, with its reason, until it can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.outcomes import Outcome, RejectReason
from openedx_moocdb.translation.parse import MAX_LINE_BYTES
from openedx_moocdb.translation.translator import Translator
from tests.imports import Database, Databases, adds_up, log_lines, write_log

LINES = log_lines(seed=7, learners=5, weeks=1, era="legacy", lines=300, malformed_per_million=0)[0]
BROKEN = {
    b"Traceback (most recent call last):": RejectReason.NOT_JSON,
    LINES[3][:-20]: RejectReason.TRUNCATED,
    b'["not", "an", "object"]': RejectReason.NOT_OBJECT,
    b'{"event_type": "play_video", "event_source": "browser"}': RejectReason.NO_TIME,
    b'{"event_type": "play_video", "event_source": "browser", "time": "soon"}': RejectReason.BAD_TIME,
    b'{"event_source": "browser", "time": "2013-03-04T10:00:00"}': RejectReason.NO_NAME,
}


@pytest.fixture
def wanted(databases: Databases, tmp_path: Path) -> Database:
    """The good lines, imported."""
    database = databases.sqlite()
    database.run(write_log(tmp_path / "wanted.log", LINES))
    return database


def quarantine(database: Database) -> dict[bytes, tuple[str, str]]:
    rows = database.rows("SELECT line, reason, file FROM moocdb_quarantine")
    return {bytes(line).rstrip(b"\n"): (reason, file) for line, reason, file in rows}


def differing(database: Database, wanted: Database) -> set[str]:
    found, want = database.sums(), wanted.sums()
    return {table for table in want if found[table] != want[table]}


def test_each_malformed_line_stays_with_its_reason_and_its_file(
    databases: Databases, wanted: Database, tmp_path: Path
) -> None:
    database = databases.sqlite()
    log = write_log(tmp_path / "tracking.log", [*LINES[:100], *BROKEN, *LINES[100:]])
    summary = database.run(log)
    assert quarantine(database) == {line: (why.value, str(log)) for line, why in BROKEN.items()}
    assert summary.rejected == {why.value: 1 for why in BROKEN.values()}
    assert summary.lines == len(LINES) + len(BROKEN)
    assert adds_up(summary)
    assert differing(database, wanted) == {"quarantine"}


def test_a_malformed_line_that_comes_twice_stays_once_and_counts_twice(
    databases: Databases, tmp_path: Path
) -> None:
    database = databases.sqlite()
    summary = database.run(write_log(tmp_path / "tracking.log", [b"nonsense", *LINES[:5], b"nonsense"]))
    assert summary.rejected == {RejectReason.NOT_JSON.value: 2}
    assert list(quarantine(database)) == [b"nonsense"]
    assert adds_up(summary)


def test_replay_without_a_fix_keeps_what_is_broken(databases: Databases, tmp_path: Path) -> None:
    database = databases.sqlite()
    database.run(write_log(tmp_path / "tracking.log", [*LINES, *BROKEN]))
    before = (database.sums(), quarantine(database))
    summary = database.replay()
    assert (summary.lines, summary.replayed, summary.translated) == (len(BROKEN), 0, 0)
    assert adds_up(summary)
    assert (database.sums(), quarantine(database)) == before


def test_lines_that_were_too_long_become_rows_with_a_higher_limit(
    databases: Databases, wanted: Database, tmp_path: Path
) -> None:
    limit = sorted(map(len, LINES))[-40]
    database = databases.sqlite()
    first = database.run(write_log(tmp_path / "tracking.log", LINES), max_line_bytes=limit)
    assert set(first.rejected) == {RejectReason.TOO_LONG.value}
    assert first.rejected[RejectReason.TOO_LONG.value] >= 20
    assert adds_up(first)
    second = database.replay()
    assert second.replayed == database.count("quarantine") + sum(first.rejected.values())
    assert adds_up(second)
    assert differing(database, wanted) == set()


def test_a_line_over_the_default_limit_is_kept_whole_for_a_replay(
    databases: Databases, tmp_path: Path
) -> None:
    line = next(line for line in LINES if b'"problem_check"' in line)
    long = line[:-1] + b', "padding": "' + b"x" * MAX_LINE_BYTES + b'"}'
    database = databases.sqlite()
    assert database.run(write_log(tmp_path / "tracking.log", [long])).rejected == {
        RejectReason.TOO_LONG.value: 1
    }
    assert database.count("observed_events") == 0
    assert database.replay(max_line_bytes=2 * MAX_LINE_BYTES).replayed == 1
    assert (database.count("observed_events"), database.count("quarantine")) == (1, 0)


@pytest.mark.parametrize("is_raised", [True, False])
def test_lines_that_an_event_type_failed_on_become_rows_after_the_fix(
    databases: Databases, wanted: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_raised: bool
) -> None:
    """Whether the translator catches the failure or not, it costs one line and not the import."""
    database = databases.sqlite()
    target = "translate" if is_raised else "_rows_of"
    works = getattr(Translator, target)

    def fails(self: Translator, event: Event, *rest: Any) -> Outcome:
        if event.name == "play_video":
            raise KeyError("a defect")
        outcome: Outcome = works(self, event, *rest)
        return outcome

    with monkeypatch.context() as patch:
        patch.setattr(Translator, target, fails)
        first = database.run(write_log(tmp_path / "tracking.log", LINES))
    failed = first.rejected[RejectReason.TRANSLATION.value]
    assert failed > 3
    assert adds_up(first)
    assert database.count("quarantine") == failed
    details = database.rows("SELECT DISTINCT detail FROM moocdb_quarantine")
    assert len(details) == 1
    assert "KeyError" in details[0][0]
    assert "a defect" not in details[0][0]
    second = database.replay()
    assert (second.replayed, second.lines) == (failed, failed)
    assert adds_up(second)
    assert differing(database, wanted) == set()


def test_a_replay_of_nothing_is_nothing(databases: Databases) -> None:
    summary = databases.sqlite().replay()
    assert (summary.lines, summary.replayed, summary.rejected) == (0, 0, {})
