"""Lines of one log, translated: the unit that readers hand to the bulk import.

A chunk crosses process borders, so it is tuples and plain values.
"""

from __future__ import annotations

import marshal
from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from openedx_moocdb.data_access.sources.tracking_logs import tail_of
from openedx_moocdb.schema.event import EPOCH
from openedx_moocdb.schema.outcomes import Rejected, RejectReason, Skipped, SkipReason, Translated
from openedx_moocdb.schema.rows import Entry
from openedx_moocdb.schema.step import Step, StepKind
from openedx_moocdb.translation.block_ids import course_without_run
from openedx_moocdb.translation.normalise import read_line
from openedx_moocdb.translation.parse import MAX_LINE_BYTES, Malformed
from openedx_moocdb.translation.translator import Translator

_astuple = msgspec.structs.astuple
_OTHER_COURSE = StepKind.ELSEWHERE
_KINDS = {int(kind): kind for kind in StepKind}

#: of a rejected line; more than the default limit, so that a replay with a higher limit has it whole
_KEPT_BYTES = 1 << 22

RowTuple = tuple[Any, ...]


class Item(msgspec.Struct, gc=False):
    """One translated event: its stated columns, its step, further rows as (table, columns)."""

    key: bytes
    time_us: int
    learner: bytes | None
    observed: RowTuple | None
    step: Step
    rows: tuple[tuple[str, RowTuple], ...] = ()


class Chunk(NamedTuple):
    """Translated lines of one log.

    ``entries``: dictionary rows by table and id, each once. ``whole``: lines
    with their line end, all but perhaps the last of a log; ``end``: offset
    behind them, in plain bytes; ``tail``: of the last of them
    (``tracking_logs.tail_of``), ``""`` if there is none. ``read``: bytes of the
    file read so far.
    """

    items: list[Item]
    entries: dict[tuple[str, Any], RowTuple]
    rejections: list[tuple[bytes, str, str]]
    counts: dict[str, int]
    lines: int
    whole: int
    end: int
    read: int
    tail: str


class Filters(msgspec.Struct, frozen=True):
    """What is written: some courses, a span of time. Empty means everything."""

    courses: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def since_us(self) -> int:
        return int((self.since - EPOCH).total_seconds() * 1_000_000) if self.since else -(1 << 62)

    @property
    def until_us(self) -> int:
        return int((self.until - EPOCH).total_seconds() * 1_000_000) if self.until else 1 << 62


class ChunkMaker:
    """Turns lines into chunks for one site and one set of filters."""

    def __init__(
        self, translator: Translator, filters: Filters, max_line_bytes: int = MAX_LINE_BYTES
    ) -> None:
        self.translator = translator
        self.courses = filters.courses
        self.without_run = {"/".join(key.split("/")[:2]) for key in filters.courses if "/" in key}
        self.since_us = filters.since_us
        self.until_us = filters.until_us
        self.max_line_bytes = max_line_bytes
        self.kept_bytes = max(max_line_bytes, _KEPT_BYTES)

    def make(self, lines: list[bytes], end: int, read: int) -> Chunk:
        """Translate ``lines``; each is an item, a counted skip or a rejection.

        ``end``: offset behind the lines. A last line without its line end may
        still be written to: it is translated, but not among what is done with.
        """
        items: list[Item] = []
        entries: dict[int, Entry] = {}  # by identity: the translator gives the same object for the same text
        rejections: list[tuple[bytes, str, str]] = []
        counts: Counter[str] = Counter()
        for line in lines:
            try:
                outcome = self._outcome(line)
            except Malformed as error:
                rejections.append((line[: self.kept_bytes], error.reason.value, error.detail))
                continue
            except Exception as error:  # a defect of ours must cost one line, not the import
                detail = f"{type(error).__name__} at {_where(error)}"
                rejections.append((line[: self.kept_bytes], RejectReason.TRANSLATION.value, detail))
                continue
            if isinstance(outcome, Translated):
                self._carry(outcome, items, entries)
            elif isinstance(outcome, Rejected):
                rejections.append((line[: self.kept_bytes], outcome.reason.value, outcome.detail))
            else:
                counts[outcome.value] += 1
        named = {(row.TABLE, columns[0]): columns for row in entries.values() for columns in (_astuple(row),)}
        whole = lines
        if not lines[-1].endswith(b"\n"):
            whole, end = lines[:-1], end - len(lines[-1])
        tail = tail_of(whole) if whole else ""
        return Chunk(items, named, rejections, dict(counts), len(lines), len(whole), end, read, tail)

    def _outcome(self, line: bytes) -> Translated | Rejected | SkipReason:
        event = read_line(line, self.max_line_bytes)
        if event is None:
            return SkipReason.BLANK
        if not self.since_us <= event.time_us < self.until_us:
            return SkipReason.TIME_FILTER
        outcome = self.translator.translate(event)
        if type(outcome) is not Translated:
            return outcome.reason if isinstance(outcome, Skipped) else outcome
        if self.courses and not self._is_wanted(outcome.step):
            return SkipReason.COURSE_FILTER if outcome.learner is None else _reduced(outcome)
        return outcome

    def _is_wanted(self, step: Step) -> bool:
        """By the course that the event states, else by that of its block, whose run only the fold knows."""
        if step.course_key:
            return step.course_key in self.courses
        return bool(step.block) and course_without_run(step.block) in self.without_run

    def _carry(self, outcome: Translated, items: list[Item], entries: dict[int, Entry]) -> None:
        for entry in outcome.entries:
            entries[id(entry)] = entry
        observed = outcome.observed
        items.append(
            Item(
                outcome.key,
                outcome.time_us,
                outcome.learner,
                _astuple(observed) if observed is not None else None,
                outcome.step,
                tuple([(row.TABLE, _astuple(row)) for row in outcome.rows]),
            )
        )


def _reduced(outcome: Translated) -> Translated:
    """An event of a course that is filtered out: only that, and when, the learner was elsewhere."""
    step = outcome.step
    kind = (
        step.kind if step.kind in (StepKind.BACKGROUND, StepKind.NOWHERE, StepKind.LEAVE) else _OTHER_COURSE
    )
    bare = Step(step.key, step.time_us, kind, None, "", None, "", step.device, None)
    return Translated(outcome.key, outcome.time_us, outcome.learner, None, bare, ())


def _where(error: BaseException) -> str:
    """File and line of the innermost frame; the message could hold what a learner wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    name = trace.tb_frame.f_code.co_filename.rpartition("openedx_moocdb")[2] or "?"
    return f"{name}:{trace.tb_lineno}"


def pack(chunk: Chunk) -> bytes:
    """Bytes for a pipe between processes of the same Python."""
    items = [
        (item.key, item.time_us, item.learner, item.observed, _plain(item.step), item.rows)
        for item in chunk.items
    ]
    return marshal.dumps((items, *chunk[1:]))


def _plain(step: Step) -> RowTuple:
    columns = _astuple(step)
    return (*columns[:2], int(columns[2]), *columns[3:])


def unpack(data: bytes) -> Chunk:
    """The chunk of ``pack``."""
    packed, *rest = marshal.loads(data)
    items = [
        Item(key, time_us, learner, observed, Step(step[0], step[1], _KINDS[step[2]], *step[3:]), rows)
        for key, time_us, learner, observed, step, rows in packed
    ]
    return Chunk(items, *rest)
