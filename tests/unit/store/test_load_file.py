"""The file that MySQL loads."""

from __future__ import annotations

import pytest

from openedx_moocdb.data_access.store import load_file

COLUMNS = (
    "submission_id",
    "submission_answer",
    "submission_attempt_number",
    "is_canonical",
    "submission_timestamp",
)


def test_fields_are_escaped_and_unknown_is_not_empty() -> None:
    rows = [
        (b"\\\t\n\x00\xff" + bytes(11), 'a\\b\tc\nd\x00"', None, True, "2013-01-01 00:00:00.000000"),
        (b"k" * 16, None, 3, False, "2013-01-01 00:00:00.000000"),
        (b"k" * 16, "", 3, False, "2013-01-01 00:00:00.000000"),
    ]
    first, second, third = load_file.lines("submissions", COLUMNS, rows).split(b"\n")[:3]
    assert first == (
        rb"\\\t\n\0"
        + b"\xff"
        + rb"\0" * 11
        + b"\t"
        + rb"a\\b\tc\nd\0"
        + b'"\t\\N\t1\t2013-01-01 00:00:00.000000'
    )
    assert second.split(b"\t")[1:4] == [rb"\N", b"3", b"0"]
    assert third.split(b"\t")[1] == b""


def test_no_rows_are_no_bytes() -> None:
    assert load_file.lines("submissions", COLUMNS, []) == b""


def test_half_characters_are_told_to_the_caller() -> None:
    row = (b"k" * 16, "\ud800", 1, True, "2013-01-01 00:00:00.000000")
    with pytest.raises(UnicodeEncodeError):
        load_file.lines("submissions", COLUMNS, [row])
