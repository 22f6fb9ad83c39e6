"""Peer instruction: learners answer, read what others thought, and answer again."""

from __future__ import annotations

from collections.abc import Iterable

from openedx_moocdb.schema.rows import Row
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation import answers
from openedx_moocdb.translation.event_type import Act, EventType
from openedx_moocdb.translation.standing import SERVER


class OriginalAnswer(EventType):
    """The first answer, with its reason: one submission, both in it as JSON."""

    names = ("ubc.peer_instruction.original_submitted",)
    sources = SERVER
    category = "peer_instruction"
    attempt = 1

    def rows(self, act: Act) -> Iterable[Row]:
        fields = act.event.fields
        given = {name: fields[name] for name in ("answer", "answer_text", "rationale") if name in fields}
        problems, submission = answers.submission_rows(
            act, "", given or None, answers.SUBMITTED, self.attempt
        )
        return (*problems, submission)


class RevisedAnswer(OriginalAnswer):
    """The answer after the others' reasons were read: the second attempt."""

    names = ("ubc.peer_instruction.revised_submitted",)
    attempt = 2


class ShowPeerInstruction(EventType):
    """The block is put on the page that loads."""

    names = ("ubc.peer_instruction.accessed",)
    sources = SERVER
    category = "peer_instruction"
    step = StepKind.BACKGROUND
