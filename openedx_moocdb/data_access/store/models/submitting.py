"""Submitting mode: problems, answers and grades."""

from __future__ import annotations

from django.db import models

from openedx_moocdb.data_access.store.models.fields import (
    ExactCharField,
    ExactTextField,
    KeyField,
    TimeField,
)


class ProblemType(models.Model):
    """What a problem is for.

    .. no_pii: A fixed list.
    """

    problem_type_id = models.IntegerField(primary_key=True, help_text="Fixed number.")
    problem_type_name = ExactCharField(max_length=45, help_text="Fixed name.")

    class Meta:
        db_table = "moocdb_problem_types"


class Problem(models.Model):
    """A problem or one of its inputs.

    .. no_pii: Course structure.
    """

    problem_id = models.BigIntegerField(primary_key=True, help_text="Derived: 63-bit hash of the name.")
    problem_name = ExactTextField(help_text="Stated: id of the problem or input.")
    problem_parent_id = models.BigIntegerField(null=True, help_text="Stated: the problem of an input.")
    problem_child_number = models.IntegerField(null=True, help_text="Stated: 1-based order of an input.")
    block_id = models.BigIntegerField(help_text="Stated: block of the problem, see blocks.")
    problem_type_id = models.IntegerField(null=True, help_text="Derived: see problem_types.")
    problem_release_timestamp = TimeField(null=True, help_text="Stated in the course tree: release, UTC.")
    problem_soft_deadline = TimeField(null=True, help_text="Stated in the course tree: due date, UTC.")
    problem_hard_deadline = TimeField(
        null=True, help_text="Stated in the course tree: due date, UTC; a grace period is not known."
    )
    problem_max_submission = models.IntegerField(null=True, help_text="Stated in the course tree: attempts.")
    problem_weight = models.FloatField(null=True, help_text="Stated in the course tree: points.")
    problem_week = models.IntegerField(
        null=True, help_text="Derived: course week, from 1, of the deadline, else of the release."
    )
    resource_id = models.BigIntegerField(null=True, help_text="Derived: where the problem is, see resources.")

    class Meta:
        db_table = "moocdb_problems"
        indexes = [models.Index(fields=["block_id"], name="moocdb_problems_block")]


class Submission(models.Model):
    """One answer of a learner to one input.

    .. pii: Answers under a pseudonym; free text may say anything.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    submission_id = KeyField(primary_key=True, help_text="Derived: key of event and input, 16 bytes.")
    observed_event_id = KeyField(help_text="Stated: the event, 16 bytes.")
    user_id = KeyField(null=True, help_text="Stated: pseudonym of the learner.")
    problem_id = models.BigIntegerField(help_text="Stated: see problems.")
    submission_timestamp = TimeField(help_text="Stated: time of the act, UTC.")
    submission_attempt_number = models.IntegerField(
        null=True, help_text="Stated: from 1; empty when unknown."
    )
    submission_answer = ExactTextField(null=True, help_text="Stated: the answer as given, JSON if no text.")
    submission_is_submitted = models.SmallIntegerField(
        help_text="Stated: 0 saved, 1 submitted, 2 refused, 3 reset."
    )
    redundancy_class = models.SmallIntegerField(help_text="Stated: which copy of an act it is (Redundancy).")
    is_canonical = models.BooleanField(help_text="Stated: the one row to count of an act that is told twice.")
    course_id = models.BigIntegerField(null=True, help_text="Derived: course of the event.")
    validity = models.SmallIntegerField(
        null=True, help_text="Curated: 1 valid, 0 not, empty when not judged."
    )

    class Meta:
        db_table = "moocdb_submissions"
        indexes = [
            models.Index(fields=["user_id"], name="moocdb_submissions_user"),
            models.Index(fields=["problem_id"], name="moocdb_submissions_problem"),
            models.Index(fields=["observed_event_id"], name="moocdb_submissions_event"),
        ]


class Assessment(models.Model):
    """A grade of one submission.

    .. pii: Grades of a pseudonym, feedback of graders.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    assessment_id = KeyField(primary_key=True, help_text="Derived: key of event and part, 16 bytes.")
    submission_id = KeyField(help_text="Stated: see submissions.")
    observed_event_id = KeyField(help_text="Stated: the event that tells the grade, 16 bytes.")
    assessment_feedback = ExactTextField(null=True, help_text="Stated: the grader's words or the hint shown.")
    assessment_grade = models.FloatField(null=True, help_text="Stated: 0..1.")
    assessment_points = models.FloatField(null=True, help_text="Stated: points given.")
    assessment_max_points = models.FloatField(null=True, help_text="Stated: points possible.")
    assessment_grader_id = KeyField(
        null=True, help_text="Stated: pseudonym of the grader; empty: the platform."
    )
    assessment_timestamp = TimeField(help_text="Stated: time of the grade, UTC.")
    course_id = models.BigIntegerField(null=True, help_text="Derived: course of the event.")

    class Meta:
        db_table = "moocdb_assessments"
        indexes = [
            models.Index(fields=["submission_id"], name="moocdb_assessments_submission"),
            models.Index(fields=["observed_event_id"], name="moocdb_assessments_event"),
            models.Index(fields=["assessment_grader_id"], name="moocdb_assessments_grader"),
        ]
