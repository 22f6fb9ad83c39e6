"""A course as a tree of blocks, and where in it one can be.

*Unit* is Open edX's vertical, the page of content that a learner sees at once
(the thesis calls it a panel); a unit is named by its usage key, or by chapter,
section and *panel*, its 1-based number in the section.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

import msgspec

SECTION_TYPES = frozenset({"sequential", "videosequence", "problemset"})


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """One block of a course tree; times are µs since 1970 UTC, unknown is ``None``."""

    usage_key: str
    block_type: str
    display_name: str = ""
    children: tuple[str, ...] = ()
    start_us: int | None = None
    due_us: int | None = None
    graded: bool = False
    assignment_type: str = ""
    weight: float | None = None
    max_attempts: int | None = None
    duration_s: float | None = None

    @property
    def name(self) -> str:
        """Last part of the usage key: the segment that URLs use."""
        return block_name(self.usage_key)


class Spot(NamedTuple):
    """A unit as far as it is known: names as in URLs, ``unit`` a usage key; ``""`` and ``None``: unknown."""

    course_key: str
    chapter: str = ""
    section: str = ""
    panel: int | None = None
    unit: str = ""


class Unit(msgspec.Struct, frozen=True):
    """A unit and the way to it: keys of the tree, names as in URLs, panel from 1."""

    usage_key: str
    section_key: str
    chapter_key: str
    chapter: str
    section: str
    panel: int
    spot: Spot


class CourseVersion(msgspec.Struct, frozen=True):
    """The tree of one course as it stood from ``valid_from_us`` on.

    ``blocks`` in the order of the tree, root first. ``version`` is a hash of the
    blocks, equal for equal trees.
    """

    course_key: str
    valid_from_us: int
    blocks: tuple[Block, ...]
    version: str = ""


def block_name(usage_key: str) -> str:
    """``abc`` of ``block-v1:O+C+R+type@video+block@abc`` and of ``i4x://O/C/video/abc``."""
    if usage_key.startswith("block-v1:"):
        return usage_key.rpartition("@")[2]
    return usage_key.rpartition("/")[2]


def block_type(usage_key: str) -> str:
    """``video`` of either form of usage key; ``""`` when it has no type."""
    if usage_key.startswith("block-v1:"):
        return usage_key.partition("+type@")[2].partition("+")[0]
    parts = usage_key.removeprefix("i4x://").split("/")
    return parts[2] if len(parts) >= 4 else ""


def course_version(course_key: str, valid_from_us: int, blocks: Iterable[Block]) -> CourseVersion:
    """A version with its hash; equal blocks in equal order give the same ``version``."""
    ordered = tuple(blocks)
    digest = blake2b(msgspec.msgpack.encode(ordered), digest_size=16).hexdigest()
    return CourseVersion(course_key, valid_from_us, ordered, digest)


class CourseTree:
    """Look-ups in one version of a course; built once, read often."""

    def __init__(self, version: CourseVersion) -> None:
        self.version = version
        self.blocks: dict[str, Block] = {block.usage_key: block for block in version.blocks}
        self.parents: dict[str, str] = {}
        self._ambiguous: set[str] = set()
        for block in version.blocks:
            for child in block.children:
                if child in self.parents:
                    self._ambiguous.add(child)
                self.parents[child] = block.usage_key
        self._units: dict[str, Unit] = {}
        self._unit_of: dict[str, Unit] = {}
        self._by_panel: dict[tuple[str, int], Unit] = {}
        self._by_name: dict[str, Unit] = {}
        self._sections: list[str] = []
        self._last_panels: dict[str, int] = {}
        for block in version.blocks:
            if block.block_type == "chapter":
                self._number(block)

    def _number(self, chapter: Block) -> None:
        for key in chapter.children:
            child = self.blocks.get(key)
            if child is None:
                continue
            if child.block_type in SECTION_TYPES:
                self._sections.append(child.name)
                for panel, unit_key in enumerate(child.children, 1):
                    self._add(unit_key, key, chapter, child.name, panel)
            else:
                self._sections.append(child.name)
                self._add(key, key, chapter, child.name, 1)

    def _add(self, key: str, section_key: str, chapter: Block, section: str, panel: int) -> None:
        spot = Spot(self.version.course_key, chapter.name, section, panel, key)
        unit = Unit(key, section_key, chapter.usage_key, chapter.name, section, panel, spot)
        self._units[unit.usage_key] = unit
        self._by_panel[(unit.section, unit.panel)] = unit
        self._last_panels[unit.section] = unit.panel
        self._by_name[block_name(unit.usage_key)] = unit

    def unit_of(self, usage_key: str) -> Unit | None:
        """The one unit that shows the block; ``None`` if it is not in the tree or on several."""
        known = self._unit_of.get(usage_key)
        if known is None and usage_key in self.parents:
            known = self._climb(usage_key)
            if known is not None:
                self._unit_of[usage_key] = known
        return known

    def _climb(self, usage_key: str) -> Unit | None:
        key: str | None = usage_key
        while key is not None:
            if key in self._ambiguous:
                return None
            unit = self._units.get(key)
            if unit is not None:
                return unit
            key = self.parents.get(key)
        return None

    def unit_at(self, section: str, panel: int) -> Unit | None:
        """The unit with that 1-based number in the section of that URL name."""
        return self._by_panel.get((section, panel))

    def first_unit(self, chapter: str = "") -> Unit | None:
        """The first unit of the chapter of that URL name, or of the course."""
        return next((unit for unit in self._units.values() if not chapter or unit.chapter == chapter), None)

    def last_unit(self, section: str) -> Unit | None:
        """The last unit of the section of that URL name."""
        return self._by_panel.get((section, self._last_panels.get(section, 0)))

    def neighbour(self, section: str, forward: bool) -> Unit | None:
        """First unit of the next section with units, or last unit of the previous one."""
        if section not in self._sections:
            return None
        at = self._sections.index(section)
        order = self._sections[at + 1 :] if forward else self._sections[:at][::-1]
        for name in order:
            unit = self.unit_at(name, 1) if forward else self.last_unit(name)
            if unit is not None:
                return unit
        return None

    def unit_named(self, name: str) -> Unit | None:
        """The unit whose usage key, or last part of it, is ``name``."""
        return self._units.get(name) or self._by_name.get(name)


class Course:
    """All known versions of one course, oldest first."""

    def __init__(self, course_key: str, versions: Iterable[CourseVersion] = ()) -> None:
        self.course_key = course_key
        ordered = sorted(versions, key=lambda v: (v.valid_from_us, v.version))
        self._starts = [v.valid_from_us for v in ordered]
        self._trees = [CourseTree(v) for v in ordered]

    def tree_at(self, time_us: int) -> CourseTree | None:
        """The version valid then, else the earliest; ``None`` without any structure."""
        if not self._trees:
            return None
        return self._trees[max(0, bisect_right(self._starts, time_us) - 1)]

    @property
    def latest(self) -> CourseTree | None:
        """The newest version, or ``None``."""
        return self._trees[-1] if self._trees else None
