"""What every store does, on SQLite and on a real MariaDB, fast and portable."""

from __future__ import annotations

import threading
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, connections

from openedx_moocdb.data_access import dump
from openedx_moocdb.data_access.store.interface import FileMark, LearnerState, Rejection
from openedx_moocdb.data_access.store.models import (
    LearnerLink,
    ObservedEvent,
    Problem,
    Resource,
    Submission,
    Url,
    Visit,
)
from openedx_moocdb.schema import keys, rows
from openedx_moocdb.schema.errors import LearnerKeyMismatch, TransientError
from openedx_moocdb.schema.step import Placement, PlaceSource, Step, StepKind, device_id
from tests.contracts.stores import (
    COURSE,
    DAY_US,
    KINDS,
    START_US,
    block_row,
    course_row,
    empty,
    event,
    key,
    learner,
    placed,
    resource,
    store_of,
    submission,
    time_text,
    tree,
    url_row,
    usage,
    values,
    visit,
)

ODD_TEXTS = (
    "",
    "\\",
    "\\N",
    "NULL",
    "tab\there",
    "two\nlines\r\nand\\more\\n",
    "'quotes' \"and\" `ticks` %s %d {x}",
    "\U0001f600 four bytes, ü two",
    "e\u0301 combining \u200b\ufeff",
    "ends with backslash\\",
    " spaces around ",
    "\x01\x1a\x7f",
    "x" * 100_000,
)
ODD_KEYS = (bytes(16), b"\xff" * 16, b"\\" * 16, b"\t\n\r\0'\"\\N" * 2, b"0\xf0\x9f\t\xe2\\\n\0" * 2)


def _fold(store: Any, action: Any) -> Any:
    with store.transaction():
        return action()


def _stored(store: Any, model: Any) -> Any:
    return model.objects.using(store.alias)


def test_inserting_twice_leaves_the_first_row(store: Any) -> None:
    first = values(event(1, learner(1)), placed(gap_s=5.0))
    second = values(event(1, learner(1), event_source="server"), placed(gap_s=6.0))
    with store.transaction():
        store.insert_columns("observed_events", [first])
    with store.transaction():
        store.insert_columns("observed_events", [second, values(event(2, learner(1)))])
    found = list(_stored(store, ObservedEvent).order_by("pk").values_list("event_source", "gap_s"))
    assert found == [("browser", 5.0), ("browser", None)]


@pytest.mark.parametrize("copies", [1, 300])
def test_text_and_keys_come_back_exactly(store: Any, copies: int) -> None:
    submissions = [
        submission(number, learner(1), answer, part=str(copy))
        for copy in range(copies)
        for number, answer in enumerate((*ODD_TEXTS[: 12 if copies > 1 else 13], None))
    ]
    odd = [values(event(1, k, observed_event_id=k), placed(visit_id=k)) for k in ODD_KEYS] * copies
    with store.transaction():
        store.insert_rows(submissions)
        store.insert_columns("observed_events", odd)
    found = {
        bytes(pk): text for pk, text in _stored(store, Submission).values_list("pk", "submission_answer")
    }
    assert found == {row.submission_id: row.submission_answer for row in submissions}
    events = _stored(store, ObservedEvent).values_list("pk", "user_id", "visit_id")
    assert sorted(events) == sorted((k, k, k) for k in ODD_KEYS)


def test_numbers_come_back_exactly(store: Any) -> None:
    gaps = [0.0, 1 / 3, 1e-300, 1.7976931348623157e308, 123456789.123456789, -2.5, 0.1 + 0.2]
    events = [
        values(event(number, learner(1), session_id=(1 << 63) - 1 - number), placed(gap_s=gap, url_id=-1))
        for number, gap in enumerate(gaps * 40)
    ]
    with store.transaction():
        store.insert_columns("observed_events", events)
    found = _stored(store, ObservedEvent).order_by("pk").values_list("gap_s", "session_id", "url_id")
    assert list(found) == [(gap, (1 << 63) - 1 - number, -1) for number, gap in enumerate(gaps * 40)]


def test_half_characters_do_not_stop_a_batch(store: Any) -> None:
    with store.transaction():
        store.insert_rows([submission(1, learner(1), "a\ud83dz"), submission(2, learner(1), "b")])
    found = _stored(store, Submission).order_by("submission_timestamp")
    assert [row.submission_answer for row in found] == ["a\ufffdz", "b"]


@pytest.mark.parametrize("count", [1, 300])
def test_a_value_that_does_not_fit_is_refused_and_nothing_is_cut(store: Any, count: int) -> None:
    if connections[store.alias].vendor == "sqlite":
        limit = "x" * 50
        with store.transaction():
            store.insert_columns(
                "observed_events", [values(event(n, None, event_source=limit)) for n in range(count)]
            )
        assert set(_stored(store, ObservedEvent).values_list("event_source", flat=True)) == {limit}
        return
    rows_too_long = [values(event(n, None, event_source="x" * 50)) for n in range(count)]
    with pytest.raises(DatabaseError), store.transaction():
        store.insert_columns("observed_events", rows_too_long)
    assert _stored(store, ObservedEvent).count() == 0


def test_a_failed_transaction_leaves_nothing_and_forgets_its_entries(store: Any) -> None:
    url = url_row("/a/")
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.add_entries([url])
        store.insert_columns("observed_events", [values(event(1, learner(1)))])
        raise ZeroDivisionError
    assert _stored(store, ObservedEvent).count() == _stored(store, Url).count() == 0
    with store.transaction():
        store.add_entries([url])
    assert _stored(store, Url).get().url == url.url


def test_entries_are_stored_once_and_another_text_under_one_id_is_returned(store: Any) -> None:
    url, other = url_row("/a/"), url_row("/b/")
    twin = rows.Url(url.url_id, "http://lms/another/")
    with store.transaction():
        assert store.add_entries([url, other, url]) == []
    with store.transaction():
        assert store.add_entries([url, twin]) == [twin]
        assert store.add_entries([twin]) == [twin]
    assert dict(_stored(store, Url).values_list()) == {url.url_id: url.url, other.url_id: other.url}


def test_two_texts_under_one_id_in_one_batch_collide_and_the_first_stays(store: Any) -> None:
    first, second = rows.Answer(5, "yes"), rows.Answer(5, "Yes")
    with store.transaction():
        assert store.add_entries([first, second]) == [second]


def test_texts_that_differ_in_case_or_accents_are_two(store: Any) -> None:
    urls = [url_row(path) for path in ("/Week_1/", "/week_1/", "/wéek_1/", "/week_1")]
    with store.transaction():
        assert store.add_entries(urls) == []
    assert _stored(store, Url).count() == 4
    assert _stored(store, Url).filter(url="http://lms/week_1/").count() == 1


def test_known_keys_are_those_of_events_and_steps(store: Any) -> None:
    step = rows.StepRow(key(2), learner(1), StepKind.CLOSE, None, None, 3)
    with store.transaction():
        store.insert_columns("observed_events", [values(event(n, learner(1), "x")) for n in range(3, 2000)])
        store.insert_rows([step])
        assert store.known_keys([]) == set()
        assert store.known_keys([key(2), key(3, "x"), key(3, "y"), key(9999)]) == {key(2), key(3, "x")}
        assert store.known_keys([key(0), key(1)]) == set()
        assert store.known_keys({key(0), key(1999, "x")}) == {key(1999, "x")}


def test_steps_are_rebuilt_from_columns_in_order_of_time(store: Any) -> None:
    url, block = url_row("/courses/x/"), block_row(usage("problem", "p1"))
    placement = placed()
    act = event(
        5,
        learner(1),
        stated_url_id=url.url_id,
        stated_panel=-1,
        block_id=block.block_id,
        step_kind=StepKind.ACT,
        play_left_s=0.0,
    )
    bare = event(1, learner(1), stated_course_id=None, observed_event_os=None, observed_event_agent=None)
    close = rows.StepRow(key(3), learner(1), StepKind.CLOSE, course_row().course_id, url.url_id, 9)
    with store.transaction():
        store.add_entries([url, block, course_row()])
        store.insert_columns(
            "observed_events", [values(act, placement), values(bare), values(event(2, learner(2)))]
        )
        store.insert_columns("steps", [msgspec.structs.astuple(close)])
        found = store.steps_of(learner(1))
    second, device = 1_000_000, device_id(12, 5)
    assert [stored.step for stored in found] == [
        Step(key(1), START_US + second, StepKind.VIEW, None, "", None, "", 0, None),
        Step(key(3), START_US + 3 * second, StepKind.CLOSE, COURSE, url.url, None, "", 9),
        Step(
            key(5),
            START_US + 5 * second,
            StepKind.ACT,
            COURSE,
            url.url,
            -1,
            block.usage_key,
            device,
            0.0,
        ),
    ]
    assert [stored.placement for stored in found] == [Placement(), None, placement]


def test_states_are_made_locked_saved_and_found_dirty(store: Any) -> None:
    learners = [learner(number) for number in range(700)]
    with store.transaction():
        made = store.lock_states(learners[::-1])
    assert made == {one: LearnerState(one) for one in learners}
    saved = [LearnerState(one, key(n), b"\x00\xffstate", n % 350 == 0) for n, one in enumerate(learners)]
    with store.transaction():
        store.save_states(saved)
    with store.transaction():
        assert store.lock_states(learners) == {state.learner: state for state in saved}
        assert store.dirty_learners() == sorted([learner(0), learner(350)])


@pytest.mark.parametrize("count", [3, 700])
def test_amending_gaps_changes_only_gap_and_duration(store: Any, count: int) -> None:
    before = placed(gap_s=None, observed_event_duration=7.0)
    with store.transaction():
        store.insert_columns(
            "observed_events", [values(event(n, learner(1)), before) for n in range(count + 1)]
        )
        store.amend_gaps([(key(n), n + 1 / 3, None if n % 2 else 0.5) for n in range(count)])
    with store.transaction():
        found = [stored.placement for stored in store.steps_of(learner(1))]
    expected = [
        msgspec.structs.replace(before, gap_s=n + 1 / 3, observed_event_duration=None if n % 2 else 0.5)
        for n in range(count)
    ]
    assert found == [*expected, before]


@pytest.mark.parametrize("count", [3, 700])
def test_amending_placements_overwrites_all_of_them_and_the_course_of_what_hangs_on_them(
    store: Any, count: int
) -> None:
    after = placed(course_id=99, gap_s=None, visit_id=None, is_conflict=False, unit_id=None)
    with store.transaction():
        store.insert_columns(
            "observed_events", [values(event(n, learner(1)), placed()) for n in range(count + 1)]
        )
        store.insert_rows([submission(n, learner(1), "a") for n in range(count + 1)])
        store.amend_placements([(key(n), after) for n in range(count)])
    with store.transaction():
        found = [stored.placement for stored in store.steps_of(learner(1))]
    assert found == [after] * count + [placed()]
    courses = _stored(store, Submission).order_by("submission_timestamp").values_list("course_id", flat=True)
    assert list(courses) == [99] * count + [None]


@pytest.mark.parametrize("count", [2, 400])
def test_visits_are_inserted_overwritten_and_replaced(store: Any, count: int) -> None:
    with store.transaction():
        store.upsert_visits([visit(n, learner(1)) for n in range(count)] + [visit(9000, learner(2))])
        store.upsert_visits([visit(n, learner(1), 2.5) for n in range(count)])
    assert set(_stored(store, Visit).filter(user_id=learner(1)).values_list("duration_s", flat=True)) == {2.5}
    with store.transaction():
        store.replace_visits(learner(1), [visit(0, learner(1), 1.0), visit(77777, learner(1))])
    found = _stored(store, Visit).order_by("visit_start").values_list("user_id", "duration_s")
    assert list(found) == [(learner(1), 1.0), (learner(2), None), (learner(1), None)]


def test_a_renamed_learner_keeps_all_rows_under_the_new_pseudonym(store: Any) -> None:
    old, new = learner(1), learner(2)
    link = rows.LearnerLink(old, new, "prod", 2)
    click = rows.ClickEvent(key(1), old, 4, 7, time_text(1), None, 1.0, None, None, None, None, None, None)
    grade = rows.Assessment(b"a" * 16, b"s" * 16, key(1), None, 0.5, 1, 2, old, time_text(1), None)
    post = rows.Collaboration(8, None, old, 1, "hi", time_text(1), None, False, None)
    said = rows.Feedback(b"f" * 16, key(1), old, 1, 2, time_text(1), None)
    step = rows.StepRow(key(3), old, StepKind.CLOSE, None, None, None)
    answers = [submission(1, old, "x"), submission(2, learner(3), "y")]
    with store.transaction():
        store.lock_states([old])
        assert store.renamed_learners() == []
        store.add_entries([link])
        store.insert_columns("observed_events", [values(event(1, old)), values(event(2, learner(3)))])
        store.insert_rows([click, grade, post, said, step, *answers])
        store.upsert_visits([visit(1, old)])
        assert store.renamed_learners() == [(old, new)]
    with store.transaction():
        store.rename_learner(old, new)
    with store.transaction():
        assert store.renamed_learners() == []
        assert store.dirty_learners() == [new]
        assert old not in set(store.lock_states([new]))
    kept = [
        bytes.fromhex(cell.decode())
        for table in dump.CONTENT
        for line in dump.dump(table, store.alias)
        for cell in line.rstrip(b"\n").split(b"\t")
        if cell == old.hex().encode() and table != "learner_links"
    ]
    assert kept == []
    assert [stored.step.key for stored in _fold(store, lambda: store.steps_of(new))] == [key(1), key(3)]
    assert _stored(store, LearnerLink).get().learner_id == new


def test_a_course_version_is_stored_once_and_makes_later_learners_dirty(store: Any) -> None:
    early, late, other = learner(1), learner(2), learner(3)
    elsewhere = event(9 * 86400, other, stated_course_id=None)
    with store.transaction():
        store.insert_columns(
            "observed_events",
            [
                values(event(0, early)),
                values(event(5 * 86400, late, stated_course_id=None), placed()),
                values(elsewhere),
            ],
        )
        before = store.generation()
        assert store.save_course_version(tree(valid_from_us=START_US + 2 * DAY_US))
        assert store.generation() > before
        assert store.dirty_learners() == sorted([early, late])
        store.save_states([LearnerState(early), LearnerState(late)])
    with store.transaction():
        assert not store.save_course_version(tree(valid_from_us=START_US + 3 * DAY_US))
        assert not store.save_course_version(tree(valid_from_us=START_US))
        newer = tree(valid_from_us=START_US + 3 * DAY_US, name="Renamed")
        assert store.save_course_version(newer)
        assert store.dirty_learners() == [late]
        stored = [tree(valid_from_us=START_US + 2 * DAY_US), newer]
        assert store.course_versions(COURSE) == stored
        assert store.course_versions("course-v1:no+such+course") == []


def test_a_version_of_the_same_moment_takes_the_place_of_the_old_one(store: Any) -> None:
    with store.transaction():
        assert store.save_course_version(tree())
        assert store.save_course_version(tree(name="Renamed"))
        assert store.course_versions(COURSE) == [tree(name="Renamed")]


def test_resources_and_problems_are_described_from_the_latest_tree(store: Any) -> None:
    place = "/courseware/ch/sec/2/problem/p1/"
    uris = [
        "/",
        "/courseware/ch/",
        "/courseware/ch/sec/",
        "/courseware/ch/sec/2/",
        place,
        f"{place}2/1/",
        "/wiki/",
    ]
    resources = [resource(uri) for uri in uris]
    wrong = resource("/courseware/ch/sec/1/problem/p1/")
    block = block_row(usage("problem", "p1"))
    problem = rows.Problem(31, "p1", None, None, block.block_id)
    moved = [
        values(event(n, learner(1), block_id=block.block_id), placed(resource_id=wrong.resource_id))
        for n in range(3)
    ]
    with store.transaction():
        store.add_entries([*resources, wrong, block, problem])
        store.insert_columns("observed_events", moved)
        store.save_course_version(tree(name="Old name"))
        store.save_course_version(tree(valid_from_us=START_US))
    for _ in range(2):
        with store.transaction():
            store.describe_resources()
        found = {
            row.resource_uri: (
                row.resource_name,
                row.resource_child_number,
                row.resource_relevant_week,
                row.resource_release_timestamp and row.resource_release_timestamp.strftime("%m-%d"),
            )
            for row in _stored(store, Resource)
        }
        assert [found[one.resource_uri] for one in resources] == [
            ("?", None, None, None),
            ("Chapter", 1, 3, "09-16"),
            ("Section", 1, 3, "09-16"),
            ("Unit two", 2, 3, "09-16"),
            ("Problem one", 1, 3, "09-16"),
            ("Problem one", 1, 3, "09-16"),
            ("?", None, None, None),
        ]
        row = _stored(store, Problem).get()
        assert (row.problem_type_id, row.problem_weight, row.problem_max_submission) == (1, 2.5, 3)
        assert (row.problem_week, row.problem_hard_deadline.strftime("%m-%d")) == (5, "09-29")
        assert row.resource_id == resources[4].resource_id


def test_without_a_tree_a_problem_is_where_most_of_its_events_are(store: Any) -> None:
    few, many = (resource(f"/courseware/ch/sec/{panel}/problem/p1/") for panel in (1, 2))
    block = block_row(usage("problem", "p1"))
    places = [few, many, many]
    with store.transaction():
        store.add_entries([few, many, block, rows.Problem(31, "p1", None, None, block.block_id)])
        store.insert_columns(
            "observed_events",
            [
                values(event(n, learner(1), block_id=block.block_id), placed(resource_id=one.resource_id))
                for n, one in enumerate(places)
            ],
        )
        store.describe_resources()
    assert _stored(store, Problem).get().resource_id == many.resource_id


def test_pruning_deletes_what_nothing_refers_to_and_keeps_the_way_up(store: Any) -> None:
    urls = {
        name: url_row(f"/{name}/") for name in ("placed", "stated", "closed", "visited", "unused", "pair")
    }
    parent, orphan = resource("/courseware/ch/"), resource("/courseware/gone/")
    used = msgspec.structs.replace(resource("/courseware/ch/sec/"), resource_parent_id=parent.resource_id)
    pair = rows.ResourceUrl(1, used.resource_id, urls["placed"].url_id)
    lost = rows.ResourceUrl(2, used.resource_id, urls["pair"].url_id)
    placement = placed(resource_id=used.resource_id, url_id=urls["placed"].url_id)
    with store.transaction():
        store.add_entries([*urls.values(), parent, used, orphan, pair, lost])
        store.insert_columns(
            "observed_events", [values(event(1, learner(1), stated_url_id=urls["stated"].url_id), placement)]
        )
        store.insert_rows(
            [rows.StepRow(key(2), learner(1), StepKind.CLOSE, None, urls["closed"].url_id, None)]
        )
        store.upsert_visits([msgspec.structs.replace(visit(1, learner(1)), url_id=urls["visited"].url_id)])
    with store.transaction():
        assert store.prune() == 4
    with store.transaction():
        assert store.prune() == 0
        store.add_entries([urls["unused"]])
    kept = set(_stored(store, Url).values_list("url", flat=True))
    assert kept == {row.url for name, row in urls.items() if name != "pair"}
    assert set(_stored(store, Resource).values_list("pk", flat=True)) == {
        used.resource_id,
        parent.resource_id,
    }


def test_another_process_learns_that_its_dictionary_was_pruned(store: Any) -> None:
    url, other = url_row("/a/"), type(store)(store.alias)
    with store.transaction():
        store.add_entries([url])
    with other.transaction():
        assert other.prune() == 1
    with store.transaction():
        store.add_entries([url])
    assert _stored(store, Url).get().url == url.url


def test_quarantine_keeps_a_line_once_until_it_is_released(store: Any) -> None:
    odd = Rejection(
        b'{"x": \xff\x00', "no JSON object in the line", "found \t\\ \U0001f600", "a/tracking.log"
    )
    other = Rejection(b"2", "no time", "", "b.log")
    with store.transaction():
        store.quarantine([odd])
    with store.transaction():
        store.quarantine([msgspec.structs.replace(odd, file="again.log"), other])
    with store.transaction():
        assert list(store.quarantined()) == [odd, other]
        store.release([odd.line, b"never seen"])
        assert list(store.quarantined()) == [other]


def test_file_marks_are_overwritten(store: Any) -> None:
    mark = FileMark("f" * 64, "/logs/ü\\tracking.log", 1 << 40, 12, False, "tail")
    done = msgspec.structs.replace(mark, lines=13, is_complete=True, path="/elsewhere")
    with store.transaction():
        assert store.file_mark(mark.file_id) is None
        store.save_file_marks([mark, msgspec.structs.replace(mark, file_id="g")])
        assert store.file_mark(mark.file_id) == mark
        store.save_file_marks([done])
        assert store.file_mark(mark.file_id) == done


def test_another_learner_key_is_refused(store: Any) -> None:
    with store.transaction():
        store.check_learner_key("aa")
        store.check_learner_key("aa")
        with pytest.raises(LearnerKeyMismatch, match=r"aa.*bb"):
            store.check_learner_key("bb")


def test_row_counts_name_every_table(store: Any) -> None:
    with store.transaction():
        store.insert_columns("observed_events", [values(event(1, None))])
        counts = store.row_counts()
    assert counts["observed_events"] == 1
    assert counts["visits"] == 0
    assert counts["resource_types"] == len(rows.RESOURCE_TYPES)


def test_a_second_writer_of_the_same_learners_waits_and_sees_the_first_ones_state(
    store: Any, django_db_blocker: Any
) -> None:
    learners = [learner(number) for number in range(20)]
    locked, seen = threading.Event(), []

    def second_writer() -> None:
        with django_db_blocker.unblock():
            other = type(store)(store.alias)
            locked.wait(10)
            with other.transaction():
                seen.append(other.lock_states(learners[::-1])[learners[7]].state)
            connections[store.alias].close()

    thread = threading.Thread(target=second_writer)
    thread.start()
    with store.transaction():
        store.lock_states(learners)
        locked.set()
        thread.join(0.3)
        assert seen == []
        store.save_states([LearnerState(one, state=b"first") for one in learners])
    thread.join(20)
    assert seen == [b"first"]


def test_a_lock_that_is_not_given_is_transient(store: Any, django_db_blocker: Any) -> None:
    one, two = sorted([learner(1), learner(2)])
    with store.transaction():
        store.lock_states([one, two])
    is_sqlite = connections[store.alias].vendor == "sqlite"
    failures = (
        _refused(store, django_db_blocker) if is_sqlite else _crossed(store, django_db_blocker, one, two)
    )
    assert len(failures) == 1


def _refused(store: Any, blocker: Any) -> list[TransientError]:
    """SQLite has one writer: a second one that may not wait long is told to try again."""
    ready, held, failures = threading.Event(), threading.Event(), []

    def impatient() -> None:
        with blocker.unblock():
            other = type(store)(store.alias)
            with other.transaction():
                other.lock_states([learner(3)])
            connections[store.alias].connection.execute("PRAGMA busy_timeout = 50").fetchall()
            ready.set()
            held.wait(10)
            try:
                with other.transaction():
                    other.lock_states([learner(4)])
            except TransientError as error:
                failures.append(error)
            connections[store.alias].close()

    thread = threading.Thread(target=impatient)
    thread.start()
    ready.wait(10)
    with store.transaction():
        held.set()
        thread.join(10)
    return failures


def _crossed(store: Any, blocker: Any, one: bytes, two: bytes) -> list[TransientError]:
    """Two writers that lock against the order of keys: the server ends one of them."""
    barrier, failures = threading.Barrier(2), []

    def cross(first: bytes, second: bytes) -> None:
        with blocker.unblock():
            other = type(store)(store.alias)
            try:
                with other.transaction():
                    other.lock_states([first])
                    barrier.wait(10)
                    other.lock_states([second])
            except TransientError as error:
                failures.append(error)
            connections[store.alias].close()

    threads = [threading.Thread(target=cross, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return failures


def test_all_stores_dump_the_same_bytes_for_the_same_rows(
    store_aliases: dict[str, str], django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        found = {}
        for kind in KINDS:
            alias = store_aliases[kind]
            empty(alias)
            _fill(store_of(kind, alias))
            found[kind] = dump.checksums(alias)
            connections[alias].close()
    first = found["sqlite"]
    assert first["observed_events"].rows == 600
    for kind, sums in found.items():
        assert sums == first, kind


def _fill(store: Any) -> None:
    gaps = (None, 0.0, 1 / 3, 1e22, 1e-7, 5.0)
    with store.transaction():
        store.lock_states([learner(n) for n in range(5)])
        store.add_entries(
            [url_row(f"/{n}/") for n in range(300)] + [course_row(), block_row(usage("problem", "p1"))]
        )
        store.insert_columns(
            "observed_events",
            [
                values(
                    event(n / 7, learner(n % 5) if n % 3 else None),
                    placed(gap_s=gaps[n % 6], place_source=n % 6),
                )
                for n in range(600)
            ],
        )
        store.insert_rows([submission(n, learner(1), text) for n, text in enumerate(ODD_TEXTS)])
        store.upsert_visits([visit(n, learner(n % 5), n / 3) for n in range(300)])
        store.save_course_version(tree())
        store.quarantine([Rejection(b"\x00line", "no time", "detail", "f")])
        store.describe_resources()


def test_a_dump_is_in_order_of_keys_with_fixed_forms(store: Any) -> None:
    with store.transaction():
        store.insert_rows([submission(2, learner(1), "a\tb\\"), submission(1, learner(1), None)])
        store.add_entries([url_row("/a/")])
    lines = list(dump.dump("submissions", store.alias))
    assert lines == sorted(lines)
    assert lines[0].split(b"\t")[4:8] == [b"2013-09-01 00:00:01.000000", b"1", rb"\N", b"1"]
    assert lines[1].split(b"\t")[6] == rb"a\tb\\"
    assert lines[1].split(b"\t")[9] == b"1"
    assert dump.checksums(store.alias)["urls"].rows == 1
    assert PlaceSource.UNKNOWN == 6 and keys.key_time_us(key(1)) == START_US + 1_000_000
