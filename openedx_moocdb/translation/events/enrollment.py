"""Enrolment. The payload names the learner; the context may be of staff who enrolled them."""

from __future__ import annotations

from openedx_moocdb.translation.standing import BROWSER, Fact, Inline


class Enrol(Fact):
    """The learner is enrolled in the course, by themselves or by staff."""

    names = ("edx.course.enrollment.activated",)
    category = "enrollment"


class Unenrol(Fact):
    """The learner is no longer enrolled."""

    names = ("edx.course.enrollment.deactivated",)
    category = "enrollment"


class ChangeEnrolmentMode(Fact):
    """The learner's track becomes another: audit, verified and so on."""

    names = ("edx.course.enrollment.mode_changed", "edx.course.enrollment.upgrade.succeeded")
    category = "enrollment"


class ClickUpgrade(Inline):
    """A click on an offer of the verified track; whether it is bought, the server tells."""

    names = ("edx.course.enrollment.upgrade.clicked", "edx.course.enrollment.upgrade_clicked")
    sources = BROWSER
    category = "enrollment"
