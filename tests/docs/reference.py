"""The reference: its pages by file name, each made from code."""

from __future__ import annotations

from pathlib import Path

import openedx_moocdb
from openedx_moocdb.conf import SETTINGS
from openedx_moocdb.data_access.dump import CONTENT
from openedx_moocdb.data_access.store.tables import MODELS
from openedx_moocdb.processing.trajectory.rules import LADDER
from openedx_moocdb.standalone.command import COMMANDS
from openedx_moocdb.translation.registry import default_registry
from tests.docs import rst
from tests.docs.pages.commands import commands_rst, load
from tests.docs.pages.event_types import event_types_rst, shown_by
from tests.docs.pages.evidence import evidence_rst
from tests.docs.pages.settings import environment_names, settings_rst
from tests.docs.pages.tables import tables_rst
from tests.golden.cases import all_cases

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "reference"
PACKAGE = Path(openedx_moocdb.__file__).parent

_NOTE = ".. Made by `make docs` from the code; edit the code instead.\n"


def _event_types() -> str:
    return event_types_rst(default_registry(), shown_by(all_cases()))


def _tables() -> str:
    return tables_rst(MODELS, CONTENT)


def _settings() -> str:
    standalone = (PACKAGE / "standalone" / "settings.py").read_text(encoding="utf-8")
    names = environment_names(PACKAGE) - {setting.name for setting in SETTINGS}
    return settings_rst(SETTINGS, standalone, names)


def _commands() -> str:
    return commands_rst({word: load(name) for word, name in COMMANDS.items()})


def _evidence() -> str:
    return evidence_rst(LADDER)


#: what makes each page, by file name
PAGES = {
    "commands.rst": _commands,
    "event_types.rst": _event_types,
    "evidence.rst": _evidence,
    "settings.rst": _settings,
    "tables.rst": _tables,
}


def page_text(name: str) -> str:
    """Text of one page; needs Django to be set up."""
    return rst.page(_NOTE, PAGES[name]())
