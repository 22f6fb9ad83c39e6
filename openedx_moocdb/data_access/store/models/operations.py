"""What operators need: quarantine, progress of imports, decisions, facts of the database."""

from __future__ import annotations

from django.db import models

from openedx_moocdb.data_access.store.models.fields import (
    ExactCharField,
    ExactTextField,
    KeyField,
    TimeField,
)


class QuarantinedLine(models.Model):
    """A line that could not become rows, kept to be replayed.

    .. pii: The line as the platform wrote it: names, addresses, anything.
    .. pii_types: id, name, username, email_address, ip, other
    .. pii_retirement: local_api
    """

    line_id = KeyField(primary_key=True, help_text="Derived: 16-byte hash of the line.")
    line = models.BinaryField(help_text="Stated: the line as it came.")
    reason = ExactCharField(max_length=64, help_text="Derived: why it was put aside.")
    detail = ExactTextField(help_text="Derived: what was found and expected.")
    file = ExactTextField(help_text="Stated: where it came from.")
    quarantined_at = TimeField(help_text="Derived: when, UTC.")

    class Meta:
        db_table = "moocdb_quarantine"
        indexes = [models.Index(fields=["quarantined_at", "line_id"], name="moocdb_quarantine_time")]


class ImportFile(models.Model):
    """How far an import has come in one file.

    .. no_pii: Names of files.
    """

    file_id = ExactCharField(max_length=128, primary_key=True, help_text="Derived: hash of the first bytes.")
    path = ExactTextField(help_text="Stated: where the file was last.")
    offset = models.BigIntegerField(help_text="Derived: bytes of plain text that are committed.")
    lines = models.BigIntegerField(help_text="Derived: lines that are committed.")
    is_complete = models.BooleanField(help_text="Derived: the end of the file was reached.")
    tail = ExactCharField(
        max_length=64, default="", help_text="Derived: length and hash of the last committed line."
    )

    class Meta:
        db_table = "moocdb_import_files"


class CurationDecision(models.Model):
    """What a person decided about a place or a name; can be undone.

    .. pii: LMS user id of the staff member who decided.
    .. pii_types: id
    .. pii_retirement: retained
    """

    decision_id = models.BigAutoField(primary_key=True, help_text="Running number.")
    kind = ExactCharField(max_length=16, help_text="Curated: place, name, type, week, release or deadline.")
    course_id = models.BigIntegerField(null=True, help_text="Curated: course it is about.")
    block_id = models.BigIntegerField(null=True, help_text="Curated: block it is about.")
    resource_id = models.BigIntegerField(null=True, help_text="Curated: resource it is about.")
    decision = ExactTextField(help_text="Curated: the new value, JSON.")
    previous = ExactTextField(null=True, help_text="Derived: the value before, JSON.")
    decided_by = models.BigIntegerField(null=True, help_text="Stated: LMS user id; empty for a file.")
    decided_at = TimeField(help_text="Stated: when, UTC.")
    undone_at = TimeField(null=True, help_text="Stated: when it was undone, UTC.")

    class Meta:
        db_table = "moocdb_curation_decisions"
        indexes = [models.Index(fields=["course_id", "block_id"], name="moocdb_decisions_block")]


class DatabaseFact(models.Model):
    """A fact about the whole database, such as the fingerprint of the learner key.

    .. no_pii: Fingerprints and counters.
    """

    fact_name = ExactCharField(max_length=64, primary_key=True, help_text="Name of the fact.")
    fact_value = ExactTextField(help_text="Its value.")

    class Meta:
        db_table = "moocdb_database_facts"
