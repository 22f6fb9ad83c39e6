"""What the course trees know of resources and problems: names, order, weeks, dates.

Each course is described from its latest tree. Rows that the tree does not know
keep the name they came with, and lose what an older tree said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

import msgspec
from django.db.models import Count, Model

from openedx_moocdb.data_access.store import course_trees
from openedx_moocdb.data_access.store.models import (
    Block,
    Course,
    CourseTreeVersion,
    ObservedEvent,
    Problem,
    Resource,
)
from openedx_moocdb.schema.course import Block as TreeBlock
from openedx_moocdb.schema.course import Course as CourseOverTime
from openedx_moocdb.schema.course import CourseTree, Unit, block_name, block_type
from openedx_moocdb.schema.event import EPOCH

_CHUNK = 500
_WEEK_US = 7 * 24 * 3600 * 1_000_000
_COURSEWARE = "/courseware/"
_PROBLEM_TYPES = (
    ("homework", 1),
    ("lecture", 2),
    ("quiz", 2),
    ("lab", 3),
    ("exam", 4),
    ("midterm", 4),
    ("final", 4),
)
_OTHER, _LECTURE_QUIZ = 5, 2


class Place(msgspec.Struct, frozen=True):
    """The courseware part of a resource URI: names as in URLs, ``""`` where it ends."""

    chapter: str = ""
    section: str = ""
    panel: str = ""
    block_type: str = ""
    block: str = ""
    rest: tuple[str, ...] = ()


def place_of(uri: str) -> Place | None:
    """Read ``…/courseware/<chapter>/<section>/<panel>/<type>/<name>/…``; ``None`` for other URIs."""
    _, found, after = uri.partition(_COURSEWARE)
    if not found:
        return None
    parts = [part for part in after.split("/") if part]
    padded = parts[:5] + [""] * (5 - len(parts[:5]))
    chapter, section, panel, kind, block = padded
    return Place(chapter, section, panel, kind, block, tuple(parts[5:]))


class Outline:
    """One course tree with what its blocks inherit."""

    def __init__(self, tree: CourseTree) -> None:
        self.tree = tree
        self.root = tree.version.blocks[0] if tree.version.blocks else None
        self._named: dict[tuple[str, str], TreeBlock] = {}
        self._numbers: dict[str, int] = {}
        for block in tree.version.blocks:
            self._named.setdefault((block.block_type, block.name), block)
            for number, child in enumerate(block.children, 1):
                self._numbers[child] = number
        sections = (unit for unit in map(tree.unit_of, tree.blocks) if unit)
        self._sections = {(unit.chapter, unit.section): unit for unit in sections}

    def block_at(self, place: Place) -> TreeBlock | None:
        """The block that a resource stands for; blocks below a unit by type and name."""
        if place.block:
            return self._named.get((place.block_type, place.block))
        if not place.section:
            return self._named.get(("chapter", place.chapter)) if place.chapter else self.root
        unit = self._sections.get((place.chapter, place.section))
        if unit is None:
            return None
        if not place.panel:
            return self.tree.blocks.get(unit.section_key)
        placed = self.tree.unit_at(place.section, int(place.panel)) if place.panel.isdecimal() else None
        return self.tree.blocks.get(placed.usage_key) if placed else None

    def number(self, block: TreeBlock) -> int | None:
        """1-based number of the block among its siblings."""
        return self._numbers.get(block.usage_key)

    def inherited(self, block: TreeBlock, field: str) -> Any:
        """The field of the block or of the nearest block above that states it."""
        current: TreeBlock | None = block
        while current is not None:
            value = getattr(current, field)
            if value not in (None, "", False):
                return value
            current = self.tree.blocks.get(self.tree.parents.get(current.usage_key, ""))
        return None

    def week(self, time_us: int | None) -> int | None:
        """1-based week of the course; what is open before the start is in week 1."""
        start_us = self.root.start_us if self.root else None
        if time_us is None or start_us is None:
            return None
        return max(0, time_us - start_us) // _WEEK_US + 1


def describe(alias: str) -> None:
    """Fill what the latest trees say of all resources and problems of their courses."""
    for course_id, course_key in Course.objects.using(alias).order_by("course_id").values_list():
        if not CourseTreeVersion.objects.using(alias).filter(course_id=course_id).exists():
            continue
        latest = CourseOverTime(course_key, course_trees.versions(alias, course_key)).latest
        if latest is not None:
            _describe_resources(alias, course_id, Outline(latest))
            _describe_problems(alias, Outline(latest))
    _place_problems(alias)


_RESOURCE_FIELDS = (
    "resource_name",
    "resource_child_number",
    "resource_relevant_week",
    "resource_release_timestamp",
)


def _describe_resources(alias: str, course_id: int, outline: Outline) -> None:
    changed = []
    for resource in Resource.objects.using(alias).filter(course_id=course_id).iterator():
        block = _block_of(outline, resource.resource_uri)
        values: tuple[Any, ...] = (resource.resource_name, None, None, None)
        if block is not None:
            release_us = outline.inherited(block, "start_us")
            values = (
                block.display_name or resource.resource_name,
                _number(outline, block, resource.resource_uri),
                outline.week(release_us),
                _time(release_us),
            )
        if _set(resource, _RESOURCE_FIELDS, values):
            changed.append(resource)
    Resource.objects.using(alias).bulk_update(changed, _RESOURCE_FIELDS, _CHUNK)


def _block_of(outline: Outline, uri: str) -> TreeBlock | None:
    place = place_of(uri)
    if place is not None:
        return outline.block_at(place)
    parts = [part for part in uri.split("/") if part]
    for kind, name in pairwise(parts[1:]):
        block = outline.block_at(Place(block_type=kind, block=name))
        if block is not None:
            return block
    return None


def _number(outline: Outline, block: TreeBlock, uri: str) -> int | None:
    """The block's number, or for a part of a block the number that its URI ends with."""
    last = uri.rstrip("/").rpartition("/")[2]
    place = place_of(uri)
    is_part = place.rest if place else last != block.name
    if is_part:
        return int(last) if last.isdecimal() and len(last) < 6 else None
    return outline.number(block)


_PROBLEM_FIELDS = (
    "problem_type_id",
    "problem_release_timestamp",
    "problem_soft_deadline",
    "problem_hard_deadline",
    "problem_max_submission",
    "problem_weight",
    "problem_week",
)


def _describe_problems(alias: str, outline: Outline) -> None:
    for chunk in _chunks(_block_ids(alias, outline.tree.blocks)):
        keys = dict(chunk)
        changed = []
        for problem in Problem.objects.using(alias).filter(block_id__in=keys):
            block = outline.tree.blocks[keys[problem.block_id]]
            release_us = outline.inherited(block, "start_us")
            due_us = outline.inherited(block, "due_us")
            values = (
                _problem_type(outline, block),
                _time(release_us),
                _time(due_us),
                _time(due_us),
                block.max_attempts,
                block.weight,
                outline.week(release_us if due_us is None else due_us),
            )
            if _set(problem, _PROBLEM_FIELDS, values):
                changed.append(problem)
        Problem.objects.using(alias).bulk_update(changed, _PROBLEM_FIELDS, _CHUNK)


def _block_ids(alias: str, usage_keys: Iterable[str]) -> list[tuple[int, str]]:
    """Problem blocks of the tree by dictionary id."""
    wanted = set(usage_keys)
    used = Problem.objects.using(alias).values_list("block_id", flat=True).distinct()
    found: list[tuple[int, str]] = []
    for chunk in _chunks(sorted(used)):
        blocks = Block.objects.using(alias).filter(pk__in=chunk).values_list("block_id", "usage_key")
        found.extend(pair for pair in blocks if pair[1] in wanted)
    return found


def _problem_type(outline: Outline, block: TreeBlock) -> int:
    """What the problem counts for: by its assignment type; ungraded ones are lecture quizzes."""
    if not outline.inherited(block, "graded"):
        return _LECTURE_QUIZ
    assignment = (outline.inherited(block, "assignment_type") or "").lower()
    return next((number for word, number in _PROBLEM_TYPES if word in assignment), _OTHER)


def _place_problems(alias: str) -> None:
    """Say where each problem is: the resource at its unit in the tree, else where most of its events are."""
    blocks = dict(
        Block.objects.using(alias).filter(pk__in=_problem_blocks(alias)).values_list("block_id", "usage_key")
    )
    candidates = _candidates(alias)
    units = _units(alias, blocks.values())
    votes: dict[int, Counter[int]] | None = None
    changed = []
    for problem in Problem.objects.using(alias).order_by("problem_id"):
        usage_key = blocks.get(problem.block_id, "")
        found = candidates.get(_type_and_name(usage_key), [])
        unit = units.get(usage_key)
        chosen = next((identity for identity, place in found if unit and _is_in(place, unit)), None)
        if chosen is None:
            votes = _votes(alias) if votes is None else votes
            ranked = votes.get(problem.block_id, Counter())
            chosen = min(ranked, key=lambda identity: (-ranked[identity], identity), default=None)
        if problem.resource_id != chosen:
            problem.resource_id = chosen
            changed.append(problem)
    Problem.objects.using(alias).bulk_update(changed, ["resource_id"], _CHUNK)


def _problem_blocks(alias: str) -> Any:
    return Problem.objects.using(alias).values("block_id")


def _type_and_name(usage_key: str) -> tuple[str, str]:
    return block_type(usage_key), block_name(usage_key)


def _candidates(alias: str) -> dict[tuple[str, str], list[tuple[int, Place]]]:
    found: dict[tuple[str, str], list[tuple[int, Place]]] = defaultdict(list)
    query = Resource.objects.using(alias).filter(resource_uri__contains=_COURSEWARE).order_by("resource_id")
    for identity, uri in query.values_list("resource_id", "resource_uri").iterator():
        place = place_of(uri)
        if place and place.block and not place.rest:
            found[(place.block_type, place.block)].append((identity, place))
    return found


def _units(alias: str, usage_keys: Iterable[str]) -> dict[str, Unit]:
    wanted = set(usage_keys)
    found: dict[str, Unit] = {}
    for course_key in Course.objects.using(alias).order_by("course_id").values_list("course_key", flat=True):
        latest = CourseOverTime(course_key, course_trees.versions(alias, course_key)).latest
        if latest is not None:
            for usage_key in wanted & latest.blocks.keys():
                unit = latest.unit_of(usage_key)
                if unit is not None:
                    found[usage_key] = unit
    return found


def _is_in(place: Place, unit: Unit) -> bool:
    return (place.chapter, place.section, place.panel) == (unit.chapter, unit.section, str(unit.panel))


def _votes(alias: str) -> dict[int, Counter[int]]:
    """Events per problem block and resource."""
    query = (
        ObservedEvent.objects.using(alias)
        .filter(block_id__in=_problem_blocks(alias), resource_id__isnull=False)
        .values_list("block_id", "resource_id")
        .order_by("block_id", "resource_id")
        .annotate(votes=Count("pk"))
    )
    return {
        block_id: Counter({resource_id: number for _, resource_id, number in group})
        for block_id, group in groupby(query, key=lambda row: row[0])
    }


def _set(record: Model, fields: tuple[str, ...], values: tuple[Any, ...]) -> bool:
    """Set the fields; True if any was different."""
    changed = False
    for field, value in zip(fields, values, strict=True):
        if getattr(record, field) != value:
            setattr(record, field, value)
            changed = True
    return changed


def _time(time_us: int | None) -> datetime | None:
    return None if time_us is None else EPOCH + timedelta(microseconds=time_us)


def _chunks(items: list[Any]) -> Iterable[list[Any]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
