"""What people wrote: its pages, what they name, and where their links lead."""

from __future__ import annotations

import io
import re
import shlex
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from docutils import nodes
from docutils.core import publish_doctree

from tests.docs.reference import ROOT

_QUIET = {"report_level": 2, "halt_level": 5, "file_insertion_enabled": False, "syntax_highlight": "none"}
_LITERAL = re.compile(r"``(.+?)``", re.DOTALL)
_OPTION = re.compile(r"--[a-z][a-z-]+")


def pages() -> list[Path]:
    """Every page of the repository that people read, made or written."""
    return [*sorted(ROOT.glob("*.rst")), *sorted((ROOT / "docs").rglob("*.rst"))]


@cache
def parse(path: Path) -> tuple[nodes.document, str]:
    """A page as docutils reads it, and what docutils has against it."""
    complaints = io.StringIO()
    text = path.read_text(encoding="utf-8")
    tree = publish_doctree(text, str(path), settings_overrides={**_QUIET, "warning_stream": complaints})
    return tree, complaints.getvalue()


def ids(path: Path) -> set[str]:
    """Fragments that a link into the page may name."""
    return {name for node in parse(path)[0].findall(nodes.Element) for name in node.get("ids", ())}


def relative_links(path: Path) -> list[tuple[Path, str]]:
    """(target, fragment) of each link to a file of the repository."""
    uris = [node["refuri"] for node in parse(path)[0].findall(nodes.reference) if "refuri" in node]
    parts = [uri.partition("#") for uri in uris if not re.match(r"[a-z][a-z+.-]*:", uri)]
    return [((path.parent / unquote(file)).resolve(), fragment) for file, _, fragment in parts]


def code_of(path: Path) -> list[str]:
    """Pieces of code: literals, and the lines of blocks without their comments."""
    text = path.read_text(encoding="utf-8")
    pieces = [" ".join(found.split()) for found in _LITERAL.findall(text)]
    for block in parse(path)[0].findall(nodes.literal_block):
        pieces += [line.partition(" #")[0].strip() for line in block.astext().splitlines()]
    return [piece for piece in pieces if piece]


def command_lines(path: Path) -> list[list[str]]:
    """Words behind ``moocdb`` of each command that the page gives, ``COMMAND`` as a stand-in left out."""
    found = []
    for piece in code_of(path):
        match = re.match(r"(?:\S*/)?moocdb (.+)", piece)
        if match and not match[1].startswith("COMMAND"):
            found.append(shlex.split(match[1].replace("…", "")))
    return found


def options_of(path: Path) -> set[str]:
    """Options that stand alone as code, without a command before them."""
    return {piece.split()[0] for piece in code_of(path) if _OPTION.fullmatch(piece.split()[0])}


def make_targets(path: Path) -> set[str]:
    """Targets of ``make`` that the page gives."""
    matches = (re.match(r"make ([a-z][a-z-]*)", piece) for piece in code_of(path))
    return {match[1] for match in matches if match}


def programs(path: Path) -> set[Path]:
    """Files that the page runs with Python."""
    matches = (re.match(r"(?:\S*/)?python (\S+\.py)", piece) for piece in code_of(path))
    return {Path(match[1]) for match in matches if match}
