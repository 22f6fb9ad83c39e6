"""Feedback mode: surveys, polls, their questions and answers."""

from __future__ import annotations

from django.db import models

from openedx_moocdb.data_access.store.models.fields import ExactTextField, KeyField, TimeField


class Survey(models.Model):
    """A survey, poll or feedback form.

    .. no_pii: Course structure.
    """

    survey_id = models.BigIntegerField(primary_key=True, help_text="Derived: 63-bit hash of its block.")
    block_id = models.BigIntegerField(null=True, help_text="Stated: its block, see blocks.")
    survey_start_timestamp = TimeField(null=True, help_text="Stated in the course tree: start, UTC.")
    survey_end_timestamp = TimeField(null=True, help_text="Stated in the course tree: end, UTC.")

    class Meta:
        db_table = "moocdb_surveys"


class Question(models.Model):
    """A question of a survey.

    .. no_pii: Course content.
    """

    question_id = models.BigIntegerField(
        primary_key=True, help_text="Derived: 63-bit hash of form and question."
    )
    question_content = ExactTextField(help_text="Stated: the question, else its id.")
    question_reference = models.BigIntegerField(null=True, help_text="Stated: what it is about, a block id.")
    survey_id = models.BigIntegerField(null=True, help_text="Stated: see surveys.")
    question_type = models.IntegerField(null=True, help_text="Curated: type of the question.")

    class Meta:
        db_table = "moocdb_questions"


class Answer(models.Model):
    """Text of an answer; many learners may have given it.

    .. pii: Free text may say anything.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    answer_id = models.BigIntegerField(primary_key=True, help_text="Derived: 63-bit hash of the text.")
    answer_content = ExactTextField(help_text="Stated: the answer as given.")

    class Meta:
        db_table = "moocdb_answers"


class Feedback(models.Model):
    """One answer of a learner to one question.

    .. pii: Opinions under a pseudonym.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    feedback_id = KeyField(primary_key=True, help_text="Derived: key of event and question, 16 bytes.")
    observed_event_id = KeyField(help_text="Stated: the event, 16 bytes.")
    user_id = KeyField(null=True, help_text="Stated: pseudonym of the learner.")
    question_id = models.BigIntegerField(help_text="Stated: see questions.")
    answer_id = models.BigIntegerField(help_text="Stated: see answers.")
    feedback_timestamp = TimeField(help_text="Stated: time of the act, UTC.")
    course_id = models.BigIntegerField(null=True, help_text="Derived: course of the event.")

    class Meta:
        db_table = "moocdb_feedbacks"
        indexes = [
            models.Index(fields=["user_id"], name="moocdb_feedbacks_user"),
            models.Index(fields=["observed_event_id"], name="moocdb_feedbacks_event"),
        ]
