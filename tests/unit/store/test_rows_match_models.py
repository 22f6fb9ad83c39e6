"""Rows and models describe the same tables."""

from __future__ import annotations

import importlib
import types
import typing

import pytest
from django.db import models

from openedx_moocdb.data_access.store import tables
from openedx_moocdb.data_access.store.models.fields import KeyField, TimeField
from openedx_moocdb.schema import rows
from openedx_moocdb.schema.step import Placement

ROW_TYPES = sorted(
    (row_type for base in (rows.Row, rows.Entry) for row_type in base.__subclasses__() if row_type.TABLE),
    key=lambda row_type: row_type.TABLE,
)
FIELD_TYPES = {
    bytes: (KeyField,),
    bool: (models.BooleanField,),
    int: (models.BigIntegerField, models.IntegerField, models.SmallIntegerField),
    float: (models.FloatField,),
    str: (models.TextField, models.CharField, TimeField),
}
#: ids and numbers that an event states: they need 64 bits whatever their size today
BIG = ("_id", "_os", "_agent", "stated_panel")
FIXED_IDS = ("resource_type_id", "collaboration_type_id")


def _fields(table: str) -> list[models.Field]:
    return list(tables.MODELS[table]._meta.concrete_fields)


def _stated(kind: object) -> tuple[type, bool]:
    """(type, may be unknown) of an annotation such as ``int | None``."""
    if isinstance(kind, types.UnionType):
        found = [one for one in typing.get_args(kind) if one is not type(None)]
        assert len(found) == 1
        return found[0], True
    return typing.cast(type, kind), False


def _expected(row_type: type[rows.Row]) -> dict[str, object]:
    hints = typing.get_type_hints(row_type)
    expected = {name: hints[name] for name in row_type.__struct_fields__}
    if row_type is rows.ObservedEvent:
        placement = typing.get_type_hints(Placement)
        expected |= {name: placement[name] for name in Placement.__struct_fields__}
    return expected


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=lambda row_type: row_type.TABLE)
def test_columns_stand_in_the_order_of_the_row_and_only_described_ones_follow(
    row_type: type[rows.Row],
) -> None:
    fields = _fields(row_type.TABLE)
    expected = list(_expected(row_type))
    assert [field.column for field in fields][: len(expected)] == expected
    for further in fields[len(expected) :]:
        assert further.null, f"{further.column} is filled by no row, so it must be able to be empty"


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=lambda row_type: row_type.TABLE)
def test_each_column_can_hold_what_the_row_states(row_type: type[rows.Row]) -> None:
    fields = {field.column: field for field in _fields(row_type.TABLE)}
    for name, kind in _expected(row_type).items():
        field = fields[name]
        base, is_optional = _stated(kind)
        assert isinstance(field, FIELD_TYPES[base]), f"{name}: {type(field).__name__} for {base.__name__}"
        assert field.null == is_optional, name
        if base is int and name.endswith(BIG) and name not in FIXED_IDS:
            assert isinstance(field, models.BigIntegerField), name


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=lambda row_type: row_type.TABLE)
def test_the_first_field_is_the_primary_key(row_type: type[rows.Row]) -> None:
    assert tables.MODELS[row_type.TABLE]._meta.pk.column == row_type.__struct_fields__[0]


def test_every_dictionary_names_the_columns_that_its_id_stands_for() -> None:
    assert set(tables.NATURAL) == set(rows.Entry.__subclasses__())
    for row_type, natural in tables.NATURAL.items():
        assert set(natural) <= set(row_type.__struct_fields__[1:])


def test_every_column_that_hangs_on_an_event_has_event_and_course() -> None:
    with_event = {
        table
        for table, model in tables.MODELS.items()
        if {"observed_event_id", "course_id"} <= {field.column for field in model._meta.concrete_fields}
    }
    assert with_event - {"observed_events"} == set(tables.HANGING)


@pytest.mark.parametrize("table", sorted(tables.MODELS))
def test_every_column_says_where_it_comes_from(table: str) -> None:
    model = tables.MODELS[table]
    assert model._meta.db_table == tables.PREFIX + table
    for field in _fields(table):
        assert field.help_text, f"{table}.{field.column} has no help text"
    text = model.__doc__ or ""
    assert (".. pii:" in text) != (".. no_pii:" in text), f"{table} says nothing of personal data"
    if ".. pii:" in text:
        assert ".. pii_types:" in text and ".. pii_retirement:" in text


def test_every_column_with_a_learner_is_known_to_renaming() -> None:
    known = {*tables.LEARNER_COLUMNS, ("observed_events", "user_id"), ("click_events", "user_id")}
    found = {
        (table, field.column)
        for table in tables.MODELS
        for field in _fields(table)
        if isinstance(field, KeyField) and field.column in ("user_id", "assessment_grader_id")
    }
    assert found == known


def test_the_fixed_dictionaries_are_written_as_rows_define_them() -> None:
    migration = importlib.import_module("openedx_moocdb.migrations.0002_fixed_dictionaries")
    assert {
        number: (content, medium) for number, content, medium in migration.RESOURCE_TYPES
    } == rows.RESOURCE_TYPES
    assert dict(migration.PROBLEM_TYPES) == rows.PROBLEM_TYPES
    assert dict(migration.COLLABORATION_TYPES) == rows.COLLABORATION_TYPES
