"""The standalone site in a real browser."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import HOSTILE, NEW_COURSE, OLD_COURSE, Visitor


def numbers(page: Page, selector: str) -> list[int]:
    """The number that each element begins with."""
    texts = [text or "" for text in page.locator(selector).all_text_contents()]
    return [int(text.split()[0].replace(",", "")) for text in texts]


def figure(page: Page, label: str) -> int:
    """The key figure of that name."""
    return numbers(page, f'.figures div:has(dt:text-is("{label}")) dd')[0]


def test_every_page_renders_without_a_complaint_of_console_or_policy(
    site: str, paths: list[str], visit: Visitor
) -> None:
    for path in paths:
        page = visit(site + path)
        assert page.locator("h1").count() == 1
        assert page.complaints == []  # type: ignore[attr-defined]


def test_the_style_sheet_arrives(site: str, visit: Visitor) -> None:
    page = visit(site)
    assert page.evaluate("getComputedStyle(document.querySelector('.cards')).display") == "grid"


def test_the_policy_forbids_everything_foreign(site: str, paths: list[str], visit: Visitor) -> None:
    page = visit(site)
    for path in paths:
        response = page.goto(site + path)
        assert response is not None
        assert "default-src 'self'" in response.headers["content-security-policy"]


def test_without_script_the_pages_say_the_same(site: str, paths: list[str], visit: Visitor) -> None:
    for path in paths:
        with_script = visit(site + path).locator("main").inner_text()
        without = visit(site + path, java_script_enabled=False).locator("main").inner_text()
        assert without == with_script
        assert len(without) > 100


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_is_wider_than_the_screen(site: str, paths: list[str], visit: Visitor, width: int) -> None:
    for path in [*paths, "/nowhere/"]:
        page = visit(site + path, width)
        for details in page.locator("details").all()[:12]:
            details.evaluate("element => { element.open = true }")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_no_violation(site: str, paths: list[str], visit: Visitor, scheme: str, width: int) -> None:
    for path in [*paths, "/nowhere/"]:
        page = visit(site + path, width, color_scheme=scheme)
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        assert results.violations_count == 0, f"{path}\n{results.generate_report()}"


def test_the_first_stop_of_the_keyboard_skips_to_the_content(site: str, visit: Visitor) -> None:
    page = visit(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_keyboard_opens_the_table_behind_the_charts(site: str, visit: Visitor) -> None:
    page = visit(site + NEW_COURSE)
    table = page.get_by_role("table", name=re.compile("active learners per day"))
    assert table.count() == 0
    page.get_by_text("Show as a table").focus()
    page.keyboard.press("Enter")
    assert table.is_visible()


def test_the_tree_opens_down_to_the_blocks(site: str, visit: Visitor) -> None:
    page = visit(site + OLD_COURSE)
    tree = page.locator(".tree")
    kinds = ["Section", "Unit", "Problem"]
    level = tree.locator("> li").first
    for kind in kinds:
        level = level.locator("> details > ul > li").last
        assert level.locator(".kind").first.inner_text() == kind
        assert level.is_visible()
        summary = level.locator("> details > summary")
        if summary.count():
            summary.focus()
            page.keyboard.press("Enter")


def test_one_comes_from_the_courses_to_a_learner_and_back(site: str, visit: Visitor) -> None:
    page = visit(site)
    page.get_by_role("link", name="Simulated DE101").click()
    assert page.url.endswith(NEW_COURSE)
    page.get_by_role("link", name="Visits").click()
    visits = numbers(page, ".learners td:nth-child(3)")
    assert visits == sorted(visits, reverse=True) and visits[0] > 0
    page.locator(".learners tbody a").first.click()
    assert re.search(r"/learners/[0-9a-f]{32}/$", page.url)
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Simulated DE101").click()
    assert page.url.endswith(NEW_COURSE)


def test_the_picture_of_a_way_has_as_many_visits_as_the_page_says(
    site: str, learner_page: str, visit: Visitor
) -> None:
    page = visit(site + learner_page)
    assert page.locator("svg.path rect.visit").count() == figure(page, "Visits") > 0
    assert page.locator("svg.path rect.session").count() == figure(page, "Sessions") > 0


def test_the_numbers_of_a_course_agree_with_each_other(site: str, visit: Visitor) -> None:
    page = visit(site + OLD_COURSE)

    assert sum(numbers(page, "#activity td:nth-child(2)")) == figure(page, "Events") > 0
    assert sum(numbers(page, "#evidence td:nth-child(3)")) == figure(page, "Events")
    tops = ".tree > li > details > summary .facts > :first-child, .tree > li > .leaf .facts > :first-child"
    assert sum(numbers(page, tops)) == figure(page, "Visits") > 0


def test_hostile_names_are_shown_as_text(hostile_site: str, paths: list[str], visit: Visitor) -> None:
    for path in paths:
        page = visit(hostile_site + path)
        assert page.locator("img, script").count() == 0
        assert page.complaints == []  # type: ignore[attr-defined]
    assert page.get_by_text(HOSTILE).count() > 0


def test_an_empty_database_says_what_to_do(empty_site: str, visit: Visitor) -> None:
    page = visit(empty_site)
    assert page.get_by_text("moocdb import tracking.log.gz").is_visible()
    assert page.complaints == []  # type: ignore[attr-defined]
    assert Axe().run(page).violations_count == 0
