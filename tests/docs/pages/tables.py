"""Every table and column of the database."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from importlib import import_module

from django.db import models

from tests.docs import rst

#: modules of models, the modes of MOOCdb first
MODES = ("observing", "submitting", "collaborating", "feedback", "features", "people", "course", "operations")
_MODELS = "openedx_moocdb.data_access.store.models."
_INTRODUCTION = (
    "Tables by mode. The canonical name is the one of the MOOCdb schema and of exports; the table in the "
    "database carries a prefix (`ADR 0006 <../decisions/0006-table-names-and-dictionary-ids.rst>`_, which "
    "also names our additions to the schema). *Stated* columns hold what one event said and never change; "
    "*derived* ones follow from all that is known and are computed again when more is (`ADR 0002 "
    "<../decisions/0002-stated-and-derived.rst>`_); *curated* ones hold what a person decided; *fixed* ones "
    "come with the software. There are no foreign keys in the database. Times are UTC with microseconds."
)
_TYPES = {
    "KeyField": "16 bytes",
    "BinaryField": "bytes",
    "TimeField": "time",
    "SmallIntegerField": "integer, 16 bits",
    "IntegerField": "integer, 32 bits",
    "BigIntegerField": "integer, 64 bits",
    "BigAutoField": "integer, 64 bits",
    "FloatField": "double",
    "BooleanField": "boolean",
    "ExactTextField": "text",
    "ExactCharField": "text",
}
_HELP = re.compile(r"(Stated|Derived|Curated|Fixed)( in [\w ]+)?: (.+)", re.DOTALL)
_PII = re.compile(r"^\s*\.\. (no_pii|pii): (.+?)(?=^\s*\.\. |\Z)", re.DOTALL | re.MULTILINE)


def tables_rst(
    models_by_table: Mapping[str, type[models.Model]], compared: Mapping[str, Collection[str]]
) -> str:
    """The page of tables; ``compared``: columns left out of checksums, by table that has one.

    Raises ``KeyError`` for a sort of column, ``ValueError`` for a mode that the page does not know.
    """
    by_mode: dict[str, list[str]] = {mode: [] for mode in MODES}
    for name, model in sorted(models_by_table.items()):
        mode = model.__module__.removeprefix(_MODELS)
        if mode not in by_mode:
            raise ValueError(f"{model.__name__}: found the module {mode!r}, expected one of MODES; add it")
        by_mode[mode].append(name)
    parts = [rst.heading("Tables"), rst.paragraph(_INTRODUCTION)]
    for mode, names in by_mode.items():
        meaning = rst.text_of(import_module(_MODELS + mode).__doc__)
        parts += [rst.heading(mode.capitalize(), 1), rst.paragraph(meaning)]
        for name in names:
            parts += _table(name, models_by_table[name], compared.get(name))
    return rst.page(*parts)


def _table(name: str, model: type[models.Model], left_out: Collection[str] | None) -> list[str]:
    facts = f"In the database: ``{model._meta.db_table}``. {_personal_data(model)} {_comparison(left_out)}"
    rows = [_column(field) for field in model._meta.concrete_fields]
    return [
        rst.heading(name, 2),
        *(rst.paragraph(part) for part in rst.text_of(model.__doc__).split("\n\n")),
        rst.paragraph(facts),
        rst.table(("Column", "Type", "NULL", "Known from", "Meaning"), (26, 14, 6, 14, 40), rows),
    ]


def _personal_data(model: type[models.Model]) -> str:
    found = _PII.search(model.__doc__ or "")
    if found is None:
        raise ValueError(f"{model.__name__}: found no word on personal data, expected .. pii or .. no_pii")
    label = "Personal data" if found[1] == "pii" else "No personal data"
    return f"{label}: {rst.on_one_line(found[2]).rstrip('.')}."


def _comparison(left_out: Collection[str] | None) -> str:
    if left_out is None:
        return "Not compared by ``moocdb checksum``."
    if not left_out:
        return "Compared by ``moocdb checksum``."
    return f"Compared by ``moocdb checksum``, but for {rst.literals(sorted(left_out))}."


def _column(field: models.Field) -> tuple[str, ...]:
    key = ", key" if field.primary_key else ""
    told = _HELP.fullmatch(str(field.help_text))
    known, meaning = ((told[1] + (told[2] or "")).lower(), told[3]) if told else ("", str(field.help_text))
    if not told and meaning.startswith("Fixed"):
        known = "fixed"
    return (
        rst.literal(field.column),
        column_type(field) + key,
        "yes" if field.null else "no",
        known or rst.NONE,
        meaning[:1].upper() + meaning[1:],
    )


def column_type(field: models.Field) -> str:
    """Sort of a column in words, the same for all databases."""
    text = _TYPES[type(field).__name__]
    length = getattr(field, "max_length", None)
    return f"{text}, at most {length}" if text == "text" and length else text
