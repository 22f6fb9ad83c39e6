"""All learners together, in the order in which their lines reach the logs."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heapreplace
from random import Random

from openedx_moocdb.simulator.clock import MINUTE
from openedx_moocdb.simulator.course import SimCourse
from openedx_moocdb.simulator.learner import make_learner, next_start
from openedx_moocdb.simulator.noise import Noise
from openedx_moocdb.simulator.plan import SimulationPlan
from openedx_moocdb.simulator.session import Sitting
from openedx_moocdb.simulator.truth import Arrival

#: sessions that begin in one window are played at once, their lines kept until due
_WINDOW = 10 * MINUTE


def arrivals(plan: SimulationPlan, courses: list[SimCourse]) -> Iterator[list[Arrival]]:
    """Batches of arrivals, each sorted and later than those before it.

    Holds the lines of sessions that go on and the learners' states, so memory grows
    with learners, not with lines.
    """
    pending: list[Arrival] = []
    sitting, noise = Sitting(plan, courses, pending), Noise(plan, courses)
    weeks = Random(0)
    learners = [make_learner(plan, number) for number in range(plan.learners)]
    queue = []
    for number, learner in enumerate(learners):
        start = next_start(plan, learner, weeks)
        if start is not None:
            queue.append((start, number))
    heapify(queue)
    while queue:
        begin = queue[0][0]
        end = begin + _WINDOW
        before = len(pending)
        while queue and queue[0][0] < end:
            start, number = queue[0]
            sitting.play(learners[number], start)
            following = next_start(plan, learners[number], weeks)
            if following is None:
                heappop(queue)
            else:
                heapreplace(queue, (following, number))
        noise.add(pending, begin, end, len(pending) - before)
        pending.sort()
        # Nothing that is still to be played reaches a log before the next session begins.
        due = _first_after(pending, queue[0][0]) if queue else len(pending)
        yield pending[:due]
        del pending[:due]


def _first_after(batch: list[Arrival], time_us: int) -> int:
    low, high = 0, len(batch)
    while low < high:
        middle = (low + high) // 2
        if batch[middle][0] < time_us:
            low = middle + 1
        else:
            high = middle
    return low
