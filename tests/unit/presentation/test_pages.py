"""The pages as a client without any script or style gets them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from openedx_moocdb.data_access.store.interface import FileMark, Rejection
from openedx_moocdb.data_access.store.reports.asking import KEPT
from openedx_moocdb.data_access.store.sql import open_store
from tests.unit.presentation import small_course
from tests.unit.presentation.small_course import ANNA, BERT, COURSE

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert("1")</script>\'&{{ x }}{% x %}'
ADDRESS = f"/courses/{COURSE}/"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    KEPT.forget()
    settings.ROOT_URLCONF = "openedx_moocdb.standalone.urls"


def get(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def cells(html: str) -> str:
    """The text of a page with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_an_empty_database_says_what_to_do(client: Client) -> None:
    assert "moocdb import" in get(client, "/")
    assert "moocdb import" in get(client, "/quarantine/")


def test_the_list_of_courses_has_the_figures_of_each(client: Client) -> None:
    small_course.fill()
    html = get(client, "/")
    text = cells(html)
    assert f'href="{ADDRESS}"' in html
    assert "Learners 2 Events 6 Visits 4 Time 3 min 30 s" in text
    assert "Jan. 1, 2024 – Jan. 2, 2024" in text
    assert "Stated 50.0 % Course structure 33.3 % Assumed 16.7 %" in text


def test_a_course_shows_its_tree_with_unknown_times_as_dashes(client: Client) -> None:
    small_course.fill()
    text = cells(get(client, ADDRESS))
    assert "First chapter Chapter 3 visits 2 learners 3 min" in text
    assert "Unit 2 Unit 2 visits 2 learners –" in text
    assert "A video Lecture 2 events" in text
    assert "Forum 1 visit 1 learner 30 s" in text


def test_the_table_behind_the_charts_has_every_day(client: Client) -> None:
    small_course.fill()
    text = cells(get(client, ADDRESS))
    assert "When Events Active learners 2024-01-01 4 1 2024-01-02 2 2" in text


def test_learners_are_sorted_as_the_address_says(client: Client) -> None:
    small_course.fill()
    for query, expected in (
        ("", [ANNA, BERT]),
        ("?sort=visits", [BERT, ANNA]),
        ("?sort=-first", [BERT, ANNA]),
    ):
        html = get(client, ADDRESS + query)
        found = re.findall(r"/learners/([0-9a-f]{32})/", html)
        assert found == [learner.hex() for learner in expected]
    assert 'aria-sort="descending"' in html


def test_a_trajectory_tells_time_act_place_evidence_and_duration(client: Client) -> None:
    small_course.fill()
    html = get(client, f"{ADDRESS}learners/{ANNA.hex()}/")
    text = cells(html)
    assert "Sessions 2 Visits 3 Events 4 Time in visits 3 min 30 s" in text
    assert "First chapter › First section › Unit one Firefox 120 · Ubuntu · moved on 3 min" in text
    assert "10:01:00 Played a video A video Course structure 2 min" in text
    assert "1 copy of an act" in text
    assert html.count('<circle class="sign-answer"') == 1  # in the legend; nobody answered
    assert html.count('<line class="sign-video"') == 2  # in the legend and in the picture


def test_copies_are_shown_when_asked_for(client: Client) -> None:
    small_course.fill()
    html = get(client, f"{ADDRESS}learners/{ANNA.hex()}/?copies=1")
    assert html.count('<tr class="copy">') == 1
    assert "Leave out copies" in html


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/",
        "/courses/course-v1:No+Such+Course/",
        f"{ADDRESS}learners/{'cc' * 16}/",
        f"{ADDRESS}learners/zz/",
        "/courses/%00/",
    ],
)
def test_an_address_that_leads_nowhere_is_a_page_with_a_way_out(client: Client, address: str) -> None:
    small_course.fill()
    assert 'href="/"' in get(client, address, 404)


def test_names_from_data_are_text_and_never_markup(client: Client) -> None:
    small_course.fill(title=HOSTILE, video_name=HOSTILE)
    for address in ("/", ADDRESS, f"{ADDRESS}learners/{ANNA.hex()}/"):
        html = get(client, address)
        assert "<script" not in html
        assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#x27;&amp;{{ x }}{% x %}" in html


def test_no_page_has_inline_style_or_script(client: Client) -> None:
    small_course.fill()
    for address in ("/", ADDRESS, f"{ADDRESS}learners/{ANNA.hex()}/", "/quarantine/", "/nowhere/"):
        html = client.get(address).content.decode()
        assert not re.search(r"<(script|style)\b|\s(style|on\w+)=", html)


def test_rejected_lines_are_counted_and_their_content_is_not_shown(client: Client) -> None:
    store = open_store("default")
    with store.transaction():
        store.quarantine([Rejection(b"anna@example.org", "no time", "found neither", "/logs/anna/t.log")])
        store.save_file_marks([FileMark("f", "/logs/anna/t.log", 2048, 12, False)])
    html = get(client, "/quarantine/")
    text = cells(html)
    assert "no time found neither t.log 1" in text
    assert "t.log not yet at its end 12 2.0 kB 1" in text
    assert "anna" not in html


def test_pictures_keep_their_points_in_a_language_that_writes_commas(client: Client) -> None:
    small_course.fill()
    with translation.override("de"):
        html = client.get(ADDRESS, headers={"accept-language": "de"}).content.decode()
    lengths = re.findall(r'\b(?:x|y|width|height|x1|y1)="([^"]*)"', html)
    assert lengths and all(re.fullmatch(r"-?\d+(\.\d+)?%?", length) for length in lengths)


def test_pages_are_read_only(client: Client) -> None:
    assert client.post("/").status_code == 405
