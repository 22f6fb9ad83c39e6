"""What learners were asked and replied without being graded: rows shared by several families."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openedx_moocdb.schema import keys
from openedx_moocdb.schema.rows import Answer, Feedback, Question, Row, Survey
from openedx_moocdb.translation.answers import answer_text
from openedx_moocdb.translation.event_type import Act


def feedback_rows(act: Act, given: Iterable[tuple[str, Any]]) -> list[Row]:
    """Rows of (question, answer) pairs about ``act.block``; a question may come several times.

    The block is the survey. Nothing without a block: the same question may stand in many.
    """
    if not act.block:
        return []
    rows: list[Row] = [Survey(keys.dictionary_id("survey", act.block), act.block_id)]
    for number, (question, answer) in enumerate(given):
        content = answer_text(answer)
        if content is None:
            continue
        question_id = keys.dictionary_id("question", f"{act.block}/{question}")
        answer_id = keys.dictionary_id("answer", content)
        rows.append(Question(question_id, question, None, keys.dictionary_id("survey", act.block)))
        rows.append(Answer(answer_id, content))
        rows.append(
            Feedback(
                keys.child_key(act.event.key, f"feedback {number} {question}"),
                act.event.key,
                act.learner,
                question_id,
                answer_id,
                act.timestamp,
                act.course_id,
            )
        )
    return rows
