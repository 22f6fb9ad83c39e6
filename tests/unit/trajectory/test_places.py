"""Each rung of the ladder, and each rule of where a learner is."""

from __future__ import annotations

import pytest

from openedx_moocdb.processing.trajectory import rules
from openedx_moocdb.processing.trajectory.spots import UNKNOWN_URL
from openedx_moocdb.schema.step import (
    LAST_PANEL,
    NEXT_SECTION,
    PREVIOUS_SECTION,
    PlaceSource,
    StepKind,
)
from tests.walks import (
    COURSE,
    DASHBOARD,
    FORUM,
    ROOT,
    SITE,
    START_US,
    WARE,
    Walk,
    act,
    background,
    close,
    elsewhere,
    follower,
    go,
    learning,
    step,
    usage,
    version,
    view,
)

S1, S2 = f"{WARE}w1/s1/", f"{WARE}w1/s2/"
KNOWS = follower(version())

#: a rung -> a walk whose last step it answers, and the place it gives
RUNGS = {
    "stated_unit": (lambda: Walk(view(0, learning("s1", "u2")), knows=KNOWS), "w1/s1/2"),
    "stated_move": (lambda: Walk(go(0, S1, 3)), "w1/s1/3"),
    "stated_panel": (lambda: Walk(view(0, f"{S1}2/")), "w1/s1/2"),
    "unit_of_block": (lambda: Walk(act(0, block="problem/p2"), knows=KNOWS), "w1/s1/3"),
    "panel_of_section": (lambda: Walk(go(0, S1, 3), act(5, S1)), "w1/s1/3"),
    "entry_panel": (lambda: Walk(act(0, f"{S1}2/")), "w1/s1/2"),
    "place_of_block": (
        lambda: Walk(go(0, S1, 3), act(1, S1, block="problem/q"), go(2, S2, 1), act(3, block="problem/q")),
        "w1/s1/3",
    ),
    "last_place": (lambda: Walk(go(0, S1, 3), act(5)), "w1/s1/3"),
    "saved_position": (lambda: Walk(go(0, S1, 3), view(5, S2), view(9, S1)), "w1/s1/3"),
    "resumed_place": (lambda: Walk(go(0, S1, 3), elsewhere(5), view(9, WARE)), "w1/s1/3"),
    "section_only": (lambda: Walk(act(0, S1)), "w1/s1/_"),
}


def test_every_rung_of_the_ladder_has_a_walk() -> None:
    assert {rule.find.__name__ for rule in rules.LADDER} == set(RUNGS)


@pytest.mark.parametrize("rule", rules.LADDER, ids=lambda rule: str(rule.find.__name__))
def test_a_rung_places_an_event_and_says_by_what_evidence(rule: rules.Rule) -> None:
    make, place = RUNGS[rule.find.__name__]
    walk = make()
    last = len(walk.steps) - 1
    assert walk.steps[last].kind in rule.kinds
    assert walk.place(last) == place
    assert walk[last].place_source == rule.source


@pytest.mark.parametrize("rule", rules.LADDER, ids=lambda rule: str(rule.find.__name__))
def test_a_rung_is_needed_for_its_walk(rule: rules.Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    make, place = RUNGS[rule.find.__name__]
    without_rung(monkeypatch, rule)
    walk = make()
    last = len(walk.steps) - 1
    assert (walk.place(last), walk[last].place_source) != (place, rule.source)


def without_rung(monkeypatch: pytest.MonkeyPatch, rule: rules.Rule) -> None:
    """Take a rung out of what is asked for each kind of step."""
    shorter = {kind: tuple(e for e in rungs if e[1] is not rule.find) for kind, rungs in rules._RUNGS.items()}
    assert shorter != rules._RUNGS
    monkeypatch.setattr(rules, "_RUNGS", shorter)


def test_stronger_evidence_wins_over_weaker() -> None:
    walk = Walk(go(0, S1, 3), act(5, learning("s2", "u4"), block="problem/p2"), knows=KNOWS)
    assert walk.place(1) == "w1/s2/1"
    assert walk[1].place_source == PlaceSource.STATED


def test_an_event_without_a_page_does_not_erase_the_location() -> None:
    walk = Walk(go(0, S1, 2), act(10), act(20), act(30, S1))
    assert walk.places() == ["w1/s1/2"] * 4


def test_a_page_close_creates_no_place() -> None:
    walk = Walk(close(0, f"{S1}2/"), act(5, S1))
    assert walk.found.placements[0] is None
    assert walk.place(1) == "w1/s1/_"
    assert walk[1].place_source == PlaceSource.UNKNOWN


def test_a_page_close_does_not_move_the_learner() -> None:
    walk = Walk(go(0, S1, 2), close(5, f"{S2}1/"), act(8))
    assert walk.places() == ["w1/s1/2"] * 2


def test_two_devices_are_two_trajectories() -> None:
    walk = Walk(go(0, S1, 2), go(1, S2, 1, device=2), act(2), act(3, device=2))
    assert walk.places() == ["w1/s1/2", "w1/s2/1", "w1/s1/2", "w1/s2/1"]


def test_the_saved_position_is_shared_by_the_devices_of_a_learner() -> None:
    walk = Walk(go(0, S1, 3), view(60, S1, device=2))
    assert walk.place(1) == "w1/s1/3"
    assert walk[1].place_source == PlaceSource.ASSUMED


def test_two_tabs_are_told_apart_by_their_pages() -> None:
    walk = Walk(go(0, S1, 2), go(1, S2, 1), act(2, S1), act(3, S2), act(4, S1))
    assert walk.places() == ["w1/s1/2", "w1/s2/1", "w1/s1/2", "w1/s2/1", "w1/s1/2"]


def test_two_tabs_on_one_section_are_flagged_where_they_disagree() -> None:
    walk = Walk(
        go(0, S1, 2), act(1, S1, block="problem/q"), go(2, S1, 3), act(3, S1, block="problem/q"), act(4, S1)
    )
    assert [walk[at].is_conflict for at in range(5)] == [False, False, False, True, False]


@pytest.mark.parametrize(
    ("panel", "section", "start", "arrives"),
    [
        (NEXT_SECTION, "s1", 3, "w1/s2/1"),
        (PREVIOUS_SECTION, "s2", 1, "w1/s1/3"),
        (LAST_PANEL, "s1", 1, "w1/s1/3"),
    ],
)
def test_a_move_across_a_section_border_arrives_where_the_structure_says(
    panel: int, section: str, start: int, arrives: str
) -> None:
    url = f"{WARE}w1/{section}/"
    walk = Walk(go(0, url, start), go(5, url, panel, block=f"sequential/{section}"), act(9), knows=KNOWS)
    assert walk.places() == [f"w1/{section}/{start}", arrives, arrives]
    assert walk[1].place_source == PlaceSource.STATED


def test_a_move_across_the_border_of_a_chapter_finds_the_next_chapter() -> None:
    walk = Walk(view(0, f"{S2}2/"), go(5, S2, NEXT_SECTION, block="sequential/s2"), knows=KNOWS)
    assert walk.place(1) == "w2/s3/1"


def test_a_move_across_a_section_border_without_structure_claims_no_panel() -> None:
    walk = Walk(go(0, S1, 3), go(5, S1, NEXT_SECTION, block="sequential/s1"), act(6, S2))
    assert walk[1].place_source != PlaceSource.STATED
    assert walk[1].panel is None
    assert walk.place(2) == "w1/s2/_"


def test_after_a_move_across_a_border_the_next_view_says_where() -> None:
    walk = Walk(go(0, S1, 3), go(5, S1, NEXT_SECTION, block="sequential/s1"), view(6, S2), act(7))
    assert walk.place(2) == "w1/s2/1"
    assert walk.place(3) == "w1/s2/1"


def test_jump_to_a_block_goes_to_its_unit() -> None:
    url = f"{ROOT}jump_to/{usage('problem/p3')}/"
    walk = Walk(view(0, url, block="problem/p3"), knows=KNOWS)
    assert (walk.place(0), walk.unit(0)) == ("w1/s2/2", "u5")
    assert walk[0].place_source == PlaceSource.STRUCTURE


def test_jump_to_a_unit_is_a_unit_without_structure_too() -> None:
    url = f"{ROOT}jump_to/{usage('vertical/u5')}/"
    walk = Walk(view(0, url, block="vertical/u5"), act(5))
    assert [walk.unit(0), walk.unit(1)] == ["u5", "u5"]
    assert walk[0].place_source == PlaceSource.STATED


def test_a_section_opened_for_the_first_time_shows_its_first_panel() -> None:
    walk = Walk(view(0, S1))
    assert walk.place(0) == "w1/s1/1"
    assert walk[0].place_source == PlaceSource.ASSUMED


def test_a_section_opened_again_shows_the_panel_that_was_left() -> None:
    walk = Walk(view(0, S1), go(5, S1, 3), view(9, S2), view(86_400 * 30, S1))
    assert walk.place(3) == "w1/s1/3"


def test_the_memory_of_panels_is_one_per_section() -> None:
    walk = Walk(go(0, S1, 3), go(5, S2, 2), act(9, S1), act(10, S2))
    assert walk.places()[2:] == ["w1/s1/3", "w1/s2/2"]
    assert walk[2].place_source == PlaceSource.INHERITED_PANEL


def test_a_section_with_no_known_panel_has_an_underscore_in_its_place() -> None:
    walk = Walk(act(0, S1))
    assert walk.place(0) == "w1/s1/_"
    assert (walk[0].panel, walk[0].place_source) == (None, PlaceSource.UNKNOWN)


def test_an_event_that_nothing_places_is_at_the_unknown_url() -> None:
    walk = Walk(act(0), act(1, block="problem/p1"))
    assert walk.places() == [UNKNOWN_URL, UNKNOWN_URL]
    assert walk[0].place_source == PlaceSource.UNKNOWN


def test_the_last_place_is_inherited_for_one_session_limit_and_no_longer() -> None:
    assert Walk(go(0, S1, 2), act(1800)).place(1) == "w1/s1/2"
    assert Walk(go(0, S1, 2), act(1800.000001)).place(1) == UNKNOWN_URL


def test_a_place_of_one_course_is_not_inherited_in_another() -> None:
    walk = Walk(go(0, S1, 2), act(5, course="course-v1:O+D+R"))
    assert walk.place(1) == UNKNOWN_URL


def test_a_forum_page_is_its_own_place_and_no_courseware() -> None:
    walk = Walk(go(0, S1, 2), elsewhere(5, FORUM))
    assert walk.place(1) == FORUM.removeprefix(SITE).rstrip("/")
    assert (walk[1].unit_id, walk[1].panel) == (None, None)


def test_the_run_of_a_deprecated_id_is_the_one_that_the_learner_is_in() -> None:
    page = f"{SITE}/courses/O/C/2013/courseware/w1/s1/"
    block = "i4x://O/C/problem/old"
    walk = Walk(
        go(0, page, 2, course="O/C/2013"),
        act(5, page, block=block, course="O/C/2013"),
        act(9, course=None, block=block),
    )
    assert walk[2].course_id == walk[0].course_id
    assert walk.place(2).endswith("w1/s1/2")


def test_the_run_of_a_deprecated_id_is_unknown_before_the_learner_was_in_one() -> None:
    walk = Walk(act(0, course=None, block="i4x://O/C/problem/old"))
    assert (walk[0].course_id, walk.place(0)) == (None, UNKNOWN_URL)


def test_a_block_of_a_split_test_is_on_the_unit_of_the_test() -> None:
    walk = Walk(act(0, block="problem/a"), act(1, block="problem/b"), knows=KNOWS)
    assert [walk.unit(0), walk.unit(1)] == ["u6", "u6"]


def test_a_block_on_two_units_is_where_the_learner_navigated() -> None:
    walk = Walk(
        go(0, S1, 2),
        act(1, block="problem/drawn"),
        go(2, S2, 2),
        act(3, S2, block="problem/drawn"),
        knows=KNOWS,
    )
    assert [walk.unit(1), walk.unit(3)] == ["u2", "u5"]
    assert walk[1].place_source == PlaceSource.INHERITED_URL
    assert walk[3].place_source == PlaceSource.INHERITED_PANEL


def test_a_block_is_located_by_the_version_of_its_time() -> None:
    moved = {"w1": {"s1": {"u1": ("video/v1",)}, "s2": {"u4": ("problem/p1",)}}}
    later = START_US + 3_600_000_000
    knows = follower(version(valid_from_us=START_US), version(moved, later))
    walk = Walk(
        act(-60, block="problem/p1"), act(60, block="problem/p1"), act(3600, block="problem/p1"), knows=knows
    )
    assert [walk.unit(at) for at in range(3)] == ["u2", "u2", "u4"]
    assert [walk[at].is_conflict for at in range(3)] == [False, False, True]


def test_a_panel_number_means_the_unit_that_had_it_at_that_time() -> None:
    turned = {"w1": {"s1": {"u3": (), "u2": (), "u1": ()}}}
    knows = follower(version(valid_from_us=START_US), version(turned, START_US + 10_000_000))
    walk = Walk(go(0, S1, 1), go(10, S1, 1), knows=knows)
    assert [walk.unit(0), walk.unit(1)] == ["u1", "u3"]


def test_a_resource_hangs_on_its_panel_section_chapter_and_course() -> None:
    walk = Walk(go(0, S1, 2), act(1, S1, block="problem/p1"))
    unit = f"{S1}2/"
    assert walk.chain(1) == [f"{unit}problem/p1/", unit, S1, f"{WARE}w1/", ROOT]
    assert walk.chain(0) == [unit, S1, f"{WARE}w1/", ROOT]


def test_the_chain_of_a_page_that_is_no_courseware_is_the_page_and_its_course() -> None:
    walk = Walk(elsewhere(0, FORUM), elsewhere(1, DASHBOARD))
    assert walk.chain(0) == [FORUM, ROOT]
    assert walk.chain(1) == [DASHBOARD]


@pytest.mark.parametrize(
    "url",
    [
        FORUM,
        DASHBOARD,
        ROOT,
        WARE,
        f"{WARE}w1/",
        S1,
        f"{S1}2/",
        f"{ROOT}jump_to/{usage('vertical/u2')}/",
        learning("s1", "u2"),
    ],
)
def test_a_resource_of_one_uri_is_the_same_row_whoever_meets_it_first(url: str) -> None:
    """Dictionary rows stay as first written: what they say may depend on their URI alone."""
    steps = [
        elsewhere(0, url), elsewhere(1, url, course=None), elsewhere(2, url, course="course-v1:O+D+R"),
        view(3, url), act(4, url, block="problem/p1"), background(5, url), step(6, StepKind.NOWHERE, url),
    ]  # fmt: skip
    rows: dict[str, set[object]] = {}
    for knows in (follower(), KNOWS):
        for each in steps:
            for resource in Walk(each, knows=knows).resources.values():
                rows.setdefault(resource.resource_uri, set()).add(resource)
    assert {uri: len(found) for uri, found in rows.items() if len(found) > 1} == {}


def test_both_worlds_give_the_same_place_for_the_same_unit() -> None:
    old = Walk(go(0, S1, 2, block="sequential/s1"), act(1, S1, block="problem/p1"), knows=KNOWS)
    new = Walk(view(0, learning("s1", "u2")), act(1, learning("s1", "u2"), block="problem/p1"), knows=KNOWS)
    for at in range(2):
        assert (old[at].url_id, old[at].resource_id, old[at].unit_id, old[at].panel) == (
            new[at].url_id, new[at].resource_id, new[at].unit_id, new[at].panel,
        )  # fmt: skip


def test_a_unit_of_the_learning_mfe_without_structure_keeps_its_key_and_no_panel() -> None:
    walk = Walk(view(0, learning("s1", "u2")), act(5))
    assert [walk.unit(0), walk.unit(1)] == ["u2", "u2"]
    assert walk[0].panel is None


def test_a_background_call_does_not_move_the_learner() -> None:
    walk = Walk(go(0, S1, 2), background(1, block="problem/p3"), act(2), knows=KNOWS)
    assert (walk.place(1), walk.place(2)) == ("w1/s2/2", "w1/s1/2")


def test_an_event_of_nobody_is_placed_by_what_it_states() -> None:
    placement, _ = KNOWS.place_alone(view(0, f"{S1}2/"))
    assert placement is not None
    assert (placement.panel, placement.place_source, placement.visit_id) == (2, PlaceSource.STATED, None)
    assert placement.gap_s is None


def test_a_course_key_is_what_the_page_states_rather_than_where_the_learner_was() -> None:
    walk = Walk(go(0, S1, 2), act(1, course=None))
    assert walk[1].course_id == walk[0].course_id
    assert COURSE in walk.resources[walk[1].resource_id or 0].resource_uri
