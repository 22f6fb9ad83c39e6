"""How long: gaps, durations, visits."""

from __future__ import annotations

import pytest

from openedx_moocdb.processing.trajectory.state import State, decode_state, encode_state
from openedx_moocdb.schema.errors import OutOfOrder
from openedx_moocdb.schema.step import StepKind
from tests.walks import (
    DASHBOARD,
    DAY_S,
    FORUM,
    WARE,
    Walk,
    act,
    background,
    close,
    elsewhere,
    follower,
    go,
    leave,
    step,
    view,
)

S1, S2 = f"{WARE}w1/s1/", f"{WARE}w1/s2/"


def test_a_gap_is_the_time_to_the_next_active_event() -> None:
    walk = Walk(go(0, S1, 1), act(12.5), act(20))
    assert [walk[at].gap_s for at in range(3)] == [12.5, 7.5, None]
    assert [walk[at].observed_event_duration for at in range(3)] == [12.5, 7.5, None]


def test_gaps_of_whole_days_count() -> None:
    walk = Walk(go(0, S1, 1), act(3 * DAY_S + 60), act(10 * DAY_S + 60))
    assert [walk[0].gap_s, walk[1].gap_s] == [3 * DAY_S + 60, 7 * DAY_S]


def test_a_gap_past_the_limit_has_no_duration() -> None:
    assert Walk(go(0, S1, 1), act(1800))[0].observed_event_duration == 1800
    assert Walk(go(0, S1, 1), act(1800.5))[0].observed_event_duration is None


def test_the_limit_is_a_setting() -> None:
    knows = follower(limit_s=60)
    walk = Walk(go(0, S1, 1), act(50), act(120), knows=knows)
    assert [walk[0].observed_event_duration, walk[1].observed_event_duration] == [50, None]


def test_background_calls_and_facts_are_no_activity() -> None:
    walk = Walk(go(0, S1, 1), background(5), step(6, StepKind.NOWHERE), act(10))
    assert walk[0].gap_s == 10
    assert (walk[1].gap_s, walk[2].gap_s) == (None, None)


def test_a_gap_ends_with_an_act_on_another_device_or_in_another_course() -> None:
    walk = Walk(
        go(0, S1, 1), elsewhere(7, DASHBOARD, course=None), act(9, device=2, course="course-v1:O+D+R")
    )
    assert [walk[0].gap_s, walk[1].gap_s] == [7, 2]


def test_a_closed_page_ends_the_duration_but_not_the_gap() -> None:
    walk = Walk(go(0, S1, 2), close(40, S1), act(100, S1))
    assert (walk[0].gap_s, walk[0].observed_event_duration) == (100, 40)


def test_a_close_after_the_last_event_gives_its_duration() -> None:
    walk = Walk(go(0, S1, 2), close(40, S1))
    assert (walk[0].gap_s, walk[0].observed_event_duration) == (None, 40)


def test_steps_that_go_backwards_are_refused() -> None:
    with pytest.raises(OutOfOrder, match="sort steps by key"):
        Walk(act(10), act(5))


def test_two_events_of_one_moment_have_no_time_between_them() -> None:
    steps = sorted((act(5, S1), act(5, S1, block="problem/p1")), key=lambda each: each.key)
    walk = Walk(*steps)
    assert walk[0].gap_s == 0
    assert walk[0].observed_event_duration == 0


def test_times_before_1970_are_times_too() -> None:
    walk = Walk(go(-3e9, S1, 1), act(-3e9 + 5))
    assert walk[0].gap_s == pytest.approx(5)


def test_a_video_that_plays_on_keeps_its_duration() -> None:
    walk = Walk(go(0, S1, 1), act(10, S1, block="video/v1", play_left_s=2400), act(2700, S1))
    assert (walk[1].gap_s, walk[1].observed_event_duration) == (2690, 2400)


def test_a_video_that_was_halted_gives_no_duration_past_the_limit() -> None:
    walk = Walk(
        go(0, S1, 1),
        act(10, S1, block="video/v1", play_left_s=2400),
        act(20, S1, block="video/v1", play_left_s=0),
        act(2700, S1),
    )
    assert walk[1].observed_event_duration == 10
    assert walk[2].observed_event_duration is None


def test_a_playing_video_keeps_the_visit_open_past_the_limit() -> None:
    walk = Walk(go(0, S1, 1), act(10, S1, block="video/v1", play_left_s=2400), act(2700, S1))
    assert walk.visits() == [(0, None, "open")]


def test_a_silence_past_the_limit_ends_a_visit_at_the_last_thing_known() -> None:
    walk = Walk(go(0, S1, 1), act(60, S1), act(4000, S1))
    assert walk.visits() == [(0, 60, "idle"), (4000, None, "open")]
    assert walk[2].visit_id != walk[1].visit_id


def test_an_idle_visit_of_one_moment_has_no_duration() -> None:
    walk = Walk(go(0, S1, 1), act(4000, S1))
    assert walk.visits()[0] == (0, None, "idle")


def test_moving_elsewhere_ends_a_visit() -> None:
    walk = Walk(go(0, S1, 1), go(60, S1, 2), elsewhere(90, FORUM), go(100, S1, 2))
    assert walk.visits() == [(0, 60, "move"), (60, 30, "move"), (90, 10, "move"), (100, None, "open")]


def test_closing_the_page_ends_the_visit_to_it() -> None:
    walk = Walk(go(0, S1, 2), close(45, S1), act(50, S1))
    assert walk.visits() == [(0, 45, "close"), (50, None, "open")]


def test_closing_another_page_ends_no_visit() -> None:
    walk = Walk(go(0, S1, 2), close(45, S2), act(50, S1))
    assert walk.visits() == [(0, None, "open")]


def test_logging_out_ends_the_visit_on_that_device_only() -> None:
    walk = Walk(go(0, S1, 1), go(1, S2, 1, device=2), leave(30), act(40, S2, device=2))
    assert walk.visits() == [(0, 30, "logout"), (1, None, "open")]


def test_logging_in_does_not_drop_the_place() -> None:
    walk = Walk(go(0, S1, 2), elsewhere(30, "http://lms/login/", course=None), act(40, S1))
    assert walk.place(2) == "w1/s1/2"


def test_a_visit_counts_its_active_events() -> None:
    walk = Walk(go(0, S1, 1), act(1, S1), background(2, S1), act(3, S1), close(4, S1))
    assert [visit.events for visit in walk.found.visits] == [3]


def test_two_devices_have_visits_of_their_own_at_one_time() -> None:
    walk = Walk(go(0, S1, 1), go(5, S2, 1, device=2), act(9, S1), act(12, S2, device=2))
    assert walk.visits() == [(0, None, "open"), (5, None, "open")]
    assert {visit.device_id for visit in walk.found.visits} == {1, 2}


def test_the_gap_of_the_last_event_before_a_cut_is_amended() -> None:
    first, second = go(0, S1, 1), act(25, S1)
    state = State()
    Walk(first, state=state)
    later = Walk(second, state=decode_state(encode_state(state)))
    assert later.found.gaps == [(first.key, 25, 25)]


def test_calls_just_before_a_page_opens_belong_to_that_page() -> None:
    walk = Walk(go(0, S1, 1), background(100), view(101, f"{S2}1/"))
    assert walk.place(1) == "w1/s2/1"


def test_a_call_long_before_a_page_opens_stays_where_it_was() -> None:
    walk = Walk(go(0, S1, 1), background(60), view(101, f"{S2}1/"))
    assert walk.place(1) == "w1/s1/1"
