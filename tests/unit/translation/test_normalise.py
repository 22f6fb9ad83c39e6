"""Lines and live events become one event, whatever their payload, time, person and course look like."""

from __future__ import annotations

import copy
import json
from collections import OrderedDict
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.outcomes import RejectReason
from openedx_moocdb.translation.normalise import MAX_NESTING, form_fields, normalise, read_line, read_live
from openedx_moocdb.translation.parse import Malformed
from openedx_moocdb.translation.payloads import read_payload

K = "course-v1:ExampleX+E101+2026"
HEX = "0123456789abcdef0123456789abcdef"
SESSION = "fedcba9876543210fedcba9876543210"
CONTEXT = {"user_id": 7, "course_id": K, "org_id": "ExampleX", "path": "/event"}
LINE: dict[str, Any] = {
    "name": "play_video",
    "event_type": "play_video",
    "username": "user_7",
    "session": SESSION,
    "ip": "192.0.2.7",
    "agent": "Mozilla/5.0",
    "host": "lms.example.org",
    "referer": "https://lms.example.org/dashboard",
    "accept_language": "en",
    "event_source": "browser",
    "page": f"https://lms.example.org/courses/{K}/courseware/a/b/",
    "time": "2026-01-05T10:00:00.123456+00:00",
    "context": CONTEXT,
    "event": json.dumps({"id": HEX, "currentTime": 12.5}),
}


def line_of(**changes: Any) -> bytes:
    raw = {**LINE, **changes}
    return json.dumps({name: value for name, value in raw.items() if value is not ...}).encode()


def event_of(**changes: Any) -> Event:
    event = read_line(line_of(**changes))
    assert event is not None
    return event


#: lines and the keys that databases hold for them: a change here makes every import start anew
STORED: dict[str, tuple[dict[str, Any], str]] = {
    "browser": ({}, "800647a11f440a40383bf8735a3c580b"),
    "seek": (
        {
            "event_type": "seek_video",
            "event": '{"id": "v", "old_time": 1, "new_time": 2.5, "type": "onSlideSeek"}',
        },
        "800647a11f440a40ff54ad911296efc5",
    ),
    "sequence": (
        {
            "event_type": "seq_next",
            "event": '{"id": "s", "current_tab": 1, "tab_count": 3, "old": 1, "new": 2}',
        },
        "800647a11f440a40d623410e81fcf1e7",
    ),
    "request": (
        {
            "event_type": "/dashboard",
            "event_source": "server",
            "page": None,
            "event": '{"GET": {}, "POST": {}}',
        },
        "800647a11f440a40be9186ccc32b1363",
    ),
    "server": (
        {
            "event_type": "problem_check",
            "event_source": "server",
            "page": "x_module",
            "event": {"answers": {"a_2_1": ["é", "😀"]}, "grade": 1, "max_grade": 1e16, "success": "correct"},
        },
        "800647a11f440a4020130fd9f277f44c",
    ),
    "form": (
        {"event_type": "problem_check", "event": "input_a_2_1=x&input_b_2_1=y"},
        "800647a11f440a40f941c39ce8057c56",
    ),
    "anonymous": (
        {"username": "", "context": {"user_id": None}, "event": ""},
        "800647a11f440a40fff032492dc5f085",
    ),
    "by id": ({"username": None, "session": "", "event": None}, "800647a11f440a400c9b91a8c0401a7f"),
    "before 1970": (
        {"time": "1969-12-31T23:59:59Z", "event": "[1, 2.0, null, true]"},
        "7ffffffffff0bdc01d8e341f1a777314",
    ),
}


@pytest.mark.parametrize("name", STORED)
def test_a_key_is_what_databases_hold(name: str) -> None:
    changes, stored = STORED[name]
    assert event_of(**changes).key.hex() == stored


def test_the_common_fields_are_as_stated() -> None:
    event = event_of()
    assert (event.name, event.source, event.username, event.user_id) == ("play_video", "browser", "user_7", 7)
    assert (event.session, event.ip, event.agent, event.host) == (
        SESSION,
        "192.0.2.7",
        "Mozilla/5.0",
        "lms.example.org",
    )
    assert (event.page, event.referer, event.path) == (LINE["page"], LINE["referer"], "/event")
    assert event.course_key == K and event.module is None and not event.is_truncated
    assert event.payload == {"id": HEX, "currentTime": 12.5}
    assert event.time == datetime(2026, 1, 5, 10, 0, 0, 123456, tzinfo=timezone.utc)


FORM = f"input_{HEX}_2_1=a+b&input_{HEX}_3_1%5B%5D=choice_0&input_{HEX}_3_1%5B%5D=choice_1"
CUT = json.dumps({"POST": {"csrf": ["x" * 600]}})


@pytest.mark.parametrize(
    ("payload", "read", "is_truncated"),
    [
        ({"a": 1}, {"a": 1}, False),
        ('{"a": 1}', {"a": 1}, False),
        (json.dumps('{"a": 1}'), {"a": 1}, False),
        (json.dumps(json.dumps('{"a": 1}')), {"a": 1}, False),
        ([FORM, "<div>"], [FORM, "<div>"], False),
        ('["a", 1]', ["a", 1], False),
        (FORM, FORM, False),
        (json.dumps(FORM), FORM, False),
        ("plain text", "plain text", False),
        ("[object Object]", "[object Object]", False),
        ("{not json}", "{not json}", False),
        ('{"a": 1} trailing', '{"a": 1} trailing', False),
        ('"quoted" and more', '"quoted" and more', False),
        ("", None, False),
        ('""', None, False),
        (None, None, False),
        ("null", "null", False),
        ("{}", {}, False),
        ([], [], False),
        (5, "5", False),
        (2.5, "2.5", False),
        (True, "true", False),
        (CUT[:512], CUT[:512], True),
        (CUT[:500], CUT[:500], True),
        (CUT[:507], CUT[:507], True),
        (CUT[:40], CUT[:40], True),
        (CUT[:510] + "xx", CUT[:510] + "xx", True),
        (json.dumps(FORM)[:60], FORM[:59], True),
        ('"caf\\u00e9 \\u00', "café ", True),
        ('"back\\', "back", True),
        ('{"a": NaN, "b": 1e999}', {"a": None, "b": None}, False),
        ('{"a": "\\u0000", "b\\ud800": "\\ud83d\\ude00"}', {"a": "\ufffd", "b\ufffd": "😀"}, False),
    ],
)
def test_a_payload_is_read_as_far_as_it_goes(payload: Any, read: Any, is_truncated: bool) -> None:
    assert read_payload(payload) == (read, is_truncated)
    event = event_of(payload=..., event=payload)
    assert (event.payload, event.is_truncated) == (read, is_truncated)
    assert event.username == "user_7" and event.course_key == K


def test_an_absent_payload_is_none() -> None:
    assert event_of(event=...).payload is None


def test_form_fields_come_from_a_form_or_from_the_post_of_a_request() -> None:
    fields = {f"input_{HEX}_2_1": ["a b"], f"input_{HEX}_3_1[]": ["choice_0", "choice_1"]}
    assert form_fields(FORM) == fields
    assert form_fields({"GET": {}, "POST": {"a": ["1", "2"], "b": "3"}}) == {"a": ["1", "2"], "b": ["3"]}
    assert form_fields("a=%00x&b=") == {"a": ["\ufffdx"], "b": [""]}
    for other in ("", "text", CUT[:512], ["a=b"], {"a": "b"}, {"POST": "a=b"}, None):
        assert form_fields(other) == {}


@pytest.mark.parametrize(
    ("changes", "reason", "shown"),
    [
        ({"time": ...}, RejectReason.NO_TIME, "neither"),
        ({"time": None}, RejectReason.NO_TIME, "neither"),
        ({"time": ""}, RejectReason.NO_TIME, "neither"),
        ({"time": "soon"}, RejectReason.BAD_TIME, "'soon'"),
        ({"time": {"a": "private"}}, RejectReason.BAD_TIME, "a dict"),
        ({"event_type": ..., "name": ...}, RejectReason.NO_NAME, "no event_type"),
        ({"event_type": "", "name": ""}, RejectReason.NO_NAME, "no event_type"),
        ({"event_type": {"a": 1}}, RejectReason.NO_NAME, "no event_type"),
    ],
)
def test_a_line_without_time_or_name_is_rejected_with_its_reason(
    changes: dict[str, Any], reason: RejectReason, shown: str
) -> None:
    with pytest.raises(Malformed) as raised:
        event_of(**changes)
    assert raised.value.reason is reason and shown in raised.value.detail


def test_a_line_with_only_a_name_is_an_event() -> None:
    assert event_of(event_type=...).name == "play_video"


def test_the_clients_clock_counts_before_the_servers() -> None:
    event = event_of(
        context={**CONTEXT, "timestamp": "2026-01-04T08:00:00Z"}, timestamp="2026-01-05T09:00:00Z"
    )
    assert event.time == datetime(2026, 1, 4, 8, tzinfo=timezone.utc)
    assert event_of(timestamp="2026-01-05T09:00:00Z").time == datetime(2026, 1, 5, 9, tzinfo=timezone.utc)


def test_a_time_that_cannot_be_read_gives_way_to_the_next() -> None:
    event = event_of(context={**CONTEXT, "timestamp": "0001-01-01T00:00:00Z"})
    assert event.key == event_of().key


@pytest.mark.parametrize(
    ("stated", "user_id"),
    [
        (7, 7),
        ("7", 7),
        ("007", 7),
        (7.0, 7),
        ("", None),
        (None, None),
        ("None", None),
        ("²", None),
        ("٣", None),
        (0, None),
        (-7, None),
        (7.5, None),
        (True, None),
        (2**63, None),
        ("9" * 30, None),
        ([7], None),
        ({"id": 7}, None),
    ],
)
def test_a_user_id_is_a_positive_number_or_unknown(stated: Any, user_id: int | None) -> None:
    assert event_of(context={**CONTEXT, "user_id": stated}).user_id == user_id


def test_an_event_keeps_its_key_however_the_user_id_is_written() -> None:
    keys = {event_of(username="", context={**CONTEXT, "user_id": stated}).key for stated in (7, "7", 7.0)}
    assert len(keys) == 1


@pytest.mark.parametrize("stated", ["", None, ..., [], {}])
def test_an_absent_username_is_none(stated: Any) -> None:
    assert event_of(username=stated).username is None


@pytest.mark.parametrize("stated", ["anonymous", "unknown", "None", "AnonymousUser"])
def test_what_the_platform_writes_for_nobody_is_nobody(stated: str) -> None:
    assert event_of(username=stated, context={"user_id": None}).username is None
    assert event_of(username=stated).username == stated  # somebody with an id may be called so


@pytest.mark.parametrize("context", [..., None, "", [], 5])
def test_without_any_context_the_course_is_that_of_the_page(context: Any) -> None:
    event = event_of(context=context)
    assert (event.course_key, event.user_id, event.path) == (K, None, "")


@pytest.mark.parametrize(
    ("changes", "course"),
    [
        ({"context": {**CONTEXT, "course_id": "A/B/C"}}, "A/B/C"),
        ({"context": {**CONTEXT, "course_id": "ccx-v1:A+B+C+ccx@1"}}, "ccx-v1:A+B+C+ccx@1"),
        ({"context": {**CONTEXT, "course_id": "library-v1:A+L"}}, "library-v1:A+L"),
        ({"context": {**CONTEXT, "course_id": "course-v1:A+B+C+branch@draft"}}, "course-v1:A+B+C"),
        ({"context": {**CONTEXT, "course_id": ""}}, K),
        ({"context": {**CONTEXT, "course_id": "nonsense"}}, K),
        ({"context": {**CONTEXT, "course_id": {"org": "A"}}}, K),
        ({"context": {}, "page": None, "event_type": "/courses/A/B/C/info"}, "A/B/C"),
        ({"context": {"path": "/courses/A/B/C/xblock/x"}, "page": "x_module"}, "A/B/C"),
        (
            {
                "context": {"module": {"usage_key": f"block-v1:A+B+C+type@problem+block@{HEX}"}},
                "page": "x_module",
            },
            "course-v1:A+B+C",
        ),
        ({"context": {}, "page": None, "referer": f"https://x.org/courses/{K}/info"}, None),
    ],
)
def test_the_course_is_stated_or_that_of_the_page_the_path_or_the_block(
    changes: dict[str, Any], course: str | None
) -> None:
    assert event_of(**changes).course_key == course


def test_the_page_of_an_xmodule_is_no_page() -> None:
    assert event_of(page="x_module").page == ""


@pytest.mark.parametrize("module", [None, [], "x", {}, {"usage_key": None}, {"usage_key": ["x"]}])
def test_an_odd_module_is_none(module: Any) -> None:
    assert event_of(context={**CONTEXT, "module": module}).module is None


@pytest.mark.parametrize(
    "name", ["page", "session", "agent", "ip", "host", "referer", "event_source", "username"]
)
@pytest.mark.parametrize("value", [None, 5, 2.5, True, [], {}, "\0", "😀"])
def test_odd_values_in_common_fields_are_texts(name: str, value: Any) -> None:
    event = event_of(**{name: value})
    found = getattr(event, "source" if name == "event_source" else name)
    assert found is None if name == "username" and value in (None, [], {}) else isinstance(found, str)


def nested(depth: int) -> Any:
    """An empty list in lists, ``depth`` of them in all."""
    deep: Any = []
    for _ in range(depth - 1):
        deep = [deep]
    return deep


@pytest.mark.parametrize("depth", [MAX_NESTING + 1, 1010, 20_000])
@pytest.mark.parametrize("quotes", [b"", b'"'], ids=["object", "text"])
def test_an_event_nested_beyond_reason_is_rejected_on_every_python(depth: int, quotes: bytes) -> None:
    text = b"[" * depth + b"]" * depth
    with pytest.raises(Malformed) as raised:
        read_line(line_of(event="@").replace(b'"@"', quotes + text + quotes))
    assert raised.value.reason is RejectReason.TRANSLATION


@pytest.mark.parametrize("depth", [MAX_NESTING + 1, 2000])
def test_a_live_event_nested_beyond_reason_is_rejected(depth: int) -> None:
    with pytest.raises(Malformed):
        read_live({"name": "a", "timestamp": LINE["time"], "data": nested(depth), "context": {}})


def test_an_event_nested_up_to_the_limit_is_read() -> None:
    event = read_line(line_of(event=nested(MAX_NESTING)))
    assert event is not None and event.payload == nested(MAX_NESTING)


def test_many_brackets_are_no_nesting() -> None:
    event = read_line(line_of(event=[[]] * 2000))
    assert event is not None and event.payload == [[]] * 2000


LIVE: dict[str, Any] = {
    "name": "play_video",
    "timestamp": datetime(2026, 1, 5, 10, 0, 0, 123456, tzinfo=timezone.utc),
    "data": {"id": HEX, "currentTime": 12.5},
    "context": {
        **CONTEXT,
        **{
            name: LINE[name]
            for name in "username session ip agent host referer accept_language event_source page".split()
        },
        "client_id": "1.2",
    },
}


def test_a_live_event_is_the_event_of_its_line() -> None:
    assert read_live(LIVE) == event_of()


def test_a_live_event_is_not_changed() -> None:
    before = copy.deepcopy(LIVE)
    read_live(LIVE)
    assert before == LIVE


def test_the_event_bus_writes_data_and_context_as_text() -> None:
    bus = {**LIVE, "data": json.dumps(LIVE["data"]), "context": json.dumps(LIVE["context"])}
    assert read_live(bus) == event_of()


def test_an_operators_backend_behind_the_platforms_processors_sees_the_same_event() -> None:
    assert read_live({**LINE, "time": LIVE["timestamp"]}) == event_of()


class Lazy:
    def __str__(self) -> str:
        return "said later"


class Broken:
    def __str__(self) -> str:
        raise KeyError("private")


def test_what_json_does_not_know_becomes_text() -> None:
    data = {
        "zone": datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2))),
        "naive": datetime(2026, 1, 1, 12),
        "last": datetime.max.replace(tzinfo=timezone(timedelta(hours=-2))),
        "day": date(2026, 1, 1),
        "set": {"b", "a"},
        "tuple": (1, 2),
        "bytes": b"caf\xe9",
        "uuid": UUID(int=7),
        "decimal": Decimal("1.50"),
        "lazy": Lazy(),
        "broken": Broken(),
        "proxy": MappingProxyType({"a": 1}),
        "ordered": OrderedDict(a=1),
        "nan": float("nan"),
        "nul": "a\0b",
        "half": "\ud800",
        "big": 10**30,
        5: "number",
        None: "nothing",
        (1, 2): "pair",
        date(2026, 1, 1): "day",
    }
    payload = read_live({**LIVE, "data": data}).payload
    assert payload == {
        "zone": "2026-01-01T10:00:00+00:00",
        "naive": "2026-01-01T12:00:00+00:00",
        "last": "9999-12-31T23:59:59.999999-02:00",
        "day": "2026-01-01",
        "set": ["a", "b"],
        "tuple": [1, 2],
        "bytes": "caf\ufffd",
        "uuid": "00000000-0000-0000-0000-000000000007",
        "decimal": "1.50",
        "lazy": "said later",
        "broken": "Broken",
        "proxy": {"a": 1},
        "ordered": {"a": 1},
        "nan": None,
        "nul": "a\ufffdb",
        "half": "\ufffd",
        "big": 1e30,
        "5": "number",
        "None": "nothing",
        "(1, 2)": "pair",
        "2026-01-01": "day",
    }


def test_a_live_event_that_contains_itself_is_malformed() -> None:
    data: dict[str, Any] = {}
    data["self"] = data
    with pytest.raises(Malformed) as raised:
        read_live({**LIVE, "data": data})
    assert raised.value.reason is RejectReason.TRANSLATION


@pytest.mark.parametrize("raw", [None, [], "text", 5, {}])
def test_what_is_no_live_event_is_malformed(raw: Any) -> None:
    with pytest.raises(Malformed):
        read_live(raw)


def test_a_live_event_without_data_is_one_with_an_empty_object() -> None:
    without = {name: value for name, value in LIVE.items() if name != "data"}
    assert read_live(without).key == event_of(event="{}").key


def test_a_server_event_without_a_source_is_the_servers() -> None:
    context = {name: value for name, value in LIVE["context"].items() if name != "event_source"}
    assert read_live({**LIVE, "context": context}).source == "server"
    assert event_of(event_source=...).source == ""


@pytest.mark.parametrize(
    ("name", "data", "legacy", "payload"),
    [
        (
            "edx.video.seeked",
            {
                "module_id": f"block-v1:A+B+C+type@video+block@{HEX}",
                "current_time": 3.5,
                "seek_type": "slide",
            },
            "seek_video",
            {"id": HEX, "currentTime": 3.5, "type": "onSlideSeek"},
        ),
        (
            "edx.video.position.changed",
            {"module_id": "i4x://A/B.1/video/x", "seek_type": "skip", "requested_skip_interval": -30},
            "seek_video",
            {"id": "i4x-A-B_1-video-x", "type": "onSkipSeek", "requested_skip_interval": -30},
        ),
        (
            "edx.video.position.changed",
            {"seek_type": "skip", "requested_skip_interval": 17},
            "seek_video",
            {"type": "onSlideSeek", "requested_skip_interval": 17},
        ),
        ("edx.video.played", {"module_id": "nonsense", "code": "mobile"}, "play_video", {"code": "mobile"}),
        ("edx.video.position.changed", {"seek_type": "other"}, "seek_video", {}),
        (
            "edx.ui.lms.sequence.next_selected",
            {"current_tab": 2, "tab_count": 3},
            "seq_next",
            {"current_tab": 2, "tab_count": 3, "old": 2, "new": 3},
        ),
        (
            "edx.ui.lms.sequence.next_selected",
            {"current_tab": 3, "tab_count": 3},
            "edx.ui.lms.sequence.next_selected",
            {"current_tab": 3, "tab_count": 3},
        ),
        (
            "edx.ui.lms.sequence.previous_selected",
            {"current_tab": 2, "tab_count": 3},
            "seq_prev",
            {"current_tab": 2, "tab_count": 3, "old": 2, "new": 1},
        ),
        (
            "edx.ui.lms.sequence.previous_selected",
            {"current_tab": 1, "tab_count": 3},
            "edx.ui.lms.sequence.previous_selected",
            {"current_tab": 1, "tab_count": 3},
        ),
        (
            "edx.ui.lms.sequence.tab_selected",
            {"current_tab": 1, "target_tab": 3, "tab_count": 3},
            "seq_goto",
            {"current_tab": 1, "target_tab": 3, "tab_count": 3, "old": 1, "new": 3},
        ),
    ],
)
def test_newer_names_of_player_and_sequence_become_the_older_ones(
    name: str, data: dict[str, Any], legacy: str, payload: dict[str, Any]
) -> None:
    event = read_live({**LIVE, "name": name, "data": data})
    assert (event.name, event.payload) == (legacy, payload)
    done = event_of(name=name, event_type=legacy, event=json.dumps(payload))
    assert (done.key, done.payload) == (event.key, payload)


def test_the_page_of_a_mobile_video_is_that_of_its_address() -> None:
    context = {**LIVE["context"], "event_source": "mobile"}
    del context["page"]
    context["open_in_browser_url"] = f"https://lms.example.org/courses/{K}/courseware/a/b/2"
    event = read_live({**LIVE, "name": "edx.video.played", "context": context, "data": {"code": "mobile"}})
    assert event.page == f"https://lms.example.org/courses/{K}/courseware/a/b"


def test_an_old_app_that_says_forward_went_back() -> None:
    context = {**LIVE["context"], "application": {"name": "edx.mobileapp.iOS", "version": "1.0.02"}}
    data = {"seek_type": "skip", "requested_skip_interval": 30}
    event = read_live({**LIVE, "name": "edx.video.position.changed", "context": context, "data": data})
    assert event.fields["requested_skip_interval"] == -30


def test_normalise_does_not_change_what_it_is_given() -> None:
    raw = copy.deepcopy(
        {**LINE, "event": {"module_id": "x", "current_time": 1}, "event_type": "edx.video.played"}
    )
    before = copy.deepcopy(raw)
    normalise(raw)
    assert raw == before


def test_a_blank_line_is_no_event() -> None:
    assert read_line(b" \n") is None
