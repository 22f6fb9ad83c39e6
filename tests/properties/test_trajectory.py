"""What holds of the fold for every stream of steps."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_moocdb.processing.trajectory.follow import Followed
from openedx_moocdb.processing.trajectory.state import State, decode_state, encode_state
from openedx_moocdb.schema.rows import Resource, Url, Visit
from openedx_moocdb.schema.step import (
    ACTIVE,
    LAST_PANEL,
    NEXT_SECTION,
    PREVIOUS_SECTION,
    Placement,
    Step,
    StepKind,
)
from openedx_moocdb.translation.times import time_text
from tests.walks import (
    COURSE,
    DASHBOARD,
    FORUM,
    LEARNER,
    ROOT,
    SITE,
    START_US,
    WARE,
    follower,
    learning,
    step,
    usage,
    version,
)

MOVED = {"w1": {"s1": {"u1": ("problem/p1",), "u3": ("video/v1",)}, "s2": {"u4": ("problem/p2",)}}}
OLD = "O/C/2013"
OLD_WARE = f"{SITE}/courses/{OLD}/courseware/"
FOLLOWERS = (
    follower(),
    follower(version()),
    follower(version(valid_from_us=START_US), version(MOVED, START_US + 3_600_000_000)),
)
URLS = (
    "", "", f"{WARE}w1/s1/", f"{WARE}w1/s2/", f"{WARE}w1/s1/2/", f"{WARE}w1/", WARE, ROOT, FORUM, DASHBOARD,
    learning("s1", "u2"), learning("s2", "u5"), f"{ROOT}jump_to/{usage('vertical/u5')}/", f"{OLD_WARE}w1/s1/",
)  # fmt: skip
BLOCKS = (
    "", "", "video/v1", "problem/p1", "problem/p2", "problem/drawn", "problem/a", "vertical/u2",
    "sequential/s1", "sequential/s2", "i4x://O/C/problem/old", "problem/nowhere",
)  # fmt: skip
PAUSES = st.one_of(
    st.sampled_from([0.0, 0.000001, 1.0, 9.0, 11.0, 1800.0, 1801.0, 86_400.0]), st.floats(0, 4000)
)
facts = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(StepKind),
        "url": st.sampled_from(URLS),
        "panel": st.sampled_from([None, None, 1, 2, 3, 9, LAST_PANEL, NEXT_SECTION, PREVIOUS_SECTION]),
        "block": st.sampled_from(BLOCKS),
        "device": st.sampled_from([0, 1, 2]),
        "course": st.sampled_from([COURSE, COURSE, COURSE, None, OLD, "course-v1:O+D+R"]),
        "play_left_s": st.sampled_from([None, None, None, 0.0, -1.0, 60.0, 2400.0]),
        "position_s": st.sampled_from([None, None, 0.0, 30.0, 2000.0]),
    }
)


@st.composite
def walks(draw: st.DrawFn) -> list[Step]:
    """Steps of one learner in order, each key once."""
    found: dict[bytes, Step] = {}
    at_s = 0.0
    for pause_s, fact in draw(st.lists(st.tuples(PAUSES, facts), min_size=1, max_size=25)):
        at_s = round(at_s + pause_s, 6)
        made = step(at_s, **fact)
        found[made.key] = made
    return [found[key] for key in sorted(found)]


many = settings(max_examples=150, deadline=None, derandomize=True)
knowing = st.sampled_from(FOLLOWERS)


def follow(knows: Any, steps: list[Step], state: State | None = None) -> Followed:
    found: Followed = knows.follow(LEARNER, state if state is not None else State(), steps)
    return found


class Table:
    """Rows as a store would hold them after one call after another."""

    def __init__(self) -> None:
        self.events: dict[bytes, Placement] = {}
        self.visits: dict[bytes, Visit] = {}

    def put(self, steps: list[Step], found: Followed) -> None:
        for key, gap_s, duration in found.gaps:
            self.events[key] = msgspec.structs.replace(
                self.events[key], gap_s=gap_s, observed_event_duration=duration
            )
        self.events.update(found.moved)
        for each, placement in zip(steps, found.placements, strict=True):
            if placement is not None:
                self.events[each.key] = placement
        self.visits.update({visit.visit_id: visit for visit in found.visits})


@many
@given(steps=walks(), knows=knowing, cuts=st.lists(st.floats(0, 1), max_size=4))
def test_steps_cut_anywhere_and_carried_on_are_as_one_call(
    steps: list[Step], knows: Any, cuts: list[float]
) -> None:
    whole, parts = Table(), Table()
    state = State()
    whole.put(steps, follow(knows, steps, state))
    edges = [0, *sorted(int(cut * len(steps)) for cut in cuts), len(steps)]
    carried = b""
    for start, end in pairwise(edges):
        part, held = steps[start:end], decode_state(carried)
        parts.put(part, follow(knows, part, held))
        carried = encode_state(held)
    assert parts.events == whole.events
    assert parts.visits == whole.visits
    assert carried == encode_state(state)


@many
@given(steps=walks(), knows=knowing)
def test_what_is_left_of_an_earlier_call_changes_no_later_one(steps: list[Step], knows: Any) -> None:
    assert follow(knows, steps) == follow(knows, steps)


@many
@given(steps=walks(), knows=knowing)
def test_visits_of_a_learner_on_a_device_never_overlap(steps: list[Step], knows: Any) -> None:
    by_device: defaultdict[int, list[Visit]] = defaultdict(list)
    for visit in follow(knows, steps).visits:
        by_device[visit.device_id].append(visit)
    for visits in by_device.values():
        visits.sort(key=lambda visit: visit.visit_id)
        assert [visit.ended_by for visit in visits[:-1]].count("open") == 0
        for one, after in pairwise(visits):
            assert one.visit_last <= after.visit_start
            if one.duration_s is not None:
                assert end_of(one) <= after.visit_start


def end_of(visit: Visit) -> str:
    start_us = int.from_bytes(visit.visit_id[:8], "big") - (1 << 63)
    assert time_text(start_us) == visit.visit_start
    assert visit.duration_s is not None
    return time_text(start_us + round(visit.duration_s * 1_000_000))


@many
@given(steps=walks(), knows=knowing)
def test_every_visit_has_its_events_and_every_event_of_a_visit_its_visit(
    steps: list[Step], knows: Any
) -> None:
    found = follow(knows, steps)
    visits = {visit.visit_id: visit for visit in found.visits}
    active: defaultdict[bytes, int] = defaultdict(int)
    for each, placement in zip(steps, found.placements, strict=True):
        if placement is not None and placement.visit_id is not None:
            assert placement.visit_id in visits
            if each.kind in ACTIVE:
                active[placement.visit_id] += 1
    assert {key: visit.events for key, visit in visits.items()} == active
    for visit in visits.values():
        assert visit.duration_s is None or visit.duration_s >= 0


@many
@given(steps=walks(), knows=knowing)
def test_gaps_add_up_to_the_time_between_active_events_and_bound_durations(
    steps: list[Step], knows: Any
) -> None:
    found = follow(knows, steps)
    active = []
    for each, placement in zip(steps, found.placements, strict=True):
        if placement is None:
            continue
        if each.kind not in ACTIVE:
            assert (placement.gap_s, placement.observed_event_duration) == (None, None)
            continue
        active.append((each.time_us, placement))
        duration = placement.observed_event_duration
        if duration is not None:
            assert duration >= 0
            assert placement.gap_s is None or duration <= placement.gap_s
    for (time_us, placement), (next_us, _) in pairwise(active):
        assert placement.gap_s == (next_us - time_us) / 1_000_000
    if active:
        assert active[-1][1].gap_s is None


@many
@given(steps=walks(), knows=knowing)
def test_all_that_a_placement_names_is_among_the_entries(steps: list[Step], knows: Any) -> None:
    found = follow(knows, steps)
    entries = [entry for address in found.addresses for entry in address.entries]
    urls = {entry.url_id for entry in entries if isinstance(entry, Url)}
    resources = {entry.resource_id: entry for entry in entries if isinstance(entry, Resource)}
    pairs = {(entry.resource_id, entry.url_id) for entry in entries if entry.TABLE == "resources_urls"}  # type: ignore[attr-defined]
    blocks = {entry.block_id for entry in entries if entry.TABLE == "blocks"}  # type: ignore[attr-defined]
    courses = {row.course_id for row in found.courses}
    for placement in filter(None, found.placements):
        assert placement.url_id in urls
        assert (placement.resource_id, placement.url_id) in pairs
        assert placement.resource_id in resources
        assert placement.unit_id is None or placement.unit_id in blocks
        assert placement.course_id is None or placement.course_id in courses
    for visit in found.visits:
        assert visit.url_id in urls
    parents = {each.resource_parent_id for each in resources.values()} - {None}
    assert parents <= resources.keys()


@many
@given(steps=walks())
def test_rows_of_one_dictionary_id_are_equal_whoever_meets_them(steps: list[Step]) -> None:
    seen: dict[tuple[str, int], Any] = {}
    for knows in FOLLOWERS:
        for address in follow(knows, steps).addresses:
            for entry in address.entries:
                identity = (entry.TABLE, msgspec.structs.astuple(entry)[0])
                assert seen.setdefault(identity, entry) == entry
