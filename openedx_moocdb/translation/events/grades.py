"""Grades as the platform computes and staff change them: facts about the learner of the payload."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from openedx_moocdb.schema.course import block_type
from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.rows import Row
from openedx_moocdb.schema.step import Redundancy
from openedx_moocdb.translation import answers, block_ids
from openedx_moocdb.translation.event_type import Act, number_field, text_field
from openedx_moocdb.translation.pages import Page
from openedx_moocdb.translation.standing import Fact

#: types of blocks whose answers are told without a grade by other events
_WITH_SUBMISSIONS = frozenset({"openassessment", "ubcpi"})


class GradeFact(Fact):
    """Any grade; ``problem_id`` or ``block_id`` names what it is of, else it is of the course."""

    category = "grades"

    def block(self, event: Event, page: Page) -> str:
        named = text_field(event.fields, "problem_id", "block_id")
        return block_ids.canonical_usage(named, event.course_key)


class SubmitGrade(GradeFact):
    """The score of a block after an act on it: a submission of the block as a whole, with its grade.

    None for ``problem`` blocks: the server's ``problem_check`` states the same, with the answers.
    Of blocks whose answers are events of their own, the submission is an echo.
    """

    names = ("edx.grades.problem.submitted",)

    def rows(self, act: Act) -> Iterable[Row]:
        fields = act.event.fields
        points, most = number_field(fields, "weighted_earned"), number_field(fields, "weighted_possible")
        if not act.block or points is None or not most or block_type(act.block) == "problem":
            return ()
        problems, submission = answers.submission_rows(act, "", None, answers.SUBMITTED, None)
        if block_type(act.block) in _WITH_SUBMISSIONS:
            submission = msgspec.structs.replace(
                submission, redundancy_class=int(Redundancy.SERVER_ECHO), is_canonical=False
            )
        grade = min(max(points / most, 0.0), 1.0)
        return (
            *problems,
            submission,
            answers.assessment(act, submission.submission_id, "", grade, points, most),
        )


class ChangeGrade(GradeFact):
    """A score is computed again, set by staff or wiped out; which answer it was of is not told."""

    names = (
        "edx.grades.problem.rescored",
        "edx.grades.problem.score_overridden",
        "edx.grades.problem.state_deleted",
        "edx.grades.subsection.score_overridden",
    )


class TotalGrade(GradeFact):
    """The total of a section or of the course changes after a score did."""

    names = ("edx.grades.subsection.grade_calculated", "edx.grades.course.grade_calculated")


class PassCourse(GradeFact):
    """The learner's total gets above or below the mark for passing the course."""

    names = (
        "edx.course.grade.passed.first_time",
        "edx.course.grade.now_passed",
        "edx.course.grade.now_failed",
    )
