"""What real logs hold beside clean lines: each line is read, or put aside for a reason that is true."""

from __future__ import annotations

import json
import math

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_moocdb.schema.outcomes import RejectReason
from openedx_moocdb.translation.parse import Malformed, NotJson, clean, parse_line, parse_text

EVENT = {"event_type": "play_video", "time": "2026-01-05T10:00:00+00:00", "event": '{"id": "a"}'}
LINE = json.dumps(EVENT).encode()
TUTOR = b"2026-01-05 10:00:00,123 INFO 17 [tracking] [user 7] [ip 192.0.2.7] logger.py:41 - "

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


def rejected(line: bytes, max_bytes: int = 1 << 20) -> Malformed:
    with pytest.raises(Malformed) as raised:
        parse_line(line, max_bytes)
    return raised.value


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        LINE + b"\r\n",
        TUTOR + LINE + b"\n",
        b"Jan  5 10:00:00 host tracking{17}: " + LINE,
        b"\xef\xbb\xbf" + LINE,
        b"\0" * 4096 + LINE,
        LINE[:40] + b"\0" + LINE[40:],
        LINE + b"   # end",
    ],
    ids=[
        "clean",
        "carriage return",
        "logger's prefix",
        "prefix with braces",
        "byte order mark",
        "rotated file",
        "NUL inside",
        "text behind",
    ],
)
def test_what_surrounds_an_event_does_not_change_it(line: bytes) -> None:
    assert parse_line(line) == EVENT


@pytest.mark.parametrize("line", [b"", b"\n", b"  \t \r\n", b"\0\0\0\n"])
def test_a_blank_line_is_none(line: bytes) -> None:
    assert parse_line(line) is None


@pytest.mark.parametrize("cut", range(1, len(LINE)))
def test_a_truncated_line_is_rejected_as_truncated_wherever_it_was_cut(cut: int) -> None:
    assert rejected(LINE[:cut]).reason is RejectReason.TRUNCATED
    assert rejected(TUTOR + LINE[:cut]).reason is RejectReason.TRUNCATED


@given(st.dictionaries(st.text(), JSON, min_size=1), st.data())
def test_any_object_cut_anywhere_is_truncated(found: dict[str, object], data: st.DataObject) -> None:
    line = json.dumps(found).encode()
    cut = data.draw(st.integers(1, len(line) - 1))
    assert rejected(line[:cut]).reason is RejectReason.TRUNCATED


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"# a comment", RejectReason.NOT_JSON),
        (b"Traceback (most recent call last):", RejectReason.NOT_JSON),
        (b"{'event_type': 'play_video'}", RejectReason.NOT_JSON),
        (b'{"a": 1 "b": 2}', RejectReason.NOT_JSON),
        (b'{"a": undefined}', RejectReason.NOT_JSON),
        (b"[1, 2]", RejectReason.NOT_OBJECT),
        (b'"text"', RejectReason.NOT_OBJECT),
        (b"17", RejectReason.NOT_OBJECT),
        (LINE + LINE, RejectReason.NOT_JSON),
        (LINE + b" " + LINE[:20], RejectReason.NOT_JSON),
    ],
)
def test_what_is_no_event_is_rejected_for_what_it_is(line: bytes, reason: RejectReason) -> None:
    assert rejected(line).reason is reason


def test_two_events_on_one_line_are_put_aside_rather_than_half_lost() -> None:
    assert "second object" in rejected(LINE + b"\t" + LINE).detail


def test_a_line_over_32_kilobytes_is_read() -> None:
    found = parse_line(json.dumps({**EVENT, "event": "x" * 200_000}).encode())
    assert found is not None and len(found["event"]) == 200_000


def test_a_line_over_the_limit_says_its_length_and_the_limit() -> None:
    error = rejected(LINE, max_bytes=50)
    assert error.reason is RejectReason.TOO_LONG
    assert f"{len(LINE)} bytes" in error.detail and "50" in error.detail


def test_nul_bytes_of_a_rotated_file_do_not_count_as_length() -> None:
    assert parse_line(b"\0" * 10_000 + LINE, max_bytes=len(LINE)) == EVENT


def test_utf8_is_kept_in_names_and_values() -> None:
    event = {"événement": "Ünïcödé ☃ 😀 漢字"}
    assert parse_line(json.dumps(event, ensure_ascii=False).encode()) == event
    assert parse_line(json.dumps(event).encode()) == event


def test_bytes_that_are_no_utf8_become_the_replacement_character() -> None:
    assert parse_line(b'{"a": "caf\xe9"}') == {"a": "caf\ufffd"}


@pytest.mark.parametrize("mark", [r"\u0000", r"\ud83d", r"\ude00", r"\ud83dx\ude00"])
def test_nul_and_half_characters_become_the_replacement_character(mark: str) -> None:
    found = parse_line(f'{{"a{mark}": ["b{mark}", {{"c": "{mark}"}}]}}'.encode())
    assert found is not None
    shown = json.dumps(found, ensure_ascii=False)
    assert "\\u0000" not in shown and "\ufffd" in shown
    shown.encode()


def test_pairs_of_halves_and_text_about_escapes_are_no_halves() -> None:
    assert parse_line(rb'{"a": "\ud83d\ude00", "b": "\\u0000 \\ud83d", "c": NaN}') == {
        "a": "😀",
        "b": r"\u0000 \ud83d",
        "c": None,
    }


def test_control_characters_within_text_are_kept() -> None:
    assert parse_line(b'{"a": "one\ttwo\x01"}') == {"a": "one\ttwo\x01"}


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("NaN", None),
        ("Infinity", None),
        ("-Infinity", None),
        ("1e999", None),
        ("9" * 400, None),
        ("9" * 5000, None),
        ("123456789012345678901234567890", 1.2345678901234568e29),
        ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
    ],
)
def test_numbers_that_no_column_holds_are_none_or_floats(number: str, value: float | None) -> None:
    assert parse_line(f'{{"a": {number}, "b": NaN}}'.encode()) == {"a": value, "b": None}
    assert parse_line(f'{{"a": {number}}}'.encode()) == {"a": value}


@given(JSON)
def test_patient_reading_gives_what_fast_reading_gives(value: object) -> None:
    text = json.dumps(value)
    try:
        fast = orjson.loads(text)
    except orjson.JSONDecodeError:  # half a character
        fast = clean(json.loads(text))
    assert parse_text(text)[0] == clean(fast)


def test_an_object_nested_beyond_reason_is_rejected() -> None:
    deep = b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    assert rejected(deep).reason is RejectReason.TRANSLATION
    assert (
        rejected(b'{"b": "\\u0000", "a": ' + b"[" * 1020 + b"]" * 1020 + b"}").reason
        is RejectReason.TRANSLATION
    )


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_malformed(line: bytes) -> None:
    try:
        found = parse_line(line)
    except Malformed as error:
        assert error.detail
    else:
        assert found is None or isinstance(found, dict)


@given(st.binary(max_size=60), st.integers(0, len(LINE)))
def test_damage_inside_a_line_raises_nothing_but_malformed(noise: bytes, at: int) -> None:
    try:
        found = parse_line(LINE[:at] + noise + LINE[at:])
    except Malformed:
        return
    assert isinstance(found, dict)
    json.dumps(found, allow_nan=False)


@given(st.text())
def test_patient_reading_raises_only_not_json(text: str) -> None:
    try:
        value, end = parse_text(text)
    except NotJson:
        return
    assert 0 < end <= len(text)
    assert not (isinstance(value, float) and not math.isfinite(value))
