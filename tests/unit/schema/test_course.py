"""Look-ups in one tree and among its versions."""

from __future__ import annotations

import pytest

from openedx_moocdb.schema.course import (
    Block,
    Course,
    CourseTree,
    block_name,
    block_type,
    course_version,
)


def key(kind: str, name: str) -> str:
    return f"block-v1:O+C+R+type@{kind}+block@{name}"


def block(kind: str, name: str, *children: str) -> Block:
    return Block(key(kind, name), kind, children=children)


BLOCKS = (
    block("course", "course", key("chapter", "week1")),
    block(
        "chapter",
        "week1",
        key("sequential", "lesson"),
        key("vertical", "loose"),
        key("sequential", "gone"),
        key("videosequence", "films"),
    ),
    block("sequential", "lesson", key("vertical", "first"), key("vertical", "second")),
    block("vertical", "first", key("video", "v1"), key("problem", "shared")),
    block("video", "v1"),
    block("vertical", "second", key("split_test", "split"), key("problem", "shared")),
    block("split_test", "split", key("vertical", "group0"), key("vertical", "group1")),
    block("vertical", "group0", key("html", "a")),
    block("html", "a"),
    block("vertical", "group1", key("html", "b"), key("html", "missing")),
    block("html", "b"),
    block("problem", "shared"),
    block("vertical", "loose", key("html", "c")),
    block("html", "c"),
    block("videosequence", "films", key("video", "v2")),
    block("video", "v2"),
    block("html", "orphan"),
)


@pytest.fixture(scope="module")
def tree() -> CourseTree:
    return CourseTree(course_version("course-v1:O+C+R", 0, BLOCKS))


@pytest.mark.parametrize(
    ("kind", "name", "unit", "section", "panel"),
    [
        ("video", "v1", "first", "lesson", 1),
        ("vertical", "second", "second", "lesson", 2),
        ("html", "c", "loose", "loose", 1),
    ],
)
def test_a_block_is_on_the_unit_above_it(
    tree: CourseTree, kind: str, name: str, unit: str, section: str, panel: int
) -> None:
    found = tree.unit_of(key(kind, name))
    assert found is not None
    assert found.usage_key == key("vertical", unit)
    assert (found.chapter, found.section, found.panel) == ("week1", section, panel)
    assert found.chapter_key == key("chapter", "week1")


@pytest.mark.parametrize("name", ["a", "b", "missing"])
def test_a_block_in_a_split_test_is_on_the_unit_that_holds_the_test(tree: CourseTree, name: str) -> None:
    found = tree.unit_of(key("html", name))
    assert found is not None
    assert found.usage_key == key("vertical", "second")


def test_a_vertical_inside_a_unit_is_no_unit(tree: CourseTree) -> None:
    assert tree.unit_named("group0") is None


def test_a_vertical_directly_below_a_chapter_is_its_own_section(tree: CourseTree) -> None:
    unit = tree.unit_at("loose", 1)
    assert unit is not None
    assert unit.usage_key == unit.section_key == key("vertical", "loose")


def test_the_children_of_a_videosequence_are_units(tree: CourseTree) -> None:
    unit = tree.unit_at("films", 1)
    assert unit is not None
    assert unit.usage_key == key("video", "v2")
    assert tree.unit_of(key("video", "v2")) == unit


def test_a_block_on_two_units_is_on_none(tree: CourseTree) -> None:
    assert tree.unit_of(key("problem", "shared")) is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("html", "orphan"),
        ("html", "nowhere"),
        ("sequential", "lesson"),
        ("chapter", "week1"),
        ("course", "course"),
    ],
)
def test_what_is_on_no_unit_has_none(tree: CourseTree, kind: str, name: str) -> None:
    assert tree.unit_of(key(kind, name)) is None


def test_a_unit_is_found_by_section_and_panel_from_one(tree: CourseTree) -> None:
    first = tree.unit_at("lesson", 1)
    assert first is not None
    assert first.usage_key == key("vertical", "first")
    assert [tree.unit_at("lesson", panel) for panel in (0, 3)] == [None, None]
    assert tree.unit_at("gone", 1) is None


def test_a_unit_is_found_by_its_key_and_by_its_name(tree: CourseTree) -> None:
    by_key = tree.unit_named(key("vertical", "second"))
    assert by_key is not None
    assert by_key == tree.unit_named("second")
    assert tree.unit_named("elsewhere") is None


@pytest.mark.parametrize(
    ("usage_key", "kind", "name"),
    [
        ("block-v1:O+C+R+type@video+block@abc", "video", "abc"),
        ("i4x://O/C/video/abc", "video", "abc"),
        ("i4x://O/C/html/secret:toylab", "html", "secret:toylab"),
        ("abc", "", "abc"),
    ],
)
def test_type_and_name_are_read_from_both_forms_of_key(usage_key: str, kind: str, name: str) -> None:
    assert (block_type(usage_key), block_name(usage_key)) == (kind, name)
    assert Block(usage_key, kind).name == name


def test_equal_trees_have_equal_versions_whenever_they_are_valid() -> None:
    one = course_version("course-v1:O+C+R", 0, BLOCKS)
    other = course_version("course-v1:O+C+R", 5, list(BLOCKS))
    assert one.version == other.version
    assert len(one.version) == 32


def test_a_tree_that_differs_in_anything_has_another_version() -> None:
    version = course_version("course-v1:O+C+R", 0, BLOCKS).version
    renamed = (*BLOCKS[:-1], Block(BLOCKS[-1].usage_key, "html", "A new name"))
    assert course_version("course-v1:O+C+R", 0, renamed).version != version
    assert course_version("course-v1:O+C+R", 0, reversed(BLOCKS)).version != version


def test_the_version_valid_at_a_time_is_the_last_that_began() -> None:
    versions = [course_version("course-v1:O+C+R", at, BLOCKS[:size]) for at, size in ((200, 3), (100, 2))]
    course = Course("course-v1:O+C+R", versions)
    sizes = {}
    for time_us in (0, 99, 100, 199, 200, 10_000):
        tree = course.tree_at(time_us)
        assert tree is not None
        sizes[time_us] = len(tree.blocks)
    assert sizes == {0: 2, 99: 2, 100: 2, 199: 2, 200: 3, 10_000: 3}
    assert course.latest is course.tree_at(200)


def test_a_course_without_structure_has_no_tree() -> None:
    course = Course("course-v1:O+C+R")
    assert course.tree_at(0) is None
    assert course.latest is None
