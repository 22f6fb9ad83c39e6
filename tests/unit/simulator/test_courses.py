"""The simulated courses are trees that the schema can read."""

from __future__ import annotations

import orjson
import pytest

from openedx_moocdb.schema.course import CourseTree, block_type
from openedx_moocdb.simulator.api import SimulationPlan, simulate


def _simulation(era: str, **more: object):
    return simulate(SimulationPlan(learners=1, weeks=3, era=era, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("era", "key", "chapter"),
    [
        ("legacy", "SimX/6.01x/2013_Spring", "i4x://SimX/6.01x/chapter/Week_1"),
        ("mfe", "course-v1:SimX+DE101+2024_T1", "block-v1:SimX+DE101+2024_T1+type@chapter+block@"),
    ],
)
def test_keys_have_the_form_of_their_era(era: str, key: str, chapter: str) -> None:
    (course,) = _simulation(era).courses
    assert course.course_key == key
    assert course.blocks[0].children[0].startswith(chapter)


def test_both_eras_have_a_course_each() -> None:
    keys = [course.course_key for course in _simulation("both", courses=2).courses]
    assert len(set(keys)) == 4
    assert sum(key.startswith("course-v1:") for key in keys) == 2


@pytest.mark.parametrize("era", ["legacy", "mfe"])
def test_every_block_hangs_in_the_tree_once_and_says_its_own_type(era: str) -> None:
    (course,) = _simulation(era).courses
    tree = CourseTree(course)
    assert len(tree.blocks) == len(course.blocks)
    assert set(tree.parents) == set(tree.blocks) - {course.blocks[0].usage_key}
    assert all(block.block_type == block_type(block.usage_key) for block in course.blocks)
    kinds = {block.block_type for block in course.blocks}
    assert kinds == {"course", "chapter", "sequential", "vertical", "html", "video", "problem", "discussion"}


def test_chapters_are_released_week_by_week_and_work_is_due_later() -> None:
    (course,) = _simulation("mfe").courses
    starts = [block.start_us for block in course.blocks if block.block_type == "chapter"]
    assert starts == sorted(starts)
    assert len(set(starts)) == 3
    graded = [block for block in course.blocks if block.graded]
    assert {block.assignment_type for block in graded} == {"Homework", "Exam"}
    assert all(block.due_us and block.start_us and block.due_us > block.start_us for block in graded)


def test_a_second_version_moves_units_and_adds_one_per_week() -> None:
    first, second = _simulation("legacy", republish=True).courses
    assert first.course_key == second.course_key
    assert first.version != second.version
    assert first.valid_from_us < second.valid_from_us
    old, new = CourseTree(first), CourseTree(second)
    units = [block.usage_key for block in first.blocks if block.block_type == "vertical"]
    panels = [(old.unit_named(unit), new.unit_named(unit)) for unit in units]
    assert all(after is not None for _, after in panels)
    assert sum(before != after for before, after in panels) > len(units) / 2
    added = [b for b in second.blocks if b.block_type == "vertical" and b.usage_key not in old.blocks]
    assert len(added) == 4


def test_a_structure_file_has_the_fields_of_a_data_package() -> None:
    simulation = _simulation("legacy")
    (course,) = simulation.courses
    blocks = orjson.loads(simulation.structure_json(course))
    assert set(blocks) == {block.usage_key for block in course.blocks}
    homework = blocks["i4x://SimX/6.01x/sequential/Homework_1"]
    assert homework["category"] == "sequential"
    assert homework["metadata"]["graded"] is True
    assert homework["metadata"]["format"] == "Homework"
    assert homework["metadata"]["due"].endswith("Z")
    assert all(child in blocks for child in homework["children"])
