"""From bytes of a log line to the object they hold.

Clean lines take one ``orjson.loads``; whatever else real logs hold is mended
here, in the order of how often it was seen: a logger's prefix (Tutor's default
format), NUL bytes (a log rotated while written), bytes that are no UTF-8,
``NaN`` and bare control characters, lone surrogates, numbers beyond 64 bits.
Databases take neither NUL nor half a character, so strings that hold them
(``\\u0000``, ``\\ud83d`` alone) get U+FFFD in their place.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import orjson

from openedx_moocdb.schema.outcomes import RejectReason

MAX_LINE_BYTES = 1 << 20

_OBJECT = re.compile(rb'\{\s*(?:["}]|$)')
_OBJECT_TEXT = re.compile(r'\{\s*(?:["}]|$)')
#: an escaped NUL at any depth of quoting; a search is faster than ``in`` on text full of backslashes
escaped_nul = re.compile(rb"\\u0000").search
escaped_nul_in_text = re.compile(r"\\u0000").search
_BROKEN = re.compile("[\0\ud800-\udfff]")
#: what is left of a number or a literal whose end was cut off
_CUT_SCALAR = re.compile(r"-|\.|[eE][+-]?|t|tr|tru|f|fa|fal|fals|n|nu|nul|N|Na|-?I[nfity]*")


class Malformed(Exception):
    """A line that holds no event; ``reason`` and ``detail`` go to quarantine."""

    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


class NotJson(ValueError):
    """Text that is no JSON, or only the beginning of some (``TRUNCATED``)."""

    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def parse_line(line: bytes, max_bytes: int = MAX_LINE_BYTES) -> dict[str, Any] | None:
    """Return the JSON object of one line, ``None`` for a blank one.

    Raises ``Malformed``. Lines of more than ``max_bytes``, NUL bytes aside, are not looked into.
    """
    if len(line) > max_bytes:
        return _parse_odd_line(line, max_bytes)
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _parse_odd_line(line, max_bytes)
    if type(found) is not dict:
        raise Malformed(RejectReason.NOT_OBJECT, f"found a {type(found).__name__}, expected an object")
    return found if escaped_nul(line) is None else _clean_object(found)


def _parse_odd_line(line: bytes, max_bytes: int) -> dict[str, Any] | None:
    line = line.replace(b"\0", b"").strip()
    if not line:
        return None
    if len(line) > max_bytes:
        raise Malformed(RejectReason.TOO_LONG, f"{len(line)} bytes, the limit is {max_bytes}")
    start = _OBJECT.search(line)
    if start is None:
        raise Malformed(RejectReason.NOT_JSON, "found no '{\"'; expected a tracking event as a JSON object")
    body = line[start.start() :]
    try:  # a whole object behind a logger's prefix, as Tutor writes them
        found = orjson.loads(body)
        return found if escaped_nul(body) is None else _clean_object(found)
    except orjson.JSONDecodeError:
        text = body.decode("utf-8", "replace")
    try:
        found, end = parse_text(text)
    except NotJson as error:
        raise Malformed(error.reason, str(error)) from None
    if _OBJECT_TEXT.search(text, end):
        detail = f"a second object follows the first, which ends at character {end}; expected one a line"
        raise Malformed(RejectReason.NOT_JSON, detail)
    return found  # type: ignore[no-any-return]  # the text begins with a brace


def parse_text(text: str) -> tuple[Any, int]:
    """(value, where it ends) of the JSON that ``text`` begins with, read with patience.

    Equal to what ``orjson`` gives wherever that reads it; ``NaN``, infinities and
    numbers too big for a float are ``None``. Raises ``NotJson``.
    """
    try:
        found, end = _decoder.raw_decode(text)
        return clean(found), end
    except json.JSONDecodeError as error:
        detail = f"{error.msg} at character {error.pos} of {len(text)}"
        reason = RejectReason.TRUNCATED if _is_cut(text, error) else RejectReason.NOT_JSON
        raise NotJson(reason, detail) from None
    except RecursionError:
        raise NotJson(RejectReason.TRANSLATION, "nested too deeply") from None


def _is_cut(text: str, error: json.JSONDecodeError) -> bool:
    """Whether more text could have mended the error."""
    if error.msg.startswith("Unterminated string"):
        return True
    if error.msg.startswith("Invalid \\u"):
        return len(text) - error.pos < 6
    rest = text[error.pos :].strip()
    return not rest or _CUT_SCALAR.fullmatch(rest) is not None


def clean(value: Any) -> Any:
    """``value`` with U+FFFD for every NUL and lone surrogate in it, names of fields included."""
    if type(value) is str:
        return _BROKEN.sub("\ufffd", value)
    if type(value) is dict:
        return {clean(name): clean(inner) for name, inner in value.items()}
    if type(value) is list:
        return [clean(inner) for inner in value]
    return value


def _clean_object(found: dict[str, Any]) -> dict[str, Any]:
    try:
        return clean(found)  # type: ignore[no-any-return]
    except RecursionError:
        raise Malformed(RejectReason.TRANSLATION, "nested too deeply") from None


def _float(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _int(text: str) -> int | float | None:
    """As ``orjson`` does: beyond 64 bits a float."""
    if len(text) < 19:
        return int(text)
    if len(text) > 400:
        return None
    number = int(text)
    return number if -(1 << 63) <= number < 1 << 64 else _float(text)


def _no_number(name: str) -> None:
    return None


_decoder = json.JSONDecoder(strict=False, parse_float=_float, parse_int=_int, parse_constant=_no_number)
