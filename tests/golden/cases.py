"""Reading and writing of the golden files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from openedx_moocdb.translation.event_type import EventType

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One case of one file."""

    path: Path
    name: str
    given: dict[str, Any] | None
    line: str | None
    then: dict[str, Any] | None

    @property
    def event_type_name(self) -> str:
        """``videos/PlayVideo``: family and class."""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def text(self) -> bytes:
        """The log line."""
        return (self.line if self.line is not None else json.dumps(self.given)).encode()

    def __str__(self) -> str:
        return f"{self.event_type_name}: {self.name}"


def golden_files() -> list[Path]:
    """Every golden file, by family and class."""
    return sorted(FOLDER.glob("*/*.yaml"))


def cases_of(path: Path) -> Iterator[Case]:
    """The cases of one file, as they stand."""
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
        yield Case(path, case["name"], case.get("given"), case.get("line"), case.get("then"))


def all_cases() -> list[Case]:
    """Every case of every file."""
    return [case for path in golden_files() for case in cases_of(path)]


def golden_name(event_type: type[EventType] | EventType) -> str:
    """``videos/PlayVideo``: where the golden of a class is."""
    kind = event_type if isinstance(event_type, type) else type(event_type)
    return f"{kind.__module__.rpartition('.')[2]}/{kind.__name__}"


def text_of(cases: list[dict[str, Any]]) -> str:
    """The text of a golden file; equal cases give equal text."""
    return yaml.safe_dump({"cases": cases}, sort_keys=False, allow_unicode=True, width=108)
