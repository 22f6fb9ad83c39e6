"""What to simulate; equal plans give equal bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from openedx_moocdb.simulator.clock import micros

ERAS = ("legacy", "mfe", "both")
HABITS = ("on_track", "behind", "auditing", "sampling", "dropping_out")
#: share of the learners per habit, in the order of ``HABITS``
HABIT_SHARES = (0.30, 0.15, 0.20, 0.20, 0.15)
#: lines that one learner writes per week of class, all habits together: measured 120 (legacy) to 165 (MFE)
LINES_PER_LEARNER_WEEK = 110

_FIRST_DAYS = {
    "legacy": datetime(2013, 3, 4, tzinfo=timezone.utc),
    "mfe": datetime(2024, 2, 5, tzinfo=timezone.utc),
    "both": datetime(2014, 9, 1, tzinfo=timezone.utc),
}


@dataclass(frozen=True)
class SimulationPlan:
    """A simulation; ``lines`` only cuts it, so a smaller number gives a prefix.

    ``courses`` per era: ``both`` with 1 has two courses, run at the same time.
    ``start``: first day of class, aware; ``None`` picks one that suits the era.
    ``lines``: stop after that many lines of all servers; ``None``: to the end.
    Shares are of all lines (``noise_share``: heartbeats, static files, bots and
    Studio; ``anonymous_share``: visitors of public pages), but ``prefixed_share``
    is of the sessions, whose lines carry the prefix of a log formatter.
    ``republish``: halfway, each course gets a second version.
    """

    seed: int = 1
    learners: int = 50
    weeks: int = 4
    era: str = "both"
    lines: int | None = None
    courses: int = 1
    start: datetime | None = None
    servers: int = 1
    malformed_per_million: int = 200
    duplicates_per_million: int = 500
    anonymous_share: float = 0.02
    noise_share: float = 0.04
    prefixed_share: float = 0.1
    republish: bool = False

    def __post_init__(self) -> None:
        if self.era not in ERAS:
            raise ValueError(f"era is {self.era!r}; expected one of {', '.join(ERAS)}")
        if self.start is not None and self.start.tzinfo is None:
            raise ValueError("start has no time zone; give an aware datetime")
        for name in ("learners", "weeks", "courses", "servers"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; expected 1 or more")
        if not 0 <= self.anonymous_share + self.noise_share < 1:
            raise ValueError("anonymous_share + noise_share must be at least 0 and below 1")

    @property
    def start_us(self) -> int:
        """First moment of class, µs since 1970 UTC."""
        return micros(self.start or _FIRST_DAYS[self.era])

    @property
    def end_us(self) -> int:
        """No session begins later; the log may run some hours longer."""
        return self.start_us + int(timedelta(weeks=self.weeks + 1) / timedelta(microseconds=1))


def plan_of(lines: int, plan: SimulationPlan) -> SimulationPlan:
    """``plan`` cut at ``lines`` lines, with enough learners to reach them late in the course."""
    learners = max(10, lines // (LINES_PER_LEARNER_WEEK * plan.weeks))
    return replace(plan, lines=lines, learners=learners)
