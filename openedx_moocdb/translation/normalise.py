"""One event from either of its two shapes.

The platform emits ``{name, timestamp, data, context}``; its log holds
``{event_type, time, event, …}`` with parts of the context moved to the top and
a few names and payloads rewritten (``track/shim.py``, ``track/transformers.py``).
An operator's own backend may see either. Both become the same ``Event`` with
the same key, because the platform's rewriting is done here once more: it changes
nothing where it was done before. What it overwrites, and so cannot be told from
what the client stated, stays out of the *facts* that are hashed.

The facts are hashed in MessagePack with sorted names: its bytes for a number are
the same in every version of every library, those of JSON are not (``1e16``, ``1e+16``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any

import msgspec

from openedx_moocdb.schema import keys
from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.outcomes import RejectReason
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.pages import page_of
from openedx_moocdb.translation.parse import MAX_LINE_BYTES, Malformed, parse_line
from openedx_moocdb.translation.payloads import form_fields as form_fields
from openedx_moocdb.translation.payloads import read_payload
from openedx_moocdb.translation.shapes import REWRITTEN_NAMES, legacy_shape
from openedx_moocdb.translation.times import read_time

_NO_CONTEXT: dict[str, Any] = {}
_OUTER_FIELDS = ("username", "session", "page", "referer", "agent", "ip", "host")
_encode_facts = msgspec.msgpack.Encoder(order="deterministic").encode
#: what the platform writes for a name when there is no user; with a user id it may be a name
_NOBODY = frozenset({"anonymous", "AnonymousUser", "unknown", "None", "null"})
_MAX_ID = (1 << 63) - 1
#: of a payload; far above what is sent, and below the limit of every Python, which differs by version
MAX_NESTING = 500


def read_line(line: bytes, max_bytes: int = MAX_LINE_BYTES) -> Event | None:
    """Return the event of one log line, ``None`` for a blank line. Raises ``Malformed``."""
    raw = parse_line(line, max_bytes)
    if raw is None:
        return None
    event = normalise(raw)
    if line.count(b"{") + line.count(b"[") > MAX_NESTING and _is_too_deep(event.payload):
        raise Malformed(RejectReason.TRANSLATION, "nested too deeply")
    return event


def _is_too_deep(value: Any) -> bool:
    """More than ``MAX_NESTING`` objects and lists, one inside the other; found without recursion."""
    level = [value]
    for _ in range(MAX_NESTING + 1):
        level = [each for each in level if type(each) is dict or type(each) is list]
        if not level:
            return False
        level = [inner for each in level for inner in (each.values() if type(each) is dict else each)]
    return True


def read_live(raw: dict[str, Any]) -> Event:
    """Return the event of what a backend's ``send`` is given. Raises ``Malformed`` and nothing else.

    It is written as the platform's log would and read back, so that both take one
    way; what JSON does not know (sets, keys, lazy texts) becomes text. ``raw`` is not changed.
    """
    try:
        try:
            line = json.dumps(raw, default=_plain)
        except TypeError:  # a name of a field that is no text: a date, a tuple
            line = json.dumps(_with_text_names(raw), default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        detail = f"no JSON can be made of it: {type(error).__name__}"
        raise Malformed(RejectReason.TRANSLATION, detail) from None
    event = read_line(line.encode(), len(line))
    if event is None:
        raise Malformed(RejectReason.NOT_OBJECT, "found nothing, expected an object")
    return event


def _plain(value: Any) -> Any:
    """What the platform's JSON encoder writes for a date, and a readable form of anything else."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        try:
            return aware.astimezone(timezone.utc).isoformat()
        except OverflowError:  # the first or last day of the calendar
            return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    try:
        return str(value)
    except Exception:  # anybody's __str__
        return type(value).__name__


def _with_text_names(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name if isinstance(name, str) else str(_plain(name)): _with_text_names(inner)
            for name, inner in value.items()
        }
    return [_with_text_names(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def normalise(raw: dict[str, Any]) -> Event:
    """Return the event of a parsed line, or of a live event of nothing but JSON's types.

    Raises ``Malformed`` when there is no name or no time. ``raw`` is not changed.
    """
    context = raw.get("context")
    if type(context) is not dict:
        context = _read_context(context)
    if "event_type" in raw or "event" in raw:
        outer: dict[str, Any] = raw
        name, payload = raw.get("event_type") or raw.get("name"), raw.get("event")
        source = raw.get("event_source")
    else:
        outer = context
        name, payload = context.get("event_type") or raw.get("name"), raw.get("data", {})
        source = context.get("event_source", "server")
    if type(name) is not str or not name:
        raise Malformed(RejectReason.NO_NAME, "found no event_type and no name")
    if type(payload) is not dict:
        payload, is_cut = read_payload(payload)
    else:
        is_cut = False
    username, session, page, referer, agent, ip, host = map(outer.get, _OUTER_FIELDS)
    username = username if type(username) is str else _text(username)
    session = session if type(session) is str else _text(session)
    page = page if type(page) is str else _text(page)
    referer = referer if type(referer) is str else _text(referer)
    agent = agent if type(agent) is str else _text(agent)
    ip = ip if type(ip) is str else _text(ip)
    host = host if type(host) is str else _text(host)
    source = source if type(source) is str else _text(source)
    stated = payload
    if name in REWRITTEN_NAMES:
        name, payload, stated, page = legacy_shape(name, payload, page, context)
    time_us = _canonical_time(raw, context)
    username = username or None
    user_id = context.get("user_id")
    if type(user_id) is not int or not 0 < user_id <= _MAX_ID:
        user_id = _user_id(user_id)
    try:
        facts = _encode_facts((user_id if username is None else username, session, source, name, stated))
    except RecursionError:
        raise Malformed(RejectReason.TRANSLATION, "nested too deeply") from None
    path = context.get("path")
    if type(path) is not str:
        path = _text(path)
    module = context.get("module")
    module = (_text(module.get("usage_key")) or None) if type(module) is dict else None
    return Event(
        keys.event_key(time_us, facts),
        time_us,
        name,
        source,
        None if user_id is None and username in _NOBODY else username,
        user_id,
        session,
        agent,
        ip,
        host,
        page if page != "x_module" else "",
        referer,
        path,
        _course_key(context, name, page, path, host, module),
        module,
        payload,
        is_cut,
    )


def _read_context(context: Any) -> dict[str, Any]:
    """The context when it came as JSON text, as on the event bus; else an empty one."""
    if type(context) is str:
        context, _ = read_payload(context)
    return context if type(context) is dict else _NO_CONTEXT


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def _user_id(value: Any) -> int | None:
    if type(value) is str and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    elif type(value) is float and value.is_integer():
        value = int(value)  # a column of whole numbers and gaps, written by a table tool
    return value if type(value) is int and 0 < value <= _MAX_ID else None


def _canonical_time(raw: dict[str, Any], context: dict[str, Any]) -> int:
    """Client time of a mobile event, else the emit time, else the log's time (ADR 0001)."""
    found = None
    for value in (context.get("timestamp"), raw.get("timestamp"), raw.get("time")):
        if value is None or value == "":
            continue
        found = value
        time_us = read_time(value)
        if time_us is not None:
            return time_us
    if found is None:
        raise Malformed(RejectReason.NO_TIME, "found neither time nor timestamp")
    shown = repr(found[:40]) if type(found) is str else f"a {type(found).__name__}"
    raise Malformed(RejectReason.BAD_TIME, f"found {shown}, expected ISO 8601 or {{'$date': ms}}")


def _course_key(
    context: dict[str, Any], name: str, page: str, path: str, host: str, module: str | None
) -> str | None:
    """As stated, else of the pages that the event is about; where the learner came from tells nothing."""
    stated = context.get("course_id")
    if type(stated) is str and stated:
        key = block_ids.canonical_course(stated)
        if key is not None:
            return key
    for url in (name if name[0] == "/" else "", page, path):
        if url:
            key = page_of(url, host).course_key
            if key is not None:
                return key
    return block_ids.course_in_usage(block_ids.canonical_usage(module, None)) if module else None
