"""Who answers to which event."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openedx_moocdb.schema.errors import RegistryCollision
from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.rows import Assessment
from openedx_moocdb.translation import registry as registry_module
from openedx_moocdb.translation.event_type import EventType
from openedx_moocdb.translation.normalise import read_live
from openedx_moocdb.translation.pages import PageKind, page_of
from openedx_moocdb.translation.registry import ENTRY_POINTS, Registry, RequestType, default_registry
from openedx_moocdb.translation.translator import Translator
from tests.golden.cases import Case, all_cases
from tests.golden.names import InventoryEntry, inventory_names
from tests.golden.outcome import SITE

INVENTORY = Path(__file__).parents[4] / "shared" / "reference" / "event_inventory.csv"


class Knock(EventType):
    """Somebody knocks."""

    names = ("door.knocked",)
    sources = ("browser", "server")


class KnockAgain(EventType):
    """Somebody else wants the same event."""

    names = ("door.knocked",)
    sources = ("server",)


class LoudKnock(Knock):
    """A knock by another name; what its base answers to stays with the base."""

    names = ("door.hammered",)


class HandlerA(RequestType):
    """A handler's call."""

    handlers = ("save_grade",)


class HandlerB(RequestType):
    """The same handler's call."""

    handlers = ("save_grade",)


class AnyHandler(RequestType):
    """All other handlers' calls."""

    pages = (PageKind.HANDLER,)


class Point:
    """An entry point of an installed package."""

    def __init__(self, name: str, event_type: type[EventType]) -> None:
        self.name = name
        self._event_type = event_type

    def load(self) -> type[EventType]:
        return self._event_type


@pytest.fixture(scope="module")
def registry() -> Registry:
    return default_registry()


def test_a_collision_names_both_classes_and_what_to_do() -> None:
    with pytest.raises(RegistryCollision) as caught:
        Registry([Knock, KnockAgain])
    message = str(caught.value)
    assert f"{__name__}.KnockAgain and {__name__}.Knock" in message
    assert "('door.knocked', 'server')" in message
    assert "take the pair out of one of them" in message


def test_two_classes_cannot_answer_to_one_handler() -> None:
    with pytest.raises(RegistryCollision, match=r"HandlerB and .*HandlerA both answer to 'save_grade'"):
        Registry([HandlerA, HandlerB])


def test_a_class_does_not_inherit_what_its_base_answers_to() -> None:
    registry = Registry([Knock, LoudKnock])
    assert type(registry.find("door.knocked", "server")) is Knock
    assert type(registry.find("door.hammered", "browser")) is LoudKnock


def test_a_name_from_another_source_is_unknown() -> None:
    registry = Registry([Knock])
    assert registry.find("door.knocked", "task") is registry.unknown
    assert registry.find("door.opened", "server") is registry.unknown


def test_a_handler_is_found_by_its_last_segment_before_its_page() -> None:
    registry = Registry([AnyHandler, HandlerA])
    course = "/courses/course-v1:ExampleX+E101+2026/xblock"
    block = "block-v1:ExampleX+E101+2026+type@problem+block@p1"
    assert (
        type(registry.find_request(page_of(f"{course}/{block}/handler/xmodule_handler/save_grade")))
        is HandlerA
    )
    assert type(registry.find_request(page_of(f"{course}/{block}/handler/problem_get"))) is AnyHandler


def test_classes_of_installed_packages_are_loaded_in_the_order_of_their_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def installed(group: str) -> list[Point]:
        asked.append(group)
        return [Point("b", LoudKnock), Point("a", Knock)]

    monkeypatch.setattr(registry_module, "entry_points", installed)
    registry = default_registry()
    assert asked == [ENTRY_POINTS]
    assert [type(event_type) for event_type in registry][-2:] == [Knock, LoudKnock]
    assert type(registry.find("door.knocked", "browser")) is Knock


def test_a_package_cannot_take_an_event_from_the_families(monkeypatch: pytest.MonkeyPatch) -> None:
    class MyVideo(EventType):
        """Another idea of playing."""

        names = ("play_video",)

    monkeypatch.setattr(registry_module, "entry_points", lambda group: [Point("mine", MyVideo)])
    with pytest.raises(RegistryCollision, match=r"MyVideo and .*PlayVideo"):
        default_registry()


def _answering(registry: Registry, entry: InventoryEntry) -> Iterator[EventType]:
    if not entry.is_request:
        yield registry.find(entry.name, entry.source)
        return
    for case in all_cases():
        name = (case.given or {}).get("event_type", "")
        if entry.path.match(name):
            yield registry.find_request(page_of(name))


@pytest.mark.parametrize("entry", inventory_names(), ids=lambda entry: f"{entry.name} ({entry.source})")
def test_every_event_of_the_inventory_has_a_class_of_its_family(
    registry: Registry, entry: InventoryEntry
) -> None:
    answering = list(_answering(registry, entry))
    assert answering
    assert registry.unknown not in answering
    families = {event_type.category for event_type in answering}
    # a site's own page is the least of requests: its family is that of the request
    assert entry.family in (
        families | {RequestType.category, "implicit_request"} if entry.is_request else families
    )


def test_the_committed_names_are_those_of_the_inventory() -> None:
    if not INVENTORY.exists():
        pytest.skip("the inventory of event types is not beside the repository")
    with INVENTORY.open(encoding="utf-8", newline="") as file:
        stated = {
            (row["category"], source, row["event_type"])
            for row in csv.DictReader(file)
            for source in row["event_source"].split("|")
        }
    assert {(entry.family, entry.source, entry.name) for entry in inventory_names()} == stated


def test_every_class_says_what_its_event_means(registry: Registry) -> None:
    silent = [
        type(found).__name__ for found in registry if not (vars(type(found)).get("__doc__") or "").strip()
    ]
    assert silent == []


def _forged(case: Case, **stated: Any) -> Event:
    """The event of a case as a browser might send it, with ``stated`` in its payload."""
    assert case.given is not None
    given, payload = case.given, case.given["event"]
    context = {**given["context"], "event_source": "browser", "username": "user_7", "user_id": 7}
    data = {**payload, **stated} if isinstance(payload, dict) else payload
    return read_live({"name": given["name"], "timestamp": given["time"], "data": data, "context": context})


def _told_by_the_server() -> list[Case]:
    return [
        case for case in all_cases() if case.given and case.given["event_source"] in ("server", "task", "")
    ]


def test_no_event_of_a_browser_writes_a_grade(registry: Registry) -> None:
    translator = Translator(SITE, registry)
    graded = 0
    for case in _told_by_the_server():
        outcome = translator.translate(_forged(case))
        assert not any(isinstance(row, Assessment) for row in getattr(outcome, "rows", ())), case
        graded += any(row["table"] == "assessments" for row in (case.then or {}).get("rows", ()))
    assert graded > 5  # of the same events from the server


def test_no_event_of_a_browser_speaks_for_another_learner(registry: Registry) -> None:
    translator = Translator(SITE, registry)
    itself = SITE.learner(7, None)
    for case in _told_by_the_server():
        forged = _forged(case, user_id=55, attempt_user_id=55, allowance_user_id=55, student="user_55")
        outcome = translator.translate(forged)
        assert getattr(outcome, "learner", itself) == itself, case
