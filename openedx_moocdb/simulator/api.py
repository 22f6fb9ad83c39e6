"""The door of the simulator: a plan in, courses, lines and truth out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from openedx_moocdb.schema.course import Block, CourseVersion
from openedx_moocdb.simulator.arrivals import arrivals
from openedx_moocdb.simulator.authoring import write_courses
from openedx_moocdb.simulator.clock import to_second
from openedx_moocdb.simulator.damage import Damage
from openedx_moocdb.simulator.learner import make_learner
from openedx_moocdb.simulator.plan import SimulationPlan, plan_of
from openedx_moocdb.simulator.truth import Act, Arrival, SimulatedLine, Truth, VisitTruth

__all__ = [
    "SimulatedLine",
    "Simulation",
    "SimulationPlan",
    "Truth",
    "VisitTruth",
    "plan_of",
    "simulate",
    "structure_json",
]

_ACTS = {act: act.name.lower() for act in Act}


class Simulation:
    """A plan carried out: each call of ``lines`` begins anew and gives the same."""

    def __init__(self, plan: SimulationPlan) -> None:
        self.plan = plan
        self._courses = write_courses(plan)
        self.courses: tuple[CourseVersion, ...] = tuple(
            model.version for course in self._courses for model in course.models
        )

    def lines(self) -> Iterator[SimulatedLine]:
        """Lines of all servers in the order in which they reach the logs."""
        for record in self.records():
            if type(record) is SimulatedLine:
                yield record

    def visits(self) -> Iterator[VisitTruth]:
        """Stays of all learners; those that ``plan.lines`` cuts off are not told."""
        for record in self.records():
            if type(record) is VisitTruth:
                yield record

    def records(self) -> Iterator[SimulatedLine | VisitTruth]:
        """Lines and, about a second after its end, each visit."""
        counts = [0] * self.plan.servers
        for batch in self.batches():
            for item in batch:
                server = item[2]
                if server < 0:
                    yield item[3]
                    continue
                number = counts[server]
                counts[server] = number + 1
                yield SimulatedLine(server, item[3], item[10], _truth(item, number))

    def batches(self) -> Iterator[list[Arrival]]:
        """Raw arrivals (see ``truth``) with their damage, cut at ``plan.lines``; for bulk writing."""
        left = self.plan.lines
        damage = Damage(self.plan)
        for batch in arrivals(self.plan, self._courses):
            damaged = damage.apply(batch)
            if left is not None:
                damaged, left = _first_lines(damaged, left)
            yield damaged
            if left == 0:
                return

    @staticmethod
    def structure_json(course: CourseVersion) -> bytes:
        """See the function of that name."""
        return structure_json(course)

    def learners(self) -> Iterator[dict[str, Any]]:
        """Every learner: ``id``, ``username``, ``habit``, ``courses`` (keys), ``devices`` (agents)."""
        for number in range(self.plan.learners):
            learner = make_learner(self.plan, number)
            yield {
                "id": learner.user_id,
                "username": learner.username,
                "habit": learner.habit,
                "courses": [self._courses[index].key for index in learner.courses],
                "devices": [device.agent for device in learner.devices],
            }


def simulate(plan: SimulationPlan) -> Simulation:
    """The simulation of a plan; nothing runs before its lines are asked for."""
    return Simulation(plan)


def structure_json(course: CourseVersion) -> bytes:
    """The course as a data package has it: usage key -> category, children, metadata."""
    return orjson.dumps(
        {
            block.usage_key: {
                "category": block.block_type,
                "children": block.children,
                "metadata": _metadata(block),
            }
            for block in course.blocks
        },
        option=orjson.OPT_INDENT_2,
    )


def _metadata(block: Block) -> dict[str, Any]:
    facts: dict[str, Any] = {"display_name": block.display_name}
    for name, time_us in (("start", block.start_us), ("due", block.due_us)):
        if time_us is not None:
            facts[name] = to_second(time_us) + "Z"
    if block.graded:
        facts |= {"graded": True, "format": block.assignment_type}
    if block.weight is not None:
        facts["weight"] = block.weight
    if block.max_attempts is not None:
        facts["max_attempts"] = block.max_attempts
    return facts


def _truth(item: Arrival, line_no: int) -> Truth | None:
    user_id, place = item[5], item[6]
    if not user_id:
        return None
    return Truth(
        item[2],
        line_no,
        item[4],
        user_id,
        place.course_key,
        place.unit,
        place.chapter,
        place.section,
        place.panel,
        place.page,
        item[7],
        item[8],
        _ACTS[item[9]],
    )


def _first_lines(batch: list[Arrival], left: int) -> tuple[list[Arrival], int]:
    """The batch up to its ``left``-th line, and how many lines are left after it."""
    for position, item in enumerate(batch):
        if item[2] >= 0:
            left -= 1
            if left < 0:
                return batch[:position], 0
    return batch, left
