"""Which model holds which rows, and what the stores need to know of each table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from functools import cache

from django.db import models as django_models

from openedx_moocdb.data_access.store import models
from openedx_moocdb.data_access.store.models.fields import TimeField
from openedx_moocdb.schema import rows
from openedx_moocdb.schema.step import Placement

PREFIX = "moocdb_"

MODELS: dict[str, type[django_models.Model]] = {
    model._meta.db_table.removeprefix(PREFIX): model
    for model in (getattr(models, name) for name in models.__all__)
}

#: the columns of a dictionary that its id is a hash of
NATURAL: dict[type[rows.Entry], tuple[str, ...]] = {
    rows.CourseRow: ("course_key",),
    rows.Url: ("url",),
    rows.BlockRow: ("usage_key",),
    rows.EventTypeRow: ("observed_event_type_name",),
    rows.Os: ("os_name",),
    rows.Agent: ("agent_name",),
    rows.Resource: ("resource_uri",),
    rows.ResourceUrl: ("resource_id", "url_id"),
    rows.Problem: ("problem_name",),
    rows.Question: ("question_content", "survey_id"),
    rows.Survey: ("block_id",),
    rows.Answer: ("answer_content",),
    # A name that two users bore is no collision of ids: the first link stays.
    rows.LearnerLink: (),
}

#: tables with rows that hang on an observed event and follow its course
HANGING = ("submissions", "assessments", "click_events", "collaborations", "feedbacks")

#: every column that holds a learner's pseudonym, but for state and links
LEARNER_COLUMNS: tuple[tuple[str, str], ...] = (
    ("steps", "user_id"),
    ("submissions", "user_id"),
    ("assessments", "assessment_grader_id"),
    ("collaborations", "user_id"),
    ("feedbacks", "user_id"),
    ("visits", "user_id"),
    ("users", "user_id"),
    ("user_longitudinal_feature_values", "user_id"),
)

DERIVED = Placement.__struct_fields__
EVENT_COLUMNS = rows.ObservedEvent.__struct_fields__ + DERIVED


def _all_row_types(base: type[rows.Row] = rows.Row) -> Iterator[type[rows.Row]]:
    for row_type in base.__subclasses__():
        if row_type.TABLE:
            yield row_type
        yield from _all_row_types(row_type)


#: columns that rows of a table fill, primary key first
ROW_COLUMNS: dict[str, tuple[str, ...]] = {
    **{row_type.TABLE: row_type.__struct_fields__ for row_type in _all_row_types()},
    rows.ObservedEvent.TABLE: EVENT_COLUMNS,
}


def columns(row_type: type[rows.Row]) -> tuple[str, ...]:
    """Columns of the table that rows of this type fill, primary key first."""
    return row_type.__struct_fields__


@cache
def time_columns(table: str) -> frozenset[str]:
    """Columns of the table that hold a time."""
    fields = MODELS[table]._meta.concrete_fields
    return frozenset(field.column for field in fields if isinstance(field, TimeField))


def read_time(text: str) -> datetime:
    """Aware UTC time of ``YYYY-MM-DD HH:MM:SS.ffffff``."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
