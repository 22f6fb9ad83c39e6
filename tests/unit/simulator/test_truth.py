"""The truth agrees with the courses, with itself, and is not what the lines say."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise

import pytest

from openedx_moocdb.schema.course import Course, CourseVersion
from openedx_moocdb.simulator.api import SimulatedLine, SimulationPlan, Truth, VisitTruth, simulate

ERAS = pytest.mark.parametrize("era", ["legacy", "mfe"])
DOING = {"view", "navigate", "act", "elsewhere"}
HALF_HOUR_US = 1800 * 1_000_000


def _plan(era: str) -> SimulationPlan:
    return SimulationPlan(learners=90, era=era, courses=2, servers=2, republish=True, malformed_per_million=0)


@cache
def _records(era: str) -> tuple[SimulatedLine | VisitTruth, ...]:
    return tuple(simulate(_plan(era)).records())


def _lines(era: str) -> list[tuple[str, Truth]]:
    return [(r.kind, r.truth) for r in _records(era) if isinstance(r, SimulatedLine) and r.truth]


def _visits(era: str) -> dict[tuple[int, int], VisitTruth]:
    return {(r.user_id, r.visit): r for r in _records(era) if isinstance(r, VisitTruth)}


@ERAS
def test_every_unit_stands_where_the_course_has_it_at_that_time(era: str) -> None:
    versions: defaultdict[str, list[CourseVersion]] = defaultdict(list)
    for version in simulate(_plan(era)).courses:
        versions[version.course_key].append(version)
    courses = {key: Course(key, versions[key]) for key in versions}
    found = 0
    for _, truth in _lines(era):
        if truth.page == "dashboard":
            assert truth.course_key == ""
            continue
        tree = courses[truth.course_key].tree_at(truth.time_us)
        assert tree is not None
        if truth.unit:
            unit = tree.unit_of(truth.unit)
            assert unit is not None
            assert (unit.chapter, unit.section, unit.panel) == (truth.chapter, truth.section, truth.panel)
            found += 1
        else:
            assert truth.panel == 0
    assert found > 1000


@ERAS
def test_lines_are_numbered_from_zero_on_each_server(era: str) -> None:
    counts: Counter[int] = Counter()
    for record in _records(era):
        if isinstance(record, SimulatedLine):
            if record.truth:
                assert record.truth.server == record.server
                assert record.truth.line_no == counts[record.server]
            counts[record.server] += 1
    assert set(counts) == {0, 1}


@ERAS
def test_every_act_of_a_learner_lies_in_its_visit(era: str) -> None:
    visits = _visits(era)
    for kind, truth in _lines(era):
        if truth.act in DOING:
            visit = visits[truth.user_id, truth.visit]
            assert visit.start_us <= truth.time_us <= visit.end_us, kind
            assert (visit.unit, visit.page, visit.device) == (truth.unit, truth.page, truth.device)


@ERAS
def test_visits_on_one_device_follow_each_other(era: str) -> None:
    by_device: defaultdict[tuple[int, int], list[VisitTruth]] = defaultdict(list)
    for visit in _visits(era).values():
        by_device[visit.user_id, visit.device].append(visit)
    for visits in by_device.values():
        visits.sort(key=lambda visit: (visit.start_us, visit.visit))
        for before, after in pairwise(visits):
            assert before.end_us <= after.start_us
            if before.ended_by == "move":
                assert before.end_us == after.start_us


def test_visits_end_in_the_ways_that_their_era_knows() -> None:
    assert {visit.ended_by for visit in _visits("legacy").values()} == {"move", "close", "logout", "idle"}
    assert {visit.ended_by for visit in _visits("mfe").values()} == {"move", "logout", "idle"}


@ERAS
def test_a_silence_of_half_an_hour_inside_a_visit_is_a_video_that_plays(era: str) -> None:
    last: dict[tuple[int, int], tuple[str, int]] = {}
    silences = 0
    for kind, truth in sorted(_lines(era), key=lambda pair: pair[1].time_us):
        if truth.act in DOING:
            before = last.get((truth.user_id, truth.visit))
            if before and truth.time_us - before[1] > HALF_HOUR_US:
                silences += 1
                assert before[0].split()[0] in {
                    "play_video",
                    "seek_video",
                    "speed_change_video",
                    "edx.video.played",
                    "edx.video.position.changed",
                }
            last[truth.user_id, truth.visit] = kind, truth.time_us
    assert silences > 0


@ERAS
def test_learners_go_away_with_the_page_open_and_come_back_to_it(era: str) -> None:
    visits = sorted(_visits(era).values(), key=lambda visit: (visit.user_id, visit.device, visit.start_us))
    returns = sum(
        before.ended_by == "idle" and before.unit == after.unit != "" and before.device == after.device
        for before, after in pairwise(visits)
        if before.user_id == after.user_id and after.start_us - before.end_us < 4 * HALF_HOUR_US
    )
    assert returns > 0


@ERAS
def test_some_learners_use_two_devices_at_a_time(era: str) -> None:
    devices: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for _, truth in _lines(era):
        devices[truth.user_id, truth.time_us // HALF_HOUR_US].add(truth.device)
    assert any(len(used) > 1 for used in devices.values())


@ERAS
def test_some_learners_go_to_and_fro_between_units(era: str) -> None:
    order = sorted(_visits(era).values(), key=lambda visit: (visit.user_id, visit.visit))
    back = sum(
        first.unit == third.unit != second.unit
        for first, second, third in zip(order, order[1:], order[2:], strict=False)
        if first.user_id == third.user_id and first.unit and second.unit
    )
    assert back > 10


def test_a_redirected_request_is_at_its_destination() -> None:
    lines = _lines("legacy")
    redirects = [i for i, (kind, _) in enumerate(lines) if kind == "GET courseware course"]
    assert redirects
    for index in redirects:
        truth = lines[index][1]
        following = [
            later
            for kind, later in lines[index : index + 400]
            if kind == "GET courseware" and later.user_id == truth.user_id
        ]
        assert following[0].unit == truth.unit


def test_a_page_close_is_at_the_unit_that_is_left() -> None:
    visits = _visits("legacy")
    closes = [truth for kind, truth in _lines("legacy") if kind == "page_close (browser)" and truth.visit]
    ended = [truth for truth in closes if visits[truth.user_id, truth.visit].ended_by == "close"]
    assert len(ended) > len(closes) / 2
    assert all(visits[truth.user_id, truth.visit].end_us == truth.time_us for truth in ended)


def test_learners_have_all_habits_and_habits_show() -> None:
    plan = SimulationPlan(learners=120, era="mfe")
    simulation = simulate(plan)
    habits = {learner["id"]: learner["habit"] for learner in simulation.learners()}
    assert set(habits.values()) == {"on_track", "behind", "auditing", "sampling", "dropping_out"}
    lines: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    for line in simulation.lines():
        if line.truth:
            habit = habits[line.truth.user_id]
            lines[habit] += 1
            answers[habit] += line.kind == "problem_check (server)"
    per_learner = {habit: lines[habit] / count for habit, count in Counter(habits.values()).items()}
    assert answers["auditing"] == 0
    assert per_learner["on_track"] > per_learner["dropping_out"]
    assert per_learner["on_track"] > 2 * per_learner["sampling"]
