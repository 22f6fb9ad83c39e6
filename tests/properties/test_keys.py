"""A live event and its line in the platform's log are one event, with one key.

``line_of`` is the platform's way from the one to the other, written from its
documentation and not from our code: fields move out of the context, a browser's
object becomes text, the client's clock becomes the time, newer names of player
and sequences get their older ones.
"""

from __future__ import annotations

import copy
import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_moocdb.schema.keys import key_time_us
from openedx_moocdb.translation.normalise import read_line, read_live

MOVED = ("username", "session", "ip", "agent", "host", "referer", "accept_language")
VIDEO = {
    "edx.video.played": "play_video",
    "edx.video.paused": "pause_video",
    "edx.video.stopped": "stop_video",
    "edx.video.loaded": "load_video",
    "edx.video.position.changed": "seek_video",
    "edx.video.seeked": "seek_video",
    "edx.video.transcript.shown": "show_transcript",
    "edx.video.transcript.hidden": "hide_transcript",
    "edx.video.language_menu.shown": "video_show_cc_menu",
    "edx.video.language_menu.hidden": "video_hide_cc_menu",
}
SEQUENCE = {
    "edx.ui.lms.sequence.next_selected": ("seq_next", 1),
    "edx.ui.lms.sequence.previous_selected": ("seq_prev", -1),
}
TAB = "edx.ui.lms.sequence.tab_selected"
HEX = "0123456789abcdef0123456789abcdef"
#: usage keys that apps send, and the HTML ids that the platform puts in their place
MODULES = {
    f"block-v1:ExampleX+E101+2026+type@video+block@{HEX}": HEX,
    "i4x://ExampleX/6.002x/video/S1V1_Intro": "i4x-ExampleX-6_002x-video-S1V1_Intro",
    "i4x://ExampleX/E101/video/a.b:c": "i4x-ExampleX-E101-video-a_b_c",
    "no key at all": None,
    f"see block-v1:ExampleX+E101+2026+type@video+block@{HEX}": None,
}


def encode(value: Any) -> str:
    """A time or a day as the log's encoder writes it."""
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)
        return aware.isoformat()
    assert isinstance(value, date)
    return value.isoformat()


def line_of(live: dict[str, Any]) -> bytes:
    """The line that the platform logs for what it emits."""
    event = copy.deepcopy(live)
    context = event["context"]
    for field in MOVED:
        event[field] = context.pop(field, "")
    context.pop("client_id", None)
    data = event.pop("data", {})
    is_text = context.get("event_source") == "browser" and isinstance(data, dict)
    event["event"] = json.dumps(data) if is_text else data
    emitted = event.pop("timestamp")
    event["time"] = context.pop("timestamp", emitted)
    event["event_type"] = context.pop("event_type", event["name"])
    event["event_source"] = context.pop("event_source", "server")
    event["page"] = context.pop("page", None)
    if isinstance(data, dict):
        done = copy.deepcopy(data)
        rewrite(event, done)
        event["event"] = json.dumps(done) if is_text else done
    return json.dumps(event, default=encode).encode() + b"\n"


def rewrite(event: dict[str, Any], data: dict[str, Any]) -> None:
    name = event["name"]
    if name in VIDEO:
        event["event_type"] = VIDEO[name]
        if name == "edx.video.seeked":
            event["name"] = "edx.video.position.changed"
        if data:
            rewrite_video(event, data)
    elif name == TAB and {"current_tab", "target_tab"} <= data.keys():
        event["event_type"] = "seq_goto"
        data["old"], data["new"] = data["current_tab"], data["target_tab"]
    elif name in SEQUENCE and {"current_tab", "tab_count"} <= data.keys():
        legacy, offset = SEQUENCE[name]
        border = data["tab_count"] if offset == 1 else 1
        if data["current_tab"] != border:
            event["event_type"] = legacy
            data["old"], data["new"] = data["current_tab"], data["current_tab"] + offset


def rewrite_video(event: dict[str, Any], data: dict[str, Any]) -> None:
    if "module_id" in data:
        html_id = MODULES[data.pop("module_id")]
        if html_id is not None:
            data["id"] = html_id
    if "current_time" in data:
        data["currentTime"] = data.pop("current_time")
    kind = data.pop("seek_type", None)
    if kind in ("slide", "skip"):
        data["type"] = {"slide": "onSlideSeek", "skip": "onSkipSeek"}[kind]
    skip = data.get("requested_skip_interval")
    if skip is not None and abs(skip) != 30 and "type" in data:
        data["type"] = "onSlideSeek"
    if "open_in_browser_url" in event["context"]:
        event["page"] = event["context"].pop("open_in_browser_url").rpartition("/")[0]
    app = event["context"].get("application", {})
    is_old = app.get("name") == "edx.mobileapp.iOS" and app.get("version") == "1.0.02"
    if is_old and skip == 30 and data.get("type") == "onSkipSeek":
        data["requested_skip_interval"] = -30


TEXT = st.text(max_size=12)  # halves of characters and NUL included
ANY_TEXT = (
    st.text(alphabet=st.characters(), max_size=8)
    | TEXT
    | st.sampled_from(["a\0b", "\ud800", "😀", "\\u0000"])
)
MOMENT = st.datetimes(
    min_value=datetime(2012, 1, 1),
    max_value=datetime(2030, 1, 1),
    timezones=st.sampled_from([timezone.utc, timezone(timedelta(hours=5, minutes=30))]),
)
SCALAR = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | ANY_TEXT
    | st.sampled_from([10**30, 1e16, 1e-7, -0.0, 2**63, 2**64, float("inf")])
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
#: names of fields may be numbers in a live event; the log writes them as text
FIELDS = st.dictionaries(ANY_TEXT | st.integers(0, 9), VALUE, max_size=5)
DATED = st.recursive(
    SCALAR | MOMENT | st.dates() | st.datetimes(min_value=datetime(1970, 1, 2)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
FORM = st.lists(st.sampled_from([f"input_{HEX}_2_1=a%00b", "b=%C3%A9", "c[]=1"]), max_size=3).map("&".join)
PAYLOAD_TEXT = (
    ANY_TEXT
    | FORM
    | FIELDS.map(json.dumps)
    | FIELDS.map(json.dumps).map(json.dumps)
    | FIELDS.map(lambda fields: json.dumps({"GET": {}, "POST": fields})[:512])
    | FORM.map(lambda form: json.dumps(form)[:-1])
)


@st.composite
def contexts(draw: st.DrawFn, sources: tuple[str | None, ...]) -> dict[str, Any]:
    """A context of an event: much of it may be absent, empty or odd."""
    found: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "username": ANY_TEXT | st.none() | st.sampled_from(["user_7", "anonymous"]),
                "user_id": st.sampled_from([7, "7", "", None, "None", 0, 10**20]),
                "session": ANY_TEXT | st.none(),
                "ip": st.sampled_from(["192.0.2.7", "2001:db8::7", "", None]),
                "agent": ANY_TEXT,
                "host": st.sampled_from(["lms.example.org", "studio.example.org", ""]),
                "referer": ANY_TEXT,
                "accept_language": ANY_TEXT,
                "page": st.sampled_from(
                    ["x_module", None, "", "https://x.org/courses/course-v1:A+B+C/courseware/a/b/1"]
                ),
                "path": st.sampled_from(["/event", "/courses/A/B/C/xblock/x", ""]),
                "course_id": st.sampled_from(["course-v1:A+B+C", "A/B/C", "library-v1:A+L", "", None]),
                "module": st.sampled_from(
                    [None, {"usage_key": f"block-v1:A+B+C+type@problem+block@{HEX}", "display_name": "P"}]
                ),
                "client_id": ANY_TEXT,
                "course_user_tags": st.just({}),
                "timestamp": MOMENT,
                "received_at": MOMENT,
                "application": st.sampled_from(
                    [
                        {"name": "edx.mobileapp.iOS", "version": "1.0.02"},
                        {"name": "edx.mobileapp.android", "version": "4"},
                    ]
                ),
                "open_in_browser_url": st.sampled_from(
                    ["https://x.org/courses/course-v1:A+B+C/courseware/a/b/1", "https://x.org/xblock/b", ""]
                ),
            },
        )
    )
    source = draw(st.sampled_from(sources))
    if source is not None:
        found["event_source"] = source
    return found


def live_events(
    names: st.SearchStrategy[str], data: st.SearchStrategy[Any], *sources: str | None
) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"name": names, "timestamp": MOMENT, "data": data, "context": contexts(sources)}
    )


NAME = st.sampled_from(["problem_check", "page_close", "edx.bookmark.added", "seq_goto", "play_video"])
VIDEO_DATA = st.fixed_dictionaries(
    {},
    optional={
        "module_id": st.sampled_from(sorted(MODULES)),
        "id": st.just(HEX),
        "code": TEXT,
        "current_time": st.floats(0, 1e4),
        "currentTime": st.floats(0, 1e4),
        "old_time": st.floats(0, 1e4),
        "new_time": st.floats(0, 1e4),
        "seek_type": st.sampled_from(["slide", "skip", "other"]),
        "type": st.sampled_from(["onSlideSeek", "onCaptionSeek"]),
        "requested_skip_interval": st.sampled_from([30, -30, 10.5, -30.0]),
    },
)
TABS = st.integers(1, 3)
SEQUENCE_DATA = st.fixed_dictionaries(
    {"id": st.just(f"block-v1:A+B+C+type@sequential+block@{HEX}")},
    optional={
        "current_tab": TABS | TABS.map(float),
        "tab_count": TABS,
        "target_tab": TABS,
        "old": TABS,
        "new": TABS,
        "widget_placement": TEXT,
    },
)
LIVE = st.one_of(
    live_events(NAME, FIELDS, "browser"),
    live_events(NAME, FIELDS | PAYLOAD_TEXT | st.lists(VALUE, max_size=3), "browser", "mobile"),
    live_events(NAME, st.dictionaries(TEXT, DATED, max_size=4), "server", None, "task", ""),
    live_events(st.sampled_from(["/dashboard", "/courses/A/B/C/info"]), PAYLOAD_TEXT, "server"),
    live_events(st.sampled_from(sorted(VIDEO)), VIDEO_DATA, "mobile", "browser"),
    live_events(st.sampled_from(sorted(set(VIDEO.values()))), VIDEO_DATA, "browser"),
    live_events(st.sampled_from([TAB, *SEQUENCE]), SEQUENCE_DATA, "browser", "mobile"),
    live_events(st.sampled_from(["seq_goto", "seq_next", "seq_prev"]), SEQUENCE_DATA, "browser"),
)


@settings(max_examples=600, deadline=None)
@given(LIVE)
def test_a_live_event_and_its_line_are_one_event(live: dict[str, Any]) -> None:
    before = repr(live)
    seen = read_live(live)
    assert repr(live) == before
    logged = read_line(line_of(live))
    assert logged is not None
    assert seen.key == logged.key
    assert msgspec.to_builtins(seen) == msgspec.to_builtins(logged)


@settings(max_examples=150, deadline=None)
@given(LIVE)
def test_a_line_read_twice_or_by_an_operators_backend_is_one_event(live: dict[str, Any]) -> None:
    line = line_of(live)
    assert read_line(line) == read_line(b"INFO 7 [tracking] x.py:1 - " + line)
    assert read_line(line) == read_live(json.loads(line))


@settings(max_examples=150, deadline=None)
@given(LIVE)
def test_keys_sort_by_the_time_of_the_act(live: dict[str, Any]) -> None:
    event = read_live(live)
    stated = live["context"].get("timestamp", live["timestamp"])
    assert event.time == stated
    assert key_time_us(event.key) == event.time_us


@settings(max_examples=150, deadline=None)
@given(LIVE, st.sampled_from(["session", "username", "event_source", "data", "timestamp"]))
def test_another_fact_makes_another_key(live: dict[str, Any], field: str) -> None:
    other = copy.deepcopy(live)
    if field == "timestamp":
        other["context"].pop("timestamp", None)
        other["timestamp"] += timedelta(microseconds=1)
        live["context"].pop("timestamp", None)
    elif field == "data":
        other["data"] = {"another": "payload"}
    else:
        other["context"][field] = "another fact"
    assert read_live(other).key != read_live(live).key


@settings(max_examples=100, deadline=None)
@given(LIVE)
def test_what_is_found_out_later_leaves_the_key_alone(live: dict[str, Any]) -> None:
    other = copy.deepcopy(live)
    for field in (
        "page",
        "host",
        "ip",
        "agent",
        "referer",
        "path",
        "course_id",
        "module",
        "open_in_browser_url",
    ):
        other["context"].pop(field, None)
    assert read_live(other).key == read_live(live).key
