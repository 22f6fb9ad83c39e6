"""Keys of courses and blocks: every form ends in one, and nothing but a key passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_moocdb.schema.course import block_name, block_type
from openedx_moocdb.translation.block_ids import (
    MAX_KEY,
    canonical_course,
    canonical_usage,
    course_in_usage,
    course_parts,
    course_without_run,
    html_id,
    split_input,
)

NEW = "course-v1:ExampleX+E101+2026"
OLD = "ExampleX/6.002x/2013_Spring"
HEX = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (NEW, NEW),
        ("course-v1%3AExampleX%2BE101%2B2026", NEW),
        ("course-v1:ExampleX E101 2026", NEW),
        ("course-v1:ExampleX+E101+2026+branch@draft-branch", NEW),
        ("course-v1:ExampleX+E101+2026+branch@draft-branch+version@519665f6223ebd6980884f2b", NEW),
        (OLD, OLD),
        ("ccx-v1:ExampleX+E101+2026+ccx@3", "ccx-v1:ExampleX+E101+2026+ccx@3"),
        ("library-v1:ExampleX+Lib", "library-v1:ExampleX+Lib"),
        ("course-v1:Éxample+Ä1+R", "course-v1:Éxample+Ä1+R"),
    ],
)
def test_a_course_key_has_one_form(text: str, key: str) -> None:
    assert canonical_course(text) == key
    assert canonical_course(key) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "None",
        "course-v1:",
        "course-v1:A+B",
        "A/B",
        "someone@example.org/x/y",
        "ccx-v1:A+B+C",
        "x" * 300,
        "course-v1:" + "a" * 300 + "+b+c",
        "course-v1:A+B+C D\n",
    ],
)
def test_what_is_no_course_key_is_none(text: str) -> None:
    assert canonical_course(text) is None


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        (NEW, ("ExampleX", "E101", "2026")),
        (OLD, ("ExampleX", "6.002x", "2013_Spring")),
        ("ccx-v1:ExampleX+E101+2026+ccx@3", ("ExampleX", "E101", "2026")),
        ("library-v1:ExampleX+Lib", ("ExampleX", "Lib", "")),
    ],
)
def test_the_parts_of_a_course_key(key: str, parts: tuple[str, str, str]) -> None:
    assert course_parts(key) == parts


NEW_BLOCK = f"block-v1:ExampleX+E101+2026+type@problem+block@{HEX}"
OLD_BLOCK = "i4x://ExampleX/6.002x/problem/S1E1_Op-Amp"


@pytest.mark.parametrize(
    ("text", "course", "kind", "usage"),
    [
        (NEW_BLOCK, None, "", NEW_BLOCK),
        (NEW_BLOCK.replace("+type", "+branch@draft+type"), None, "", NEW_BLOCK),
        (NEW_BLOCK.replace("+", "%2B").replace("@", "%40").replace(":", "%3A"), None, "", NEW_BLOCK),
        (NEW_BLOCK.replace("+", " "), None, "", NEW_BLOCK),
        (f"/courses/{NEW}/xblock/{NEW_BLOCK}/handler/xmodule_handler/problem_check", None, "", NEW_BLOCK),
        (HEX, NEW, "problem", NEW_BLOCK),
        (HEX, "ccx-v1:A+B+C+ccx@3", "video", f"ccx-block-v1:A+B+C+ccx@3+type@video+block@{HEX}"),
        (HEX, "library-v1:A+L", "problem", f"lib-block-v1:A+L+type@problem+block@{HEX}"),
        (
            "ccx-block-v1:A+B+C+ccx@3+type@html+block@n",
            None,
            "",
            "ccx-block-v1:A+B+C+ccx@3+type@html+block@n",
        ),
        ("lib-block-v1:A+L+type@html+block@n", None, "", "lib-block-v1:A+L+type@html+block@n"),
        ("lb:A:L:problem:n", None, "", "lb:A:L:problem:n"),
        (OLD_BLOCK, None, "", OLD_BLOCK),
        (OLD_BLOCK + "@draft", None, "", OLD_BLOCK),
        (OLD_BLOCK + "/problem_check", None, "", OLD_BLOCK),
        ("i4x:;_;_ExampleX;_6.002x;_problem;_S1E1_Op-Amp", None, "", OLD_BLOCK),
        ("i4x:/ExampleX/6.002x/problem/S1E1_Op-Amp/problem_get", None, "", OLD_BLOCK),
        ("i4x%3A%2F%2FExampleX%2F6.002x%2Fproblem%2FS1E1_Op-Amp", None, "", OLD_BLOCK),
        ("i4x-ExampleX-6_002x-problem-S1E1_Op-Amp", OLD, "", OLD_BLOCK),
        ("i4x-ExampleX-E1-problem-n", None, "", "i4x://ExampleX/E1/problem/n"),
        ("S1E1_Op-Amp", OLD, "problem", OLD_BLOCK),
    ],
)
def test_a_block_has_one_key_whatever_names_it(text: str, course: str | None, kind: str, usage: str) -> None:
    assert canonical_usage(text, course, kind) == usage
    assert canonical_usage(usage, course, kind) == usage


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEX,
        "i4x-only-two",
        "i4x://ExampleX/E1/problem/someone@example.org",
        "i4x://ExampleX/someone@example.org/problem/n",
        "block-v1:ExampleX+E101+2026+type@problem+block@someone@example.org",
        "block-v1:ExampleX+E101",
        "lb:A:L:problem:some one",
        "i4x-A-B-problem-some one",
        "block-v1:" + "a" * 300 + "+b+c+type@d+block@e",
    ],
)
def test_what_names_no_block_is_empty(text: str) -> None:
    assert canonical_usage(text, None, "") in ("", "lb:A:L:problem:some")


@given(st.text(), st.sampled_from([None, NEW, OLD]), st.sampled_from(["", "video"]))
def test_no_text_makes_a_key_that_is_long_or_holds_what_keys_do_not(
    text: str, course: str | None, kind: str
) -> None:
    usage = canonical_usage(text, course, kind)
    assert len(usage) <= MAX_KEY
    assert not set(usage) & set(" \0\n\t\"'<>?#&")


@pytest.mark.parametrize(
    ("usage", "course"),
    [
        (NEW_BLOCK, NEW),
        ("ccx-block-v1:A+B+C+ccx@3+type@html+block@n", "ccx-v1:A+B+C+ccx@3"),
        ("lib-block-v1:A+L+type@html+block@n", "library-v1:A+L"),
        (OLD_BLOCK, None),
        ("", None),
    ],
)
def test_newer_keys_contain_their_course(usage: str, course: str | None) -> None:
    assert course_in_usage(usage) == course


def test_older_keys_contain_all_of_their_course_but_the_run() -> None:
    assert course_without_run(OLD_BLOCK) == "ExampleX/6.002x"
    assert course_without_run(NEW_BLOCK) == ""


@pytest.mark.parametrize(
    ("text", "problem", "part"),
    [
        (f"{HEX}_2_1", HEX, "2_1"),
        (f"input_{HEX}_10_1", HEX, "10_1"),
        (f"input_{HEX}_2_1[]", HEX, "2_1"),
        (f"input_{HEX}_2_1_choice_2", HEX, "2_1"),
        (f"input_{HEX}_2_1_choiceinput_0bc", HEX, "2_1"),
        (f"input_{HEX}_2_1_dynamath", HEX, "2_1"),
        ("input_i4x-A-E_2_1x-problem-Lab_2_1_Part_3_1", "i4x-A-E_2_1x-problem-Lab_2_1_Part", "3_1"),
        ("i4x-A-E_2_1x-problem-n", "i4x-A-E_2_1x-problem-n", ""),
        (f"input_{HEX}", HEX, ""),
        (f"input_{HEX}_99999_1", f"{HEX}_99999_1", ""),
        ("", "", ""),
    ],
)
def test_an_input_tells_its_problem_and_its_number(text: str, problem: str, part: str) -> None:
    assert split_input(text) == (problem, part)


def test_the_html_id_of_an_older_block_leads_back_to_it() -> None:
    assert html_id(OLD_BLOCK) == "i4x-ExampleX-6_002x-problem-S1E1_Op-Amp"
    assert canonical_usage(html_id(OLD_BLOCK), OLD) == OLD_BLOCK


def test_name_and_type_of_the_common_forms_of_keys() -> None:
    assert (block_name(NEW_BLOCK), block_type(NEW_BLOCK)) == (HEX, "problem")
    assert (block_name(OLD_BLOCK), block_type(OLD_BLOCK)) == ("S1E1_Op-Amp", "problem")
