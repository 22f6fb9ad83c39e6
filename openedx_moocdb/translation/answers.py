"""Problems, their inputs and what was answered: rows shared by several families."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

from openedx_moocdb.schema import keys
from openedx_moocdb.schema.course import block_name
from openedx_moocdb.schema.rows import Assessment, BlockRow, Problem, Row, Submission
from openedx_moocdb.translation.block_ids import split_input
from openedx_moocdb.translation.event_type import Act, number_field

SAVED, SUBMITTED, REFUSED, RESET = 0, 1, 2, 3
#: what the column holds; whoever sends more means nothing by it
_MOST_ATTEMPTS = (1 << 31) - 1


@lru_cache(1 << 16)
def problem_rows(usage_key: str, part: str = "") -> tuple[Problem, ...]:
    """The problem and, for a ``part`` like ``2_1``, each level below it; the last is the one meant."""
    block_id = keys.dictionary_id("block", usage_key)
    uri = usage_key + "/"
    name = block_name(usage_key).replace("_", " ")
    rows = [Problem(keys.dictionary_id("problem", uri), name, None, None, block_id)]
    below = name
    for number in part.split("_") if part else ():
        uri += number + "/"
        below += f" {number}"
        parent = rows[-1].problem_id
        rows.append(Problem(keys.dictionary_id("problem", uri), below, parent, int(number), block_id))
    return tuple(rows)


def answer_text(answer: Any) -> str | None:
    """An answer without loss: text as it is, ``None`` for none, all else as JSON."""
    if answer is None or isinstance(answer, str):
        return answer
    return orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS).decode()


def submission_rows(
    act: Act, input_id: str, answer: Any, is_submitted: int, attempt: int | None
) -> tuple[tuple[Row, ...], Submission]:
    """(dictionary rows, submission) of one input of ``act.block``."""
    problems: tuple[Row, ...]
    if act.block:
        meant = problem_rows(act.block, split_input(input_id)[1])
        problems = meant
    else:
        unknown = f"unknown/{act.site.name}"
        meant = problem_rows(unknown)
        problems = (BlockRow(meant[-1].block_id, unknown, ""), *meant)
    if attempt is not None and not 0 <= attempt <= _MOST_ATTEMPTS:
        attempt = None
    redundancy = act.redundancy
    key = act.event.key
    return problems, Submission(
        keys.child_key(key, f"submission {input_id}"),
        key,
        act.learner,
        meant[-1].problem_id,
        act.timestamp,
        attempt,
        answer_text(answer),
        is_submitted,
        int(redundancy),
        redundancy == 0,
        act.course_id,
    )


def assessment(
    act: Act,
    submission_id: bytes,
    input_id: str,
    grade: float | None,
    points: float | None = None,
    max_points: float | None = None,
    feedback: str | None = None,
    grader: bytes | None = None,
) -> Assessment:
    """One grade, 0..1, of a submission; no ``grader`` means the platform."""
    return Assessment(
        keys.child_key(act.event.key, f"assessment {input_id}"),
        submission_id,
        act.event.key,
        feedback or None,
        grade,
        points,
        max_points,
        grader,
        act.timestamp,
        act.course_id,
    )


def mark_of(entry: Any) -> tuple[float | None, float | None]:
    """(grade 0..1, points) of one entry of a correct map; ``None`` when not graded yet.

    ``partially-correct`` without points has no grade: how far it is right is not stated.
    """
    if not isinstance(entry, dict):
        return None, None
    points = number_field(entry, "npoints")
    grades = {"correct": 1.0, "incorrect": 0.0}
    correctness = entry.get("correctness")
    if correctness == "partially-correct":
        return (points if points is not None and 0 <= points <= 1 else None), points
    return grades.get(correctness) if isinstance(correctness, str) else None, points


def inputs_of(*maps: Any) -> Iterator[str]:
    """Input ids of several maps, each once, in the order first met."""
    seen: set[str] = set()
    for found in maps:
        if isinstance(found, dict):
            for input_id in found:
                if input_id not in seen:
                    seen.add(input_id)
                    yield input_id
