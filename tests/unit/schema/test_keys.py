"""Stored values of every id: databases hold them, so these literals never change."""

from __future__ import annotations

import pytest

from openedx_moocdb.schema.keys import (
    child_key,
    dictionary_id,
    event_key,
    key_time_us,
    learner_key,
    named_learner_key,
    secret_fingerprint,
)

SECRET = b"a secret of a test"
PAGE = "http://lms/courses/edX/toy/2012_Fall/"
EVENT = event_key(1_400_000_000_123_456, b"facts")


@pytest.mark.parametrize(
    ("time_us", "facts", "stored"),
    [
        (1_400_000_000_123_456, b"facts", "8004f94ae6b16240e3bbe918c3d3ac93"),
        (0, b"", "8000000000000000e4a6a0577479b2b4"),
        (-1, b"x", "7fffffffffffffff4adf4367f96e584f"),
    ],
)
def test_an_event_key_is_what_databases_hold(time_us: int, facts: bytes, stored: str) -> None:
    assert event_key(time_us, facts).hex() == stored


@pytest.mark.parametrize(
    ("part", "stored"),
    [("a", "8004f94ae6b16240bf67a5b6d64bbaff"), ("", "8004f94ae6b1624095228818a1e2bb7c")],
)
def test_a_child_key_is_what_databases_hold(part: str, stored: str) -> None:
    assert child_key(EVENT, part).hex() == stored


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        ("url", PAGE, 6493179694668277358),
        ("resource", PAGE, 3939764138587645915),
        ("url", "é\ud800", 6819976330831125831),
        ("url", "", 2554974211023486359),
    ],
)
def test_a_dictionary_id_is_what_databases_hold(kind: str, text: str, stored: int) -> None:
    assert dictionary_id(kind, text) == stored


def test_pseudonyms_of_learners_are_what_databases_hold() -> None:
    assert learner_key(SECRET, "prod", 7).hex() == "0dd558ed8484beb142beb73a1e995fa2"
    assert learner_key(SECRET, "edge", 7).hex() == "8a4a958cc94fb4a7c978c9a1142054a5"
    assert named_learner_key(SECRET, "prod", "7").hex() == "0f62633cb6220ab56babe3ded1fb8edf"
    assert named_learner_key(SECRET, "prod", "zoë\ud800").hex() == "68e0e959d00f5a5a4d7c190bc6acb7cf"


def test_the_fingerprint_of_a_secret_is_what_databases_hold() -> None:
    assert secret_fingerprint(SECRET) == "aaad608826ee604b"
    assert secret_fingerprint(SECRET + b"!") != secret_fingerprint(SECRET)


@pytest.mark.parametrize("time_us", [-(1 << 63), -1, 0, 1_400_000_000_123_456, (1 << 63) - 1])
def test_an_event_key_gives_its_time_back(time_us: int) -> None:
    assert key_time_us(event_key(time_us, b"facts")) == time_us
    assert key_time_us(child_key(event_key(time_us, b"facts"), "a")) == time_us


def test_event_keys_sort_by_time() -> None:
    times = [-5, -1, 0, 1, 255, 256, 1_400_000_000_123_456]
    keys = [event_key(time_us, b"%d" % -time_us) for time_us in times]
    assert sorted(keys) == keys


def test_dictionary_ids_fit_a_signed_column_and_are_never_zero() -> None:
    ids = [dictionary_id("url", f"http://lms/{number}") for number in range(10_000)]
    assert len(set(ids)) == len(ids)
    assert min(ids) > 0
    assert max(ids) < 1 << 63


def test_letter_case_tells_two_urls_apart() -> None:
    assert dictionary_id("url", "/Week_1/") != dictionary_id("url", "/week_1/")


def test_another_secret_gives_another_pseudonym() -> None:
    assert learner_key(b"other", "prod", 7) != learner_key(SECRET, "prod", 7)
    assert named_learner_key(b"other", "prod", "7") != named_learner_key(SECRET, "prod", "7")
