"""Which events are known, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module

from openedx_moocdb.schema.outcomes import RejectReason, SkipReason
from openedx_moocdb.schema.rows import ObservedEvent, StepRow
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation.event_type import ANY_SOURCE, EventType
from openedx_moocdb.translation.registry import FAMILIES
from tests.docs import rst
from tests.golden.cases import Case, golden_name

_EVENTS = "openedx_moocdb.translation.events."
_INTRODUCTION = (
    "Every event that is not `skipped or rejected`_ becomes a row of ``observed_events`` with its common "
    "fields, whether its name is listed here or not. An event that is listed has a class that knows more: "
    "whom it is about, what it does to the learner's place (`kinds of steps "
    "<evidence.rst#kinds-of-steps>`_), and which further rows it states (`tables <tables.rst>`_). Place and "
    "tables are those of its cases in ``tests/golden``. A few events move the learner and are no row; they "
    "are kept in ``steps``. The source *(none)* is that of an event that does not state one."
)
_OUTCOMES = (
    "Every line of a log is counted once: as translated, as skipped for one of the first reasons, or as "
    "rejected for one of the second. What is rejected is kept in ``quarantine``, where ``moocdb replay`` "
    "tries it again."
)


_WIDTHS = (26, 8, 14, 9, 13, 30)


@dataclass(frozen=True)
class Shown:
    """What the cases of one event type show: names of step kinds, tables beside ``observed_events``."""

    kinds: frozenset[str]
    tables: frozenset[str]


def shown_by(cases: Iterable[Case]) -> dict[str, Shown]:
    """What the golden cases show, by golden name (``videos/PlayVideo``)."""
    kinds: dict[str, set[str]] = {}
    tables: dict[str, set[str]] = {}
    for case in cases:
        then = case.then or {}
        told = then.get("observed") or then.get("step") or {}
        table = StepRow.TABLE if "step" in then else ObservedEvent.TABLE
        kinds.setdefault(case.event_type_name, set()).update([told["kind"]] if told else [])
        written = [table] if told else []
        written += [row["table"] for row in then.get("rows", ())]
        tables.setdefault(case.event_type_name, set()).update(written)
    return {name: Shown(frozenset(kinds[name]), frozenset(tables[name])) for name in kinds}


def own_types(registry: Iterable[EventType]) -> dict[str, list[EventType]]:
    """The package's own types by family, families in the order of the registry."""
    families: dict[str, list[EventType]] = {family: [] for family in FAMILIES}
    for event_type in registry:
        module = type(event_type).__module__
        if module.startswith(_EVENTS):
            families[module.removeprefix(_EVENTS)].append(event_type)
    return families


def event_types_rst(registry: Iterable[EventType], shown: Mapping[str, Shown]) -> str:
    """The page of event types; ``KeyError`` for a type without a golden file."""
    parts = [rst.heading("Event types"), rst.paragraph(_INTRODUCTION)]
    for family, types in own_types(registry).items():
        parts += [rst.heading(family.replace("_", " ").capitalize(), 1), *_introduction(family)]
        categories = sorted({event_type.category for event_type in types})
        parts.append(rst.paragraph(f"Category: {rst.literals(categories)}."))
        rows = [_row(event_type, shown[golden_name(event_type)]) for event_type in types]
        parts.append(rst.table(("Event", "Source", "Class", "Place", "Tables", "Meaning"), _WIDTHS, rows))
    parts += [rst.heading("Skipped or rejected", 1), rst.paragraph(_OUTCOMES)]
    reasons = [[reason.value for reason in kind] for kind in (SkipReason, RejectReason)]
    parts.append(rst.table(("Skipped", "Rejected"), (50, 50), [reasons]))
    return rst.page(*parts)


def _introduction(family: str) -> list[str]:
    text = rst.text_of(import_module(_EVENTS + family).__doc__)
    return [rst.paragraph(part) for part in text.split("\n\n")]


def _row(event_type: EventType, shown: Shown) -> tuple[str | list[str], ...]:
    kinds = [kind.name.lower() for kind in StepKind if kind.name.lower() in shown.kinds]
    tables = sorted(shown.tables - {ObservedEvent.TABLE})
    return (
        names_of(event_type),
        _sources(event_type),
        rst.literal(type(event_type).__name__),
        kinds,
        [rst.literal(table) for table in tables],
        rst.text_of(vars(type(event_type)).get("__doc__")),
    )


def names_of(event_type: EventType) -> list[str]:
    """All that a type answers to: names, kinds of pages, handlers of blocks."""
    claims = vars(type(event_type))
    return [
        *(rst.literal(name) for name in claims.get("names", ())),
        *(f"request: {kind.value}" for kind in claims.get("pages", ())),
        *(f"call of handler {rst.literal(name)}" for name in claims.get("handlers", ())),
    ]


def _sources(event_type: EventType) -> str | list[str]:
    if set(event_type.sources) == set(ANY_SOURCE):
        return "any"
    return [source or "(none)" for source in event_type.sources]
