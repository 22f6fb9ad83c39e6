"""Visits and gaps: how long a learner stayed, and where the next act came from.

A visit is a stay at one place on one device. It ends when the learner is seen
elsewhere on that device, closes the page, logs out or is silent for longer than
the limit; a video that plays on keeps it (ADR 0007).
"""

from __future__ import annotations

from openedx_moocdb.processing.trajectory.spots import Address, stated_page
from openedx_moocdb.processing.trajectory.state import Device, OpenVisit, Pending, Playback, State
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.course import Spot
from openedx_moocdb.schema.rows import Visit, course_row
from openedx_moocdb.schema.step import Step, StepKind
from openedx_moocdb.translation.times import time_text

#: videos play at up to twice their speed, and at half of it at least
_FASTEST = 2.0
_SLACK_US = 5_000_000


def place_of(spot: Spot | None, address: Address) -> str:
    """What tells two places apart: the unit where it is known, else the URL."""
    return spot.unit if spot is not None and spot.unit else str(address.url_id)


class Stays:
    """Visits of one learner during one call of ``follow``.

    ``visits``: rows of all that were opened, prolonged or ended. ``gaps``: gap
    and duration, in seconds, of the events whose next act or end was seen.
    """

    def __init__(self, learner: bytes, state: State, limit_us: int) -> None:
        self.learner = learner
        self.state = state
        self.limit_us = limit_us
        self.visits: dict[bytes, Visit] = {}
        self.gaps: dict[bytes, tuple[float | None, float | None]] = {}
        self._touched: set[int] = set()

    def note_open(self) -> None:
        """Write the visits that go on, at the end of the steps."""
        for number in sorted(self._touched):
            visit = self.state.devices[number].visit
            if visit is not None:
                self._write(number, visit, None, "open")

    def join(
        self, step: Step, device: Device, spot: Spot | None, address: Address, course_key: str
    ) -> OpenVisit | None:
        """The visit that the step belongs to; ``None`` when it has no place at all."""
        place = place_of(spot, address)
        visit, now = device.visit, step.time_us
        self._touched.add(step.device)
        if visit is not None and visit.playback is not None:
            self._watch(visit, step)
        if visit is not None and (visit.place != place or self._is_over(visit, now)):
            self._leave(step.device, visit, now)
            visit = device.visit = None
        if spot is None and not step.url:
            return None
        if visit is None:
            panel = spot.panel if spot is not None else None
            visit = OpenVisit(step.key, place, course_key, address.url_id, address.unit_id, panel, now, now)
            device.visit = visit
        elif now > visit.last_us or step.key != visit.visit_id:
            visit.last_us = now
            visit.events += 1
        left_s = step.play_left_s
        if left_s is not None:
            visit.play_until_us = now + int(left_s * 1_000_000) if left_s > 0 else 0
            visit.playback = Playback(step.block, now, step.position_s) if left_s else None
        return visit

    def _watch(self, visit: OpenVisit, step: Step) -> None:
        """The video moved on by about the time that passed: it played, and the learner stayed."""
        playback = visit.playback
        assert playback is not None
        if step.block != playback.block or step.position_s is None or playback.position_s is None:
            return
        moved_us = (step.position_s - playback.position_s) * 1_000_000
        passed_us = step.time_us - playback.time_us
        if moved_us <= 0:
            return
        is_whole = passed_us / _FASTEST - _SLACK_US <= moved_us <= passed_us * _FASTEST + _SLACK_US
        played_until_us = step.time_us if is_whole else min(step.time_us, playback.time_us + int(moved_us))
        visit.play_until_us = max(visit.play_until_us, played_until_us)
        pending = self.state.pending
        if pending is not None and pending.visit_id == visit.visit_id:
            pending.play_until_us = max(pending.play_until_us, played_until_us)

    def _is_over(self, visit: OpenVisit, now: int) -> bool:
        return now - visit.last_us > self.limit_us and now > visit.play_until_us + self.limit_us

    def _leave(self, number: int, visit: OpenVisit, now: int) -> None:
        """The learner is seen elsewhere, or again after a long time."""
        if not self._is_over(visit, now):
            self._write(number, visit, now, "move")
        else:
            seen_until = max(visit.last_us, min(now, visit.play_until_us))
            self._write(number, visit, seen_until if seen_until > visit.start_us else None, "idle")

    def end_page(self, step: Step, device: Device) -> None:
        """``page_close`` of the page that the open visit is on, or logout."""
        visit = device.visit
        if visit is None:
            return
        if step.kind is StepKind.CLOSE and step.url and not self._is_page_of(step, device, visit):
            return
        if self._is_over(visit, step.time_us):
            self._leave(step.device, visit, step.time_us)
        else:
            reason = "close" if step.kind is StepKind.CLOSE else "logout"
            self._write(step.device, visit, step.time_us, reason)
        device.visit = None
        pending = self.state.pending
        if pending is not None and pending.visit_id == visit.visit_id and not pending.end_us:
            pending.end_us = step.time_us
            self.gaps[pending.key] = (None, self._duration(pending, step.time_us))

    def _is_page_of(self, step: Step, device: Device, visit: OpenVisit) -> bool:
        page = stated_page(step.url)
        if not page.is_place:
            return visit.url_id == keys.dictionary_id("url", step.url)
        spot = device.spot
        if spot is None:
            return False
        return page.unit == spot.unit if page.unit else page.section.rpartition("@")[2] == spot.section

    def _write(self, number: int, visit: OpenVisit, end_us: int | None, ended_by: str) -> None:
        duration = (end_us - visit.start_us) / 1_000_000 if end_us is not None else None
        self.visits[visit.visit_id] = Visit(
            visit.visit_id,
            self.learner,
            course_row(visit.course_key).course_id if visit.course_key else None,
            number,
            visit.url_id,
            visit.unit_id,
            visit.panel,
            time_text(visit.start_us),
            time_text(visit.last_us),
            duration,
            visit.events,
            ended_by,
        )

    def settle_gap(self, step: Step) -> None:
        pending = self.state.pending
        if pending is not None:
            gap_s = (step.time_us - pending.time_us) / 1_000_000
            self.gaps[pending.key] = (gap_s, self._duration(pending, pending.end_us or step.time_us))

    def _duration(self, pending: Pending, until_us: int) -> float | None:
        """Seconds to ``until_us``; ``None`` past the limit unless a video played on."""
        span_us = until_us - pending.time_us
        if span_us <= self.limit_us:
            return span_us / 1_000_000
        played_us = min(span_us, pending.play_until_us - pending.time_us)
        return played_us / 1_000_000 if played_us > 0 else None
