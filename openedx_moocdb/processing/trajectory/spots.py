"""A spot is a unit of a course, as far as it is known; here it gets URL and resources.

The URL of a spot is one for both worlds of the platform:
``/courses/<course>/courseware/<chapter>/<section>/<panel>/`` when the way to
the unit is known (``_`` for what is not), ``/courses/<course>/jump_to/<unit>/``
when only the unit is. The deep URI of a resource is that URL and, behind it,
``<block type>/<block name>/`` (ADR 0008).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from openedx_moocdb.schema import keys
from openedx_moocdb.schema.course import CourseTree, Spot, block_name, block_type
from openedx_moocdb.schema.rows import BlockRow, Entry, Resource, ResourceUrl, Url
from openedx_moocdb.schema.step import LAST_PANEL, NEXT_SECTION, PREVIOUS_SECTION
from openedx_moocdb.translation.pages import Page, PageKind, page_of

UNKNOWN_URL = "http://unknown/"
_CONTAINERS = frozenset({"course", "chapter", "sequential", "vertical", ""})
_COURSE, _CHAPTER, _SECTION, _UNIT = 13, 14, 15, 16
_TYPE_OF_BLOCK = {
    "video": 1,
    "videoalpha": 1,
    "html": 17,
    "problem": 4,
    "discussion": 7,
    "poll": 11,
    "survey": 11,
    "openassessment": 4,
    "combinedopenended": 4,
    "drag-and-drop-v2": 18,
}
_TYPE_OF_PAGE = {
    PageKind.FORUM: 7,
    PageKind.WIKI: 6,
    PageKind.PROGRESS: 3,
    PageKind.INFO: 3,
    PageKind.ABOUT: 3,
    PageKind.BOOK: 10,
    PageKind.ACCOUNT: 8,
    PageKind.COURSE: 9,
    PageKind.COURSEWARE: 9,
    PageKind.SITE: 12,
}


class Address(NamedTuple):
    """Dictionary ids of one spot or page with one block, and the rows behind them."""

    url_id: int
    resource_id: int
    unit_id: int | None
    entries: tuple[Entry, ...]


def complete(spot: Spot, tree: CourseTree | None) -> Spot:
    """Fill in from the tree what ``spot`` leaves open; panels that only a tree can number become so."""
    panel = spot.panel
    if tree is None:
        return spot if panel is None or panel > 0 else spot._replace(panel=None)
    if spot.unit:
        unit = tree.unit_named(spot.unit)
    elif panel is None:
        return spot
    elif panel == LAST_PANEL:
        unit = tree.last_unit(spot.section)
    elif panel in (NEXT_SECTION, PREVIOUS_SECTION):
        unit = tree.neighbour(spot.section, panel == NEXT_SECTION)
    else:
        unit = tree.unit_at(spot.section, panel)
    if unit is not None:
        return unit.spot
    return spot if panel is None or panel > 0 else spot._replace(panel=None)


@lru_cache(1 << 16)
def stated_page(url: str) -> Page:
    """The page of a stored URL text."""
    return page_of(url)


def spot_of_page(page: Page, course_key: str) -> Spot:
    """What the URL of a courseware page says by itself."""
    unit = page.unit
    section = block_name(page.section) if page.section.startswith("block-v1:") else page.section
    return Spot(page.course_key or course_key, page.chapter, section, page.panel, unit)


class AddressBook:
    """URLs and resources of spots under one site URL; remembers, but changes no answer."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.of_spot = lru_cache(1 << 16)(self._of_spot)
        self.of_page = lru_cache(1 << 14)(self._of_page)
        self.unknown = lru_cache(1 << 12)(self._unknown)

    def _of_spot(self, spot: Spot, block: str) -> Address:
        chain: list[tuple[str, int]] = []
        root = f"{self.base_url}/courses/{spot.course_key}/"
        chain.append((root, _COURSE))
        if spot.chapter or spot.section:
            url = f"{root}courseware/{spot.chapter or '_'}/"
            chain.append((url, _CHAPTER))
            if spot.section:
                url += f"{spot.section}/"
                chain.append((url, _SECTION))
                url += f"{spot.panel or '_'}/"
                chain.append((url, _UNIT))
        else:
            url = f"{root}jump_to/{spot.unit}/"
            chain.append((url, _UNIT))
        unit_id = keys.dictionary_id("block", spot.unit) if spot.unit else None
        extra = (BlockRow(unit_id, spot.unit, block_type(spot.unit)),) if unit_id is not None else ()
        return self._address(url, chain, block, spot.course_key, unit_id, extra)

    def _of_page(self, url: str, block: str) -> Address:
        """A resource is a function of its URI, so the course counts only where the URL names it."""
        page = stated_page(url)
        key = page.course_key
        chain = self._way_to(page, url) if key else [(url, _TYPE_OF_PAGE.get(page.kind, 0))]
        return self._address(url, chain, block, key, None, ())

    def _way_to(self, page: Page, url: str) -> list[tuple[str, int]]:
        """The page and what contains it, typed as in the chain of a spot with the same URLs."""
        root = f"{self.base_url}/courses/{page.course_key}/"
        chain = [(root, _COURSE)]
        if url.startswith(f"{root}courseware/") and page.chapter:
            way = f"{root}courseware/"
            names = (page.chapter, page.section, str(page.panel or ""))
            for name, kind in zip(names, (_CHAPTER, _SECTION, _UNIT), strict=True):
                way += f"{name}/"
                if not name or not url.startswith(way):
                    break
                chain.append((way, kind))
        if chain[-1][0] != url:
            is_unit = page.kind is PageKind.JUMP and block_type(page.block) == "vertical"
            chain.append((url, _UNIT if is_unit else _TYPE_OF_PAGE.get(page.kind, 0)))
        return chain

    def _unknown(self, block: str) -> Address:
        return self._address(UNKNOWN_URL, [(UNKNOWN_URL, 0)], block, None, None, ())

    def _address(
        self,
        url: str,
        chain: list[tuple[str, int]],
        block: str,
        course_key: str | None,
        unit_id: int | None,
        extra: tuple[Entry, ...],
    ) -> Address:
        kind = block_type(block)
        if kind not in _CONTAINERS:
            chain.append((f"{url}{kind}/{block_name(block)}/", _TYPE_OF_BLOCK.get(kind, 0)))
        course_id = keys.dictionary_id("course", course_key) if course_key else None
        rows: list[Entry] = []
        parent: int | None = None
        for uri, type_id in chain:
            resource_id = keys.dictionary_id("resource", uri)
            name = uri.rstrip("/").rpartition("/")[2].replace("_", " ")
            rows.append(Resource(resource_id, uri, name.strip(), type_id, parent, course_id))
            parent = resource_id
        assert parent is not None
        url_id = keys.dictionary_id("url", url)
        rows.append(Url(url_id, url))
        rows.append(ResourceUrl(keys.dictionary_id("resource_url", f"{parent} {url_id}"), parent, url_id))
        return Address(url_id, parent, unit_id, (*rows, *extra))
