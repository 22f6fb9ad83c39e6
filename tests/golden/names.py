"""The inventory of event types: names, sources and families that the platform's documentation and code know.

``names.txt`` holds one per line: family, source (``-`` for none), name. Names in
``<request …>`` stand for paths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tests.golden.cases import FOLDER

#: what stands for a family of implicit requests, and a path of that family
REQUESTS = {
    "<request PATH_INFO>": r"/dashboard$",
    "<request> /api/course_home/v1/{outline|dates|progress|course_metadata}/{course_id}": (
        r"/api/course_home/v1/(outline|dates|progress|course_metadata)/[^/]+$"
    ),
    "<request> /courses/{course_id}/courseware/...": r"/courses/[^/]+/courseware/",
    "<request> /courses/{course_id}/progress": r"/courses/[^/]+/progress/?$",
    "<request> /courses/{course_id}/tab/{tab_type}/": r"/courses/[^/]+/tab/\w+/$",
    "<request> /xblock/{usage_key}": r"/xblock/[^/]+$",
    "<request> /courses/{course_id}/xblock/{usage_key}/handler/{handler}/{suffix}": (
        r"/courses/[^/]+/xblock/[^/]+/handler/\w+/\w+$"
    ),
    "<request> /courses/{course_id}/discussion/... , /api/discussion/v1|v2/...": (
        r"(/courses/[^/]+|/api)/discussion/"
    ),
    "<request> /courses/{course_id}/wiki/...": r"/courses/[^/]+/wiki/",
}


@dataclass(frozen=True)
class InventoryEntry:
    """One name from one source."""

    family: str
    source: str
    name: str

    @property
    def is_request(self) -> bool:
        """Whether the name stands for paths."""
        return self.name.startswith("<request")

    @property
    def path(self) -> re.Pattern[str]:
        """What paths of a request look like."""
        return re.compile(REQUESTS[self.name])


@cache
def inventory_names() -> tuple[InventoryEntry, ...]:
    """All entries of ``names.txt``."""
    lines = (FOLDER / "names.txt").read_text(encoding="utf-8").splitlines()
    split = [line.split(" ", 2) for line in lines if line and not line.startswith("#")]
    return tuple(
        InventoryEntry(family, "" if source == "-" else source, name) for family, source, name in split
    )
