"""No payload of anybody can break an event type: what browsers send is not to be trusted."""

from __future__ import annotations

from math import isfinite
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from openedx_moocdb.schema.outcomes import Skipped, Translated
from openedx_moocdb.schema.rows import Entry
from openedx_moocdb.translation.normalise import read_live
from openedx_moocdb.translation.registry import default_registry
from openedx_moocdb.translation.translator import Translator
from tests.golden.cases import all_cases
from tests.golden.outcome import SITE

TRANSLATOR = Translator(SITE, default_registry())
GIVEN = [case.given for case in all_cases() if case.given is not None]

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.sampled_from([10**400, float("nan"), float("inf"), -0.0])
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["None", "7", "i4x://", "block-v1:", "course-v1:A+B+C", "http://[", "/courses/", "%zz"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """An event of the golden files of which some fields hold anything else."""
    stated = draw(st.sampled_from(GIVEN))
    payload = stated["event"]
    if isinstance(payload, dict) and draw(st.booleans()):
        payload = {name: draw(VALUES) if draw(st.booleans()) else value for name, value in payload.items()}
    else:
        payload = draw(VALUES)
    context = {
        **stated["context"],
        **{name: stated[name] for name in ("username", "page", "referer", "host")},
    }
    context["event_source"] = stated["event_source"]
    if draw(st.booleans()):
        context[draw(st.sampled_from(sorted(context)))] = draw(VALUES)
    return {"name": stated["name"], "timestamp": stated["time"], "data": payload, "context": context}


@given(events())
@settings(max_examples=1000, deadline=None)
def test_any_payload_becomes_rows_with_keys_of_their_own(raw: dict[str, Any]) -> None:
    outcome = TRANSLATOR.translate(read_live(raw))
    assert isinstance(outcome, (Translated, Skipped))
    if isinstance(outcome, Skipped):
        return
    keys: set[tuple[str, Any]] = set()
    entries: dict[tuple[str, Any], Any] = {}
    for row in (*outcome.entries, *outcome.rows, *filter(None, [outcome.observed])):
        key = (row.TABLE, getattr(row, row.__struct_fields__[0]))
        if isinstance(row, Entry):
            assert entries.setdefault(key, row) == row
        else:
            assert key not in keys
            keys.add(key)
        numbers = [value for value in astuple(row) if isinstance(value, float)]
        assert all(map(isfinite, numbers)), row
