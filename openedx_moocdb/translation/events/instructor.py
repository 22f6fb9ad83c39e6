"""Acts of staff on the pages of the instructor: observed events, on a page that is no courseware.

Their names are of the first years, with hyphens, and with underscores in some logs.
"""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import ANY_SOURCE, text_field
from openedx_moocdb.translation.pages import Page
from openedx_moocdb.translation.standing import Aside


def _spelt(*names: str) -> tuple[str, ...]:
    return (*names, *(name.replace("-", "_") for name in names if "-" in name))


class InstructorReport(Aside):
    """Staff look at lists of people, at grades and answers, or have them written to a file."""

    names = _spelt(
        "dump-answer-dist-csv",
        "dump-graded-assignments-config",
        "dump-grades",
        "dump-grades-csv",
        "dump-grades-csv-raw",
        "dump-grades-raw",
        "edx.instructor.report.downloaded",
        "edx.instructor.report.requested",
        "get-student-progress-page",
        "list-beta-testers",
        "list-instructors",
        "list-staff",
        "list-students",
        "psychometrics-histogram-generation",
    )
    sources = ANY_SOURCE
    category = "instructor_reporting"


class InstructorManagement(Aside):
    """Staff change who belongs to staff, or have answers graded again, emptied or forgotten.

    ``problem`` names the block; what comes of it for each learner, other events tell.
    """

    names = _spelt(
        "add-instructor",
        "add-or-remove-user-group",
        "delete-student-module-state",
        "remove-instructor",
        "rescore-all-submissions",
        "rescore-student-submission",
        "reset-all-attempts",
        "reset-student-attempts",
    )
    sources = ANY_SOURCE
    category = "instructor_management"

    def block(self, event: Event, page: Page) -> str:
        named = text_field(event.fields, "problem", "module_state_key", "url")
        return block_ids.canonical_usage(named, event.course_key, "problem")


class InstructorForumRoles(Aside):
    """Staff list, give or take away roles in the forum."""

    names = _spelt(
        "add-forum-admin",
        "add-forum-community-TA",
        "add-forum-mod",
        "list-forum-admins",
        "list-forum-community-TAs",
        "list-forum-mods",
        "remove-forum-admin",
        "remove-forum-community-TA",
        "remove-forum-mod",
    )
    sources = ANY_SOURCE
    category = "instructor_forum_roles"
