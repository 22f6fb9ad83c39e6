"""What an import did, in numbers that add up."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

import msgspec

from openedx_moocdb.pipelines.merge import Batch
from openedx_moocdb.pipelines.settle import Settled
from openedx_moocdb.schema.outcomes import SkipReason


class Summary(msgspec.Struct):
    """Counts of one run: ``lines`` = ``translated`` + all ``skipped`` + all ``rejected``.

    ``lines_before``: lines of these files that earlier runs had committed.
    ``rows``: rows by table in the database when the run ended, not of the run.
    """

    lines: int = 0
    lines_before: int = 0
    translated: int = 0
    skipped: dict[str, int] = {}
    rejected: dict[str, int] = {}
    late_learners: int = 0
    derived_again: int = 0
    replayed: int = 0
    rows: dict[str, int] = {}
    seconds: float = 0.0

    def add(self, batch: Batch, settled: Settled) -> None:
        """Count one committed batch."""
        self.lines += batch.lines
        self.skipped = dict(Counter(self.skipped) + Counter(batch.counts))
        if settled.known:
            name = SkipReason.DUPLICATE.value
            self.skipped[name] = self.skipped.get(name, 0) + settled.known
        reasons = Counter(reason for _line, reason, _detail, _path in batch.rejections)
        self.rejected = dict(Counter(self.rejected) + reasons)
        self.translated += settled.events
        self.late_learners += settled.late_learners

    def sentences(self) -> list[str]:
        """One line per outcome, and the rows of each table, for people."""
        lines = [f"{self.lines:>12,} lines read in {self.seconds:.1f} s"]
        if self.lines_before:
            lines.append(f"{self.lines_before:>12,} lines were imported before")
        lines.append(f"{self.translated:>12,} translated")
        lines += [f"{count:>12,} skipped: {reason}" for reason, count in sorted(self.skipped.items())]
        lines += [f"{count:>12,} rejected: {reason}" for reason, count in sorted(self.rejected.items())]
        if self.derived_again:
            lines.append(f"{self.derived_again:>12,} learners derived again after late events")
        return lines + self._tables()

    def _tables(self) -> list[str]:
        """Tables that have rows, in two columns read downwards."""
        cells = [f"{count:>12,} {table:<26}" for table, count in sorted(self.rows.items()) if count]
        half = (len(cells) + 1) // 2
        pairs = zip_longest(cells[:half], cells[half:], fillvalue="")
        return ["Rows in the database:", *((left + right).rstrip() for left, right in pairs)] if cells else []
