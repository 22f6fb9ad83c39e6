"""Times in every form that logs, exports and apps write."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_moocdb.translation.times import read_time, time_text

#: 2013-03-03 22:17:42.123456 UTC
MOMENT = 1_362_349_062_123_456
SECOND = 1_362_349_062_000_000
MILLISECOND = 1_362_349_062_123_000


@pytest.mark.parametrize(
    ("value", "time_us"),
    [
        ("2013-03-03T22:17:42.123456+00:00", MOMENT),
        ("2013-03-03T22:17:42.123456Z", MOMENT),
        ("2013-03-03T22:17:42.123456z", MOMENT),
        ("2013-03-03T22:17:42.123456", MOMENT),
        ("2013-03-03 22:17:42.123456", MOMENT),
        ("2013-03-03 22:17:42.123456 UTC", MOMENT),
        ("2013-03-03 22:17:42.123456 00:00", MOMENT),
        (" 2013-03-03T22:17:42.123456+00:00\n", MOMENT),
        ("2013-03-04T00:17:42.123456+02:00", MOMENT),
        ("2013-03-03T16:47:42.123456-0530", MOMENT),
        ("2013-03-03T22:17:42.1234567899+00:00", MOMENT),
        ("2013-03-03T22:17:42,123456", MOMENT),
        ("2013-03-03T22:17:42+00:00", SECOND),
        ("2013-03-03T22:17:42", SECOND),
        ("2013-03-03T22:17:42.123Z", MILLISECOND),
        ("2013-03-03", 1_362_268_800_000_000),
        ({"$date": 1_362_349_062_123}, MILLISECOND),
        ({"$date": 1_362_349_062_123.0}, MILLISECOND),
        ({"$date": {"$numberLong": "1362349062123"}}, MILLISECOND),
        ({"$date": "2013-03-03T22:17:42.123Z"}, MILLISECOND),
        ({"$date": -1000}, -1_000_000),
        (1_362_349_062, SECOND),
        (1_362_349_062.123456, MOMENT),
        (1_362_349_062_123, MILLISECOND),
        ("1362349062", SECOND),
        ("1362349062.123456", MOMENT),
        ("1362349062123", MILLISECOND),
        ("1312121062123", 1_312_121_062_123_000),
        (0, 0),
        ("1969-12-31T23:59:59.999999Z", -1),
    ],
)
def test_a_time_is_read_in_any_form(value: Any, time_us: int) -> None:
    assert read_time(value) == time_us


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "yesterday",
        "None",
        "2013-13-03T22:17:42",
        "2013-03-03T25:17:42",
        "0001-01-01T00:00:00Z",
        "0999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-23:59",
        True,
        float("nan"),
        float("inf"),
        -5,
        10**40,
        "9" * 4400,
        [],
        {},
        {"$date": None},
        {"$date": True},
        {"$date": 10**30},
        {"$date": {"$date": 5}},
        {"$date": {"$numberLong": "soon"}},
        "\ud800",
    ],
)
def test_what_is_no_time_that_a_database_keeps_is_none(value: Any) -> None:
    assert read_time(value) is None


@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30)), st.integers(-840, 840))
def test_a_zone_moves_nothing(moment: datetime, offset: int) -> None:
    aware = moment.replace(tzinfo=timezone.utc).astimezone(timezone(timedelta(minutes=offset)))
    assert read_time(aware.isoformat()) == read_time(moment.isoformat())


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 12, 31)))
def test_text_of_a_time_reads_back_and_sorts_like_it(moment: datetime) -> None:
    time_us = read_time(moment.isoformat())
    assert time_us is not None
    text = time_text(time_us)
    assert len(text) == 26 and read_time(text) == time_us
    assert text < time_text(time_us + 1)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["$date", "$numberLong", "a"]), inner)
        ),
        max_leaves=5,
    )
)
def test_no_value_raises_and_every_time_found_can_be_written(value: Any) -> None:
    found = read_time(value)
    if found is not None:
        assert len(time_text(found)) == 26
