"""Pages that people wrote name only what exists, and every page can be read and reached."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from docutils import nodes

from openedx_moocdb.conf import SETTINGS
from openedx_moocdb.standalone.command import COMMANDS
from tests.docs import written
from tests.docs.pages.commands import actions_of, load
from tests.docs.pages.settings import environment_names
from tests.docs.reference import FOLDER, PACKAGE, ROOT

PAGES = written.pages()
BY_HAND = [path for path in PAGES if FOLDER not in path.parents]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.rst"))
INDEX = ROOT / "docs" / "index.rst"
_OF_DJANGO = {"--help", "--settings", "--traceback", "--verbosity"}
_SECTIONS = ["Status", "Context", "Decision", "Rejected alternatives", "What would change our mind"]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _options(word: str) -> set[str]:
    actions = actions_of(load(COMMANDS[word]))
    return _OF_DJANGO | {option for action in actions for option in action.option_strings}


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_docutils_has_nothing_against_a_page(path: Path) -> None:
    assert written.parse(path)[1] == ""


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_relative_links_lead_to_a_file_and_to_a_heading_in_it(path: Path) -> None:
    links = written.relative_links(path)
    assert [str(target) for target, _ in links if not target.exists()] == [], "links that point nowhere"
    broken = [f"{_name(target)}#{to}" for target, to in links if to and to not in written.ids(target)]
    assert broken == [], "links to headings that do not exist"


@pytest.mark.parametrize("path", BY_HAND, ids=_name)
def test_commands_that_a_page_gives_exist_with_their_options(path: Path) -> None:
    for words in written.command_lines(path):
        if words[0] == "--help":
            continue
        assert words[0] in COMMANDS, f"moocdb {words[0]}: no such command"
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert given - _options(words[0]) == set(), f"moocdb {words[0]}: no such options"


@pytest.mark.parametrize("path", BY_HAND, ids=_name)
def test_options_that_a_page_names_alone_are_those_of_some_command(path: Path) -> None:
    named = written.options_of(path)
    assert named - set().union(*map(_options, COMMANDS if named else ())) == set()


@pytest.mark.parametrize("path", BY_HAND, ids=_name)
def test_settings_that_a_page_names_exist(path: Path) -> None:
    known = {setting.name for setting in SETTINGS} | environment_names(PACKAGE)
    named = set(re.findall(r"\bMOOCDB_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    assert named - known == set()


@pytest.mark.parametrize("path", BY_HAND, ids=_name)
def test_targets_of_make_that_a_page_gives_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert written.make_targets(path) - targets == set()


@pytest.mark.parametrize("path", BY_HAND, ids=_name)
def test_programs_that_a_page_runs_exist(path: Path) -> None:
    assert [str(program) for program in written.programs(path) if not (ROOT / program).is_file()] == []


def test_every_command_is_in_the_readme() -> None:
    assert {words[0] for words in written.command_lines(ROOT / "README.rst")} >= set(COMMANDS)


def test_the_help_of_moocdb_names_every_command() -> None:
    environment = {name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    program = "from openedx_moocdb.standalone.command import main; main(['--help'])"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert re.findall(r"^  (\w+) ", run.stdout, re.MULTILINE) == list(COMMANDS)


def test_every_page_of_the_documentation_is_reached_from_its_index() -> None:
    reached, found = {INDEX}, [INDEX]
    while found:
        targets = {target for target, _ in written.relative_links(found.pop()) if target.suffix == ".rst"}
        found += targets - reached
        reached |= targets
    missing = [_name(path) for path in PAGES if ROOT / "docs" in path.parents and path not in reached]
    assert missing == [], "pages that docs/index.rst does not lead to"


def test_the_index_of_decisions_lists_each_by_its_title() -> None:
    tree, _ = written.parse(ROOT / "docs" / "decisions" / "README.rst")
    rows = [[entry.astext() for entry in row.findall(nodes.entry)] for row in tree.findall(nodes.row)]
    titles = [written.parse(path)[0]["title"].split(". ", 1) for path in DECISIONS]
    assert rows[1:] == titles
    assert [number for number, _ in titles] == [path.name[:4] for path in DECISIONS]


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=_name)
def test_a_decision_says_what_was_rejected_and_what_would_change_our_mind(path: Path) -> None:
    headings = [section[0].astext() for section in written.parse(path)[0].findall(nodes.section)]
    assert headings == _SECTIONS


def test_a_page_that_names_what_does_not_exist_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.rst"
    page.write_text(
        "Title\n=====\n\n``moocdb vanish\n--quickly`` and ``make sense``, or ``--alone``; "
        "`there <nowhere.rst#at>`_\n\n.. code-block:: bash\n\n"
        "    .venv/bin/moocdb import x --quiet  # reads x\n    python tools/away.py\n",
        encoding="utf-8",
    )
    assert written.command_lines(page) == [["vanish", "--quickly"], ["import", "x", "--quiet"]]
    assert written.make_targets(page) == {"sense"}
    assert written.programs(page) == {Path("tools/away.py")}
    assert written.options_of(page) == {"--alone"}
    assert written.relative_links(page) == [(tmp_path / "nowhere.rst", "at")]


def test_docutils_is_asked_for_everything_that_it_warns_of(tmp_path: Path) -> None:
    page = tmp_path / "page.rst"
    page.write_text("A long title\n======\n\n`unknown`_\n", encoding="utf-8")
    complaints = written.parse(page)[1]
    assert "Title underline too short" in complaints
    assert "Unknown target name" in complaints
