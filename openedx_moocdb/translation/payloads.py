"""The inner payload: an object, JSON in a string, that once more, a form, a text, or the begin of one."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import orjson

from openedx_moocdb.schema.event import Payload
from openedx_moocdb.schema.outcomes import RejectReason
from openedx_moocdb.translation.parse import Malformed, NotJson, clean, escaped_nul_in_text, parse_text

_JSON_BEGINS = frozenset('{["')


def read_payload(payload: Any) -> tuple[Any, bool]:
    """(payload parsed as far as it goes, was it cut); strings may hold JSON up to three deep.

    An object, a list, a text or ``None``.
    """
    for _ in range(3):
        if type(payload) is not str:
            break
        if payload[:1] not in _JSON_BEGINS:
            return payload or None, False
        try:
            found = orjson.loads(payload)
        except orjson.JSONDecodeError:
            found, is_json, is_cut = _read_odd_payload(payload)
            if not is_json:
                return found or None, is_cut
        payload = found if escaped_nul_in_text(payload) is None else _clean_payload(found)
    if type(payload) is int or type(payload) is float or type(payload) is bool:
        return json.dumps(payload), False
    return payload or None if type(payload) is str else payload, False


def _clean_payload(found: Any) -> Any:
    try:
        return clean(found)
    except RecursionError:
        raise Malformed(RejectReason.TRANSLATION, "nested too deeply") from None


def _read_odd_payload(text: str) -> tuple[Any, bool, bool]:
    """(what was found, is it JSON, was it cut) of text that only begins like JSON.

    A text in quotes that was cut (a form, mostly) is given as far as it goes. The
    platform cuts at 512 characters, at 500 before: where a log was masked
    afterwards, only that length still tells.
    """
    try:
        found, end = parse_text(text)
    except NotJson as error:
        if error.reason is RejectReason.TRANSLATION:  # too deep, which other Pythons may find later
            raise Malformed(error.reason, str(error)) from None
        is_cut = error.reason is RejectReason.TRUNCATED or 500 <= len(text) <= 512
        if is_cut and text[0] == '"':
            return _cut_text(text), False, True
        return text, False, is_cut
    return (text, False, False) if text[end:].strip() else (found, True, False)


def _cut_text(text: str) -> str:
    """The text of a JSON string without its end."""
    for end in range(len(text), max(len(text) - 6, 0), -1):  # the cut may be inside an escape
        try:
            return str(parse_text(text[:end] + '"')[0])
        except NotJson:
            continue
    return text[1:]


def form_fields(payload: Payload) -> dict[str, list[str]]:
    """Fields of a form-encoded payload or of the POST of an implicit request.

    Empty when the payload is neither. Repeated fields keep their order.
    """
    if isinstance(payload, str):
        if "=" not in payload or payload[0] in _JSON_BEGINS:
            return {}
        fields = parse_qs(payload, keep_blank_values=True)
        return clean(fields) if "%00" in payload else fields
    if isinstance(payload, dict):
        post = payload.get("POST")
        if isinstance(post, dict):
            return {name: values if isinstance(values, list) else [values] for name, values in post.items()}
    return {}
