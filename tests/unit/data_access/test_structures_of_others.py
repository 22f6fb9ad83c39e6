"""Real course structures made by others; the numbers were counted by hand in the files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from openedx_moocdb.data_access.sources.course_structure import find_structures, read_structure
from openedx_moocdb.schema.course import CourseTree, CourseVersion


def given(folder: Path, name: str) -> Path:
    path = folder / "copyleft" / name
    if not path.exists():
        pytest.skip(f"no test material: {path} is absent")
    return path


def olx(folder: Path, name: str) -> CourseVersion:
    return read_structure(given(folder, f"olx/{name}"))


def count(version: CourseVersion) -> Counter[str]:
    return Counter(block.block_type for block in version.blocks)


def units(version: CourseVersion) -> list[str]:
    """Names of the units in the order of the tree."""
    tree = CourseTree(version)
    found = [(block, tree.unit_named(block.usage_key)) for block in version.blocks]
    return [block.name for block, unit in found if unit is not None]


def test_simple_has_two_chapters_and_eight_units(shared_data: Path) -> None:
    version = olx(shared_data, "simple")
    assert version.course_key == "edX/simple/2012_Fall"
    assert version.blocks[0].display_name == "A Simple Course"
    assert count(version) == {
        "course": 1, "chapter": 2, "videosequence": 1, "sequential": 3, "vertical": 1, "video": 4, "html": 2,
        "problem": 2,
    }  # fmt: skip
    found = units(version)
    assert len(found) == 8
    assert found[:3] == ["Welcome", "toylab", "S0V1_Video_Resources"]
    assert found[4:] == ["L1_Problem_1", "ps01-simple", "Lost_Video", "test_vertical"]
    lecture = CourseTree(version).unit_at("Lecture_2", 2)
    assert lecture is not None
    assert lecture.usage_key == "i4x://edX/simple/problem/L1_Problem_1"


def test_graded_has_one_chapter_four_units_and_the_words_of_its_policy(shared_data: Path) -> None:
    version = olx(shared_data, "graded")
    assert version.course_key == "edX/graded/2012_Fall"
    assert version.valid_from_us == 1_279_368_000_000_000  # 2010-07-17T12:00
    assert count(version) == {
        "course": 1, "chapter": 1, "vertical": 3, "videosequence": 2, "abtest": 1, "problem": 8,
    }  # fmt: skip
    assert units(version) == ["Homework1", "Homework2Inner", "Homework3Inner", "FinalQuestion"]
    blocks = {block.name: block for block in version.blocks}
    assert (blocks["2012_Fall"].display_name, blocks["2012_Fall"].graded) == ("Graded Course", True)
    assert (blocks["Homework2"].assignment_type, blocks["Homework2"].graded) == ("Homework", True)
    assert blocks["FinalQuestion"].assignment_type == "Final"
    assert blocks["H2P1"].weight == 4.0
    tree = CourseTree(version)
    for hidden in ("H1P2", "H1P3"):
        unit = tree.unit_of(f"i4x://edX/graded/problem/{hidden}")
        assert unit is not None
        assert unit.section == "Homework1"


def test_toy_has_five_chapters_and_seventeen_units_some_of_them_in_files(shared_data: Path) -> None:
    version = olx(shared_data, "toy")
    assert version.course_key == "edX/toy/2012_Fall"
    assert count(version) == {
        "course": 1, "chapter": 5, "videosequence": 1, "sequential": 1, "vertical": 1, "html": 10, "video": 8,
        "poll_question": 2,
    }  # fmt: skip
    assert len(units(version)) == 17
    blocks = {block.name: block for block in version.blocks}
    assert blocks["2012_Fall"].display_name == "Toy Course"
    assert (blocks["Toy_Videos"].display_name, blocks["Toy_Videos"].assignment_type) == (
        "Toy Videos",
        "Lecture Sequence",
    )
    assert blocks["secret:toylab"].display_name == "Toy lab"
    assert len(blocks["vertical_test"].children) == 4
    unit = CourseTree(version).unit_of("i4x://edX/toy/video/separate_file_video")
    assert unit is not None
    assert (unit.chapter, unit.section, unit.panel) == ("vertical_container", "vertical_sequential", 1)


def test_two_toys_and_word_cloud_are_read_through_their_files(shared_data: Path) -> None:
    toys, cloud = olx(shared_data, "two_toys"), olx(shared_data, "word_cloud")
    assert count(toys) == {"course": 1, "chapter": 1, "videosequence": 1, "video": 2}
    assert units(toys) == ["Video_Resources", "Welcome"]
    assert count(cloud) == {"course": 1, "chapter": 1, "sequential": 1, "vertical": 1, "word_cloud": 1}
    assert (cloud.course_key, cloud.blocks[0].display_name) == ("HarvardX/ER22x/2013_Spring", "Justice")


def test_both_branches_of_a_split_test_are_on_its_unit(shared_data: Path) -> None:
    version = olx(shared_data, "split_test_module")
    assert version.course_key == "split_test/split_test/split_test_course"
    assert count(version) == {
        "course": 1, "chapter": 1, "sequential": 1, "vertical": 3, "split_test": 1, "html": 2,
        "discussion": 2,
    }  # fmt: skip
    assert len(units(version)) == 1
    tree = CourseTree(version)
    for name in ("sample_0", "sample_2"):
        unit = tree.unit_of(f"i4x://split_test/split_test/vertical/{name}")
        assert unit is not None
        assert unit.usage_key == version.blocks[3].usage_key


def test_the_structure_of_a_package_may_be_one_chapter(shared_data: Path) -> None:
    folder = given(shared_data, "package-edX-DemoX-acceptance")
    version = read_structure(folder / "edX-DemoX-Demo_Course-course_structure-acceptance.json")
    assert version.course_key == "course-v1:edX+DemoX+Demo_Course"
    assert [(block.block_type, block.display_name) for block in version.blocks] == [
        ("chapter", "About Exams and Certificates")
    ]
    assert version.blocks[0].start_us == 5 * 3600 * 1_000_000
    assert version.blocks[0].children == ("block-v1:edX+DemoX+Demo_Course+type@sequential+block@workflow",)
    assert version.valid_from_us == 0


def test_the_exported_course_of_a_package_may_be_empty(shared_data: Path) -> None:
    path = (
        given(shared_data, "package-edX-DemoX-acceptance")
        / "edX-DemoX-Demo_Course-course-acceptance.xml.tar.gz"
    )
    version = read_structure(path)
    assert version.course_key == "ExampleX/Acceptance/accept"
    assert [block.usage_key for block in version.blocks] == ["i4x://ExampleX/Acceptance/course/accept"]
    assert read_structure(path, course_key="course-v1:edX+DemoX+Demo_Course").blocks[0].usage_key == (
        "block-v1:edX+DemoX+Demo_Course+type@course+block@course"
    )


@pytest.mark.parametrize(
    ("name", "course_key", "chapters", "units_of_it", "blocks"),
    [
        ("course1.json", "course-v1:OpenCraft+DnDv2101x+2016", 1, 1, 5),
        ("course2.json", "course-v1:OpenCraft+PRDemo1+2016", 3, 7, 25),
        ("course3.json", "course-v1:OpenCraft+PRDemo2+2016", 3, 7, 24),
        ("course4.json", "course-v1:OpenCraft+VD101x+2016", 1, 1, 5),
    ],
)
def test_dumps_of_the_blocks_api_are_read(
    shared_data: Path, name: str, course_key: str, chapters: int, units_of_it: int, blocks: int
) -> None:
    version = read_structure(given(shared_data, "course_structure/analytics-pipeline") / name)
    assert version.course_key == course_key
    assert version.blocks[0].block_type == "course"
    assert count(version)["chapter"] == chapters
    assert len(units(version)) == units_of_it
    assert len(version.blocks) == blocks


def test_every_structure_is_found_but_archives_beside_a_course_structure_file(shared_data: Path) -> None:
    found = {version.course_key for version in find_structures([given(shared_data, ".")])}
    assert found == {
        "HarvardX/ER22x/2013_Spring",
        "course-v1:OpenCraft+DnDv2101x+2016",
        "course-v1:OpenCraft+PRDemo1+2016",
        "course-v1:OpenCraft+PRDemo2+2016",
        "course-v1:OpenCraft+VD101x+2016",
        "course-v1:edX+DemoX+Demo_Course",
        "edX/graded/2012_Fall",
        "edX/simple/2012_Fall",
        "edX/toy/2012_Fall",
        "edX/toy/TT_2012_Fall",
        "split_test/split_test/split_test_course",
    }
