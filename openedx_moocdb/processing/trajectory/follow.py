"""The fold: one learner's steps, in order, become placed events and visits.

``follow`` is a function of course, state and steps alone. Splitting the steps
anywhere and carrying the state over gives the same placements; the gap of the
last event before a cut comes out of the next call as an amendment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from openedx_moocdb.processing.trajectory.rules import Case, chapter_key, climb, section_key
from openedx_moocdb.processing.trajectory.spots import Address, AddressBook, stated_page
from openedx_moocdb.processing.trajectory.state import Device, Pending, State
from openedx_moocdb.processing.trajectory.stays import Stays, place_of
from openedx_moocdb.schema.course import Course, Spot, block_type
from openedx_moocdb.schema.errors import OutOfOrder
from openedx_moocdb.schema.rows import CourseRow, Visit, course_row
from openedx_moocdb.schema.step import ACTIVE, Placement, PlaceSource, Step, StepKind
from openedx_moocdb.translation.block_ids import course_parts, course_without_run
from openedx_moocdb.translation.pages import NO_PAGE, Page

SESSION_LIMIT_S = 1800.0
#: a call of the browser that states nothing belongs to the page that opens within this time
_CALLS_AHEAD_US = 10_000_000
_MOST_CALLS = 24
_SURE = frozenset({PlaceSource.STATED, PlaceSource.STRUCTURE, PlaceSource.INHERITED_PANEL})
_SECTIONS = frozenset({"sequential", "vertical", "chapter", "course"})

_SOURCE, _GAP, _DURATION = (
    Placement.__struct_fields__.index(name) for name in ("place_source", "gap_s", "observed_event_duration")
)

CourseFinder = Callable[[str], Course | None]


class Followed(msgspec.Struct):
    """What one call found.

    ``placements``: one per step, ``None`` for steps that are no observed event.
    ``gaps``: (key, gap_s, duration) of events of *earlier* calls.
    ``moved``: (key, placement) of events of earlier calls that are placed anew.
    ``visits``: all visits that these steps opened, prolonged or ended.
    ``addresses``, ``courses``: dictionary rows behind the placements.
    """

    placements: list[Placement | None]
    gaps: list[tuple[bytes, float | None, float | None]]
    moved: list[tuple[bytes, Placement]]
    visits: list[Visit]
    addresses: list[Address]
    courses: list[CourseRow]


class Follower:
    """``follow`` for one site; holds settings and look-ups, no learner."""

    def __init__(
        self, base_url: str, courses: CourseFinder, session_limit_s: float = SESSION_LIMIT_S
    ) -> None:
        self.addresses = AddressBook(base_url)
        self.courses = courses
        self.limit_us = int(session_limit_s * 1_000_000)

    def follow(self, learner: bytes, state: State, steps: Sequence[Step]) -> Followed:
        """Fold ``steps`` (sorted by key) into ``state``, which is changed in place.

        Raises ``OutOfOrder`` if the steps are not sorted.
        """
        return _Fold(self, learner, state).run(steps)

    def place_alone(self, step: Step) -> tuple[Placement | None, Followed]:
        """Place one event of nobody: by what it states and the tree, without gap or visit."""
        found = _Fold(self, b"", State()).run([step])
        placement = found.placements[0]
        if placement is not None:
            placement = msgspec.structs.replace(placement, visit_id=None)
        return placement, found


class _Fold:
    """One call of ``follow``: what is gathered on the way."""

    def __init__(self, follower: Follower, learner: bytes, state: State) -> None:
        self.follower = follower
        self.limit_us = follower.limit_us
        self.state = state
        self.placements: list[list[Any] | None] = []
        self.index: dict[bytes, int] = {}
        self.stays = Stays(learner, state, follower.limit_us)
        self.moved: dict[bytes, Placement] = {}
        self.addresses: dict[int, Address] = {}
        self.courses: dict[int, CourseRow] = {}

    def run(self, steps: Sequence[Step]) -> Followed:
        last = b""
        for step in steps:
            if step.key < last:
                raise OutOfOrder(f"step {step.key.hex()} comes after {last.hex()}; sort steps by key")
            last = step.key
            self.placements.append(self._take(step))
        self.stays.note_open()
        gaps = self._set_gaps()
        return Followed(
            [None if columns is None else Placement(*columns) for columns in self.placements],
            gaps,
            list(self.moved.items()),
            list(self.stays.visits.values()),
            list(self.addresses.values()),
            list(self.courses.values()),
        )

    def _set_gaps(self) -> list[tuple[bytes, float | None, float | None]]:
        """Put gaps into the placements of this call; return those of earlier calls."""
        earlier = []
        for key, (gap_s, duration) in self.stays.gaps.items():
            at = self.index.get(key)
            columns = self.placements[at] if at is not None else None
            if columns is None:
                earlier.append((key, gap_s, duration))
            else:
                columns[_GAP], columns[_DURATION] = gap_s, duration
        return earlier

    def _take(self, step: Step) -> list[Any] | None:
        """Columns of the step's placement, in table order; its gap is not known yet."""
        state = self.state
        device = state.devices.get(step.device)
        if device is None:
            device = state.devices[step.device] = Device()
        kind = step.kind
        if kind in (StepKind.CLOSE, StepKind.LEAVE):
            self.stays.end_page(step, device)
            return None
        course_key = self._course_of(step, device)
        page = stated_page(step.url) if step.url else NO_PAGE
        if kind is StepKind.ELSEWHERE or kind is StepKind.NOWHERE:
            source, spot, is_conflict = PlaceSource.STATED if step.url else PlaceSource.UNKNOWN, None, False
            address = self._address_of_page(step)
        elif device.page_url and not step.url and not step.block:
            source, spot, is_conflict = PlaceSource.INHERITED_URL, None, False
            address = self.follower.addresses.of_page(device.page_url, "")
        else:
            source, spot, is_conflict, address = self._locate(step, page, course_key, device)
        if kind is StepKind.ELSEWHERE:
            device.page_url = step.url
        elif kind in ACTIVE:
            device.page_url = ""
        self.addresses[id(address)] = address
        course_id = self._course_id(course_key)
        visit_id = None
        if kind in ACTIVE:
            visit = self.stays.join(step, device, spot, address, course_key)
            self.stays.settle_gap(step)
            state.pending = Pending(step.key, step.time_us)
            if visit is not None:
                visit_id = state.pending.visit_id = visit.visit_id
                state.pending.play_until_us = visit.play_until_us
        elif kind is StepKind.BACKGROUND:
            visit = device.visit
            if visit is not None and visit.place == place_of(spot, address):
                visit_id = visit.visit_id
        self.index[step.key] = len(self.placements)
        panel = spot.panel if spot is not None else None
        placement = [
            course_id,
            address.url_id,
            address.resource_id,
            address.unit_id,
            panel,
            int(source),
            None,
            None,
            visit_id,
            is_conflict,
        ]
        if kind is StepKind.BACKGROUND and not step.url and not step.block:
            device.calls.append((step.key, step.time_us))
            del device.calls[:-_MOST_CALLS]
        elif kind in ACTIVE and device.calls:
            self._place_calls(step, device, placement)
        return placement

    def _place_calls(self, step: Step, device: Device, placement: list[Any]) -> None:
        """Calls just before a page opens were made for it: put them where it is."""
        if step.kind in (StepKind.VIEW, StepKind.ELSEWHERE):
            given = [*placement]
            given[_SOURCE] = int(PlaceSource.INHERITED_URL)
            for key, time_us in device.calls:
                if step.time_us - time_us <= _CALLS_AHEAD_US:
                    at = self.index.get(key)
                    if at is None:
                        self.moved[key] = Placement(*given)
                    else:
                        self.placements[at] = [*given]
        device.calls.clear()

    def _course_of(self, step: Step, device: Device) -> str:
        """The course stated, else the run where the learner meets that ``org/course``."""
        course_key = step.course_key
        if course_key:
            if "/" in course_key:
                org, course, _run = course_parts(course_key)
                self.state.runs[f"{org}/{course}"] = course_key
            return course_key
        if step.block:
            return self.state.runs.get(course_without_run(step.block), "")
        if step.kind in (StepKind.ACT, StepKind.BACKGROUND) and not step.url and device.spot is not None:
            return device.spot.course_key
        return ""

    def _course_id(self, course_key: str) -> int | None:
        if not course_key:
            return None
        row = course_row(course_key)
        self.courses[row.course_id] = row
        return row.course_id

    def _address_of_page(self, step: Step) -> Address:
        addresses = self.follower.addresses
        if step.url:
            return addresses.of_page(step.url, step.block)
        return addresses.unknown(step.block)

    def _locate(
        self, step: Step, page: Page, course_key: str, device: Device
    ) -> tuple[PlaceSource, Spot | None, bool, Address]:
        course = self.follower.courses(course_key) if course_key else None
        tree = course.tree_at(step.time_us) if course is not None else None
        case = Case(step, page, course_key, tree, self.state, device, self.limit_us)
        source, spot = climb(case)
        if spot is None:
            return source, None, False, self._address_of_page(step)
        is_conflict = self._disagrees(step, spot, source)
        self._remember(step, device, spot, source)
        block = step.block if block_type(step.block) not in _SECTIONS else ""
        return source, spot, is_conflict, self.follower.addresses.of_spot(spot, block)

    def _disagrees(self, step: Step, spot: Spot, source: PlaceSource) -> bool:
        """Has the same block been placed elsewhere for this learner?"""
        if not step.block or source not in _SURE:
            return False
        known = self.state.blocks.get(step.block)
        return known is not None and (known.section, known.panel) != (spot.section, spot.panel)

    def _remember(self, step: Step, device: Device, spot: Spot, source: PlaceSource) -> None:
        state = self.state
        if step.kind is StepKind.BACKGROUND:
            last = device.spot
            if source is not PlaceSource.STRUCTURE or last is None:
                return
            if (last.course_key, last.section) != (spot.course_key, spot.section):
                return
        if source is not PlaceSource.UNKNOWN:
            if spot != state.latest and spot.section and spot.panel is not None:
                state.latest = spot
                state.panels[section_key(spot.course_key, spot.section)] = spot
                state.panels[chapter_key(spot.course_key, "")] = spot
                state.panels[chapter_key(spot.course_key, spot.chapter)] = spot
            if step.block and source in _SURE and step.kind in (StepKind.ACT, StepKind.BACKGROUND):
                state.blocks[step.block] = spot
        device.spot = spot
        device.spot_us = step.time_us
