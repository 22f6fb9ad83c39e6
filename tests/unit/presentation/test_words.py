"""Numbers, times and names as readers see them."""

from __future__ import annotations

import pytest
from django.utils import translation

from openedx_moocdb.data_access.store.reports.outline import Spot
from openedx_moocdb.presentation import formats, paging
from openedx_moocdb.presentation.words import EVIDENCE, event_words, path_words, spot_words
from openedx_moocdb.schema.step import PlaceSource


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0, "0 s"),
        (0.4, "< 1 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (436.3, "7 min 16 s"),
        (3599.6, "1 h 00 min"),
        (549_804, "152 h 43 min"),
        (3_600_000, "1,000 h 00 min"),
    ],
)
def test_a_duration_has_two_units_at_most_and_unknown_is_a_dash(seconds: float | None, text: str) -> None:
    assert formats.duration(seconds) == text


def test_numbers_have_the_separators_of_the_language() -> None:
    assert formats.number(1234567) == "1,234,567"
    with translation.override("de"):
        assert formats.number(1234567) == "1.234.567"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.00001, "< 0.1 %"),
        (0.9999, "> 99.9 %"),
        (0.305, "30.5 %"),
        (1 / 6, "16.7 %"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(share: float, text: str) -> None:
    assert formats.share(share) == text


def test_sizes_are_in_the_unit_that_fits() -> None:
    assert [formats.size(n) for n in (999, 1500, 30_989_577)] == ["999 B", "1.5 kB", "31.0 MB"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("play_video", "Played a video"),
        ("<request> handler xmodule_handler/problem_get", "Request: problem get"),
        ("<request> /courses/{course_id}/progress/", "Opened the progress page"),
        ("<request> /xblock/{usage_key}", "Opened a unit"),
        ("<request> /api/course_home/outline/_/", "App fetched course_home/outline"),
        ("<request> /dashboard/", "Opened /dashboard/"),
        ("edx.special_exam.timed.attempt.started", "Special exam timed attempt started"),
        ("", "Unnamed event"),
    ],
)
def test_events_are_told_in_words(name: str, words: str) -> None:
    assert event_words(name) == words


def test_every_evidence_has_words_and_the_rules_of_the_ladder() -> None:
    assert set(EVIDENCE) == set(PlaceSource)
    assert all(evidence.rules for evidence in EVIDENCE.values())


def test_a_unit_without_a_name_says_its_number_and_one_without_that_is_not_known() -> None:
    assert spot_words(Spot(1, "3", "unit", "")) == "Unit 3"
    assert spot_words(Spot(1, "", "unit", "")) == "Unit not known"
    assert spot_words(Spot(1, "", "chapter", "")) == "Chapter not known"


def test_a_page_that_is_no_courseware_says_what_it_is() -> None:
    assert path_words((Spot(1, "about", "informational", ""),)) == "Course information › about"
    assert path_words((Spot(1, "Week 1", "chapter", ""), Spot(2, "2", "unit", ""))) == "Week 1 › Unit 2"
    assert path_words(()) == "No place"


def test_the_page_asked_for_is_the_nearest_there_is() -> None:
    numbers = list(range(7))
    assert paging.cut(numbers, {"page": "2"}, 3).items == [3, 4, 5]
    assert paging.cut(numbers, {"page": "99"}, 3).items == [6]
    assert paging.cut(numbers, {"page": "x"}, 3).number == 1
    assert paging.cut([], {}, 3).pages == 1


def test_links_to_other_pages_keep_the_order() -> None:
    found = paging.cut(list(range(7)), {"page": "2", "sort": "-a"}, 3, "#list", ("sort",))
    assert (found.previous, found.next) == ("?sort=-a&page=1#list", "?sort=-a&page=3#list")


def test_unknown_values_come_last_in_either_order() -> None:
    ways = {"a": lambda item: item}
    assert paging.ordered([2, None, 1], {"sort": "a"}, ways, "-a")[0] == [1, 2, None]
    assert paging.ordered([2, None, 1], {"sort": "-a"}, ways, "a")[0] == [2, 1, None]
    assert paging.ordered([2, 1], {"sort": "nonsense"}, ways, "-a") == ([2, 1], "-a")
