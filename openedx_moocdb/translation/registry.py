"""Which class answers to which event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from openedx_moocdb.schema.errors import RegistryCollision
from openedx_moocdb.translation.event_type import EventType
from openedx_moocdb.translation.pages import Page, PageKind

ENTRY_POINTS = "openedx_moocdb.event_types"

#: modules of ``translation.events``, one per family of the documentation
FAMILIES = (
    "navigation",
    "videos",
    "problems",
    "requests",
    "wiki",
    "forum",
    "textbooks",
    "bookmarks",
    "notes",
    "ora",
    "open_ended",
    "peer_instruction",
    "poll_survey",
    "drag_and_drop",
    "library_content",
    "ab_testing",
    "third_party_content",
    "special_exam",
    "enrollment",
    "grades",
    "completion",
    "certificates",
    "badges",
    "cohorts",
    "teams",
    "search",
    "notifications",
    "account",
    "instructor",
)


class RequestType(EventType):
    """An implicit request: its name is the path. ``pages``: the kinds it answers to.

    ``handlers``: last path segments it answers to among ``PageKind.HANDLER``.
    """

    pages: tuple[PageKind, ...] = ()
    handlers: tuple[str, ...] = ()


class Registry:
    """Event types by (name, source), requests by kind of page and handler."""

    def __init__(self, types: Iterable[type[EventType]] = ()) -> None:
        self._by_name: dict[tuple[str, str], EventType] = {}
        self._by_page: dict[PageKind, EventType] = {}
        self._by_handler: dict[str, EventType] = {}
        self._types: list[EventType] = []
        self.unknown = EventType()
        for event_type in types:
            self.add(event_type)

    def add(self, event_type: type[EventType]) -> None:
        """Register one class; raises ``RegistryCollision`` if a pair has a class already."""
        instance = event_type()
        self._types.append(instance)
        claims = vars(event_type)  # what it answers to is not inherited
        for handler in claims.get("handlers", ()):
            self._claim(self._by_handler, handler, instance)
        for kind in claims.get("pages", ()):
            self._claim(self._by_page, kind, instance)
        for name in claims.get("names", ()):
            for source in instance.sources:
                self._claim(self._by_name, (name, source), instance)

    def _claim(self, table: dict[Any, EventType], pair: object, instance: EventType) -> None:
        holder = table.get(pair)
        if holder is not None:
            raise RegistryCollision(
                f"{type(instance).__module__}.{type(instance).__name__} and "
                f"{type(holder).__module__}.{type(holder).__name__} both answer to {pair!r}; "
                "take the pair out of one of them, or uninstall the package that adds it"
            )
        table[pair] = instance

    def find(self, name: str, source: str) -> EventType:
        """The type of a named event; the unknown type if nobody answers."""
        return self._by_name.get((name, source), self.unknown)

    def find_request(self, page: Page) -> EventType:
        """The type of an implicit request by its page and, for handlers, its last segments."""
        if page.kind is PageKind.HANDLER:
            handler = page.handler
            found = self._by_handler.get(handler) or self._by_handler.get(handler.rpartition("/")[2])
            if found is not None:
                return found
        return self._by_page.get(page.kind, self.unknown)

    def __iter__(self) -> Iterator[EventType]:
        return iter(self._types)


def _types_of(module_name: str) -> list[type[EventType]]:
    module = import_module(module_name)
    return [
        found
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, EventType)
        and found.__module__ == module_name
        and not vars(found).keys().isdisjoint(("names", "pages", "handlers"))
    ]


def default_registry() -> Registry:
    """All families, then the classes that installed packages add (entry point group ``ENTRY_POINTS``)."""
    registry = Registry()
    for family in FAMILIES:
        for event_type in _types_of(f"openedx_moocdb.translation.events.{family}"):
            registry.add(event_type)
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda p: p.name):
        registry.add(point.load())
    return registry
