"""Problems: checked, saved, reset, shown, graded. One submission per input, paired by its id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.rows import Row
from openedx_moocdb.schema.step import Redundancy, StepKind
from openedx_moocdb.translation import answers, block_ids
from openedx_moocdb.translation.event_type import Act, EventType, number_field, text_field
from openedx_moocdb.translation.normalise import form_fields
from openedx_moocdb.translation.pages import NO_PAGE, Page


class ProblemEvent(EventType):
    """Any event about one problem; ``problem_id`` or the module names it."""

    sources: ClassVar[tuple[str, ...]] = ("server", "browser", "mobile", "task", "")
    category = "problem"

    def block(self, event: Event, page: Page) -> str:
        fields = event.fields
        named = text_field(fields, "problem_id", "problem", "module_id", "id")
        usage = block_ids.canonical_usage(named, event.course_key, "problem") if named else ""
        return usage or super().block(event, page) or self._block_of_inputs(event)

    def _block_of_inputs(self, event: Event) -> str:
        for input_id in answers.inputs_of(event.fields.get("answers"), event.fields.get("correct_map")):
            problem = block_ids.split_input(input_id)[0]
            return block_ids.canonical_usage(problem, event.course_key, "problem")
        return ""


class ProblemCheck(ProblemEvent):
    """The server graded an answer: one submission per input, and one assessment unless it waits for a grader.

    The grade of the problem as a whole is a further submission, of the problem itself.
    """

    names = ("problem_check",)
    sources = ("server", "task", "")
    is_submitted = answers.SUBMITTED

    def rows(self, act: Act) -> Iterable[Row]:
        fields = act.event.fields
        given, marks = fields.get("answers"), fields.get("correct_map")
        given = given if isinstance(given, dict) else {}
        marks = marks if isinstance(marks, dict) else {}
        attempts = fields.get("attempts")
        attempt = attempts if isinstance(attempts, int) else None
        rows: list[Row] = []
        for input_id in answers.inputs_of(given, marks):
            problems, submission = answers.submission_rows(
                act, input_id, given.get(input_id), self.is_submitted, attempt
            )
            rows.extend(problems)
            rows.append(submission)
            mark = marks.get(input_id)
            grade, points = answers.mark_of(mark)
            feedback = text_field(mark, "msg") if isinstance(mark, dict) else ""
            if grade is not None or points is not None or feedback:
                rows.append(
                    answers.assessment(act, submission.submission_id, input_id, grade, points, None, feedback)
                )
        rows.extend(self._problem_grade(act, fields))
        return rows

    def _problem_grade(self, act: Act, fields: dict[str, Any]) -> Iterable[Row]:
        """The grade of the problem as a whole, beside those of its inputs."""
        points, most = number_field(fields, "grade"), number_field(fields, "max_grade")
        if points is None or not most or not act.block:
            return ()
        attempts = fields.get("attempts")
        attempt = attempts if isinstance(attempts, int) else None
        problems, submission = answers.submission_rows(act, "", None, self.is_submitted, attempt)
        grade = min(max(points / most, 0.0), 1.0)
        return (
            *problems,
            submission,
            answers.assessment(act, submission.submission_id, "", grade, points, most),
        )


class SaveProblemCheck(ProblemCheck):
    """The name of the server's ``problem_check`` until late 2013."""

    names = ("save_problem_check",)


class CheckRefused(ProblemEvent):
    """The server refused a check or a save: closed, or to be reset first."""

    names: ClassVar[tuple[str, ...]] = ("problem_check_fail", "save_problem_check_fail", "save_problem_fail")
    sources = ("server", "")
    is_submitted = answers.REFUSED

    def rows(self, act: Act) -> Iterable[Row]:
        return _rows_of_answers(act, act.event.fields.get("answers"), self.is_submitted)


class SaveProblem(CheckRefused):
    """The server kept an answer without grading it."""

    names = ("save_problem_success",)
    is_submitted = answers.SAVED


class BrowserAnswer(ProblemEvent):
    """The browser's copy of a check, a save or a reset: inputs as a form.

    The server's event tells the same with its result, so this one is an echo.
    """

    names = ("problem_check",)
    sources = ("browser", "mobile")
    redundancy = Redundancy.BROWSER_ECHO
    is_submitted = answers.SUBMITTED

    def block(self, event: Event, page: Page) -> str:
        for field in _form(event):
            problem, part = block_ids.split_input(field)
            if part or field.startswith("input_"):
                usage = block_ids.canonical_usage(problem, event.course_key, "problem")
                if usage:
                    return usage
        return super().block(event, page)

    def rows(self, act: Act) -> Iterable[Row]:
        given = {
            field.removeprefix("input_").removesuffix("[]"): values if field.endswith("[]") else values[0]
            for field, values in _form(act.event).items()
        }
        return _rows_of_answers(act, given, self.is_submitted)


class BrowserSave(BrowserAnswer):
    """The browser's copy of a save."""

    names = ("problem_save",)
    is_submitted = answers.SAVED


class BrowserReset(BrowserAnswer):
    """The browser's copy of a reset: the answers that are given up."""

    names = ("problem_reset",)
    is_submitted = answers.RESET


class ResetProblem(ProblemEvent):
    """The server emptied a problem."""

    names = ("reset_problem",)
    sources = ("server", "")

    def rows(self, act: Act) -> Iterable[Row]:
        return _whole_problem(act, answers.RESET)


class ResetRefused(ProblemEvent):
    """The server refused to empty a problem."""

    names = ("reset_problem_fail",)
    sources = ("server", "")

    def rows(self, act: Act) -> Iterable[Row]:
        return _whole_problem(act, answers.REFUSED)


class ProblemGraded(ProblemEvent):
    """The browser shows the result: ``[form of answers, HTML]``; what it tells, the server told."""

    names = ("problem_graded",)
    sources = ("browser",)
    redundancy = Redundancy.BROWSER_ECHO
    step = StepKind.BACKGROUND

    def block(self, event: Event, page: Page) -> str:
        for field in _form(event):
            usage = block_ids.canonical_usage(block_ids.split_input(field)[0], event.course_key, "problem")
            if usage:
                return usage
        return super().block(event, page)


class ShowAnswer(ProblemEvent):
    """The learner asked for the answer; the browser's ``problem_show`` goes with it."""

    names: ClassVar[tuple[str, ...]] = ("showanswer", "show_answer")
    sources = ("server", "")


class BrowserShow(ShowAnswer):
    """The browser's copy of ``showanswer``."""

    names = ("problem_show",)
    sources = ("browser", "mobile")
    redundancy = Redundancy.BROWSER_ECHO


class ProblemHint(ProblemEvent):
    """A hint was shown, on demand or as feedback."""

    names = ("edx.problem.hint.demandhint_displayed", "edx.problem.hint.feedback_displayed")
    sources = ("server", "browser", "")


class ProblemRescore(ProblemEvent):
    """Staff had an old answer graded again: a fact about the ``student``; which answer, is not told."""

    names = ("problem_rescore", "problem_rescore_fail")
    sources = ("server", "task", "")
    step = StepKind.NOWHERE

    def subject(self, event: Event) -> tuple[int | None, str | None]:
        student = text_field(event.fields, "student")
        return (None, student) if student and student != event.username else (event.user_id, event.username)

    def page(self, event: Event) -> Page:
        return NO_PAGE


def _form(event: Event) -> dict[str, list[str]]:
    payload = event.payload
    if isinstance(payload, list) and payload and isinstance(payload[0], str):
        payload = payload[0]
    found = form_fields(payload)
    if not found and isinstance(payload, dict):
        inputs = {name: value for name, value in payload.items() if name.startswith("input_") and value}
        return {name: value if isinstance(value, list) else [value] for name, value in inputs.items()}
    return found


def _rows_of_answers(act: Act, given: Any, is_submitted: int) -> Iterable[Row]:
    rows: list[Row] = []
    for input_id in answers.inputs_of(given):
        problems, submission = answers.submission_rows(act, input_id, given[input_id], is_submitted, None)
        rows.extend(problems)
        rows.append(submission)
    return rows


def _whole_problem(act: Act, is_submitted: int) -> Iterable[Row]:
    if not act.block:
        return ()
    problems, submission = answers.submission_rows(act, "", None, is_submitted, None)
    return (*problems, submission)
