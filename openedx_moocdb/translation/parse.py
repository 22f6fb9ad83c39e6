"""From bytes of a log line to the object they hold.

Clean lines take one ``orjson.loads``; whatever else real logs hold is mended
here, in the order of how often it was seen: a logger's prefix (Tutor's default
format), NUL bytes (a log rotated while written), bytes that are no UTF-8,
``NaN`` and bare control characters, lone surrogates.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from openedx_moocdb.schema.outcomes import RejectReason

MAX_LINE_BYTES = 1 << 20

_LONE_SURROGATE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_decoder = json.JSONDecoder(strict=False)


class Malformed(Exception):
    """A line that holds no event; ``reason`` and ``detail`` go to quarantine."""

    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


def parse_line(line: bytes, max_bytes: int = MAX_LINE_BYTES) -> dict[str, Any] | None:
    """Return the JSON object of one line, ``None`` for a blank one.

    Raises ``Malformed``. Lines of more than ``max_bytes`` are not looked into.
    """
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _parse_odd_line(line, max_bytes)
    if len(line) > max_bytes:
        raise Malformed(RejectReason.TOO_LONG, f"{len(line)} bytes, the limit is {max_bytes}")
    if type(found) is dict:
        return found
    raise Malformed(RejectReason.NOT_OBJECT, f"found a {type(found).__name__}, expected an object")


def _parse_odd_line(line: bytes, max_bytes: int) -> dict[str, Any] | None:
    line = line.replace(b"\0", b"").strip()
    if not line:
        return None
    if len(line) > max_bytes:
        raise Malformed(RejectReason.TOO_LONG, f"{len(line)} bytes, the limit is {max_bytes}")
    start = line.find(b"{")
    if start < 0:
        raise Malformed(RejectReason.NOT_JSON, "found no '{'; expected a tracking event as a JSON object")
    try:
        found = orjson.loads(line[start:])
    except orjson.JSONDecodeError:
        found = _parse_lenient(line[start:])
    if type(found) is not dict:
        raise Malformed(RejectReason.NOT_OBJECT, f"found a {type(found).__name__}, expected an object")
    return found


def _parse_lenient(line: bytes) -> Any:
    text = _LONE_SURROGATE.sub(r"\\ufffd", line.decode("utf-8", "replace"))
    try:
        found, end = _decoder.raw_decode(text)
    except (ValueError, RecursionError) as error:
        reason = RejectReason.NOT_JSON if text.endswith("}") else RejectReason.TRUNCATED
        where = getattr(error, "pos", 0)
        detail = f"{getattr(error, 'msg', 'nested too deeply')} at character {where} of {len(text)}"
        raise Malformed(reason, detail) from None
    if text[end:].strip() and not isinstance(found, dict):
        raise Malformed(RejectReason.NOT_JSON, f"text follows the JSON at character {end}")
    return found
