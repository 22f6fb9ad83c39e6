"""How a place is found, and what the stored numbers of steps and places mean."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from enum import IntEnum

from openedx_moocdb.processing.trajectory.rules import Rule
from openedx_moocdb.schema.step import ACTIVE, PlaceSource, Redundancy, StepKind
from tests.docs import rst

_LADDER = (
    "Each step climbs this ladder; the first rule that answers places it, and ``place_source`` of the "
    "observed event says what kind of evidence that was. A rule looks at the step, the page that it states, "
    "the course tree of its time and what is remembered of the learner. Where evidence disagrees, "
    "``is_conflict`` is true."
)
_SOURCES = (
    "Values of ``observed_events.place_source``, strongest first. A query that trusts stated places and the "
    "course tree only says ``place_source <= 2``."
)
_KINDS = (
    "Values of ``step_kind``: what an event does to the learner's place. Gaps, durations and visits count "
    "active steps only (`ADR 0007 <../decisions/0007-sessions-visits-and-durations.rst>`_)."
)
_COPIES = (
    "Values of ``redundancy_class``: the platform tells many acts twice. All rows are kept; ``is_canonical``"
    " is true for the one to count."
)
_MEMBER = re.compile(r"^ +(?P<name>[A-Z_]+) = \d+(?:  #: (?P<text>.+))?$", re.MULTILINE)


def meanings(kind: type[IntEnum]) -> dict[str, str]:
    """What the comments in the source of an enumeration say of its members, by name; ``""`` for nothing."""
    return {found["name"]: found["text"] or "" for found in _MEMBER.finditer(inspect.getsource(kind))}


def evidence_rst(ladder: Iterable[Rule]) -> str:
    """The page of evidence."""
    rungs = list(ladder)
    rules = [
        (str(number), rst.literal(rule.find.__name__), _name(rule.source), rule.says)
        for number, rule in enumerate(rungs, 1)
    ]
    sources = [(str(int(source)), _name(source), _rules_of(source, rungs)) for source in PlaceSource]
    active = {kind: "yes" if kind in ACTIVE else "no" for kind in StepKind}
    return rst.page(
        rst.heading("Evidence"),
        rst.heading("The ladder", 1),
        rst.paragraph(_LADDER),
        rst.table(("Rung", "Rule", "Evidence", "What it says"), (6, 20, 18, 56), rules),
        rst.heading("Kinds of evidence", 1),
        rst.paragraph(_SOURCES),
        rst.table(("Number", "Evidence", "Rules"), (10, 30, 60), sources),
        rst.paragraph("No rule that answers is *unknown* as well, with no place at all."),
        rst.heading("Kinds of steps", 1),
        rst.paragraph(_KINDS),
        _numbers(StepKind, "Active", active),
        rst.heading("Copies of one act", 1),
        rst.paragraph(_COPIES),
        _numbers(Redundancy, "Canonical", {copy: "no" if copy else "yes" for copy in Redundancy}),
    )


def _rules_of(source: PlaceSource, rungs: Iterable[Rule]) -> list[str]:
    return [rst.literal(rule.find.__name__) for rule in rungs if rule.source is source]


def _numbers(kind: type[IntEnum], head: str, truth: dict[IntEnum, str]) -> str:
    told = meanings(kind)
    rows = [(str(int(each)), _name(each), truth[each], told[each.name] or rst.NONE) for each in kind]
    return rst.table(("Number", "Name", head, "Meaning"), (10, 20, 12, 58), rows)


def _name(member: IntEnum) -> str:
    return member.name.lower().replace("_", " ")
