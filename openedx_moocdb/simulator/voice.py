"""Where lines are said: the bookkeeping of stays and of arrival that all eras share."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from openedx_moocdb.simulator.clock import SECOND
from openedx_moocdb.simulator.course import SimCourse, Unit
from openedx_moocdb.simulator.learner import Device, Learner
from openedx_moocdb.simulator.truth import Act, Arrival, Place, VisitTruth

_LAST_ACTIVE = int(Act.ELSEWHERE)


@dataclass(slots=True, eq=False)
class Tab:
    """A tab of a browser; ``url`` as scripts of the page state it, panels of later moves missing."""

    device: Device
    place: Place
    unit: Unit | None = None
    url: str = ""
    is_exact: bool = False


class Voice:
    """Collects what the platform logs of one session; a subclass knows an era's words.

    ``out`` receives arrivals (see ``truth``) in the order in which things happen.
    """

    def __init__(self, out: list[Arrival], rng: Random, servers: int, prefixed_share: float) -> None:
        self.out = out
        self.rng = rng
        self.random = rng.random
        self.servers = servers
        self.prefixed_share = prefixed_share
        self.order = 0
        self.learner: Learner
        self.course: SimCourse

    def begin(self, learner: Learner, course: SimCourse) -> None:
        """From now on ``learner`` speaks, in ``course``."""
        self.learner = learner
        self.course = course
        for device in learner.devices:
            self.log_in(device)

    def log_in(self, device: Device) -> None:
        """Give the device a new session of the platform."""
        device.session = f"{self.rng.getrandbits(128):032x}"
        device.server = self.rng.randrange(self.servers)

    def say(
        self,
        time_us: int,
        device: Device,
        place: Place,
        act: Act,
        kind: str,
        stated: int,
        line: str,
        sent_us: int = 0,
    ) -> None:
        """Log a line; the learner's own doing begins a stay when the place is new.

        ``sent_us``: when the device sent it; 0 is at once.
        """
        if act <= _LAST_ACTIVE:
            if device.place is not place:
                self._arrive(time_us, device, place)
            device.last_us = time_us
            visit = device.visit
        else:
            visit = device.visit if device.place is place else 0
        chance = self.random()
        server = device.server
        if self.servers > 1 and chance < 0.2:
            server = int(chance * 5 * self.servers)
        self.order += 1
        # Processes write some milliseconds after the event, each at its own pace.
        arrival = (sent_us or time_us) + int(chance * 12_000)
        user_id, index, text = self.learner.user_id, device.index, line.encode()
        self.out.append(
            (arrival, self.order, server, text, time_us, user_id, place, index, visit, act, kind, stated)
        )

    def _arrive(self, time_us: int, device: Device, place: Place) -> None:
        self.end(time_us, device, "move")
        self.learner.visits += 1
        device.place, device.visit, device.since_us = place, self.learner.visits, time_us

    def end(self, time_us: int, device: Device, ended_by: str) -> None:
        """End the stay that goes on at the device, if any."""
        place = device.place
        if place is None:
            return
        self.order += 1
        visit = VisitTruth(
            self.learner.user_id,
            device.visit,
            place.course_key,
            place.unit,
            place.chapter,
            place.section,
            place.panel,
            place.page,
            device.index,
            device.since_us,
            time_us,
            ended_by,
        )
        # A visit is told once all its lines are out.
        self.out.append((time_us + SECOND, self.order, -1, visit))
        device.place, device.visit = None, 0

    def leave(self, device: Device) -> None:
        """The learner is gone without a word: the last act was the last sign."""
        self.end(device.last_us, device, "idle")
