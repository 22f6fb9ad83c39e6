"""Learners, their devices, and the weeks in which they come."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from openedx_moocdb.simulator.clock import DAY, HOUR, MINUTE, WEEK
from openedx_moocdb.simulator.plan import HABIT_SHARES, HABITS, SimulationPlan
from openedx_moocdb.simulator.truth import Place

_KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_LAPTOPS = {
    "legacy": (
        f"Mozilla/5.0 (Windows NT 6.1; WOW64) {_KIT} Chrome/27.0.1453.110 Safari/537.36",
        "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:23.0) Gecko/20100101 Firefox/23.0",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_8_4) {_KIT} Chrome/28.0.1500.95 Safari/537.36",
        "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.1; WOW64; Trident/6.0)",
        f"Mozilla/5.0 (X11; Linux x86_64) {_KIT} Ubuntu Chromium/31.0.1650.63 "
        "Chrome/31.0.1650.63 Safari/537.36",
    ),
    "mfe": (
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_KIT} Chrome/121.0.0.0 Safari/537.36",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_KIT} Chrome/121.0.0.0 Safari/537.36 Edg/121.0.0.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/17.3 Safari/605.1.15",
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:122.0) Gecko/20100101 Firefox/122.0",
    ),
}
_TABLETS = {
    "legacy": "Mozilla/5.0 (iPad; CPU OS 6_1_3 like Mac OS X) AppleWebKit/536.26 (KHTML, like Gecko) "
    "Version/6.0 Mobile/10B329 Safari/8536.25",
    "mfe": f"Mozilla/5.0 (Linux; Android 13; SM-X700) {_KIT} Chrome/121.0.0.0 Safari/537.36",
}
_APPS = {
    "legacy": "Dalvik/1.6.0 (Linux; U; Android 4.4.2; SM-G900H Build/KOT49H)",
    "mfe": "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 6 Build/TQ3A.230901.001)",
}
_LANGUAGES = (
    "en-US,en;q=0.8",
    "es-ES,es;q=0.9,en;q=0.8",
    "fr-FR,fr;q=0.8,en-US;q=0.6,en;q=0.4",
    "hi-IN,en;q=0.7",
)
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")


@dataclass(slots=True, eq=False)
class Device:
    """A browser or app of one learner; the last fields are the stay that goes on there."""

    index: int
    kind: str
    agent: str
    ip: str
    session: str = ""
    server: int = 0
    place: Place | None = None
    visit: int = 0
    since_us: int = 0
    last_us: int = 0


@dataclass(slots=True, eq=False)
class Learner:
    """A person; ``shape`` is ``2013``, ``2014`` or ``mfe``; ``courses`` are indices.

    ``positions``: last panel seen in each section; ``attempts`` by problem;
    ``done``: units that need no second look.
    """

    user_id: int
    habit: str
    shape: str
    courses: tuple[int, ...]
    language: str
    skill: float
    devices: tuple[Device, ...]
    quits_week: int
    night_us: int
    visits: int = 0
    week: int = -1
    free_us: int = 0
    sessions: int = 0
    starts: list[int] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    enrolled: set[int] = field(default_factory=set)
    last_section: dict[int, str] = field(default_factory=dict)

    @property
    def username(self) -> str:
        """A name without a person behind it."""
        return f"learner{self.user_id:06d}"


def make_learner(plan: SimulationPlan, number: int) -> Learner:
    """Learner ``number`` (from 0) of a plan, the same whatever the number of learners."""
    rng = Random(f"{plan.seed}:learner:{number}")
    is_legacy = plan.era == "legacy" or (plan.era == "both" and number % 2 == 0)
    era = "legacy" if is_legacy else "mfe"
    shape = ("2013" if number % 4 < 2 else "2014") if is_legacy else "mfe"
    first = plan.courses if plan.era == "both" and not is_legacy else 0
    home = rng.randrange(plan.courses)
    also = {(home + 1) % plan.courses} if rng.random() < 0.2 else set()
    return Learner(
        user_id=1001 + number,
        habit=rng.choices(HABITS, HABIT_SHARES)[0],
        shape=shape,
        courses=tuple(first + course for course in sorted({home} | also)),
        language=rng.choice(_LANGUAGES),
        skill=rng.uniform(0.35, 0.9),
        devices=_devices(rng, era, shape),
        quits_week=rng.randrange(1, max(2, plan.weeks)),
        night_us=rng.randrange(-8, 9) * HOUR,
    )


def _devices(rng: Random, era: str, shape: str) -> tuple[Device, ...]:
    def address() -> str:
        return f"{rng.choice(_NETWORKS)}.{rng.randrange(1, 255)}"

    devices = [Device(0, "laptop", rng.choice(_LAPTOPS[era]), address())]
    if rng.random() < 0.35:
        devices.append(Device(len(devices), "tablet", _TABLETS[era], address()))
    if shape != "2013" and rng.random() < 0.3:
        devices.append(Device(len(devices), "app", _APPS[era], address()))
    return tuple(devices)


def next_start(plan: SimulationPlan, learner: Learner, rng: Random) -> int | None:
    """When the learner comes next, µs; ``None`` when never again. Seeds ``rng`` anew each week."""
    while not learner.starts:
        learner.week += 1
        if learner.week > plan.weeks:
            return None
        rng.seed(f"{plan.seed}:{learner.user_id}:week:{learner.week}")
        learner.starts = sorted(_starts(plan, learner, rng), reverse=True)
    return max(learner.starts.pop(), learner.free_us + 45 * MINUTE)


def _starts(plan: SimulationPlan, learner: Learner, rng: Random) -> list[int]:
    count = _sessions(plan, learner, rng)
    monday = plan.start_us + learner.week * WEEK
    starts = []
    for _ in range(count):
        hour = rng.triangular(6, 24, 20)
        day = rng.randrange(7)
        starts.append(monday + day * DAY + int(hour * HOUR) + learner.night_us + rng.randrange(1_000_000))
    return [max(start, plan.start_us + rng.randrange(HOUR)) for start in starts]


def _sessions(plan: SimulationPlan, learner: Learner, rng: Random) -> int:
    week, habit = learner.week, learner.habit
    if week == plan.weeks and habit in {"sampling", "dropping_out", "auditing"}:
        return 0
    if habit == "dropping_out" and week >= learner.quits_week:
        return 0
    if habit == "sampling":
        return rng.randrange(1, 3) if week == learner.quits_week % plan.weeks or week == 0 else 0
    if habit == "behind" and week == 0:
        return 1
    return rng.randrange(2, 5) if habit == "on_track" else rng.randrange(1, 4)
