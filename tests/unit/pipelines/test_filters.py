"""What is left out is counted, and what is written is as without the filter."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from openedx_moocdb.management.commands import moocdb_import
from openedx_moocdb.pipelines.chunks import Filters
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.outcomes import SkipReason
from tests.imports import Database, Databases, adds_up, log_lines, simulation, write_log

PLAN: dict[str, Any] = {"seed": 8, "learners": 5, "weeks": 1, "era": "both", "lines": 1500}
LINES = log_lines(**PLAN)[0]
COURSES = tuple(dict.fromkeys(version.course_key for version in simulation(**PLAN).courses))
#: events that state the course, or a block that the fold put in it; calls that state neither are left out
EVENTS = (
    "SELECT * FROM moocdb_observed_events WHERE course_id = %s "
    "AND (stated_course_id IS NOT NULL OR block_id IS NOT NULL) ORDER BY observed_event_id"
)


@pytest.fixture
def whole(databases: Databases, tmp_path: Path) -> Database:
    """The log without a filter, imported."""
    database = databases.sqlite()
    database.run(write_log(tmp_path / "whole.log", LINES), structures=simulation(**PLAN).courses)
    return database


def course_id(course_key: str) -> int:
    return keys.dictionary_id("course", course_key)


def filtered(databases: Databases, tmp_path: Path, *courses: str) -> tuple[Database, Any]:
    database = databases.sqlite()
    log = write_log(tmp_path / "filtered.log", LINES)
    filters = Filters(frozenset(courses))
    return database, database.run(log, structures=simulation(**PLAN).courses, filters=filters)


@pytest.mark.parametrize("number", [0, 1])
def test_a_course_filter_writes_that_course_as_the_whole_log_would(
    databases: Databases, whole: Database, tmp_path: Path, number: int
) -> None:
    """Gaps end at the learner's acts in other courses, though these are not written."""
    course_key = COURSES[number]
    database, summary = filtered(databases, tmp_path, course_key)
    assert adds_up(summary)
    wanted = whole.rows(EVENTS, course_id(course_key))
    assert len(wanted) > 100
    assert database.rows(EVENTS, course_id(course_key)) == wanted
    assert database.count("observed_events") == len(wanted)


def test_a_course_filter_writes_nothing_about_other_courses_but_times(
    databases: Databases, tmp_path: Path
) -> None:
    database, _ = filtered(databases, tmp_path, COURSES[0])
    assert database.rows("SELECT DISTINCT course_id FROM moocdb_submissions") == [(course_id(COURSES[0]),)]
    bare = "SELECT COUNT(*) FROM moocdb_steps WHERE stated_url_id IS NULL AND stated_course_id IS NULL"
    assert database.rows(bare)[0][0] > 100
    assert database.rows(
        "SELECT COUNT(*) FROM moocdb_visits WHERE course_id = %s", course_id(COURSES[1])
    ) == [(0,)]


def test_the_whole_log_after_a_filtered_import_brings_the_other_courses(
    databases: Databases, whole: Database, tmp_path: Path
) -> None:
    database, _ = filtered(databases, tmp_path, COURSES[0])
    summary = database.run(write_log(tmp_path / "again.log", LINES))
    assert adds_up(summary)
    assert database.sums() == whole.sums()
    assert summary.translated > 100


def test_a_filtered_import_after_the_whole_log_or_another_filter_takes_nothing_away(
    databases: Databases, whole: Database, tmp_path: Path
) -> None:
    wanted = whole.sums()
    log = write_log(tmp_path / "again.log", LINES)
    again = whole.run(log, filters=Filters(frozenset(COURSES[:1])), resumes=False)
    assert again.translated == 0
    assert whole.sums() == wanted
    database, _ = filtered(databases, tmp_path, COURSES[0])
    for course_key in COURSES[1:]:
        database.run(log, filters=Filters(frozenset([course_key])))
    database.run(log)
    assert database.sums() == wanted


def test_a_span_of_time_writes_its_events_only_and_counts_the_rest(
    databases: Databases, tmp_path: Path
) -> None:
    start = datetime.fromtimestamp(simulation(**PLAN).plan.start_us / 1e6, timezone.utc)
    since, until = start + timedelta(days=1), start + timedelta(days=3)
    database = databases.sqlite()
    summary = database.run(
        write_log(tmp_path / "tracking.log", LINES), filters=Filters(since=since, until=until)
    )
    assert adds_up(summary)
    assert summary.skipped[SkipReason.TIME_FILTER.value] > 100
    assert summary.translated > 100
    times = "SELECT MIN(observed_event_timestamp), MAX(observed_event_timestamp) FROM moocdb_observed_events"
    first, last = database.rows(times)[0]
    assert (
        since.strftime("%Y-%m-%d %H:%M:%S") <= str(first) <= str(last) < until.strftime("%Y-%m-%d %H:%M:%S")
    )


def test_a_dry_run_writes_nothing_and_shows_what_it_would(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = databases.sqlite()
    before = database.counts()
    log = write_log(tmp_path / "tracking.log", LINES[:200])
    call_command("moocdb_import", str(log), database=database.alias, dry_run=True)
    assert database.counts() == before
    shown = capsys.readouterr().out
    assert "Nothing was written: this was a dry run." in shown
    assert "observed_events" in shown


def test_the_summary_as_json_adds_up_and_an_import_with_rejects_exits_with_one(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = databases.sqlite()
    log = write_log(tmp_path / "tracking.log", [*LINES[:200], b"nonsense", b""])
    told = tmp_path / "summary.json"
    with pytest.raises(SystemExit) as ended:
        call_command("moocdb_import", str(log), database=database.alias, summary=str(told), as_json=True)
    assert ended.value.code == 1
    found = json.loads(told.read_text())
    assert json.loads(capsys.readouterr().out) == found
    assert found["lines"] == 202
    assert found["lines"] == found["translated"] + sum(found["skipped"].values()) + sum(
        found["rejected"].values()
    )
    assert found["rows"]["observed_events"] == database.count("observed_events")


def test_a_course_that_is_none_is_refused(databases: Databases, tmp_path: Path) -> None:
    log = write_log(tmp_path / "tracking.log", LINES[:5])
    with pytest.raises(CommandError, match="--course: found 'physics'"):
        call_command("moocdb_import", str(log), database=databases.sqlite().alias, course=["physics"])


def test_a_time_without_a_zone_is_utc() -> None:
    assert moocdb_import.moment("2024-03-01") == datetime(2024, 3, 1, tzinfo=timezone.utc)
    assert moocdb_import.moment("2024-03-01T10:00+01:00") == datetime(2024, 3, 1, 9, tzinfo=timezone.utc)


def test_every_real_log_is_imported_to_its_last_line(databases: Databases, shared_data: Path) -> None:
    logs = sorted(
        [*shared_data.glob("events/*.jsonl"), *shared_data.glob("*.jsonl"), *shared_data.rglob("*.log")]
    )
    assert len(logs) > 10
    for log in logs:
        database = databases.sqlite()
        summary = database.run(log)
        assert summary.lines == len(log.read_bytes().splitlines(keepends=True)), log.name
        assert adds_up(summary), log.name
        kept = database.count("observed_events") + database.count("steps")
        assert kept == summary.translated, log.name


def test_all_real_logs_at_once_and_again_are_the_same_tables(databases: Databases, shared_data: Path) -> None:
    logs = sorted([*shared_data.glob("events/*.jsonl"), *shared_data.rglob("*.log")])
    database, turned = databases.sqlite(), databases.sqlite()
    assert adds_up(database.run(*logs, batch_events=100_000))
    sums = database.sums()
    again = database.run(*logs, resumes=False)
    assert (
        again.lines
        == again.skipped.get("duplicate", 0)
        + sum(again.rejected.values())
        + sum(count for reason, count in again.skipped.items() if reason != "duplicate")
        + again.translated
    )
    assert database.sums() == sums
    for log in reversed(logs):
        turned.run(log)
    assert turned.sums() == sums
