"""Payloads of events, as texts of JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from openedx_moocdb.simulator.course import Leaf

#: the platform cuts the text of an implicit request's parameters here
IMPLICIT_LIMIT = 512

_RESPONSES = {
    "choice": ("multiplechoiceresponse", "choicegroup"),
    "numeric": ("numericalresponse", "formulaequationinput"),
    "text": ("stringresponse", "textline"),
}


def quote(text: str) -> str:
    """``text`` (ASCII without control characters) as a JSON string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def dumps(value: Any) -> str:
    """JSON without spaces."""
    return orjson.dumps(value).decode()


def request(
    post: Mapping[str, Sequence[str]] | None = None, get: Mapping[str, Sequence[str]] | None = None
) -> str:
    """Parameters of a request as the platform logs them: a string, cut at 512 characters."""
    if not post and not get:
        return NO_PARAMETERS
    return quote(dumps({"POST": post or {}, "GET": get or {}})[:IMPLICIT_LIMIT])


NO_PARAMETERS = quote('{"POST": {}, "GET": {}}')


def form(answers: Mapping[str, str]) -> str:
    """Answers as a browser encodes a form."""
    return "&".join(f"input_{key}={value.replace(' ', '+')}" for key, value in answers.items())


def posted(answers: Mapping[str, str]) -> dict[str, list[str]]:
    """Answers as the server reads a form."""
    return {f"input_{key}": [value] for key, value in answers.items()}


def checked(
    leaf: Leaf, answers: Mapping[str, str], attempts: int, previous: Mapping[str, str], modern: bool
) -> dict[str, Any]:
    """Payload of a server ``problem_check``; ``submission`` only in the modern shape."""
    right = {entry.id: answers.get(entry.id) == entry.answer for entry in leaf.inputs}
    correct = sum(right.values())
    payload: dict[str, Any] = {
        "problem_id": leaf.key,
        "state": _state(leaf, previous, attempts > 1),
        "answers": answers,
        "attempts": attempts,
        "grade": correct,
        "max_grade": len(right),
        "correct_map": {key: _verdict(ok, modern) for key, ok in right.items() if key in answers},
        "success": "correct" if correct == len(right) else "incorrect",
    }
    if modern:
        payload["submission"] = {
            entry.id: _submission(entry.kind, entry.question, answers[entry.id], right[entry.id])
            for entry in leaf.inputs
            if entry.id in answers
        }
    return payload


def _verdict(ok: bool, modern: bool) -> dict[str, Any]:
    verdict = {
        "correctness": "correct" if ok else "incorrect",
        "npoints": None,
        "msg": "",
        "hint": "",
        "hintmode": None,
        "queuestate": None,
    }
    if modern:
        verdict["answervariable"] = None
    return verdict


def _submission(kind: str, question: str, answer: str, ok: bool) -> dict[str, Any]:
    response, control = _RESPONSES[kind]
    return {
        "question": question,
        "answer": answer.replace("_", " ") if kind == "choice" else answer,
        "response_type": response,
        "input_type": control,
        "correct": ok,
        "variant": "",
        "group_label": "",
    }


def _state(leaf: Leaf, previous: Mapping[str, str], again: bool) -> dict[str, Any]:
    return {
        "seed": 1,
        "done": True if again else None,
        "student_answers": previous,
        "correct_map": {key: _verdict(False, False) for key in previous},
        "input_state": {entry.id: {} for entry in leaf.inputs},
    }


def problem_state(leaf: Leaf, answers: Mapping[str, str], **more: Any) -> str:
    """Payload of the other server events of a problem: save, reset, show, fail."""
    fields = {"problem_id": leaf.key, "answers": answers, "state": _state(leaf, answers, True), **more}
    return dumps(fields)
