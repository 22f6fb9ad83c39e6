"""Blocks of one course as read from anywhere, put into the order of their tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from openedx_moocdb.schema.course import Block
from openedx_moocdb.schema.errors import StructureError


class NotAStructure(StructureError):
    """The file is no course structure at all, sound or broken."""


@dataclass(frozen=True, slots=True)
class CourseDraft:
    """Blocks by canonical usage key, in any order; ``root`` is the course block, if there."""

    course_key: str
    root: str | None
    blocks: Mapping[str, Block]


def parse_course_key(text: str, origin: str) -> CourseKey:
    """``text`` as a course key; ``origin`` names the file in the error."""
    try:
        return CourseKey.from_string(text)
    except InvalidKeyError:
        raise StructureError(
            f"{origin}: found the course key {text!r}, expected course-v1:ORG+COURSE+RUN or "
            "ORG/COURSE/RUN; correct the key or give the right one"
        ) from None


def in_tree_order(draft: CourseDraft, origin: str) -> list[Block]:
    """Depth first from the root; then what nobody lists, sorted by key, each with its own tree.

    A block on several parents stands where it is met first. A child that is no
    block stays in ``children`` only. Raises ``StructureError`` on a cycle.
    """
    blocks = draft.blocks
    listed = {child for block in blocks.values() for child in block.children}
    orphans = sorted(key for key in blocks if key not in listed and key != draft.root)
    order: dict[str, Block] = {}
    for start in ([draft.root] if draft.root else []) + orphans:
        if start not in order:
            _descend(blocks, start, order, origin)
    # What is left hangs on no start: every block there has a parent, so they form a ring.
    for start in sorted(key for key in blocks if key not in order):
        _descend(blocks, start, order, origin)
    return list(order.values())


def _descend(blocks: Mapping[str, Block], start: str, order: dict[str, Block], origin: str) -> None:
    order[start] = blocks[start]
    path: dict[str, Iterator[str]] = {start: iter(blocks[start].children)}
    while path:
        child = next(path[next(reversed(path))], None)
        if child is None:
            path.popitem()
        elif child in path:
            keys = list(path)
            ring = " > ".join([*keys[keys.index(child) :], child])
            raise StructureError(
                f"{origin}: found a block inside itself ({ring}), expected a tree; "
                "remove the child from the last block"
            )
        elif child in blocks and child not in order:
            order[child] = blocks[child]
            path[child] = iter(blocks[child].children)
