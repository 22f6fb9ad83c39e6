"""Steps of a learner through a small course, and how to read where they were put."""

from __future__ import annotations

from collections.abc import Sequence

from openedx_moocdb.processing.trajectory.follow import Followed, Follower
from openedx_moocdb.processing.trajectory.spots import UNKNOWN_URL
from openedx_moocdb.processing.trajectory.state import State
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.course import Block, Course, CourseVersion, course_version
from openedx_moocdb.schema.rows import BlockRow, Resource, Url
from openedx_moocdb.schema.step import Placement, Step, StepKind

SITE = "http://lms"
COURSE = "course-v1:O+C+R"
LEARNER = b"a learner's key."
ROOT = f"{SITE}/courses/{COURSE}/"
WARE = f"{ROOT}courseware/"
FORUM = f"{ROOT}discussion/forum/"
DASHBOARD = f"{SITE}/dashboard/"
START_US = 1_700_000_000_000_000
DAY_S = 86_400.0

#: chapter -> section -> unit -> blocks
OUTLINE: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "w1": {
        "s1": {"u1": ("video/v1",), "u2": ("problem/p1", "problem/drawn"), "u3": ("problem/p2",)},
        "s2": {"u4": ("html/h1",), "u5": ("problem/p3", "problem/drawn")},
    },
    "w2": {"s3": {"u6": ("split_test/x",)}},
}
#: blocks below blocks of units: a split test with a unit per group
INSIDE = {
    "split_test/x": ("vertical/g0", "vertical/g1"),
    "vertical/g0": ("problem/a",),
    "vertical/g1": ("problem/b",),
}


def usage(path: str) -> str:
    """Usage key of ``type/name``."""
    block_type, _, name = path.partition("/")
    return f"block-v1:O+C+R+type@{block_type}+block@{name}"


def version(
    outline: dict[str, dict[str, dict[str, tuple[str, ...]]]] = OUTLINE, valid_from_us: int = 0
) -> CourseVersion:
    """The tree of an outline."""
    found: list[Block] = []

    def add(path: str, children: Sequence[str]) -> None:
        found.append(Block(usage(path), path.partition("/")[0], path, tuple(map(usage, children))))

    add("course/course", [f"chapter/{name}" for name in outline])
    for chapter, sections in outline.items():
        add(f"chapter/{chapter}", [f"sequential/{name}" for name in sections])
        for section, units in sections.items():
            add(f"sequential/{section}", [f"vertical/{name}" for name in units])
            for unit, blocks in units.items():
                add(f"vertical/{unit}", blocks)
    names = {
        name for units in outline.values() for inner in units.values() for b in inner.values() for name in b
    }
    names |= INSIDE.keys() | {name for inner in INSIDE.values() for name in inner}
    for name in sorted(names):
        add(name, INSIDE.get(name, ()))
    return course_version(COURSE, valid_from_us, found)


def follower(*versions: CourseVersion, limit_s: float = 1800.0) -> Follower:
    """A follower that knows the versions given, and no other course."""
    course = Course(COURSE, versions) if versions else None
    return Follower(SITE, lambda key: course if key == COURSE else None, limit_s)


def learning(section: str, unit: str) -> str:
    """URL of a unit in the learning MFE."""
    return f"{SITE}/learning/course/{COURSE}/{usage('sequential/' + section)}/{usage('vertical/' + unit)}/"


def step(
    at_s: float,
    kind: StepKind,
    url: str = "",
    panel: int | None = None,
    block: str = "",
    device: int = 1,
    course: str | None = COURSE,
    play_left_s: float | None = None,
    position_s: float | None = None,
) -> Step:
    """A step ``at_s`` seconds after the start; ``block`` as ``type/name`` or as a whole usage key."""
    time_us = START_US + round(at_s * 1_000_000)
    usage_key = usage(block) if block and ":" not in block else block
    facts = repr((kind, url, panel, block, device, course, play_left_s)).encode()
    key = keys.event_key(time_us, facts)
    return Step(key, time_us, kind, course, url, panel, usage_key, device, play_left_s, position_s)


def view(at_s: float, url: str, **facts: object) -> Step:
    return step(at_s, StepKind.VIEW, url, **facts)  # type: ignore[arg-type]


def go(at_s: float, url: str, panel: int, **facts: object) -> Step:
    return step(at_s, StepKind.NAVIGATE, url, panel, **facts)  # type: ignore[arg-type]


def act(at_s: float, url: str = "", **facts: object) -> Step:
    return step(at_s, StepKind.ACT, url, **facts)  # type: ignore[arg-type]


def elsewhere(at_s: float, url: str = FORUM, **facts: object) -> Step:
    return step(at_s, StepKind.ELSEWHERE, url, **facts)  # type: ignore[arg-type]


def background(at_s: float, url: str = "", **facts: object) -> Step:
    return step(at_s, StepKind.BACKGROUND, url, **facts)  # type: ignore[arg-type]


def close(at_s: float, url: str, **facts: object) -> Step:
    return step(at_s, StepKind.CLOSE, url, **facts)  # type: ignore[arg-type]


def leave(at_s: float, **facts: object) -> Step:
    return step(at_s, StepKind.LEAVE, **facts)  # type: ignore[arg-type]


class Walk:
    """What one call of ``follow`` found, in words."""

    def __init__(self, *steps: Step, knows: Follower | None = None, state: State | None = None) -> None:
        self.steps = steps
        self.found: Followed = (knows or follower()).follow(LEARNER, state or State(), steps)
        entries = [entry for address in self.found.addresses for entry in address.entries]
        self.urls = {entry.url_id: entry.url for entry in entries if isinstance(entry, Url)}
        self.resources = {entry.resource_id: entry for entry in entries if isinstance(entry, Resource)}
        self.units = {entry.block_id: entry.usage_key for entry in entries if isinstance(entry, BlockRow)}

    def __getitem__(self, number: int) -> Placement:
        placement = self.found.placements[number]
        assert placement is not None
        return placement

    def place(self, number: int) -> str:
        """``w1/s1/2`` for a panel, the URL without the site for another page."""
        url_id = self[number].url_id
        assert url_id is not None
        url = self.urls[url_id]
        return url.removeprefix(WARE).removeprefix(SITE).rstrip("/") if url != UNKNOWN_URL else url

    def places(self) -> list[str]:
        """The place of each step that is an event."""
        return [self.place(at) for at, found in enumerate(self.found.placements) if found is not None]

    def unit(self, number: int) -> str | None:
        """Name of the unit, ``None`` while only its number is known."""
        unit_id = self[number].unit_id
        return None if unit_id is None else self.units[unit_id].rpartition("@")[2]

    def chain(self, number: int) -> list[str]:
        """URIs from the resource of a step up to the root, the course's root cut off."""
        found: list[str] = []
        at = self[number].resource_id
        while at is not None:
            resource = self.resources[at]
            found.append(resource.resource_uri)
            at = resource.resource_parent_id
        return found

    def visits(self) -> list[tuple[float, float | None, str]]:
        """(start in seconds, duration, how it ended) by start."""
        found = []
        for visit in self.found.visits:
            start_s = (keys.key_time_us(visit.visit_id) - START_US) / 1_000_000
            found.append((start_s, visit.duration_s, visit.ended_by))
        return sorted(found, key=lambda each: each[0])
