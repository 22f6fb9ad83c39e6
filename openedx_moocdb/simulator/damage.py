"""What happens to logs: lines broken, lines twice."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from openedx_moocdb.simulator.plan import SimulationPlan
from openedx_moocdb.simulator.truth import Arrival

_MILLION = 1_000_000


def _cut(line: bytes, rng: Random) -> bytes:
    return line[: rng.randrange(20, len(line) - 1)]


def _with_zeros(line: bytes, rng: Random) -> bytes:
    at = rng.randrange(1, len(line) - 1)
    return line[:at] + b"\0" * 64 + line[at + 64 :]


def _without_front(line: bytes, rng: Random) -> bytes:
    return line[rng.randrange(20, len(line) - 1) :]


def _text(line: bytes, rng: Random) -> bytes:
    return b"Traceback (most recent call last):"


def _array(line: bytes, rng: Random) -> bytes:
    return b'["not", "an", "object"]'


def _blank(line: bytes, rng: Random) -> bytes:
    return b""


_KINDS: tuple[tuple[str, Callable[[bytes, Random], bytes]], ...] = (
    ("malformed", _cut),
    ("malformed", _cut),
    ("malformed", _with_zeros),
    ("malformed", _without_front),
    ("malformed", _text),
    ("malformed", _array),
    ("blank", _blank),
)


class Damage:
    """Breaks and repeats lines of a stream of batches, as often as the plan says."""

    def __init__(self, plan: SimulationPlan) -> None:
        self.rng = Random(f"{plan.seed}:damage")
        self.servers = plan.servers
        self.broken_per_line = plan.malformed_per_million / _MILLION
        self.repeated_per_line = plan.duplicates_per_million / _MILLION
        self.broken_in = self._gap(self.broken_per_line)
        self.repeated_in = self._gap(self.repeated_per_line)

    def _gap(self, per_line: float) -> int:
        """Lines until the next one of a kind that comes with this chance; -1 is never."""
        return int(self.rng.expovariate(per_line)) + 1 if per_line > 0 else -1

    def apply(self, batch: list[Arrival]) -> list[Arrival]:
        """The batch with its damage; a broken line belongs to nobody any more."""
        size = len(batch)
        while 0 <= self.broken_in < size:
            at = self.broken_in
            if batch[at][2] >= 0:
                kind, spoil = self.rng.choice(_KINDS)
                old = batch[at]
                batch[at] = (*old[:3], spoil(old[3], self.rng), old[4], 0, *old[6:10], kind, old[11])
            self.broken_in += self._gap(self.broken_per_line)
        repeats = []
        while 0 <= self.repeated_in < size:
            at = self.repeated_in
            if batch[at][2] >= 0 and batch[at][10] not in {"malformed", "blank"}:
                repeats.append(at)
            self.repeated_in += self._gap(self.repeated_per_line)
        for at in reversed(repeats):
            old = batch[at]
            server = self.rng.randrange(self.servers) if self.rng.random() < 0.3 else old[2]
            copy = (*old[:2], server, *old[3:5], 0, *old[6:10], "duplicate", old[11])
            batch.insert(min(size, at + self.rng.randrange(1, 20)), copy)
        if self.broken_in >= 0:
            self.broken_in -= size
        if self.repeated_in >= 0:
            self.repeated_in -= size
        return batch
