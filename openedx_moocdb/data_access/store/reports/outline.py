"""The resource tree of a course, with what happened at each node."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from openedx_moocdb.data_access.store.reports.asking import ask, chunks
from openedx_moocdb.data_access.store.reports.visit_counts import PlaceCounts
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.rows import RESOURCE_TYPES

_RESOURCES = """
SELECT resource_id, resource_uri, resource_name, resource_type_id, resource_parent_id,
       resource_child_number
FROM moocdb_resources WHERE course_id = %s
"""
_URLS = "SELECT url_id, url FROM moocdb_urls WHERE url_id IN ({})"
_CONTAINERS = {13: "course", 14: "chapter", 15: "section", 16: "unit"}
_LAST = 1 << 30


class Spot(NamedTuple):
    """A resource; ``kind`` is a content of ``RESOURCE_TYPES`` or ``course``, ``chapter``…"""

    resource_id: int
    name: str
    kind: str
    uri: str
    number: int | None = None


@dataclass
class Node:
    """A resource and all below it, in course order.

    ``visits`` are to pages at or below it; ``None`` for a block, which has no page of its own.
    """

    spot: Spot
    visits: int | None = None
    learners: int | None = None
    time_s: float | None = None
    events: int = 0
    children: list[Node] = field(default_factory=list)


class Outline:
    """All resources of one course; ``units`` in course order."""

    def __init__(self, alias: str, course_id: int) -> None:
        self.spots: dict[int, Spot] = {}
        self._parents: dict[int, int | None] = {}
        self._below: defaultdict[int | None, list[int]] = defaultdict(list)
        for identity, uri, name, type_id, parent, number in ask(alias, _RESOURCES, [course_id]):
            kind = _CONTAINERS.get(type_id) or " ".join(RESOURCE_TYPES.get(type_id, ("other",))[:1])
            self.spots[identity] = Spot(identity, _name(name, uri, kind), kind, uri, number)
            self._parents[identity] = parent
        for identity, parent in self._parents.items():
            self._below[parent if parent in self.spots else None].append(identity)
        for below in self._below.values():
            below.sort(key=self._order)
        self.roots = self._below.get(None, [])
        self.units = [identity for identity in self._walk(self.roots) if self.spots[identity].kind == "unit"]

    def _order(self, identity: int) -> tuple[bool, int, str, int]:
        spot = self.spots[identity]
        number = _LAST if spot.number is None else spot.number
        return spot.kind not in _CONTAINERS.values(), number, spot.name, identity

    def _walk(self, identities: list[int]) -> list[int]:
        found: list[int] = []
        for identity in identities:
            found += [identity, *self._walk(self._below.get(identity, []))]
        return found

    def path(self, resource_id: int | None) -> tuple[Spot, ...]:
        """From below the course down to the resource; empty if the course does not have it."""
        found: list[Spot] = []
        while resource_id is not None and resource_id in self.spots:
            found.append(self.spots[resource_id])
            resource_id = self._parents[resource_id]
        return tuple(spot for spot in reversed(found) if spot.kind != "course")

    def nodes(self, places: dict[int, PlaceCounts], events: dict[int, int]) -> list[Node]:
        """The tree below the course, then one node without a name per kind of other pages.

        ``places`` by resource id of the page, ``events`` by resource id.
        """
        found: list[Node] = []
        others: defaultdict[str, list[tuple[Node, PlaceCounts]]] = defaultdict(list)
        tops = [identity for root in self.roots for identity in self._tops(root)]
        for identity in tops:
            node, counts = self._node(identity, places, events)
            if node.spot.kind in _CONTAINERS.values():
                found.append(node)
            else:
                others[node.spot.kind].append((node, counts))
        return found + [_gathered(kind, pages) for kind, pages in sorted(others.items())]

    def _tops(self, root: int) -> list[int]:
        return self._below.get(root, []) if self.spots[root].kind == "course" else [root]

    def _node(
        self, identity: int, places: dict[int, PlaceCounts], events: dict[int, int]
    ) -> tuple[Node, PlaceCounts]:
        counts = PlaceCounts()
        if identity in places:
            counts.add(places[identity])
        node = Node(self.spots[identity], events=events.get(identity, 0))
        for below in self._below.get(identity, []):
            child, its_counts = self._node(below, places, events)
            node.children.append(child)
            node.events += child.events
            counts.add(its_counts)
        if counts.visits or node.spot.kind in _CONTAINERS.values():
            node.visits, node.learners, node.time_s = counts.visits, len(counts.learners), counts.time_s
        return node, counts


def _gathered(kind: str, pages: list[tuple[Node, PlaceCounts]]) -> Node:
    """All pages of one kind that are not courseware, as one node; the page itself is of little interest."""
    total = PlaceCounts()
    for _, counts in pages:
        total.add(counts)
    events = sum(node.events for node, _ in pages)
    return Node(Spot(0, "", kind, ""), total.visits, len(total.learners), total.time_s, events)


def resources_of_urls(alias: str, url_ids: list[int]) -> dict[int, int]:
    """Resource ids of pages by url id: the resource of a page has its URL as URI."""
    found: dict[int, int] = {}
    for chunk in chunks(url_ids):
        for url_id, url in ask(alias, _URLS.format(", ".join(["%s"] * len(chunk))), chunk):
            found[url_id] = keys.dictionary_id("resource", url)
    return found


def _name(name: str, uri: str, kind: str) -> str:
    """The name, else for pages the end of the path; ``""`` when nothing tells."""
    if name.strip() or kind in _CONTAINERS.values():
        return name.strip()
    parts = [part for part in uri.split("/")[3:] if part not in ("", "_")]
    return parts[-1].replace("_", " ") if parts else ""
