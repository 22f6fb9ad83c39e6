"""Collaborating mode: forum and wiki."""

from __future__ import annotations

from django.db import models

from openedx_moocdb.data_access.store.models.fields import (
    ExactCharField,
    ExactTextField,
    KeyField,
    TimeField,
)


class CollaborationType(models.Model):
    """Sort of contribution.

    .. no_pii: A fixed list.
    """

    collaboration_type_id = models.IntegerField(primary_key=True, help_text="Fixed number.")
    collaboration_type_name = ExactCharField(max_length=45, help_text="Fixed name.")

    class Meta:
        db_table = "moocdb_collaboration_types"


class Collaboration(models.Model):
    """A forum post, answer, comment or vote, or a wiki edit.

    .. pii: Contributions under a pseudonym; free text may say anything.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    collaboration_id = models.BigIntegerField(
        primary_key=True, help_text="Derived: 63-bit hash of the document's id, else of the event's key."
    )
    observed_event_id = KeyField(null=True, help_text="Stated: the event, 16 bytes; empty for a document.")
    user_id = KeyField(null=True, help_text="Stated: pseudonym of the learner.")
    collaboration_type_id = models.IntegerField(help_text="Stated: see collaboration_types.")
    collaboration_content = ExactTextField(null=True, help_text="Stated: the text.")
    collaboration_timestamp = TimeField(help_text="Stated: time of the act, UTC.")
    collaboration_parent_id = models.BigIntegerField(
        null=True, help_text="Stated: what it answers or votes on."
    )
    is_truncated = models.BooleanField(help_text="Stated: the platform cut the text.")
    course_id = models.BigIntegerField(null=True, help_text="Derived: course of the event.")

    class Meta:
        db_table = "moocdb_collaborations"
        indexes = [
            models.Index(fields=["user_id"], name="moocdb_collaborations_user"),
            models.Index(fields=["observed_event_id"], name="moocdb_collaborations_event"),
        ]
