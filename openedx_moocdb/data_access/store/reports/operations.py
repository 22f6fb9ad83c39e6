"""How imports went: files with their progress, rejected lines by reason. The lines themselves stay unread."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath

from django.db.models import Count, Min

from openedx_moocdb.data_access.store.models import ImportFile, QuarantinedLine

_MOST_GROUPS = 1000
# A detail may quote what stood where a time was expected; it could be anything.
_QUOTED = re.compile(r"""(?<=found )('.*'|".*")(?=, expected)""", re.S)


@dataclass(frozen=True)
class FileProgress:
    """One file; ``offset`` bytes of plain text and ``lines`` lines of it are in the tables."""

    name: str
    offset: int
    lines: int
    is_complete: bool
    rejected: int


@dataclass(frozen=True)
class RejectedLines:
    """Lines of one file that were put aside for the same reason; ``detail`` is of the first of them."""

    reason: str
    file: str
    detail: str
    lines: int


def import_files(alias: str) -> list[FileProgress]:
    """All files that an import has read, by name; without the folders above them."""
    lines = QuarantinedLine.objects.using(alias).values_list("file").annotate(lines=Count("pk"))
    rejected = Counter(dict(lines.order_by("file")))
    rows = ImportFile.objects.using(alias).values_list("path", "offset", "lines", "is_complete")
    found = [
        FileProgress(_base_name(path), offset, lines, is_complete, rejected[path])
        for path, offset, lines, is_complete in rows
    ]
    return sorted(found, key=lambda file: file.name)


def rejected_lines(alias: str) -> list[RejectedLines]:
    """Rejected lines by reason and file, most frequent first."""
    groups = (
        QuarantinedLine.objects.using(alias)
        .values_list("reason", "file")
        .annotate(lines=Count("pk"), detail=Min("detail"))
        .order_by("-lines", "reason", "file")[:_MOST_GROUPS]
    )
    return [
        RejectedLines(reason, _base_name(file), _QUOTED.sub("…", detail), lines)
        for reason, file, lines, detail in groups
    ]


def _base_name(path: str) -> str:
    """Folders may carry names of people; the file's own name is enough to find it."""
    return PurePath(path.replace("\\", "/")).name or path
