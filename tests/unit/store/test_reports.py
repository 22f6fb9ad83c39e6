"""Reports on a course whose numbers were worked out by hand (``small_course``)."""

from __future__ import annotations

import pytest
from django.db import connection

from openedx_moocdb.data_access.store.interface import FileMark, Rejection
from openedx_moocdb.data_access.store.reports import operations
from openedx_moocdb.data_access.store.reports.asking import KEPT, Kept
from openedx_moocdb.data_access.store.reports.courses import (
    CourseReport,
    course_name,
    course_names,
    course_report,
)
from openedx_moocdb.data_access.store.reports.event_counts import first_and_last
from openedx_moocdb.data_access.store.reports.periods import DAY_US, Span, periods
from openedx_moocdb.data_access.store.reports.trajectory import trajectory
from openedx_moocdb.data_access.store.sql import open_store
from openedx_moocdb.schema.step import PlaceSource
from tests.unit.presentation import small_course
from tests.unit.presentation.small_course import ANNA, BERT, COURSE, DAY, SECOND, T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> CourseReport:
    KEPT.forget()
    small_course.fill()
    name = course_name("default", COURSE)
    assert name is not None
    return course_report("default", name)


def test_a_course_has_the_title_of_its_tree(report: CourseReport) -> None:
    assert report.name.title == "A small course"
    assert [name.course_key for name in course_names("default")] == [COURSE]


def test_no_course_is_found_under_a_key_that_no_event_named() -> None:
    assert course_name("default", "course-v1:No+Such+Course") is None


def test_events_are_counted_by_evidence_and_type(report: CourseReport) -> None:
    assert report.events.events == 6
    assert report.events.sources == {PlaceSource.STATED: 3, PlaceSource.STRUCTURE: 2, PlaceSource.ASSUMED: 1}
    assert report.events.types == (("<request> /xblock/x", 3), ("play_video", 2), ("seq_next", 1))


def test_first_and_last_event_are_told(report: CourseReport) -> None:
    assert (report.first_us, report.last_us) == (T0, T0 + DAY + 10 * SECOND)


def test_events_and_active_learners_are_counted_per_day(report: CourseReport) -> None:
    assert report.periods is not None and report.periods.span is Span.DAY
    assert report.events_per_period == (4, 2)
    assert report.visits.active == (1, 2)


def test_visits_are_counted_per_learner_and_time_is_of_known_ends_only(report: CourseReport) -> None:
    anna, bert = report.visits.learners[ANNA], report.visits.learners[BERT]
    assert (anna.visits, anna.time_s, anna.events, anna.last_us) == (3, 210.0, 5, T0 + DAY)
    assert (bert.visits, bert.time_s, bert.events) == (1, None, 1)
    assert (report.visits.visits, report.visits.time_s) == (4, 210.0)


def test_the_tree_sums_visits_upwards_and_counts_each_learner_once(report: CourseReport) -> None:
    chapter, forum = report.nodes
    section = chapter.children[0]
    unit1, unit2 = sorted(section.children, key=lambda node: node.spot.uri)
    assert (chapter.visits, chapter.learners, chapter.time_s, chapter.events) == (3, 2, 180.0, 5)
    assert (unit1.visits, unit1.learners, unit1.time_s, unit1.events) == (1, 1, 180.0, 3)
    assert (unit2.visits, unit2.learners, unit2.time_s, unit2.events) == (2, 2, None, 2)
    assert (forum.spot.kind, forum.visits, forum.time_s, forum.events) == ("forum", 1, 30.0, 1)


def test_a_block_has_events_but_no_visits_of_its_own(report: CourseReport) -> None:
    unit1 = min(report.nodes[0].children[0].children, key=lambda node: node.spot.uri)
    video = unit1.children[0]
    assert (video.spot.name, video.events, video.visits, video.time_s) == ("A video", 2, None, None)


def test_a_trajectory_is_cut_into_sessions_stays_and_acts(report: CourseReport) -> None:
    way = trajectory("default", report.name, ANNA, 1800)
    assert way is not None
    first, second = way.sessions
    assert [[len(stay.acts) for stay in session.stays] for session in way.sessions] == [[2, 1], [1]]
    assert [stop.duration_s for stop in first.stops] == [180.0, None]
    assert (first.start_us, first.end_us) == (T0, T0 + 180 * SECOND)
    assert second.end_us == T0 + DAY + 30 * SECOND
    assert [spot.name for spot in first.stays[0].acts[1].path] == [
        "First chapter",
        "First section",
        "Unit one",
        "A video",
    ]
    assert list(way.devices.values()) == ["Firefox 120 · Ubuntu"]


def test_copies_of_an_act_are_left_out_and_counted_unless_asked_for(report: CourseReport) -> None:
    without = trajectory("default", report.name, ANNA, 1800)
    with_copies = trajectory("default", report.name, ANNA, 1800, with_copies=True)
    assert without is not None and with_copies is not None
    assert (without.copies, without.sessions[0].acts) == (1, 3)
    assert (with_copies.copies, with_copies.sessions[0].acts) == (0, 4)


def test_silence_is_measured_from_the_end_of_what_was_done(report: CourseReport) -> None:
    way = trajectory("default", report.name, ANNA, 60)
    assert way is not None
    assert len(way.sessions) == 2  # 120 s of video are no silence


def test_a_learner_without_events_in_the_course_has_no_trajectory(report: CourseReport) -> None:
    assert trajectory("default", report.name, b"\xcc" * 16, 1800) is None


def test_an_answer_is_kept_until_the_database_changes_or_a_minute_has_passed() -> None:
    now = [0.0]
    kept = Kept(lambda: now[0])
    answers = iter(range(10))

    def ask() -> int:
        return kept.answer("default", ("question",), lambda: next(answers))

    assert [ask(), ask()] == [0, 0]
    small_course.fill()
    assert ask() == 1
    now[0] = 61.0
    assert ask() == 2


def test_the_ends_of_a_course_are_looked_up_in_the_index_and_not_scanned(report: CourseReport) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT COUNT(*) FROM moocdb_observed_events "
            "WHERE course_id = 1 AND observed_event_id >= x'00' AND observed_event_id < x'01'"
        )
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "COVERING INDEX moocdb_events_course" in plan
    assert first_and_last("default", report.name.course_id) == (T0, T0 + DAY + 10 * SECOND)


@pytest.mark.parametrize(
    ("days", "span", "number"),
    [
        (0, Span.DAY, 1),
        (119, Span.DAY, 120),
        (200, Span.WEEK, 29),
        (1000, Span.MONTH, 33),
        (9000, Span.YEAR, 25),
    ],
)
def test_periods_grow_with_the_time_to_show(days: int, span: Span, number: int) -> None:
    found = periods(T0, T0 + days * DAY_US)
    assert found.span is span
    assert len(found.starts) - 1 == number
    assert found.starts[0] <= T0 and found.starts[-1] > T0 + days * DAY_US


def test_a_time_that_no_calendar_has_does_not_break_the_periods() -> None:
    found = periods(-(1 << 62), 1 << 62)
    assert found.span is Span.YEAR
    assert found.index(1 << 62) == len(found.starts) - 2


def test_rejected_lines_are_grouped_without_their_content_or_folders() -> None:
    store = open_store("default")
    quoted = "found 'anna@example.org', expected ISO 8601 or {'$date': ms}"
    with store.transaction():
        store.quarantine([
            Rejection(b"secret 1", "no time", "found neither time nor timestamp", "/home/anna/a.log"),
            Rejection(b"secret 2", "no time", "found neither time nor timestamp", "/home/anna/a.log"),
            Rejection(b"secret 3", "time cannot be read", quoted, "/home/anna/b.log"),
        ])  # fmt: skip
        store.save_file_marks([FileMark("f", "/home/anna/a.log", 2048, 12, True)])
    groups = operations.rejected_lines("default")
    assert [(group.reason, group.file, group.lines) for group in groups] == [
        ("no time", "a.log", 2),
        ("time cannot be read", "b.log", 1),
    ]
    assert groups[1].detail == "found …, expected ISO 8601 or {'$date': ms}"
    assert operations.import_files("default") == [operations.FileProgress("a.log", 2048, 12, True, 2)]
