"""Features per learner and week, in the form that MOOCdb's feature scripts use."""

from __future__ import annotations

from django.db import models

from openedx_moocdb.data_access.store.models.fields import ExactTextField, KeyField, TimeField


class LongitudinalFeature(models.Model):
    """Name and meaning of a feature.

    .. no_pii: A list of features.
    """

    longitudinal_feature_id = models.IntegerField(primary_key=True, help_text="Fixed number.")
    longitudinal_feature_name = ExactTextField(help_text="Fixed name.")
    longitudinal_feature_description = ExactTextField(help_text="What it measures, in which unit.")

    class Meta:
        db_table = "moocdb_longitudinal_features"


class UserLongitudinalFeatureValue(models.Model):
    """Value of one feature for one learner in one week of a course.

    .. pii: Measures of behaviour under a pseudonym.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    longitudinal_feature_value_id = KeyField(
        primary_key=True, help_text="Derived: key of feature, learner, course and week, 16 bytes."
    )
    longitudinal_feature_id = models.IntegerField(help_text="Derived: see longitudinal_features.")
    user_id = KeyField(help_text="Derived: pseudonym of the learner.")
    course_id = models.BigIntegerField(help_text="Derived: course.")
    longitudinal_feature_week = models.IntegerField(help_text="Derived: course week, from 1.")
    longitudinal_feature_value = models.FloatField(null=True, help_text="Derived: in the feature's unit.")
    date_of_extraction = TimeField(help_text="Derived: when it was computed, UTC.")

    class Meta:
        db_table = "moocdb_user_longitudinal_feature_values"
        indexes = [
            models.Index(
                fields=["course_id", "longitudinal_feature_id"], name="moocdb_feature_values_course"
            ),
            models.Index(fields=["user_id"], name="moocdb_feature_values_user"),
        ]
