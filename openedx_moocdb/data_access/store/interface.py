"""What pipelines ask of a store of MOOCdb rows, and nothing about how.

A store carries: it decides neither what a row says nor where a learner is. All
methods but ``transaction`` are called inside one transaction; each is
idempotent, so that a batch may be committed twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

import msgspec

from openedx_moocdb.schema.course import CourseVersion
from openedx_moocdb.schema.rows import Entry, Row, Visit
from openedx_moocdb.schema.step import Placement, Step


class LearnerState(msgspec.Struct, frozen=True):
    """Where the fold of one learner stands.

    ``state`` is opaque to the store; ``last_key`` the key of the last step
    folded (``b""`` before the first). ``is_dirty``: steps were stored that the
    fold has not seen; the learner is derived again before anyone relies on it.
    """

    learner: bytes
    last_key: bytes = b""
    state: bytes = b""
    is_dirty: bool = False


class StoredStep(msgspec.Struct, frozen=True):
    """A step rebuilt from stored columns, with the placement it has now.

    ``placement`` is ``None`` for a step that is no observed event.
    """

    step: Step
    placement: Placement | None


class StepFacts(NamedTuple):
    """What a row of ``steps`` states beside who and when; dictionary ids, ``None`` for nothing."""

    kind: int
    course_id: int | None
    url_id: int | None


class Rejection(msgspec.Struct, frozen=True):
    """A line for quarantine; ``line`` as it came, at most the line limit."""

    line: bytes
    reason: str
    detail: str
    file: str


class FileMark(msgspec.Struct, frozen=True):
    """How far an import has come in one file.

    ``file_id`` tells files apart by their first bytes, so that a renamed or a
    grown file is known again. ``offset`` bytes of plain text are committed,
    ``lines`` lines of them. ``tail`` is of the last of these lines: a file that
    has something else there is another one.
    """

    file_id: str
    path: str
    offset: int
    lines: int
    is_complete: bool
    tail: str = ""


class Store(Protocol):
    """One database that holds MOOCdb rows."""

    def transaction(self) -> AbstractContextManager[Any]:
        """All or nothing; raises ``TransientError`` on deadlock or lock time-out."""

    def generation(self) -> int:
        """Grows, for all processes, when rows are pruned or a course version is saved; read at the
        start of a transaction and true until its end. What one remembers of trees is stale then."""

    # learners
    def lock_states(self, learners: Sequence[bytes]) -> dict[bytes, LearnerState]:
        """Lock the state rows of ``learners`` in key order until commit, making missing ones."""

    def save_states(self, states: Sequence[LearnerState]) -> None:
        """Overwrite the state of locked learners."""

    def dirty_learners(self) -> list[bytes]:
        """Learners to derive again, in key order; not those that stand for nobody in a course."""

    def steps_of(self, learner: bytes) -> list[StoredStep]:
        """All steps of a learner, oldest first (by key)."""

    def dirty_courses(self) -> list[int]:
        """Courses (dictionary ids) in which events of nobody are to be placed again."""

    def clean_course(self, course_id: int) -> None:
        """The events of nobody in the course are placed by its latest versions."""

    def steps_of_nobody(self, course_id: int, after: bytes, limit: int) -> list[StoredStep]:
        """The first ``limit`` events without a learner in a course after a key, oldest first."""

    def rename_learner(self, old: bytes, new: bytes) -> None:
        """Move all rows of ``old`` to ``new``, mark ``new`` dirty, delete the state of ``old``."""

    def renamed_learners(self) -> list[tuple[bytes, bytes]]:
        """(pseudonym by name, pseudonym by id) of learners that have rows under their name only."""

    # rows
    def known_events(self, keys: Collection[bytes]) -> set[bytes]:
        """Those of ``keys`` that are observed events already."""

    def known_steps(self, keys: Collection[bytes]) -> dict[bytes, StepFacts]:
        """Those of ``keys`` that are steps already, with what they state."""

    def delete_steps(self, keys: Collection[bytes]) -> None:
        """Delete rows of ``steps``: more is known of them now."""

    def insert_columns(self, table: str, values: Sequence[tuple[Any, ...]]) -> None:
        """As ``insert_rows``, of one table, as tuples in the order of its columns."""

    def insert_rows(self, rows: Iterable[Row]) -> None:
        """Insert rows of any tables but dictionaries; a known primary key is left as it is."""

    def add_entries(self, entries: Iterable[Entry]) -> list[Entry]:
        """Insert dictionary rows not yet there; return those whose id has another text already."""

    def amend_gaps(self, gaps: Sequence[tuple[bytes, float | None, float | None]]) -> None:
        """Set ``gap_s`` and ``observed_event_duration`` of events: (key, gap, duration)."""

    def amend_placements(self, placements: Sequence[tuple[bytes, Placement]]) -> None:
        """Overwrite all derived columns of events, and ``course_id`` of the rows that hang on them."""

    def upsert_visits(self, visits: Sequence[Visit]) -> None:
        """Insert visits or overwrite those of the same id."""

    def replace_visits(self, learner: bytes, visits: Sequence[Visit]) -> None:
        """Make ``visits`` all that the learner has."""

    # the course tree
    def course_versions(self, course_key: str) -> list[CourseVersion]:
        """All stored versions of a course, oldest first."""

    def save_course_version(self, version: CourseVersion) -> bool:
        """Store a version, in place of one from the same moment; ``False`` if an equal tree was
        valid at that time already.

        Learners with events in the course from ``valid_from_us`` on become dirty, and all its
        learners if the version is the earliest, which serves what lies before it too. So does the
        course itself if some of these events are of nobody.
        """

    # order in the house
    def row_counts(self) -> dict[str, int]:
        """Rows by table (canonical names), empty tables included."""

    def describe_resources(self) -> None:
        """Fill names, child numbers, weeks, releases of resources and problems from the latest
        trees; where a problem is from the tree, else from the majority of its events."""

    def prune(self) -> int:
        """Delete dictionary rows (urls, resources, resources_urls, blocks) that nothing refers to; how
        many. A problem's derived resource keeps none: ``describe_resources`` fills it again."""

    # imports
    def quarantine(self, rejections: Sequence[Rejection]) -> None:
        """Keep rejected lines; the same line twice is one."""

    def quarantined(self) -> Iterator[Rejection]:
        """All lines in quarantine, oldest first."""

    def release(self, lines: Collection[bytes]) -> None:
        """Delete lines from quarantine: they became rows."""

    def file_mark(self, file_id: str) -> FileMark | None:
        """How far the file was imported."""

    def save_file_marks(self, marks: Sequence[FileMark]) -> None:
        """Note progress, in the transaction of the rows."""

    def check_learner_key(self, fingerprint: str) -> None:
        """Store the fingerprint at first write; later raise ``LearnerKeyMismatch`` if it differs."""
