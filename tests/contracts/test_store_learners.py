"""What every store does for learners: steps, places, states, visits, locks."""

from __future__ import annotations

import threading
from typing import Any

import msgspec
import pytest
from django.db import connections

from openedx_moocdb.data_access import dump
from openedx_moocdb.data_access.store.interface import LearnerState
from openedx_moocdb.data_access.store.models import (
    LearnerLink,
    Submission,
    Visit,
)
from openedx_moocdb.schema import rows
from openedx_moocdb.schema.errors import TransientError
from openedx_moocdb.schema.step import Placement, Step, StepKind, device_id
from tests.contracts.stores import (
    COURSE,
    START_US,
    block_row,
    course_row,
    event,
    key,
    learner,
    placed,
    stored_rows,
    submission,
    time_text,
    url_row,
    usage,
    values,
    visit,
)


def test_known_keys_are_told_apart_as_events_and_steps(store: Any) -> None:
    step = rows.StepRow(key(2), learner(1), StepKind.CLOSE, None, 5, 3)
    with store.transaction():
        store.insert_columns("observed_events", [values(event(n, learner(1), "x")) for n in range(3, 2000)])
        store.insert_rows([step])
        assert (store.known_events([]), store.known_steps([])) == (set(), {})
        asked = [key(2), key(3, "x"), key(3, "y"), key(9999)]
        assert store.known_events(asked) == {key(3, "x")}
        assert store.known_steps(asked) == {key(2): (StepKind.CLOSE, None, 5)}
        assert store.known_events([key(0), key(1)]) == set()
        assert store.known_events({key(0), key(1999, "x")}) == {key(1999, "x")}
        store.delete_steps(asked)
        assert store.known_steps(asked) == {}
        assert store.known_events(asked) == {key(3, "x")}


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
    courses = (
        stored_rows(store, Submission).order_by("submission_timestamp").values_list("course_id", flat=True)
    )
    assert list(courses) == [99] * count + [None]


@pytest.mark.parametrize("count", [2, 400])
def test_visits_are_inserted_overwritten_and_replaced(store: Any, count: int) -> None:
    with store.transaction():
        store.upsert_visits([visit(n, learner(1)) for n in range(count)] + [visit(9000, learner(2))])
        store.upsert_visits([visit(n, learner(1), 2.5) for n in range(count)])
    assert set(stored_rows(store, Visit).filter(user_id=learner(1)).values_list("duration_s", flat=True)) == {
        2.5
    }
    with store.transaction():
        store.replace_visits(learner(1), [visit(0, learner(1), 1.0), visit(77777, learner(1))])
    found = stored_rows(store, Visit).order_by("visit_start").values_list("user_id", "duration_s")
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
    with store.transaction():
        steps = store.steps_of(new)
    assert [stored.step.key for stored in steps] == [key(1), key(3)]
    assert stored_rows(store, LearnerLink).get().learner_id == new


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
