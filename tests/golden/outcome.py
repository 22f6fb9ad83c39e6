"""An outcome in words: ids become the texts that they stand for, absent values are left out.

What cannot be resolved stays a number, so that a row without its dictionary entry
is seen. Entries that ``observed`` shows by their text (course, url, block, type,
agent, system) are not listed again under ``rows``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from openedx_moocdb.schema import keys
from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.outcomes import Outcome, Rejected, Skipped, Translated
from openedx_moocdb.schema.rows import (
    COLLABORATION_TYPES,
    Agent,
    Answer,
    BlockRow,
    CourseRow,
    EventTypeRow,
    LearnerLink,
    ObservedEvent,
    Os,
    Problem,
    Question,
    Row,
    Submission,
    Survey,
    Url,
)
from openedx_moocdb.schema.site import Site
from openedx_moocdb.schema.step import Redundancy, StepKind, device_id
from openedx_moocdb.translation.events.ora import submission_key
from openedx_moocdb.translation.times import time_text

SUBMITTED = {0: "saved", 1: "submitted", 2: "refused", 3: "reset"}
_SHOWN = (CourseRow, Url, BlockRow, EventTypeRow, Agent, Os, LearnerLink)
_TEXTS = ("course_key", "url", "usage_key", "observed_event_type_name", "agent_name", "os_name")


def _agent(text: str) -> tuple[str, str]:
    browser, _, system = text.partition(" on ")
    return browser, system


SITE = Site(
    secret=b"a secret of the tests",
    base_url="http://lms",
    user_ids={"user_9": 9},
    country={"192.0.2.7": "NL", "192.0.2.1": "SE"}.get,
    agent=_agent,
)


def describe(event: Event, outcome: Outcome) -> dict[str, Any]:
    """``outcome`` of ``event`` in words, as the golden files hold it."""
    if isinstance(outcome, Skipped):
        return {"outcome": "skipped", "reason": outcome.reason.value}
    if isinstance(outcome, Rejected):
        return {"outcome": "rejected", "reason": outcome.reason.value, "detail": outcome.detail}
    words = _Words(event, outcome)
    if outcome.observed is None:
        return {"outcome": "translated", "step": words.step(), "rows": words.rows()}
    return {"outcome": "translated", "observed": words.observed(outcome.observed), "rows": words.rows()}


@cache
def _learners() -> dict[bytes, str]:
    known = {SITE.learner(number, None): f"id {number}" for number in range(1, 100)}
    known |= {
        keys.named_learner_key(SITE.secret, SITE.name, f"user_{number}"): f"name user_{number}"
        for number in range(1, 100)
    }
    return {key: text for key, text in known.items() if key is not None}


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner)
    elif isinstance(value, (str, int)):
        yield str(value)


class _Words:
    def __init__(self, event: Event, outcome: Translated) -> None:
        self._event = event
        self._outcome = outcome
        self._texts: dict[int, str] = {}
        self._keys: dict[bytes, str] = {}
        for row in (*outcome.entries, *outcome.rows):
            self._learn(row)
        event_hex = event.key.hex()
        self._texts[keys.dictionary_id("collaboration", event_hex)] = "of this event"
        for text in _texts_in(event.payload):
            document = f"{event.course_key or ''}/{text}"
            self._texts[keys.dictionary_id("collaboration", document)] = f"document {text}"
            self._keys[submission_key(text)] = f"response {text}"

    def _learn(self, row: Row) -> None:
        fields = msgspec.structs.asdict(row)
        if isinstance(row, _SHOWN) and not isinstance(row, LearnerLink):
            self._texts[next(iter(fields.values()))] = next(fields[name] for name in _TEXTS if name in fields)
        elif isinstance(row, Problem):
            above = self._texts.get(row.problem_parent_id or 0)
            end = f"{row.problem_child_number}/" if row.problem_child_number is not None else ""
            self._texts[row.problem_id] = (above or f"{self._text(row.block_id)}/") + end
        elif isinstance(row, Survey):
            self._texts[row.survey_id] = f"survey of {self._text(row.block_id)}"
        elif isinstance(row, Question):
            self._texts[row.question_id] = row.question_content
        elif isinstance(row, Answer):
            self._texts[row.answer_id] = row.answer_content
        elif isinstance(row, Submission):
            self._keys.setdefault(row.submission_id, f"submission {len(self._keys) + 1}")

    def _text(self, number: int | None) -> str | int | None:
        return None if number is None else self._texts.get(number, number)

    def _learner(self, key: bytes | None) -> str:
        return "none" if key is None else _learners().get(key, key.hex())

    def observed(self, row: ObservedEvent) -> dict[str, Any]:
        step = self._outcome.step
        assert step.key == row.observed_event_id == self._event.key
        assert row.user_id == self._outcome.learner
        assert row.observed_event_timestamp == time_text(step.time_us)
        assert row.is_canonical is (row.redundancy_class == Redundancy.NONE)
        assert (int(step.kind), step.panel, step.play_left_s) == (
            row.step_kind,
            row.stated_panel,
            row.play_left_s,
        )
        assert step.url == (self._text(row.stated_url_id) or "")
        assert step.block == (self._text(row.block_id) or "")
        assert step.course_key == self._text(row.stated_course_id)
        assert step.device == device_id(row.observed_event_agent, row.observed_event_os)
        return _without_none(
            {
                "type": self._text(row.observed_event_type_id),
                "learner": self._learner(row.user_id),
                "course": self._text(row.stated_course_id),
                "url": self._text(row.stated_url_id),
                "panel": row.stated_panel,
                "block": self._text(row.block_id),
                "kind": StepKind(row.step_kind).name.lower(),
                "play_left_s": row.play_left_s,
                "redundancy": Redundancy(row.redundancy_class).name.lower() if row.redundancy_class else None,
                "is_truncated": True if row.is_truncated else None,
                "request": self._request(row),
            }
        )

    def _request(self, row: ObservedEvent) -> str:
        agent, system = self._text(row.observed_event_agent), self._text(row.observed_event_os)
        session = keys.dictionary_id("session", self._event.session)
        told = [
            row.observed_event_country,
            f"{agent} on {system}" if agent else None,
            None if row.session_id is None else "with session" if row.session_id == session else "?",
        ]
        return ", ".join(part for part in told if part) or "unknown"

    def step(self) -> dict[str, Any]:
        """A step that is no row, in its own words."""
        step = self._outcome.step
        return _without_none(
            {
                "learner": self._learner(self._outcome.learner),
                "kind": step.kind.name.lower(),
                "course": step.course_key,
                "url": step.url or None,
                "panel": step.panel,
                "block": step.block or None,
                "device": "known" if step.device else "unknown",
            }
        )

    def rows(self) -> list[dict[str, Any]]:
        """All rows that are not told by ``observed``, each once, in their order."""
        told: list[dict[str, Any]] = []
        stated = [msgspec.structs.astuple(row) for row in self._outcome.rows]
        assert len({row[0] for row in stated}) == len(stated), "two rows of one event share a key"
        for row in (*self._outcome.entries, *self._outcome.rows):
            if isinstance(row, _SHOWN):
                continue
            words = self._row(row)
            if words not in told:
                told.append(words)
        return told

    def _row(self, row: Row) -> dict[str, Any]:
        words: dict[str, Any] = {"table": row.TABLE}
        for name, value in msgspec.structs.asdict(row).items():
            words[name] = self._field(row, name, value)
        return _without_none(words)

    def _field(self, row: Row, name: str, value: Any) -> Any:
        if value is None or (name == "is_truncated" and value is False):
            return None
        if name == "observed_event_id":
            assert value == self._event.key
            return None
        if name.endswith("_timestamp"):
            assert value == time_text(self._event.time_us)
            return None
        if name == "is_canonical":
            assert value is (getattr(row, "redundancy_class", 0) == 0)
            return None
        if name == "redundancy_class":
            return Redundancy(value).name.lower() if value else None
        if name in ("user_id", "assessment_grader_id"):
            return self._learner(value)
        if name == "submission_is_submitted":
            return SUBMITTED[value]
        if name == "collaboration_type_id":
            return COLLABORATION_TYPES[value]
        if name == "submission_id":
            return self._keys.get(value, value.hex())
        if isinstance(value, bytes):  # the row's own key
            assert value[:8] == self._event.key[:8]
            return None
        if isinstance(value, int) and (name.endswith("_id") or name == "problem_id"):
            return self._text(value)
        return value


def _without_none(words: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in words.items() if value is not None}
