"""Charts are pure: the same series gives the same picture, measured by hand here."""

from __future__ import annotations

from itertools import pairwise

import pytest

from openedx_moocdb.presentation.charts.bars import bar_chart, grid_numbers
from openedx_moocdb.presentation.charts.path import Column, Point, Stretch, path_picture
from openedx_moocdb.presentation.charts.scale import percent, pixels, spread, ticks
from openedx_moocdb.presentation.charts.stack import stack


@pytest.mark.parametrize(
    ("most", "expected"),
    [(0, [0, 1]), (1, [0, 1]), (3, [0, 1, 2, 3]), (16, [0, 5, 10, 15, 20]), (1354, [0, 500, 1000, 1500])],
)
def test_ticks_are_round_whole_numbers_that_reach_the_largest_value(most: int, expected: list[int]) -> None:
    assert ticks(most) == expected


def test_lengths_have_a_point_in_every_language_and_no_idle_zeros() -> None:
    assert (percent(0.5), percent(1 / 3), percent(0), pixels(12), pixels(1.25)) == (
        "50%",
        "33.333%",
        "0%",
        "12",
        "1.2",
    )


def test_at_most_the_wanted_labels_are_chosen_and_the_first_is_among_them() -> None:
    assert spread(36, 6) == [0, 6, 12, 18, 24, 30]
    assert spread(3, 6) == [0, 1, 2]
    assert spread(0, 6) == []


def test_a_bar_is_as_tall_as_its_value_on_the_scale() -> None:
    chart = bar_chart([0, 10, 20, 5], list("abcd"), ["none", "ten", "twenty", "five"])
    # 190 px less 18 above and 22 below leave 150 for the top grid number, which is 20.
    assert grid_numbers([0, 10, 20, 5]) == [0, 10, 20]
    assert [bar.height for bar in chart.bars] == ["0", "75", "150", "37.5"]
    assert [bar.y for bar in chart.bars] == ["168", "93", "18", "130.5"]
    assert [bar.title for bar in chart.bars] == ["none", "ten", "twenty", "five"]
    assert [mark.label for mark in chart.grid] == ["0", "10", "20"]


def test_a_small_value_is_still_seen_and_nothing_is_not() -> None:
    heights = [bar.height for bar in bar_chart([1, 0, 100_000], list("abc"), list("abc")).bars]
    assert heights[:2] == ["1", "0"]


def test_a_chart_of_nothing_has_an_axis_and_no_bars() -> None:
    chart = bar_chart([], [], [])
    assert chart.bars == () and chart.axis == () and len(chart.grid) == 2


def test_parts_of_a_whole_lie_side_by_side_and_empty_ones_are_left_out() -> None:
    parts = stack([("a", "A", 1), ("b", "B", 0), ("c", "C", 3)])
    assert [(part.tone, part.x, part.width, part.share) for part in parts] == [
        ("a", "0%", "25%", 0.25),
        ("c", "25%", "75%", 0.75),
    ]
    assert stack([("a", "A", 0)]) == ()


def test_a_session_is_as_wide_as_it_is_long_and_visits_lie_inside_their_session() -> None:
    columns = [Column(3600, "1 Jan"), Column(1800, "2 Jan")]
    stretches = [
        Stretch(0, 0, 0, 1800, "device1", "first half"),
        Stretch(1, 1, 900, 1800, "device2", "second"),
    ]
    picture = path_picture([("Chapter", 2)], columns, stretches, [])
    # One gap of 1.2 % of the width; the rest is shared 2 : 1.
    assert [box.width for box in picture.columns] == ["65.867%", "32.933%"]
    assert [(box.x, box.width) for box in picture.boxes] == [("0%", "32.933%"), ("83.533%", "16.467%")]
    assert picture.boxes[0].y != picture.boxes[1].y


def test_a_visit_without_known_end_is_a_sliver_that_stays_in_the_picture() -> None:
    picture = path_picture([("Chapter", 1)], [Column(600, "")], [Stretch(0, 0, 600, 600, "device1", "")], [])
    box = picture.boxes[0]
    assert float(box.width[:-1]) > 0
    assert float(box.x[:-1]) + float(box.width[:-1]) <= 100


def test_a_point_stands_in_the_middle_of_its_row() -> None:
    picture = path_picture([("A", 1), ("B", 1)], [Column(600, "")], [], [Point(0, 1, 300, "answer", "")])
    sign = picture.signs[0]
    assert sign.x == "50%"
    assert float(sign.y) == pytest.approx((float(sign.top) + float(sign.bottom)) / 2, abs=0.1)
    assert float(sign.top) > float(picture.bands[0].y) + float(picture.bands[0].height)


def test_labels_of_sessions_do_not_overlap() -> None:
    picture = path_picture([("A", 1)], [Column(60, str(number)) for number in range(60)], [], [])
    places = [float(label.x[:-1]) / 100 * float(picture.width) for label in picture.labels]
    assert len(places) > 3
    assert all(after - before >= 58 - 0.1 for before, after in pairwise(places))
