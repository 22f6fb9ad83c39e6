"""Learners: what filters need of them, the way to the person, and where their fold stands."""

from __future__ import annotations

from django.db import models

from openedx_moocdb.data_access.store.models.fields import (
    ExactCharField,
    ExactTextField,
    KeyField,
    TimeField,
)


class UserType(models.Model):
    """Role of a user in a course.

    .. no_pii: A fixed list of roles.
    """

    user_type_id = models.IntegerField(primary_key=True, help_text="Fixed number of the role.")
    user_type_name = ExactCharField(max_length=45, help_text="Fixed name of the role.")

    class Meta:
        db_table = "moocdb_user_types"


class User(models.Model):
    """Facts of one learner in one course, as the platform stated them when they were read.

    .. pii: Gender, age band, education, country and grade under a pseudonym; coarse on purpose.
    .. pii_types: gender, location, other
    .. pii_retirement: local_api
    """

    user_row_id = KeyField(primary_key=True, help_text="Derived: 16-byte key of learner and course.")
    user_id = KeyField(help_text="Derived: pseudonym of the learner, 16 bytes.")
    course_id = models.BigIntegerField(help_text="Stated: dictionary id of the course.")
    user_type_id = models.IntegerField(null=True, help_text="Stated: role, see user_types.")
    user_gender = ExactCharField(max_length=8, null=True, help_text="Stated: gender code of the profile.")
    user_age_band = ExactCharField(max_length=8, null=True, help_text="Derived: age in ten-year bands.")
    user_education = ExactCharField(max_length=8, null=True, help_text="Stated: level of education, code.")
    user_country = ExactCharField(max_length=3, null=True, help_text="Stated: ISO 3166-1 alpha-2 code.")
    user_language = ExactCharField(max_length=16, null=True, help_text="Stated: language code.")
    user_mode = ExactCharField(max_length=32, null=True, help_text="Stated: enrolment mode.")
    user_cohort = ExactTextField(null=True, help_text="Stated: name of the cohort.")
    user_final_grade = models.FloatField(null=True, help_text="Stated: course grade, 0..1.")
    user_grade_band = ExactCharField(max_length=8, null=True, help_text="Derived: band of the grade.")
    user_join_timestamp = TimeField(null=True, help_text="Stated: first enrolment, UTC.")
    user_is_active = models.BooleanField(null=True, help_text="Stated: still enrolled when read.")
    read_at = TimeField(help_text="Derived: when the facts were read, UTC.")

    class Meta:
        db_table = "moocdb_users"
        indexes = [
            models.Index(fields=["course_id", "user_id"], name="moocdb_users_course"),
            models.Index(fields=["user_id"], name="moocdb_users_user"),
        ]


class LearnerLink(models.Model):
    """From pseudonym to person; in no export.

    .. pii: LMS user id beside the pseudonym.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    link_id = KeyField(primary_key=True, help_text="Derived: pseudonym by name, else by id, 16 bytes.")
    learner_id = KeyField(help_text="Derived: pseudonym by LMS user id, 16 bytes.")
    site = ExactCharField(max_length=64, help_text="Stated: name of the platform's site.")
    lms_user_id = models.BigIntegerField(help_text="Stated: the LMS' number of the user.")

    class Meta:
        db_table = "moocdb_learner_links"
        indexes = [models.Index(fields=["learner_id"], name="moocdb_links_learner")]


class LearnerStateRecord(models.Model):
    """Where the fold over one learner's steps stands; the row that writers lock.

    .. pii: Last places of a pseudonym.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    learner_id = KeyField(primary_key=True, help_text="Derived: pseudonym of the learner, 16 bytes.")
    last_key = KeyField(null=True, help_text="Derived: key of the last step folded, 16 bytes.")
    state = models.BinaryField(default=b"", help_text="Derived: state of the fold; opaque.")
    is_dirty = models.BooleanField(
        default=False, db_index=True, help_text="Derived: steps were stored that the fold has not seen."
    )

    class Meta:
        db_table = "moocdb_learner_state"


class RetiredLearner(models.Model):
    """A learner whose rows were deleted and whose later events are skipped.

    .. pii: The pseudonym alone; kept so that old logs do not bring the learner back.
    .. pii_types: id
    .. pii_retirement: retained
    """

    learner_id = KeyField(primary_key=True, help_text="Derived: pseudonym of the learner, 16 bytes.")
    retired_at = TimeField(help_text="Derived: when, UTC.")

    class Meta:
        db_table = "moocdb_retired_learners"
