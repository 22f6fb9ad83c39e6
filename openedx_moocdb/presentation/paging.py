"""A long list in pages, ordered as the address says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

Item = TypeVar("Item")


@dataclass(frozen=True)
class Slice(Generic[Item]):
    """One page of a list; numbers from 1, addresses ``""`` where there is no such page."""

    items: Sequence[Item]
    number: int
    pages: int
    total: int
    previous: str
    next: str


@dataclass(frozen=True)
class Column:
    """A heading that sorts; ``order`` is ``ascending``, ``descending`` or ``""``."""

    name: str
    label: Any
    address: str
    order: str


def page_number(text: str, pages: int) -> int:
    """The page asked for, the nearest one there is."""
    wanted = int(text) if text.isdecimal() and len(text) < 9 else 1
    return max(1, min(wanted, max(1, pages)))


def cut(
    items: Sequence[Item], asked: Mapping[str, str], size: int, anchor: str = "", keep: Sequence[str] = ()
) -> Slice[Item]:
    """The page of ``items`` that the query ``asked`` for; links keep the parameters named in ``keep``."""
    pages = -(-len(items) // size) or 1
    number = page_number(asked.get("page", ""), pages)

    def address(of: int) -> str:
        if not 1 <= of <= pages:
            return ""
        kept = {name: asked[name] for name in keep if asked.get(name)}
        return "?" + urlencode({**kept, "page": of}) + anchor

    shown = items[(number - 1) * size : number * size]
    return Slice(shown, number, pages, len(items), address(number - 1), address(number + 1))


def ordered(
    items: Sequence[Item], asked: Mapping[str, str], ways: Mapping[str, Callable[[Item], Any]], standard: str
) -> tuple[list[Item], str]:
    """Items in the order of ``?sort=name`` or ``?sort=-name``, and that order; unknown values come last."""
    wanted = asked.get("sort", "")
    if wanted.removeprefix("-") not in ways:
        wanted = standard
    way, is_down = ways[wanted.removeprefix("-")], wanted.startswith("-")
    known = [item for item in items if way(item) is not None]
    rest = [item for item in items if way(item) is None]
    return sorted(known, key=way, reverse=is_down) + rest, wanted


def headings(labels: Mapping[str, Any], order: str, anchor: str = "") -> list[Column]:
    """Headings of a table that is sorted by ``order``; numbers are first sorted from the largest."""
    found = []
    for name, label in labels.items():
        is_this = order.removeprefix("-") == name
        turned = name if is_this and order.startswith("-") else f"-{name}"
        shown = ("descending" if order.startswith("-") else "ascending") if is_this else ""
        found.append(Column(name, label, f"?{urlencode({'sort': turned})}{anchor}", shown))
    return found
