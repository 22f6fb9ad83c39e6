"""Equal plans give equal bytes; a smaller number of lines gives a prefix."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timezone

import pytest

from openedx_moocdb.simulator.api import SimulationPlan, plan_of, simulate

PLAN = SimulationPlan(learners=12, weeks=2, servers=2)


def test_the_same_plan_gives_the_same_lines_and_the_same_truth() -> None:
    assert list(simulate(PLAN).records()) == list(simulate(PLAN).records())


def test_one_simulation_can_be_run_twice() -> None:
    simulation = simulate(PLAN)
    assert list(simulation.lines()) == list(simulation.lines())


def test_another_seed_gives_other_lines() -> None:
    other = dataclasses.replace(PLAN, seed=2)
    assert {line.line for line in simulate(PLAN).lines()}.isdisjoint(
        line.line for line in simulate(other).lines() if line.truth
    )


@pytest.mark.parametrize("lines", [1, 100, 1777])
def test_fewer_lines_are_a_prefix_of_more(lines: int) -> None:
    whole = list(simulate(PLAN).lines())
    assert list(simulate(dataclasses.replace(PLAN, lines=lines)).lines()) == whole[:lines]


def test_a_plan_says_which_value_it_cannot_use() -> None:
    with pytest.raises(ValueError, match="era is 'now'"):
        SimulationPlan(era="now")
    with pytest.raises(ValueError, match="start has no time zone"):
        SimulationPlan(start=datetime(2024, 1, 1))
    with pytest.raises(ValueError, match="learners is 0"):
        SimulationPlan(learners=0)


def test_the_class_begins_on_the_day_that_the_plan_says() -> None:
    start = datetime(2031, 5, 5, tzinfo=timezone.utc)
    first = next(simulate(dataclasses.replace(PLAN, start=start)).lines())
    assert b"2031-05-05T" in first.line


@pytest.mark.parametrize("era", ["legacy", "mfe", "both"])
def test_a_plan_for_a_number_of_lines_reaches_it(era: str) -> None:
    plan = plan_of(6000, SimulationPlan(era=era))
    assert sum(1 for _ in simulate(plan).lines()) == 6000
