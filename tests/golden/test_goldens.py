"""Every event type has a golden file, every file an event type, and both agree."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from openedx_moocdb.schema.event import Event
from openedx_moocdb.translation.event_type import EventType
from openedx_moocdb.translation.normalise import read_line, read_live
from openedx_moocdb.translation.pages import page_of
from openedx_moocdb.translation.registry import default_registry
from openedx_moocdb.translation.translator import Translator
from tests.golden.cases import Case, all_cases, golden_files, golden_name, text_of
from tests.golden.names import inventory_names
from tests.golden.outcome import SITE
from tests.golden.update import outcome_in_words

REGISTRY = default_registry()
TRANSLATOR = Translator(SITE, REGISTRY)
CASES = all_cases()
UPDATE = "if the new outcome is right: python -m tests.golden.update, and review the diff"
_AT_TOP_OF_A_LINE = ("username", "session", "ip", "agent", "host", "referer", "event_source", "page")


def _event(case: Case) -> Event:
    event = read_line(case.text)
    assert event is not None
    return event


def _answering(event: Event) -> EventType:
    if event.name.startswith("/"):
        return REGISTRY.find_request(page_of(event.name, event.host))
    return REGISTRY.find(event.name, event.source)


def _live(given: dict[str, Any]) -> dict[str, Any]:
    """The event as the platform emits it, before its log rewrites the shape."""
    payload = given["event"]
    if isinstance(payload, str) and given["event_source"] == "browser":
        payload = json.loads(payload)
    context = {**given["context"], **{name: given[name] for name in _AT_TOP_OF_A_LINE}}
    moment = datetime.fromisoformat(given["time"])
    return {"name": given["name"], "timestamp": moment, "data": payload, "context": context}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_outcome_of_a_case_is_the_golden_one(case: Case) -> None:
    assert outcome_in_words(case, TRANSLATOR) == case.then, UPDATE


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_is_answered_by_the_class_of_its_file(case: Case) -> None:
    assert golden_name(_answering(_event(case))) == case.event_type_name


@pytest.mark.parametrize("case", [case for case in CASES if case.given is not None], ids=str)
def test_the_live_event_has_the_key_and_the_rows_of_its_line(case: Case) -> None:
    assert case.given is not None
    event, live = _event(case), read_live(_live(case.given))
    assert live.key == event.key
    assert TRANSLATOR.translate(live) == TRANSLATOR.translate(event)


def test_every_class_has_a_golden_file_and_every_file_a_class() -> None:
    classes = {golden_name(event_type) for event_type in REGISTRY}
    files = {f"{path.parent.name}/{path.stem}" for path in golden_files()}
    assert classes - files == set(), "classes without a golden file"
    assert files - classes == set(), "golden files without a class"


def _names(case: Case) -> set[str]:
    raw = case.given or {}
    return {name for name in (raw.get("event_type"), raw.get("name"), _event(case).name) if name}


def test_every_name_that_a_class_answers_to_has_a_case() -> None:
    shown: dict[str, set[str]] = defaultdict(set)
    for case in CASES:
        shown[case.event_type_name] |= _names(case)
    missing = [
        f"{golden_name(event_type)}: {name}"
        for event_type in REGISTRY
        for name in vars(type(event_type)).get("names", ())
        if name not in shown[golden_name(event_type)]
    ]
    assert missing == []


def test_every_page_and_handler_that_a_class_answers_to_has_a_case() -> None:
    shown: dict[str, set[str]] = defaultdict(set)
    for case in CASES:
        event = _event(case)
        if event.name.startswith("/"):
            page = page_of(event.name, event.host)
            shown[case.event_type_name] |= {page.kind.value, page.handler.rpartition("/")[2]}
    missing = []
    for event_type in REGISTRY:
        claims = vars(type(event_type))
        wanted = {kind.value for kind in claims.get("pages", ())} | set(claims.get("handlers", ()))
        missing += [f"{golden_name(event_type)}: {what}" for what in wanted - shown[golden_name(event_type)]]
    assert missing == []


def test_every_name_and_source_of_the_inventory_has_a_case() -> None:
    shown = {(name, _event(case).source) for case in CASES for name in _names(case)}
    missing = [
        (entry.name, entry.source)
        for entry in inventory_names()
        if not entry.is_request and (entry.name, entry.source) not in shown
    ]
    assert missing == []


def test_every_implicit_request_of_the_inventory_has_a_case() -> None:
    shown = {_event(case).name for case in CASES}
    missing = [
        entry.name
        for entry in inventory_names()
        if entry.is_request and not any(entry.path.match(name) for name in shown)
    ]
    assert missing == []


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_golden_file_is_as_the_update_command_writes_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == text_of(yaml.safe_load(text)["cases"])


def test_the_names_of_cases_are_sentences_that_tell_them_apart() -> None:
    told = [(case.event_type_name, case.name) for case in CASES]
    assert len(set(told)) == len(told)
    assert [name for _, name in told if len(name.split()) < 3] == []
