"""Courses: a tree as the platform has it, and the same tree ready to be walked."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from openedx_moocdb.schema.course import Block, CourseVersion, course_version
from openedx_moocdb.simulator.truth import Place

PAGES = ("", "dashboard", "about", "home", "info", "progress", "forum", "wiki", "book", "bookmarks")


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a problem: ``kind`` is ``choice``, ``numeric`` or ``text``."""

    id: str
    kind: str
    question: str
    options: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block with content; ``html_id`` is how scripts of the page call it."""

    key: str
    kind: str
    name: str
    html_id: str
    title: str
    duration_s: float = 0.0
    code: str = ""
    inputs: tuple[Input, ...] = ()
    weight: float | None = None
    max_attempts: int | None = None

    @property
    def block(self) -> Block:
        """The leaf as the tree has it."""
        length = self.duration_s if self.kind == "video" else None
        return Block(
            self.key,
            self.kind,
            self.title,
            weight=self.weight,
            max_attempts=self.max_attempts,
            duration_s=length,
        )


@dataclass(slots=True)
class UnitDraft:
    """A unit before its place in a section is settled."""

    key: str
    title: str
    leaves: tuple[Leaf, ...]


@dataclass(slots=True)
class SequenceDraft:
    """A section; ``purpose`` is ``lecture``, ``homework`` or ``exam``."""

    key: str
    name: str
    title: str
    purpose: str
    units: list[UnitDraft]
    due_us: int | None = None


@dataclass(slots=True)
class ChapterDraft:
    """A week of the course."""

    key: str
    name: str
    title: str
    start_us: int
    sequences: list[SequenceDraft]


@dataclass(eq=False, slots=True)
class Unit:
    """A unit to walk through; equal only to itself."""

    key: str
    panel: int
    place: Place
    leaves: tuple[Leaf, ...]
    sequence: Sequence


@dataclass(eq=False, slots=True)
class Sequence:
    """A section to walk through; ``week`` counts chapters from 0."""

    key: str
    name: str
    title: str
    purpose: str
    chapter: str
    week: int
    due_us: int | None
    units: list[Unit] = field(default_factory=list)


class CourseModel:
    """One version of a course, ready to be walked."""

    def __init__(self, version: CourseVersion, chapters: list[ChapterDraft], pages: dict[str, Place]):
        self.version = version
        self.pages = pages
        self.weeks: list[list[Sequence]] = []
        self.sequences: dict[str, Sequence] = {}
        for week, chapter in enumerate(chapters):
            self.weeks.append([self._sequence(week, chapter, draft) for draft in chapter.sequences])

    def following(self, sequence: Sequence) -> Sequence | None:
        """The section behind ``sequence`` in the order of the course."""
        order = list(self.sequences)
        at = order.index(sequence.key) + 1 if sequence.key in self.sequences else len(order)
        return self.sequences[order[at]] if at < len(order) else None

    def _sequence(self, week: int, chapter: ChapterDraft, draft: SequenceDraft) -> Sequence:
        sequence = Sequence(
            draft.key, draft.name, draft.title, draft.purpose, chapter.name, week, draft.due_us
        )
        course_key = self.version.course_key
        for panel, unit in enumerate(draft.units, 1):
            place = Place(course_key, unit.key, chapter.name, draft.name, panel)
            sequence.units.append(Unit(unit.key, panel, place, unit.leaves, sequence))
        self.sequences[draft.key] = sequence
        return sequence


class SimCourse:
    """A course with all its versions; ``prefix`` is the front of usage keys."""

    def __init__(self, era: str, org: str, number: str, run: str, start_us: int) -> None:
        self.era = era
        self.org = org
        self.number = number
        self.run = run
        self.start_us = start_us
        self.is_legacy = era == "legacy"
        self.key = f"{org}/{number}/{run}" if self.is_legacy else f"course-v1:{org}+{number}+{run}"
        self.host = "courses.sim.example" if self.is_legacy else "lms.sim.example"
        self.pages = {page: Place(self.key, page=page) for page in PAGES}
        # The dashboard is of the site, not of a course.
        self.pages["dashboard"] = Place("", page="dashboard")
        self._starts: list[int] = []
        self.models: list[CourseModel] = []

    def usage_key(self, kind: str, name: str) -> str:
        """Usage key of a block of this course, in the form of its era."""
        if self.is_legacy:
            return f"i4x://{self.org}/{self.number}/{kind}/{name}"
        return f"block-v1:{self.org}+{self.number}+{self.run}+type@{kind}+block@{name}"

    def html_id(self, kind: str, name: str) -> str:
        """The id that scripts of the page use: dashes and underscores, or the bare name."""
        if self.is_legacy:
            return f"i4x-{self.org}-{self.number}-{kind}-{name}".replace(".", "_")
        return name

    def publish(self, valid_from_us: int, chapters: list[ChapterDraft]) -> None:
        """Add a version; later than those before it."""
        version = course_version(self.key, valid_from_us, self._blocks(chapters))
        self._starts.append(valid_from_us)
        self.models.append(CourseModel(version, chapters, self.pages))

    def _blocks(self, chapters: list[ChapterDraft]) -> list[Block]:
        name = self.run if self.is_legacy else "course"
        blocks = [
            Block(
                self.usage_key("course", name),
                "course",
                f"Simulated {self.number}",
                tuple(chapter.key for chapter in chapters),
                start_us=self.start_us,
            )
        ]
        for chapter in chapters:
            children = tuple(sequence.key for sequence in chapter.sequences)
            blocks.append(Block(chapter.key, "chapter", chapter.title, children, start_us=chapter.start_us))
            for sequence in chapter.sequences:
                blocks.extend(_section(sequence, chapter.start_us))
        return blocks

    def model_at(self, time_us: int) -> CourseModel:
        """The version that learners saw then."""
        return self.models[max(0, bisect_right(self._starts, time_us) - 1)]


def _section(sequence: SequenceDraft, start_us: int) -> list[Block]:
    graded = {"homework": "Homework", "exam": "Exam"}.get(sequence.purpose, "")
    blocks = [
        Block(
            sequence.key,
            "sequential",
            sequence.title,
            tuple(unit.key for unit in sequence.units),
            start_us=start_us,
            due_us=sequence.due_us,
            graded=bool(graded),
            assignment_type=graded,
        )
    ]
    for unit in sequence.units:
        blocks.append(Block(unit.key, "vertical", unit.title, tuple(leaf.key for leaf in unit.leaves)))
        blocks.extend(leaf.block for leaf in unit.leaves)
    return blocks
