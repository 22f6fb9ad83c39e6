"""One event in, one outcome out: rows, or a reason that is counted; and nothing personal in a dictionary."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.outcomes import Outcome, Rejected, RejectReason, Skipped, SkipReason, Translated
from openedx_moocdb.schema.rows import BlockRow, CourseRow, EventTypeRow, Row, Url
from openedx_moocdb.schema.site import Site
from openedx_moocdb.schema.step import LAST_PANEL, UNKNOWN_REST, StepKind
from openedx_moocdb.translation.block_ids import MAX_KEY
from openedx_moocdb.translation.event_type import Act, EventType
from openedx_moocdb.translation.normalise import read_line, read_live
from openedx_moocdb.translation.parse import Malformed
from openedx_moocdb.translation.registry import Registry, default_registry
from openedx_moocdb.translation.translator import Translator, translate

K = "course-v1:ExampleX+E101+2026"
HEX = "0123456789abcdef0123456789abcdef"
PROBLEM = f"block-v1:ExampleX+E101+2026+type@problem+block@{HEX}"
SITE = Site(b"a secret of a test", user_ids={"user_9": 9}, run_of={"ExampleX/6.002x": "ExampleX/6.002x/2013"})
TRANSLATOR = Translator(SITE)
TIME = "2026-01-05T10:00:00.123456+00:00"


def event_of(name: str, source: str = "server", data: Any = None, **context: Any) -> Event:
    context = {"user_id": 7, "username": "user_7", "host": "lms.example.org", "course_id": K, **context}
    return read_live(
        {"name": name, "timestamp": TIME, "data": data or {}, "context": {**context, "event_source": source}}
    )


def translated(event: Event) -> Translated:
    outcome = TRANSLATOR.translate(event)
    assert isinstance(outcome, Translated), outcome
    return outcome


def one(outcome: Translated, kind: type[Row]) -> Any:
    [row] = [row for row in (*outcome.entries, *outcome.rows) if type(row) is kind]
    return row


def test_a_request_becomes_an_observed_event_with_its_dictionary() -> None:
    outcome = translated(event_of(f"/courses/{K}/courseware/week1/lab1/2"))
    assert outcome.observed is not None
    assert one(outcome, Url).url == f"http://lms/courses/{K}/courseware/week1/lab1/2/"
    assert one(outcome, CourseRow).course_key == K
    assert outcome.observed.observed_event_timestamp == "2026-01-05 10:00:00.123456"
    assert (outcome.observed.stated_panel, outcome.observed.step_kind) == (2, StepKind.VIEW)
    assert outcome.observed.user_id == SITE.learner(7, None)


def test_the_function_and_the_method_agree() -> None:
    event = event_of("problem_check", data={"problem_id": PROBLEM})
    assert translate(SITE, event) == TRANSLATOR.translate(event)


@pytest.mark.parametrize(
    ("name", "context", "reason"),
    [
        ("/heartbeat", {}, SkipReason.HEARTBEAT),
        ("/static/js/lms.js", {}, SkipReason.STATIC),
        (f"/courses/{K}/courseware/a/b/", {"host": "studio.example.org"}, SkipReason.STUDIO),
        (f"/course/{K}", {}, SkipReason.STUDIO),
        (f"/courses/{K}/courseware/a/b/", {"host": "preview.lms.example.org"}, SkipReason.PREVIEW),
        ("problem_check", {"page": f"https://preview.example.org/courses/{K}/info"}, SkipReason.PREVIEW),
        ("problem_check", {"page": "x_module", "host": "preview.example.org"}, SkipReason.PREVIEW),
        ("problem_check", {"page": "x_module", "host": "studio.example.org"}, SkipReason.STUDIO),
        ("/dashboard", {"agent": "ELB-HealthChecker/2.0", "username": ""}, SkipReason.HEARTBEAT),
        ("page_close", {"username": "", "user_id": None}, SkipReason.ANONYMOUS),
    ],
)
def test_what_is_no_learners_doing_is_skipped_for_its_reason(
    name: str, context: dict[str, Any], reason: SkipReason
) -> None:
    source = "browser" if name == "page_close" else "server"
    assert TRANSLATOR.translate(event_of(name, source, **context)) == Skipped(reason)


def test_anonymous_traffic_is_kept_and_is_nobody() -> None:
    for username in ("", None, "anonymous", "AnonymousUser"):
        for agent in ("Firefox", "Chrome"):
            outcome = translated(event_of("/dashboard", username=username, user_id=None, agent=agent))
            assert outcome.observed is not None and outcome.observed.user_id is None
            assert outcome.learner is None


def test_a_learner_is_the_same_by_id_by_text_of_it_and_by_a_known_name() -> None:
    by_id = translated(event_of("/dashboard", user_id=9, username="user_9")).learner
    assert by_id == translated(event_of("/dashboard", user_id="9", username="")).learner
    assert by_id == translated(event_of("/dashboard", user_id=None, username="user_9")).learner
    assert by_id != translated(event_of("/dashboard", user_id=None, username="user_8")).learner


def test_an_older_block_finds_its_run_where_the_site_knows_it() -> None:
    data = {"problem_id": "i4x://ExampleX/6.002x/problem/P1"}
    outcome = translated(event_of("problem_check", data=data, course_id=None))
    assert one(outcome, CourseRow).course_key == "ExampleX/6.002x/2013"


def test_a_browser_that_names_a_path_has_made_no_request() -> None:
    outcome = translated(event_of(f"/courses/{K}/courseware/a/b/", "browser"))
    assert outcome.observed is not None and outcome.observed.step_kind != StepKind.VIEW
    assert one(outcome, EventTypeRow).observed_event_type_name == "<unknown>"


@pytest.mark.parametrize("new", [10**18, 10_000, 2**63, 1e300, "7", True, [3], -5, 0])
def test_a_panel_beyond_any_course_is_unknown(new: Any) -> None:
    data = {"id": f"block-v1:ExampleX+E101+2026+type@sequential+block@{HEX}", "old": 1, "new": new}
    observed = translated(event_of("seq_goto", "browser", data)).observed
    assert observed is not None
    assert observed.stated_panel is None or LAST_PANEL <= observed.stated_panel <= 1


@pytest.mark.parametrize(
    ("current", "duration", "speed", "left"),
    [
        (0, 1e308, 1e-300, None),
        (0, 10**18, 1, None),
        (0, -5, 1, UNKNOWN_REST),
        (5, 1, 1, UNKNOWN_REST),
        (1, 5, 2, 2.0),
    ],
)
def test_a_playback_beyond_any_video_is_unknown(
    current: float, duration: float, speed: float, left: float | None
) -> None:
    data = {"id": HEX, "currentTime": current, "duration": duration, "speed": speed}
    assert translated(event_of("play_video", "browser", data)).step.play_left_s == left


def test_a_submission_without_a_problem_hangs_on_a_block_that_exists() -> None:
    data = {"answers": {"?": "x"}, "attempts": 10**12}
    outcome = translated(event_of("problem_check", data=data, course_id=None))
    blocks = {row.block_id for row in (*outcome.entries, *outcome.rows) if isinstance(row, BlockRow)}
    problems = [row for row in (*outcome.entries, *outcome.rows) if type(row).__name__ == "Problem"]
    assert problems and {problem.block_id for problem in problems} <= blocks


class Failing(EventType):
    """Fails as a third party's class may."""

    names = ("example.failing",)

    def rows(self, act: Act) -> tuple[Row, ...]:
        raise KeyError(f"private text of {act.event.username}")


def test_a_class_that_fails_costs_its_event_and_shows_nothing_of_it() -> None:
    outcome = Translator(SITE, Registry([Failing])).translate(event_of("example.failing"))
    assert isinstance(outcome, Rejected) and outcome.reason is RejectReason.TRANSLATION
    assert "KeyError in Failing.rows" in outcome.detail
    assert "private" not in outcome.detail and "user_7" not in outcome.detail


SECRETS = (
    "jane-roe",
    "Jane.Roe",
    "jane.roe@example.org",
    "jane.roe%40example.org",
    "192.0.2.77",
    "2001:db8::77",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl",
    "5f4dcc3b5aa765d61d8327deb882cf99",
    "+44-20-7946-0018",
    "JaneRoe",
)
#: where in a URL a person or a broken page may put anything; names that a course gives are not among them
PLACES = (
    "/{0}",
    "/u/{0}",
    "/account/settings/{0}",
    "/activate/{0}",
    "/password_reset_confirm/{0}/{0}/",
    "/api/user/v1/accounts/{0}",
    "/api/user/v1/preferences/{0}/{0}",
    "/api/{0}/v1/{0}",
    "/api/mobile/v1/users/{0}/course_enrollments/",
    "/auth/complete/{0}?code={0}",
    "/oauth2/{0}",
    "/wiki/{0}/",
    "/courses/" + K + "/{0}",
    "/courses/" + K + "/{0}/{0}",
    "/courses/" + K + "/progress/{0}/",
    "/courses/" + K + "/wiki/{0}/_edit/",
    "/courses/" + K + "/tab/x{0}/",
    "/courses/" + K + "/discussion/forum/users/{0}",
    "/courses/" + K + "/discussion/{0}/threads/create",
    "/courses/" + K + "/instructor/api/{0}",
    "/courses/" + K + "/instructor/{0}",
    "/courses/" + K + "/submission_history/{0}/" + PROBLEM,
    "/courses/" + K + "/courseware/week1/lab1/2/{0}",
    "/courses/" + K + "/courseware/week1/lab1/?email={0}#{0}",
    "/courses/" + K + "/courseware/week1/lab1/answer_{0}",
    "/courses/" + K + "/jump_to/{0}",
    "/courses/" + K + "/pdfbook/0/{0}?viewer=true&file={0}",
    "/courses/" + K + "/xblock/" + PROBLEM + "/handler/{0}/{0}",
    "/courses/" + K + "/xblock/{0}/handler/xmodule_handler/problem_check",
    "/courses/" + K + "/modx/{0}/problem_check",
    "/learning/course/" + K + "/{0}",
    "/learning/course/" + K + "/progress/{0}",
    "/learning/course/" + K + "/{0}/{0}",
    "/discussions/" + K + "/learners/{0}/posts",
    "/xblock/{0}",
    "/xblock/" + PROBLEM + "/handler/{0}",
    "/xblock/" + PROBLEM + "?email={0}",
    "//{0}/x",
    "/logout?redirect={0}",
    "/dashboard?{0}",
    "/@{0};{0}",
)


def texts_of(outcome: Outcome) -> list[str]:
    """What dictionaries and steps show of an outcome, and reasons."""
    if not isinstance(outcome, Translated):
        return [str(outcome)]
    texts = [outcome.step.url, outcome.step.block]
    for row in (*outcome.entries, *outcome.rows):
        if isinstance(row, (Url, EventTypeRow, BlockRow, CourseRow)):
            texts.extend(str(getattr(row, field)) for field in row.__struct_fields__)
    return texts


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("secret", SECRETS)
def test_what_a_person_is_called_reaches_no_dictionary(place: str, secret: str) -> None:
    url = place.format(secret)
    page = "https://lms.example.org" + url
    events = [
        event_of(url),
        event_of(url, page=page, referer=page, path=url, course_id=None),
        event_of("problem_check", "browser", f"input_{HEX}_2_1=x", page=page, referer=page, path=url),
        event_of("problem_check", "server", {"problem_id": PROBLEM}, page=None, referer=page, path=url),
        event_of("page_close", "browser", page=page, referer=page),
        event_of("edx.ui.lms.link_clicked", "browser", {"current_url": page, "target_url": page}, page=page),
        event_of("book", "browser", {"old": 1, "new": 2}, page=page),
        event_of(f"example.{secret}@x", "browser", page=page),
    ]
    bare = secret.replace("%40", "@").lower()
    for event in events:
        for text in texts_of(TRANSLATOR.translate(event)):
            assert secret.lower() not in text.lower() and bare not in text.lower(), (event.name, text)


LINES = {
    "docs.openedx.org.jsonl": (7, {"translated": 3, RejectReason.NO_TIME.value: 4}),
    "edx-documentation.jsonl": (11, {"translated": 7, RejectReason.NO_TIME.value: 4}),
    "elat-docs.jsonl": (4, {"translated": 4}),
    "json_to_relation-20130609.jsonl": (
        6460,
        {"translated": 735, "heartbeat": 5355, "studio": 165, "preview": 156, "static": 48, "anonymous": 1},
    ),
    "json_to_relation-inline.jsonl": (10, {"translated": 8, "heartbeat": 1, "preview": 1}),
    "json_to_relation.jsonl": (102, {"translated": 70, "heartbeat": 29, "static": 2, "preview": 1}),
    "moocdb-mitlogs-mongo.jsonl": (1, {"translated": 1}),
    "ralph-docs.jsonl": (1, {"anonymous": 1}),
}


def outcomes_of(path: Path) -> tuple[int, Counter[str], Counter[str]]:
    """(lines, outcomes by name, names of events that a class of ours failed on)."""
    lines, found, failed = 0, Counter[str](), Counter[str]()
    translator = Translator(SITE)
    with path.open("rb") as file:
        for line in file:
            lines += 1
            try:
                event = read_line(line)
            except Malformed as error:
                found[error.reason.value] += 1
                continue
            if event is None:
                found[SkipReason.BLANK.value] += 1
                continue
            outcome = translator.translate(event)
            if isinstance(outcome, Translated):
                found["translated"] += 1
            else:
                found[outcome.reason.value] += 1
                if isinstance(outcome, Rejected):
                    failed[f"{event.name}: {outcome.detail}"] += 1
    return lines, found, failed


@pytest.mark.parametrize("name", LINES)
def test_every_line_of_a_real_log_has_one_outcome(shared_data: Path, name: str) -> None:
    """Four examples of each documentation were printed without any time; nothing else is put aside."""
    lines, found, failed = outcomes_of(shared_data / "events" / name)
    assert not failed
    assert (lines, dict(found)) == LINES[name]


#: lines that are comments of the people who wrote the file
COMMENTS = {"student_engagement_acceptance_tracking.log": 22, "student_forum_activity.log": 11}


def test_logs_of_copyleft_projects_lose_nothing_but_comments(shared_data: Path) -> None:
    logs = [shared_data / "copyleft-events-ucsd.jsonl", *(shared_data / "copyleft").rglob("*.log")]
    assert len(logs) > 5
    skips = {reason.value for reason in SkipReason}
    for path in logs:
        lines, found, failed = outcomes_of(path)
        assert not failed
        assert sum(found.values()) == lines
        assert found.pop(RejectReason.NOT_JSON.value, 0) == COMMENTS.get(path.name, 0), path
        assert set(found) <= skips | {"translated"}, path


#: cut at 512 characters by the platform; their common fields are kept
CUT_LINES = 40


def test_a_cut_payload_costs_no_event(shared_data: Path) -> None:
    cut = Counter[str]()
    with (shared_data / "events" / "json_to_relation-20130609.jsonl").open("rb") as file:
        for line in file:
            event = read_line(line)
            if event is not None and event.is_truncated:
                raw = json.loads(line)
                assert len(raw["event"]) == 512
                assert event.name == raw["event_type"] and event.agent == raw["agent"]
                cut[event.name.strip("/").partition("/")[0]] += 1
    assert cut.total() == CUT_LINES


NAMES = sorted(
    {(name, source) for kind in default_registry() for name in kind.names for source in kind.sources}
)
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.just(PROBLEM)
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
#: names of fields that families read, so that odd values meet them
FIELDS = st.sampled_from(
    "id problem_id problem answers correct_map attempts grade max_grade state success new old "
    "current_tab currentTime duration speed user_id username body title url truncated item_id parts "
    "answer feedback_text options POST GET course_id module_id current_url weighted_earned "
    "weighted_possible mode choices choice question".split()
)
PAYLOAD = st.dictionaries(FIELDS, VALUE, max_size=6) | VALUE
REQUESTS = [place.format("x") for place in PLACES]


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NAMES) | st.sampled_from([(name, "server") for name in REQUESTS]), PAYLOAD)
def test_no_payload_makes_a_class_of_ours_fail(pair: tuple[str, str], payload: Any) -> None:
    try:
        event = event_of(pair[0], pair[1], payload, page=f"https://x.org/courses/{K}/courseware/a/b/")
    except Malformed:
        return
    outcome = TRANSLATOR.translate(event)
    assert not isinstance(outcome, Rejected), (event.name, outcome)
    if isinstance(outcome, Translated):
        for row in (*outcome.entries, *outcome.rows):
            for field in row.__struct_fields__:
                value = getattr(row, field)
                if isinstance(value, str):
                    value.encode()
                    assert "\0" not in value
                elif isinstance(value, float):
                    assert abs(value) < float("inf"), (type(row).__name__, field)
                elif isinstance(value, int):
                    assert -(2**63) <= value < 2**63, (type(row).__name__, field)
            if isinstance(row, BlockRow):
                assert len(row.usage_key) <= MAX_KEY
