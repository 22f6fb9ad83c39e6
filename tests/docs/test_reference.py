"""The reference says what the code says, and the code leaves nothing without a description."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pytest
from django.core.management import BaseCommand

from openedx_moocdb.conf import SETTINGS, Setting
from openedx_moocdb.data_access.store.tables import MODELS
from openedx_moocdb.processing.trajectory.rules import LADDER
from openedx_moocdb.schema.step import PlaceSource, Redundancy, StepKind
from openedx_moocdb.standalone.command import COMMANDS
from openedx_moocdb.translation.event_type import EventType
from openedx_moocdb.translation.registry import default_registry
from tests.docs import rst
from tests.docs.pages.commands import actions_of, commands_rst, load
from tests.docs.pages.event_types import Shown, event_types_rst, names_of, own_types
from tests.docs.pages.evidence import meanings
from tests.docs.pages.settings import environment_names, settings_rst
from tests.docs.reference import FOLDER, PACKAGE, PAGES, page_text

TYPES = [event_type for types in own_types(default_registry()).values() for event_type in types]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_the_code_says(name: str) -> None:
    path = FOLDER / name
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    assert written == page_text(name), f"docs/reference/{name} is not what the code gives; run: make docs"


def test_the_reference_has_the_pages_that_the_code_makes_and_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES), "run: make docs"


@pytest.mark.parametrize("event_type", TYPES, ids=lambda event_type: type(event_type).__name__)
def test_an_event_type_has_a_description_of_its_own_and_answers_to_something(event_type: EventType) -> None:
    assert rst.text_of(vars(type(event_type)).get("__doc__")), (
        "the class needs a docstring: what the event means"
    )
    assert names_of(event_type)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_has_a_description_and_a_number_has_a_unit(setting: Setting) -> None:
    assert setting.name.startswith("MOOCDB_")
    assert setting.help.endswith(".")
    assert bool(setting.unit) == isinstance(setting.default, int), "a number needs a unit, a text has none"


def test_every_management_command_is_a_command_of_moocdb_by_the_same_name() -> None:
    modules = {path.stem for path in (PACKAGE / "management" / "commands").glob("[!_]*.py")}
    assert set(COMMANDS.values()) == modules
    assert {word: f"moocdb_{word}" for word in COMMANDS} == COMMANDS


@pytest.mark.parametrize("word", COMMANDS)
def test_a_command_has_a_description(word: str) -> None:
    assert len(load(COMMANDS[word]).help.split()) > 2


@pytest.mark.parametrize("table", MODELS)
def test_a_table_and_each_of_its_columns_has_a_description(table: str) -> None:
    model = MODELS[table]
    assert rst.text_of(vars(model).get("__doc__"))
    undescribed = [field.column for field in model._meta.concrete_fields if not field.help_text]
    assert undescribed == [], "these columns need a help_text"


def test_every_rule_says_something_and_every_kind_of_evidence_has_a_rule() -> None:
    assert [rule.find.__name__ for rule in LADDER if not rule.says] == []
    assert {rule.source for rule in LADDER} == set(PlaceSource)


def test_the_source_of_an_enumeration_tells_the_meaning_of_each_number() -> None:
    assert [name for name, text in meanings(StepKind).items() if not text] == []
    assert list(meanings(StepKind)) == [kind.name for kind in StepKind]
    assert [name for name, text in meanings(Redundancy).items() if not text] == ["NONE"]


class _Sample(BaseCommand):
    help = "do one thing"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--era", choices=("old", "new"), default="new", help="which one")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--folder", type=Path, default=Path("demo"), help="where.csv goes")


def test_the_usage_of_a_command_is_drawn_from_its_arguments() -> None:
    page = commands_rst({"sample": _Sample()})
    assert "   moocdb sample [--era {old,new}] [--dry-run] [--folder FOLDER] PATH [PATH …]\n" in page
    assert "   * - ``--era {old,new}``\n     - ``new``\n     - Which one.\n" in page
    assert "     - where.csv goes.\n" in page


def test_arguments_of_django_itself_are_not_those_of_a_command() -> None:
    forms = [action.option_strings for action in actions_of(_Sample())]
    assert forms == [["--era"], ["--dry-run"], ["--folder"], []]


def test_event_types_of_other_packages_are_not_in_the_reference() -> None:
    class Foreign(EventType):
        """An event of another package."""

        names = ("other.package.event",)

    shown = Shown(frozenset({"act"}), frozenset())
    page = event_types_rst([Foreign()], {"test_reference/Foreign": shown})
    assert "other.package.event" not in page


def test_an_event_type_without_a_golden_file_is_an_error() -> None:
    with pytest.raises(KeyError):
        event_types_rst(default_registry(), {})


def test_variables_of_the_environment_are_found_in_the_source(tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(
        'os.environ.get("MOOCDB_ONE", "")\nos.environ["MOOCDB_TWO"]\n"MOOCDB_NOT"\n'
    )
    assert environment_names(tmp_path) == {"MOOCDB_ONE", "MOOCDB_TWO"}


def test_settings_show_their_default_and_their_unit() -> None:
    page = settings_rst([Setting("MOOCDB_SAMPLE_S", 86_400, "seconds", "A sample.")], '"""Told."""', [])
    assert "   * - ``MOOCDB_SAMPLE_S``\n     - ``86_400``\n     - seconds\n     - A sample.\n" in page


def test_lines_are_wrapped_between_words_but_not_inside_code() -> None:
    lines = rst.paragraph(("word " * 19) + "``moocdb checksum and more``").splitlines()
    assert lines == [("word " * 19).strip(), "``moocdb checksum and more``"]
