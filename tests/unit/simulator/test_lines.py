"""Lines have the shapes of their era, and the damage that the plan asks for."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

import orjson
import pytest

from openedx_moocdb.simulator.api import SimulatedLine, SimulationPlan, simulate

BROKEN = {"malformed", "blank"}
MOST_KINDS = {
    "legacy": """
        seq_next (browser)|seq_prev (browser)|seq_goto (browser)|page_close (browser)|load_video (browser)
        play_video (browser)|pause_video (browser)|stop_video (browser)|seek_video (browser)
        speed_change_video (browser)|show_transcript (browser)|hide_transcript (browser)
        problem_check (browser)|problem_check (server)|save_problem_check (server)
        problem_check_fail (server)|problem_graded (browser)|problem_save (browser)
        save_problem_success (server)|problem_reset (browser)|reset_problem (server)|problem_show (browser)
        showanswer (server)|book (browser)|textbook.pdf.page.navigated (browser)|modx problem_get
        modx problem_check|modx problem_save|modx problem_reset|modx problem_show|modx goto_position
        modx save_user_state|GET courseware|GET courseware course|GET courseware chapter|GET courseware jump
        GET home|GET info|GET about|GET progress|GET wiki|GET book|GET forum|GET dashboard|GET logout
        GET change_enrollment|GET discussion inline|GET discussion thread|POST discussion thread
        POST discussion response|POST discussion search|POST discussion vote|edx.forum.searched (server)
        edx.forum.thread.created (server)|edx.forum.response.created (server)
        edx.forum.thread.voted (server)|edx.course.enrollment.activated (server)|edx.video.played (mobile)
        edx.video.loaded (mobile)|edx.video.paused (mobile)|edx.video.stopped (mobile)
        edx.video.position.changed (mobile)|noise heartbeat|noise static|noise studio|noise bot|noise root
        noise visitor|malformed|duplicate|blank
    """,
    "mfe": """
        GET xblock|GET api courseware|GET api metadata|GET jump_to|handler publish_completion
        handler problem_get|handler problem_check|handler problem_save|handler problem_reset
        handler problem_show|handler goto_position|handler save_user_state|seq_next (browser)
        seq_prev (browser)|seq_goto (browser)|edx.ui.lms.sequence.next_selected (browser)
        problem_check (browser)|problem_check (server)|problem_check_fail (server)
        problem_graded (browser)|save_problem_success (server)|reset_problem (server)|showanswer (server)
        load_video (browser)|play_video (browser)|pause_video (browser)|stop_video (browser)
        seek_video (browser)|speed_change_video (browser)|edx.video.closed_captions.shown (browser)
        edx.video.closed_captions.hidden (browser)|edx.completion.block_completion.changed (server)
        edx.grades.problem.submitted (server)|edx.grades.subsection.grade_calculated (server)
        edx.grades.course.grade_calculated (server)|POST bookmark|edx.bookmark.added (server)
        textbook.pdf.page.navigated (browser)|GET discussion inline|GET discussion thread
        edx.forum.thread.created (server)|edx.forum.response.created (server)|edx.forum.searched (server)
        edx.forum.thread.voted (server)|edx.course.enrollment.activated (server)|edx.video.played (mobile)
        GET logout|GET dashboard|GET home|GET info|GET about|GET progress|GET wiki|GET book|GET forum
        malformed|duplicate|blank|noise heartbeat|noise visitor
    """,
}


@cache
def _lines(era: str) -> tuple[SimulatedLine, ...]:
    plan = SimulationPlan(
        learners=90,
        era=era,
        servers=2,
        malformed_per_million=3000,
        duplicates_per_million=3000,
        prefixed_share=0.2,
    )
    return tuple(simulate(plan).lines())


def _event(line: SimulatedLine) -> dict[str, Any]:
    return orjson.loads(line.line[line.line.index(b"{") :])


def _named(era: str, kind: str) -> list[dict[str, Any]]:
    return [_event(line) for line in _lines(era) if line.kind == kind]


@pytest.mark.parametrize("era", ["legacy", "mfe"])
def test_every_line_that_is_not_broken_is_one_json_object_on_one_line(era: str) -> None:
    for line in _lines(era):
        if line.kind not in BROKEN:
            assert isinstance(_event(line), dict)
            assert b"\n" not in line.line


@pytest.mark.parametrize("era", ["legacy", "mfe"])
def test_every_kind_of_event_of_the_era_is_there(era: str) -> None:
    expected = {kind.strip() for kind in re.split(r"[|\n]", MOST_KINDS[era]) if kind.strip()}
    assert expected - {line.kind for line in _lines(era)} == set()


@pytest.mark.parametrize("era", ["legacy", "mfe"])
def test_broken_lines_cannot_be_read_as_an_event(era: str) -> None:
    broken = [line for line in _lines(era) if line.kind in BROKEN]
    for line in broken:
        try:
            event = orjson.loads(line.line)
        except orjson.JSONDecodeError:
            continue
        assert not isinstance(event, dict)


@pytest.mark.parametrize("era", ["legacy", "mfe"])
def test_broken_and_repeated_lines_are_as_many_as_planned(era: str) -> None:
    kinds, total = Counter(line.kind for line in _lines(era)), len(_lines(era))
    assert (kinds["malformed"] + kinds["blank"]) / total == pytest.approx(0.003, rel=0.4)
    assert kinds["duplicate"] / total == pytest.approx(0.003, rel=0.4)


@pytest.mark.parametrize("era", ["legacy", "mfe"])
def test_a_repeated_line_equals_a_line_before_it_and_bears_no_truth(era: str) -> None:
    seen: set[bytes] = set()
    for line in _lines(era):
        if line.kind == "duplicate":
            assert line.line in seen
            assert line.truth is None
        seen.add(line.line)


def test_a_plan_without_damage_has_none() -> None:
    plan = SimulationPlan(
        learners=8,
        weeks=1,
        malformed_per_million=0,
        duplicates_per_million=0,
        noise_share=0,
        anonymous_share=0,
    )
    assert all(line.truth for line in simulate(plan).lines())


def test_half_of_the_legacy_learners_write_without_context() -> None:
    for line in _lines("legacy"):
        if line.truth and "mobile" not in line.kind:
            event = _event(line)
            is_2013 = (line.truth.user_id - 1001) % 4 < 2
            assert ("context" in event) is not is_2013
            assert ("session" in event) is (not is_2013 or event["event_source"] == "browser")
            assert "name" not in event


def test_a_legacy_page_does_not_follow_the_panel() -> None:
    section = re.compile(r"https://[^/]+/courses/[^/]+/[^/]+/[^/]+/courseware/[^/]+/[^/]+/(?:(\d+)/)?")
    panels = Counter()
    for event in _named("legacy", "seq_next (browser)"):
        page = section.fullmatch(event["page"])
        assert page
        stale = page[1] is not None and int(page[1]) != orjson.loads(event["event"])["old"]
        panels["none" if page[1] is None else "stale" if stale else "true"] += 1
    assert panels["none"] > 0.7 * panels.total()
    assert panels["stale"] > 0


def test_legacy_payloads_come_as_the_browser_and_the_server_wrote_them() -> None:
    turn = orjson.loads(_named("legacy", "seq_goto (browser)")[0]["event"])
    assert set(turn) == {"old", "new", "id"}
    assert _named("legacy", "problem_check (browser)")[0]["event"].startswith("input_i4x-SimX-6_01x-problem-")
    assert isinstance(_named("legacy", "problem_graded (browser)")[0]["event"], list)
    checked = _named("legacy", "problem_check (server)")[0]
    assert checked["page"] == "x_module"
    assert set(checked["event"]["answers"]) == set(checked["event"]["correct_map"])
    visit = _named("legacy", "GET courseware")[0]
    assert visit["page"] is None
    assert isinstance(visit["event"], str)


def test_parameters_of_requests_are_cut_at_512_characters() -> None:
    posts = _named("legacy", "POST discussion thread") + _named("mfe", "POST discussion thread")
    sizes = [len(event["event"]) for event in posts]
    assert max(sizes) == 512
    assert min(sizes) < 512


def test_new_lines_name_the_event_twice_and_state_the_context() -> None:
    for line in _lines("mfe"):
        if line.truth:
            event = _event(line)
            assert {"name", "event_type", "context", "time", "event", "event_source"} <= set(event)
            assert event["context"]["user_id"] == line.truth.user_id
            assert event["time"].endswith("+00:00")


def test_a_new_navigation_keeps_its_name_and_gets_the_legacy_type_inside_a_section_only() -> None:
    inside = _named("mfe", "seq_next (browser)")[0]
    assert inside["name"] == "edx.ui.lms.sequence.next_selected"
    payload = orjson.loads(inside["event"])
    assert payload["new"] == payload["old"] + 1
    across = _named("mfe", "edx.ui.lms.sequence.next_selected (browser)")[0]
    payload = orjson.loads(across["event"])
    assert payload["current_tab"] == payload["tab_count"]
    assert "new" not in payload


def test_a_unit_in_an_iframe_is_a_request_without_course_in_its_context() -> None:
    event = _named("mfe", "GET xblock")[0]
    assert re.fullmatch(r"/xblock/block-v1:.+\+type@vertical\+block@[0-9a-f]{32}", event["event_type"])
    assert event["context"]["course_id"] == ""
    assert event["referer"] == "https://apps.lms.sim.example/"


def test_the_front_end_apart_never_says_page_close() -> None:
    assert _named("mfe", "page_close (browser)") == []


def test_a_share_of_the_new_lines_has_the_front_of_a_log_formatter() -> None:
    front = re.compile(
        rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO 7 \[tracking\] \[user \d+\] \[ip [\d.]+\] "
    )
    lines = [line for line in _lines("mfe") if line.truth]
    prefixed = [line for line in lines if front.match(line.line)]
    assert 0.1 < len(prefixed) / len(lines) < 0.3


def test_a_few_times_have_no_fraction() -> None:
    whole = re.compile(rb'"time": "[^".]{19}[+"]')
    assert 0 < sum(bool(whole.search(line.line)) for line in _lines("mfe")) < len(_lines("mfe")) / 50


@pytest.mark.parametrize("era", ["legacy", "mfe"])
def test_mobile_batches_arrive_up_to_hours_late(era: str) -> None:
    late = []
    clock = 0
    for line in _lines(era):
        if line.truth and "(mobile)" in line.kind:
            late.append(clock - line.truth.time_us)
        elif line.truth:
            clock = line.truth.time_us
    assert max(late) > 2 * 3600 * 1_000_000
    assert all(
        event["context"]["received_at"] > event["time"] for event in _named(era, "edx.video.played (mobile)")
    )


@pytest.mark.parametrize("era", ["legacy", "mfe"])
def test_lines_are_nearly_in_order_of_time_but_not_quite(era: str) -> None:
    times = [line.truth.time_us for line in _lines(era) if line.truth and "(mobile)" not in line.kind]
    steps = [after - before for before, after in pairwise(times)]
    assert any(step < 0 for step in steps)
    assert min(steps) > -20_000


def test_a_session_is_spread_over_the_servers() -> None:
    servers: dict[str, set[int]] = {}
    for line in _lines("mfe"):
        if line.truth and (session := _event(line)["session"]):
            servers.setdefault(session, set()).add(line.server)
    assert sum(len(used) == 2 for used in servers.values()) > len(servers) / 2


def test_only_urls_below_a_course_put_it_into_the_context() -> None:
    assert {event["context"]["course_id"] for event in _named("mfe", "GET dashboard")} == {""}
    threads = _named("mfe", "edx.forum.thread.created (server)")
    assert {event["context"]["course_id"] for event in threads} == {"course-v1:SimX+DE101+2024_T1"}
    courses = {
        event["context"]["course_id"]
        for event in _named("legacy", "GET dashboard") + _named("legacy", "GET courseware")
        if "context" in event
    }
    assert courses == {"", "SimX/6.01x/2013_Spring"}
