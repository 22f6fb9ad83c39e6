"""Cohorts: made by staff, filled by staff or by rule."""

from __future__ import annotations

from openedx_moocdb.translation.standing import SERVER, Aside, Fact


class CohortMember(Fact):
    """The learner of the payload comes into a cohort or leaves it."""

    names = ("edx.cohort.user_added", "edx.cohort.user_removed", "edx.cohort.user_add_requested")
    category = "cohort"


class CohortMade(Aside):
    """A cohort is made, on the page of staff or by rule."""

    names = ("edx.cohort.created", "edx.cohort.creation_requested")
    sources = SERVER
    category = "cohort"
