"""One event from either of its two shapes.

The platform emits ``{name, timestamp, data, context}``; its log holds
``{event_type, time, event, …}`` with parts of the context moved to the top and
a few names and payloads rewritten (``track/shim.py``, ``track/transformers.py``).
An operator's own backend may see either. Both become the same ``Event`` with
the same key: what the rewriting adds is undone in the *facts* that are hashed,
and done in the *payload* that is translated, so families see one shape.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import orjson

from openedx_moocdb.schema import keys
from openedx_moocdb.schema.event import Event, Payload
from openedx_moocdb.schema.outcomes import RejectReason
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.pages import page_of
from openedx_moocdb.translation.parse import MAX_LINE_BYTES, Malformed, parse_line
from openedx_moocdb.translation.times import read_time

_NO_CONTEXT: dict[str, Any] = {}
_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS

VIDEO_NAMES = {
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
_VIDEO_LEGACY = frozenset(VIDEO_NAMES.values())
SEQUENCE_NAMES = {
    "edx.ui.lms.sequence.tab_selected": "seq_goto",
    "edx.ui.lms.sequence.next_selected": "seq_next",
    "edx.ui.lms.sequence.previous_selected": "seq_prev",
}
_SEQUENCE_LEGACY = frozenset(SEQUENCE_NAMES.values())
#: what the platform rewrites in video payloads, in ways that cannot be undone
_VIDEO_REWRITTEN = ("type", "seek_type", "requested_skip_interval")


def read_line(line: bytes, max_bytes: int = MAX_LINE_BYTES) -> Event | None:
    """Return the event of one line of a log, ``None`` for a blank one; raises ``Malformed``."""
    raw = parse_line(line, max_bytes)
    return None if raw is None else normalise(raw)


def normalise(raw: dict[str, Any]) -> Event:
    """Return the event of a parsed line or a live event.

    Raises ``Malformed`` when there is no name or no time. ``raw`` is not changed.
    """
    context = raw.get("context")
    if type(context) is not dict:
        context = _NO_CONTEXT
    if "event_type" in raw or "event" in raw:
        name, payload = raw.get("event_type") or raw.get("name"), raw.get("event")
        outer: dict[str, Any] = raw
    else:
        name, payload = raw.get("name"), raw.get("data")
        outer = context
    if type(name) is not str or not name:
        raise Malformed(RejectReason.NO_NAME, "found no event_type and no name")
    source = _text(outer.get("event_source")) or ("server" if outer is context else "")
    payload, is_cut = _read_payload(payload)
    name, payload, stated = _one_shape(name, payload)
    time_us = _canonical_time(raw, context)
    username = _text(outer.get("username")) or None
    user_id = _user_id(context.get("user_id"))
    session = _text(outer.get("session"))
    who = username if username is not None else user_id
    facts = orjson.dumps((who, session, source, name, stated), option=_SORTED)
    page = _text(outer.get("page"))
    path = _text(context.get("path"))
    host = _text(outer.get("host"))
    referer = _text(outer.get("referer"))
    module = context.get("module")
    return Event(
        keys.event_key(time_us, facts),
        time_us,
        name,
        source,
        username,
        user_id,
        session,
        _text(outer.get("agent")),
        _text(outer.get("ip")),
        host,
        page if page != "x_module" else "",
        referer,
        path,
        _course_key(context, name, page, path, referer, host),
        (module.get("usage_key") or None) if type(module) is dict else None,
        payload,
        is_cut,
    )


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def _user_id(value: Any) -> int | None:
    if type(value) is int:
        return value if value > 0 else None
    if type(value) is str and value.isdigit():
        return int(value) or None
    return None


def _canonical_time(raw: dict[str, Any], context: dict[str, Any]) -> int:
    """Client time of a mobile event, else the emit time, else the log's time (ADR 0001)."""
    found = None
    for value in (context.get("timestamp"), raw.get("timestamp"), raw.get("time")):
        if value is None:
            continue
        found = value
        time_us = read_time(value)
        if time_us is not None:
            return time_us
    if found is None:
        raise Malformed(RejectReason.NO_TIME, "found neither time nor timestamp")
    raise Malformed(RejectReason.BAD_TIME, f"found {str(found)[:60]!r}, expected ISO 8601 or {{'$date': ms}}")


def _read_payload(payload: Any) -> tuple[Any, bool]:
    """(payload parsed as far as it goes, was it cut); strings may hold JSON up to three deep."""
    for _ in range(3):
        if type(payload) is not str:
            return payload, False
        head = payload[:1]
        if head not in ('{', '[', '"'):
            return payload or None, False
        try:
            payload = orjson.loads(payload)
        except orjson.JSONDecodeError:
            return payload, not payload.endswith(("}", "]", '"')) or len(payload) in range(500, 513)
    return payload, False


def _one_shape(name: str, payload: Any) -> tuple[str, Payload, Any]:
    """(legacy name, payload in legacy shape, the payload's share in the facts)."""
    if type(payload) is not dict:
        return VIDEO_NAMES.get(name, name), payload, payload
    if name in VIDEO_NAMES or (name in _VIDEO_LEGACY and not payload.keys().isdisjoint(_VIDEO_REWRITTEN)):
        payload = _legacy_video(payload)
        stated = {field: payload[field] for field in payload if field not in _VIDEO_REWRITTEN}
        return VIDEO_NAMES.get(name, name), payload, stated
    if (name in SEQUENCE_NAMES or name in _SEQUENCE_LEGACY) and "current_tab" in payload:
        stated = {field: payload[field] for field in payload if field not in ("old", "new")}
        return *_legacy_sequence(name, payload), stated
    return name, payload, payload


def _legacy_video(payload: dict[str, Any]) -> dict[str, Any]:
    payload = dict(payload)
    module_id = payload.pop("module_id", None)
    if isinstance(module_id, str):
        usage = block_ids.canonical_usage(module_id, None)
        if usage.startswith("i4x://"):
            payload["id"] = block_ids.html_id(usage)
        elif usage:
            payload["id"] = usage.rpartition("@")[2]
    if "current_time" in payload:
        payload["currentTime"] = payload.pop("current_time")
    kind = payload.pop("seek_type", None)
    if kind is not None:
        payload["type"] = {"slide": "onSlideSeek", "skip": "onSkipSeek"}.get(kind, kind)
    return payload


def _legacy_sequence(name: str, payload: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Within a sequence: the legacy name with ``old`` and ``new``; across its border: as it is."""
    current = payload["current_tab"]
    legacy = SEQUENCE_NAMES.get(name, name)
    if legacy == "seq_goto":
        return legacy, {**payload, "old": current, "new": payload.get("target_tab", payload.get("new"))}
    if not isinstance(current, int):
        return name, payload
    if legacy == "seq_next":
        if current == payload.get("tab_count"):
            return name, payload
        return legacy, {**payload, "old": current, "new": current + 1}
    if current == 1:
        return name, payload
    return legacy, {**payload, "old": current, "new": current - 1}


def _course_key(
    context: dict[str, Any], name: str, page: str, path: str, referer: str, host: str
) -> str | None:
    stated = context.get("course_id")
    if type(stated) is str and stated:
        key = block_ids.canonical_course(stated)
        if key is not None:
            return key
    for url in (name if name[0] == "/" else "", page, path, referer):
        if url:
            key = page_of(url, host).course_key
            if key is not None:
                return key
    return None


def form_fields(payload: Payload) -> dict[str, list[str]]:
    """Fields of a form-encoded payload or of the POST of an implicit request.

    Empty when the payload is neither. Repeated fields keep their order.
    """
    if isinstance(payload, str):
        return parse_qs(payload, keep_blank_values=True) if "=" in payload and payload[0] != "{" else {}
    if isinstance(payload, dict):
        post = payload.get("POST")
        if isinstance(post, dict):
            return {k: v if isinstance(v, list) else [v] for k, v in post.items()}
    return {}
