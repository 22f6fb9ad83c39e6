"""What a block states about itself, from JSON metadata or XML attributes.

Both say the same with other spellings: XML attributes are text, and Studio's
export writes them as JSON (``start="&quot;2030-01-01T00:00:00Z&quot;"``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import isfinite

from openedx_moocdb.schema.course import Block

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def read_block(
    usage_key: str, block_type: str, children: tuple[str, ...], fields: Mapping[str, object]
) -> Block:
    """The block with the fields that it states itself: none is inherited from its parents.

    A field that cannot be understood is unknown; it makes no error, since the
    place of a block does not hang on it.
    """
    return Block(
        usage_key,
        block_type,
        display_name=_text(fields.get("display_name")),
        children=children,
        start_us=time_us(fields.get("start")),
        due_us=time_us(fields.get("due")),
        graded=_is_true(fields.get("graded")),
        assignment_type=_text(fields.get("format")),
        weight=_number(fields.get("weight")),
        max_attempts=_count(fields.get("max_attempts")),
        duration_s=_duration_s(fields),
    )


def time_us(value: object) -> int | None:
    """Microseconds since 1970 UTC of an ISO 8601 text; without an offset it is UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip().strip('"'))
    except ValueError:
        return None
    return to_us(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware ``moment``."""
    return (moment - EPOCH) // _MICROSECOND


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _is_true(value: object) -> bool:
    return value.strip().lower() == "true" if isinstance(value, str) else value is True


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _count(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number >= 0 and number.is_integer() else None


def _duration_s(fields: Mapping[str, object]) -> float | None:
    # The Course Blocks API gives it in student_view_data; a length of 0 or -1
    # is how the video pipeline says that it does not know.
    view = fields.get("student_view_data")
    sources = (fields, view) if isinstance(view, Mapping) else (fields,)
    for source in sources:
        for name in ("duration_s", "duration"):
            number = _number(source.get(name))
            if number is not None and number > 0:
                return number
    return None
