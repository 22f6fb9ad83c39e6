"""Courses, the blocks in them, and their trees over time."""

from __future__ import annotations

from django.db import models

from openedx_moocdb.data_access.store.models.fields import ExactCharField, ExactTextField


class Course(models.Model):
    """A course run that events name.

    .. no_pii: Course keys.
    """

    course_id = models.BigIntegerField(primary_key=True, help_text="Derived: 63-bit hash of the course key.")
    course_key = ExactTextField(help_text="Stated: canonical course key.")

    class Meta:
        db_table = "moocdb_courses"


class Block(models.Model):
    """A block of a course that events name.

    .. no_pii: Usage keys.
    """

    block_id = models.BigIntegerField(primary_key=True, help_text="Derived: 63-bit hash of the usage key.")
    usage_key = ExactTextField(help_text="Stated: canonical usage key; deprecated ones have no run.")
    block_type = ExactTextField(help_text="Stated: type in the usage key.")

    class Meta:
        db_table = "moocdb_blocks"


class CourseTreeVersion(models.Model):
    """The tree of a course as it stood from one moment on.

    .. no_pii: Course structure.
    """

    course_version_id = models.BigIntegerField(
        primary_key=True, help_text="Derived: 63-bit hash of course key and start of validity."
    )
    course_id = models.BigIntegerField(help_text="Stated: dictionary id of the course.")
    valid_from_us = models.BigIntegerField(help_text="Stated: microseconds since 1970 UTC.")
    version = ExactCharField(max_length=64, help_text="Derived: hash of the blocks.")
    tree = models.BinaryField(help_text="Stated: the version, MessagePack, zlib.")

    class Meta:
        db_table = "moocdb_course_versions"
        indexes = [models.Index(fields=["course_id", "valid_from_us"], name="moocdb_versions_course")]
