"""URLs: each is read to what a person would say, and nothing personal is left of any."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_moocdb.translation import page_words
from openedx_moocdb.translation.block_ids import canonical_usage, split_input
from openedx_moocdb.translation.pages import NO_PAGE, PageKind, author_page, page_of
from openedx_moocdb.translation.payloads import form_fields, read_payload
from openedx_moocdb.translation.registry import RequestType, default_registry

K = "course-v1:ExampleX+E101+2026"
HEX = "0123456789abcdef0123456789abcdef"
THREAD = "0123456789abcdef01234567"
UNIT = f"block-v1:ExampleX+E101+2026+type@vertical+block@{HEX}"
SECTION = f"block-v1:ExampleX+E101+2026+type@sequential+block@{HEX}"
PROBLEM = f"block-v1:ExampleX+E101+2026+type@problem+block@{HEX}"
OLD = "ExampleX/6.002x/2013_Spring"
HOST = "lms.example.org"


@pytest.mark.parametrize(
    ("url", "kind", "path", "course"),
    [
        ("/", PageKind.SITE, "/", None),
        ("https://lms.example.org", PageKind.SITE, "/", None),
        ("/dashboard", PageKind.SITE, "/dashboard/", None),
        ("/u/someone", PageKind.ACCOUNT, "/u/", None),
        ("/account/settings", PageKind.ACCOUNT, "/account/", None),
        ("/activate/0123456789abcdef", PageKind.ACCOUNT, "/activate/", None),
        ("/logout?next=/", PageKind.LOGOUT, "/logout/", None),
        ("/heartbeat", PageKind.HEARTBEAT, "/heartbeat/", None),
        ("/static/js/lms.js", PageKind.STATIC, "/static/", None),
        (f"/asset-v1:ExampleX+E101+2026+type@asset+block@{HEX}.pdf", PageKind.STATIC, "/static/", None),
        (f"/courses/{K}", PageKind.COURSE, f"/courses/{K}/", K),
        (f"/courses/{K}/about", PageKind.ABOUT, f"/courses/{K}/about/", K),
        (f"/courses/{K}/info?tpa_hint=x", PageKind.INFO, f"/courses/{K}/info/", K),
        (f"/courses/{K}/progress/7", PageKind.PROGRESS, f"/courses/{K}/progress/_/", K),
        (f"/courses/{K}/wiki/some-one/_edit/", PageKind.WIKI, f"/courses/{K}/wiki/_/_edit/", K),
        (f"/courses/{K}/discussion/forum/", PageKind.FORUM, f"/courses/{K}/discussion/forum/", K),
        (
            f"/courses/{K}/discussion/forum/{HEX}/threads/{THREAD}",
            PageKind.FORUM,
            f"/courses/{K}/discussion/forum/{HEX}/threads/{THREAD}/",
            K,
        ),
        (
            f"/courses/{K}/discussion/forum/users/7/followed",
            PageKind.FORUM,
            f"/courses/{K}/discussion/forum/users/_/followed/",
            K,
        ),
        (f"/courses/{K}/pdfbook/0/chapter/1/14", PageKind.BOOK, f"/courses/{K}/pdfbook/0/chapter/1/_/", K),
        (f"/courses/{K}/book/0/214", PageKind.BOOK, f"/courses/{K}/book/0/214/", K),
        (f"/courses/{K}/{HEX}/", PageKind.COURSE, f"/courses/{K}/_/", K),
        (f"/courses/{K}/tab/{HEX}/", PageKind.TAB, f"/courses/{K}/tab/{HEX}/", K),
        (f"/courses/{K}/tab/someone/", PageKind.TAB, f"/courses/{K}/tab/_/", K),
        (f"/courses/{K}/teams/", PageKind.COURSE, f"/courses/{K}/teams/", K),
        (f"/courses/{K}/instructor/api/list", PageKind.INSTRUCTOR, f"/courses/{K}/instructor/api/_/", K),
        (f"/learning/course/{K}/home", PageKind.INFO, f"/learning/course/{K}/home/", K),
        (f"/learning/course/{K}/progress/7", PageKind.PROGRESS, f"/learning/course/{K}/progress/", K),
        (f"/learning/course/{K}/someone", PageKind.COURSE, f"/learning/course/{K}/_/", K),
        (f"https://learning.example.org/course/{K}/dates", PageKind.INFO, f"/learning/course/{K}/dates/", K),
        (f"/course/{K}", PageKind.STUDIO, "/studio/", K),
        (f"/discussions/{K}/posts/{THREAD}", PageKind.FORUM, f"/discussions/{K}/", K),
        (f"/api/course_home/v1/outline/{K}", PageKind.COURSE_API, "/api/course_home/v1/outline/", K),
        ("/api/user/v1/accounts/someone", PageKind.API, "/api/user/v1/accounts/", None),
        ("/api/someone/v99999/else", PageKind.API, "/api/_/_/_/", None),
        ("/api/discussion/v1/threads/", PageKind.FORUM, "/api/discussion/v1/threads/", None),
        ("/wiki/Some.One/", PageKind.WIKI, "/wiki/", None),
        ("/nonsense/someone", PageKind.SITE, "/_/", None),
        ("/courses/no-key/someone", PageKind.SITE, "/courses/", None),
        ("/preview_component/x", PageKind.PREVIEW, "/preview/", None),
        ("/container/x", PageKind.STUDIO, "/studio/", None),
        (f"/xblock/outline/{UNIT}", PageKind.STUDIO, "/studio/", None),
        (f"/xblock/{UNIT}/container_preview", PageKind.STUDIO, "/studio/", None),
        ("/settings/details/library-v1:A+L", PageKind.STUDIO, "/studio/", "library-v1:A+L"),
        ("x_module", PageKind.NONE, "", None),
        ("about:blank", PageKind.NONE, "", None),
        ("file:///home/someone/page.html", PageKind.NONE, "", None),
        ("https://lms.example.org/xblock", PageKind.NONE, "", None),
        ("", PageKind.NONE, "", None),
    ],
)
def test_a_url_is_read_to_its_kind_path_and_course(
    url: str, kind: PageKind, path: str, course: str | None
) -> None:
    page = page_of(url, HOST)
    assert (page.kind, page.path, page.course_key) == (kind, path, course)


def test_a_courseware_url_names_chapter_section_and_panel() -> None:
    page = page_of(f"https://x.org/courses/{OLD}/courseware/Week_1/Lab_2/3?q=1#top")
    assert (page.kind, page.chapter, page.section, page.panel) == (PageKind.COURSEWARE, "Week_1", "Lab_2", 3)
    assert page.path == f"/courses/{OLD}/courseware/Week_1/Lab_2/3/"
    assert page.is_place


@pytest.mark.parametrize(
    ("query", "panel"), [("?child=first", 1), ("?child=last", -1), ("?child=x", None), ("", None)]
)
def test_a_courseware_url_may_ask_for_the_first_or_last_panel(query: str, panel: int | None) -> None:
    assert page_of(f"/courses/{K}/courseware/{HEX}/{HEX}/{query}").panel == panel


def test_a_courseware_url_may_name_the_block_to_show() -> None:
    url = f"/courses/{K}/courseware/{HEX}/{HEX}/?activate_block_id="
    assert page_of(url + PROBLEM.replace("+", "%2B")).block == PROBLEM
    assert page_of(url + PROBLEM).block == PROBLEM
    assert page_of(url).block == ""


@pytest.mark.parametrize(
    ("rest", "section", "unit", "panel"),
    [
        (f"{SECTION}/{UNIT}", SECTION, UNIT, None),
        (SECTION, SECTION, "", None),
        (f"{SECTION}/first", SECTION, "", 1),
        (f"{SECTION}/last", SECTION, "", -1),
    ],
)
def test_the_learning_mfe_names_section_and_unit_by_key(
    rest: str, section: str, unit: str, panel: int | None
) -> None:
    for url in (f"/learning/course/{K}/{rest}", f"https://learning.example.org/course/{K}/{rest}?a=b"):
        page = page_of(url)
        assert (page.kind, page.section, page.unit, page.panel) == (PageKind.COURSEWARE, section, unit, panel)
        assert page.course_key == K


def test_the_page_of_a_unit_is_its_place() -> None:
    page = page_of(f"/xblock/{UNIT}?show_title=0&view=student_view")
    assert (page.kind, page.unit, page.course_key) == (PageKind.UNIT, UNIT, K)
    assert page_of(f"/xblock/{PROBLEM}").unit == ""


@pytest.mark.parametrize(
    ("url", "block", "handler"),
    [
        (
            f"/courses/{K}/xblock/{PROBLEM}/handler/xmodule_handler/problem_check",
            PROBLEM,
            "xmodule_handler/problem_check",
        ),
        (
            f"/courses/{OLD}/xblock/i4x:;_;_ExampleX;_6.002x;_problem;_P1/handler/xmodule_handler/problem_get",
            "i4x://ExampleX/6.002x/problem/P1",
            "xmodule_handler/problem_get",
        ),
        (
            f"/courses/{OLD}/modx/i4x://ExampleX/6.002x/problem/P1/problem_save",
            "i4x://ExampleX/6.002x/problem/P1",
            "problem_save",
        ),
        (f"/courses/{K}/xblock/{PROBLEM}/handler_noauth/transcript/download", PROBLEM, "transcript/download"),
        (f"/courses/{K}/xblock/{PROBLEM}/handler/someone/else", PROBLEM, "_/_"),
        (f"/xblock/{PROBLEM}/handler/publish_completion", PROBLEM, "publish_completion"),
    ],
)
def test_a_handler_names_its_block_and_what_is_called(url: str, block: str, handler: str) -> None:
    page = page_of(url)
    assert (page.kind, page.block, page.handler) == (PageKind.HANDLER, block, handler)


@pytest.mark.parametrize("word", ["jump_to", "jump_to_id"])
def test_a_jump_names_where_it_goes(word: str) -> None:
    target = UNIT if word == "jump_to" else HEX
    page = page_of(f"/courses/{K}/{word}/{target}")
    assert (page.kind, page.block) == (PageKind.JUMP, UNIT)


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("studio.example.org", PageKind.STUDIO),
        ("Studio.Example.org", PageKind.STUDIO),
        ("stage-studio.example.org", PageKind.STUDIO),
        ("cms.example.org", PageKind.STUDIO),
        ("localhost:18010", PageKind.STUDIO),
        ("preview.example.org", PageKind.PREVIEW),
        ("lms.example.org", PageKind.NONE),
        ("mystudio.example.org", PageKind.NONE),
        ("localhost:18000", PageKind.NONE),
        ("", PageKind.NONE),
    ],
)
def test_the_hosts_of_authors_are_known(host: str, kind: PageKind) -> None:
    assert author_page(host).kind is kind
    if kind is not PageKind.NONE:
        assert page_of(f"/courses/{K}/courseware/a/b/", host).kind is kind
        assert page_of(f"https://{host}/courses/{K}/info", HOST).kind is kind


#: what a person reads in each line of ``url_variants.tsv``, by its number from 1 after the head
C13, C12 = "MITx/6.002x/2013_Spring", "MITx/6.002x/2012_Fall"
PAGES = {
    1: ("courseware", C13, "Week_1", "Week_1_Tutorials", None),
    2: ("courseware", C13, "Week_10", "Homework_10", None),
    3: ("courseware", C13, "Week_12", "wk10_CS", None),
    4: ("courseware", C13, "Week_13", "Op_Amps_Positive_Feedback", 10),
    5: ("book", C13, "", "", None),
    6: ("book", C13, "", "", None),
    7: ("book", C13, "", "", None),
    8: ("book", C13, "", "", None),
    9: ("about", C13, "", "", None),
    10: ("book", C13, "", "", None),
    11: ("courseware", C13, "d6400fa12fbc44ea8328db31f6c07182", "b85fb22ac3b4422d9559282bf5b4ffce", None),
    12: ("static", None, "", "", None),
    13: ("courseware", C13, "Week_1", "Week_1_Tutorials", None),
    14: ("courseware", C13, "Week_2", "Lab_2", 1),
    15: ("courseware", C13, "Week_2", "Linearity_and_Superposition", 1),
    16: ("courseware", C13, "Week_2", "Linearity_Thevenin_and_Norton_Digital", None),
    17: ("courseware", C13, "Week_3", "Lab_3", None),
    18: ("none", None, "", "", None),
    19: ("static", None, "", "", None),
    20: ("static", None, "", "", None),
    21: ("static", None, "", "", None),
}
P, S = "i4x://MITx/6.002x/problem/", "i4x://Engineering/Solar/problem/"
BLOCKS = {
    22: (P + "H12P3_Opamps_and_Filter_Design", "10_1"),
    23: (P + "4b92e25c8dd24d928d47a63adbc1f1f6", "5_1"),
    24: (P + "L2Node0", "2_1"),
    25: (P + "S7E2_Graphs", "2_1"),
    26: (P + "S23E1_Non-Inverting_Amplifier", "2_1"),
    27: (P + "S23E1_Non-Inverting_Amplifier", "2_1"),
    28: (P + "Q2Final2012", ""),
    29: (P + "Op_Amps", "problem_get"),
    30: ("i4x://MITx/6.002x/course/2013_Spring", "jump"),
    31: ("i4x://MITx/6.002x/discussion/discussion_ada9b41788ab", "jump"),
    32: (P + "0d4f2b54bcd34f74a6bd522e3ee013a6", "problem_check"),
    34: ("i4x://MITx/6.002x/sequential/Week_4_Tutorials", "goto_position"),
    35: (P + "Mosfet_Amplifier", "2_1"),
    36: (S + "bc31c9ab2dab4bba8ad8f716f8ecf8d5", "2_1"),
    37: (S + "bc31c9ab2dab4bba8ad8f716f8ecf8d5", ""),
    38: (S + "222c588f6afe48ea8eac46af8795039f", "2_1"),
}
HISTORY = 33


@pytest.fixture(scope="module")
def variants(shared_data: Path) -> list[str]:
    with (shared_data / "events" / "url_variants.tsv").open(newline="") as file:
        return [row["string"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def test_every_variant_of_a_url_has_its_reading(variants: list[str]) -> None:
    assert len(variants) == len(PAGES) + len(BLOCKS) + 1


@pytest.mark.parametrize("number", PAGES)
def test_an_odd_url_is_read_as_a_person_would(variants: list[str], number: int) -> None:
    page = page_of(variants[number - 1], HOST)
    assert (page.kind.value, page.course_key, page.chapter, page.section, page.panel) == PAGES[number]


@pytest.mark.parametrize("number", BLOCKS)
def test_an_odd_id_is_read_as_a_person_would(variants: list[str], number: int) -> None:
    text = variants[number - 1]
    if text.startswith("/"):
        page = page_of(text, HOST)
        word = page.handler if page.kind is PageKind.HANDLER else page.kind.value
        assert (page.block, word) == BLOCKS[number]
        return
    course = "Engineering/Solar/Fall2013" if "Engineering" in text else C13
    payload, _ = read_payload(text)
    field = next(iter(form_fields(payload)), payload)
    problem, part = split_input(field)
    assert (canonical_usage(problem, course, "problem"), part) == BLOCKS[number]


def test_the_history_of_a_learner_shows_no_learner(variants: list[str]) -> None:
    page = page_of(variants[HISTORY - 1], HOST)
    assert page.path == f"/courses/{C13}/submission_history/_/_/_/_/"
    assert page.kind is PageKind.INSTRUCTOR


def test_every_handler_that_a_class_answers_to_is_a_word_that_is_kept() -> None:
    claimed = {
        word
        for event_type in default_registry()
        if isinstance(event_type, RequestType)
        for handler in event_type.handlers
        for word in handler.split("/")
    }
    assert claimed
    assert claimed <= page_words.HANDLER_WORDS


SEGMENT = st.text(
    alphabet="abcdefghijklmnopqrstuvwxyzABCDEFXYZ0123456789_.-~@:+% éü", min_size=1, max_size=24
)
KNOWN = st.sampled_from(
    ["api", "courses", "course", "learning", "xblock", "discussions", "wiki", "user", "v1", "book", "forum"]
)
SITE_PATHS = {f"/{word}/" for word in page_words.SITE_WORDS | {"_", "logout", "wiki", "learning"}} | {"/"}
KINDS = {"/heartbeat/", "/static/", "/preview/", "/studio/", ""}


@given(st.lists(SEGMENT | KNOWN, max_size=6), st.sampled_from(["", "https://x.org", " "]))
def test_paths_outside_courses_are_of_a_closed_list(segments: list[str], head: str) -> None:
    page = page_of(head + "/" + "/".join(segments), HOST)
    if page.course_key is not None or page.block:
        return
    if page.path.startswith("/api/"):
        words = page.path.strip("/").split("/")[1:]
        assert len(words) <= 3
        assert all(w in page_words.API_WORDS | {"_"} or (w[0] == "v" and len(w) < 4) for w in words)
    else:
        assert page.path in SITE_PATHS | KINDS


@given(st.lists(SEGMENT, min_size=1, max_size=6))
def test_behind_a_course_only_known_words_numbers_and_underscores_are_kept(segments: list[str]) -> None:
    page = page_of(f"/courses/{K}/" + "/".join(segments), HOST)
    if page.path in KINDS:
        return
    rest = page.path.removeprefix(f"/courses/{K}/").strip("/").split("/")
    words = {
        *page_words.COURSE_WORDS,
        *page_words.FORUM_WORDS,
        *page_words.WIKI_WORDS,
        "",
        "_",
        "api",
        "chapter",
    }
    assert all(word in words or (word.isdigit() and len(word) <= 5) for word in rest)


@given(st.text())
def test_no_text_raises_and_every_path_is_whole(url: str) -> None:
    for text in (url, "/" + url, f"/courses/{K}/{url}", f"/xblock/{url}", f"https://{url}"):
        page = page_of(text, url)
        assert page.path == "" or (page.path[0] == "/" and page.path[-1] == "/")
        assert page.path or page == NO_PAGE
        assert "\0" not in page.path and "?" not in page.path
