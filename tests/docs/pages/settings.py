"""What an operator may set."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from openedx_moocdb.conf import Setting
from tests.docs import rst

_INTRODUCTION = (
    "Names in Django's settings. The standalone site takes them from environment variables of the same "
    "names. A setting is read when it is needed, so that files of settings which are read later count."
)
_FROM_ENVIRONMENT = re.compile(r'environ(?:\.get\(|\.setdefault\(|\[)"(MOOCDB_\w+)"')


def environment_names(package: Path) -> set[str]:
    """``MOOCDB_…`` variables that modules under ``package`` read from the environment."""
    return {
        name
        for path in package.rglob("*.py")
        for name in _FROM_ENVIRONMENT.findall(path.read_text(encoding="utf-8"))
    }


def settings_rst(settings: Iterable[Setting], standalone: str, names: Iterable[str]) -> str:
    """The page of settings.

    ``standalone``: source of the standalone site's settings; ``names``: what else
    the package reads from the environment.
    """
    rows = [
        (rst.literal(setting.name), _default(setting), setting.unit or rst.NONE, setting.help)
        for setting in settings
    ]
    told = rst.text_of(ast.get_docstring(ast.parse(standalone)))
    return rst.page(
        rst.heading("Settings"),
        rst.paragraph(_INTRODUCTION),
        rst.table(("Name", "Default", "Unit", "Meaning"), (28, 14, 10, 48), rows),
        rst.heading("Standalone site", 1),
        *(rst.paragraph(part) for part in told.split("\n\n")),
        rst.paragraph(f"Variables that only the environment holds: {rst.literals(sorted(names))}."),
    )


def _default(setting: Setting) -> str:
    if isinstance(setting.default, str):
        return rst.literal(setting.default) if setting.default else "empty"
    return rst.literal(f"{setting.default:_}" if setting.default >= 10_000 else setting.default)
