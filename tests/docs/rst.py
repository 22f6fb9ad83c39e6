"""Parts of a page in reStructuredText, as text that ends with a newline."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 110
NONE = "–"
_MARKS = "=-~"


def heading(text: str, level: int = 0, label: str = "") -> str:
    """A heading, 0 for the title; ``label`` is what links name."""
    anchor = f".. _{label}:\n\n" if label else ""
    return f"{anchor}{text}\n{_MARKS[level] * len(text)}\n"


def paragraph(text: str, indent: str = "") -> str:
    """``text`` without its own line breaks, wrapped."""
    return "\n".join(_wrap(text, WIDTH - len(indent), indent)) + "\n"


def literal(text: object) -> str:
    """Code; a dash for the empty text."""
    return f"``{text}``" if str(text) else NONE


def literals(texts: Iterable[object], between: str = ", ") -> str:
    """Several pieces of code; a dash for none."""
    return between.join(map(literal, texts)) or NONE


def table(head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str | list[str]]]) -> str:
    """A list table; a cell that is a list has one line for each of its parts."""
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {' '.join(map(str, widths))}", ""]
    for row in (head, *rows):
        for number, cell in enumerate(row):
            lead = "   * - " if number == 0 else "     - "
            lines += [lead + line if at == 0 else " " * 7 + line for at, line in enumerate(_cell(cell))]
    return "\n".join(lines) + "\n"


def page(*parts: str) -> str:
    """A whole page of parts, with an empty line between each two."""
    return "\n".join(parts)


def text_of(docstring: str | None) -> str:
    """A docstring as it reads, paragraphs apart, without directives; ``""`` for none."""
    clean = inspect.cleandoc(docstring or "")
    told = [part for part in clean.split("\n\n") if not part.startswith(".. ")]
    return "\n\n".join(told)


def on_one_line(text: str) -> str:
    """``text`` with every run of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()


def _cell(cell: str | list[str]) -> list[str]:
    if isinstance(cell, list):
        return [f"| {part}" for part in cell] or [NONE]
    return _wrap(cell, WIDTH - 7) or [NONE]


def _wrap(text: str, width: int, indent: str = "") -> list[str]:
    glued = re.sub(r"``[^`]+``", lambda found: found[0].replace(" ", "\0"), on_one_line(text))
    lines = textwrap.wrap(
        glued,
        width + len(indent),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\0", " ") for line in lines]
