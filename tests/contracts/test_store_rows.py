"""What every store does with rows: nothing is lost, changed or written twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connections

from openedx_moocdb.data_access.store.models import (
    ObservedEvent,
    Submission,
    Url,
)
from openedx_moocdb.schema import rows
from tests.contracts.stores import (
    ODD_KEYS,
    ODD_TEXTS,
    event,
    learner,
    placed,
    stored_rows,
    submission,
    url_row,
    values,
)


def test_inserting_twice_leaves_the_first_row(store: Any) -> None:
    first = values(event(1, learner(1)), placed(gap_s=5.0))
    second = values(event(1, learner(1), event_source="server"), placed(gap_s=6.0))
    with store.transaction():
        store.insert_columns("observed_events", [first])
    with store.transaction():
        store.insert_columns("observed_events", [second, values(event(2, learner(1)))])
    found = list(stored_rows(store, ObservedEvent).order_by("pk").values_list("event_source", "gap_s"))
    assert found == [("browser", 5.0), ("browser", None)]


@pytest.mark.parametrize("copies", [1, 300])
def test_text_and_keys_come_back_exactly(store: Any, copies: int) -> None:
    submissions = [
        submission(number, learner(1), answer, part=str(copy))
        for copy in range(copies)
        for number, answer in enumerate((*ODD_TEXTS[: 12 if copies > 1 else 13], None))
    ]
    odd = [values(event(1, k, observed_event_id=k), placed(visit_id=k)) for k in ODD_KEYS] * copies
    with store.transaction():
        store.insert_rows(submissions)
        store.insert_columns("observed_events", odd)
    found = {
        bytes(pk): text for pk, text in stored_rows(store, Submission).values_list("pk", "submission_answer")
    }
    assert found == {row.submission_id: row.submission_answer for row in submissions}
    events = stored_rows(store, ObservedEvent).values_list("pk", "user_id", "visit_id")
    assert sorted(events) == sorted((k, k, k) for k in ODD_KEYS)


def test_numbers_come_back_exactly(store: Any) -> None:
    gaps = [0.0, 1 / 3, 1e-300, 1.7976931348623157e308, 123456789.123456789, -2.5, 0.1 + 0.2]
    events = [
        values(event(number, learner(1), session_id=(1 << 63) - 1 - number), placed(gap_s=gap, url_id=-1))
        for number, gap in enumerate(gaps * 40)
    ]
    with store.transaction():
        store.insert_columns("observed_events", events)
    found = stored_rows(store, ObservedEvent).order_by("pk").values_list("gap_s", "session_id", "url_id")
    assert list(found) == [(gap, (1 << 63) - 1 - number, -1) for number, gap in enumerate(gaps * 40)]


def test_half_characters_do_not_stop_a_batch(store: Any) -> None:
    with store.transaction():
        store.insert_rows([submission(1, learner(1), "a\ud83dz"), submission(2, learner(1), "b")])
    found = stored_rows(store, Submission).order_by("submission_timestamp")
    assert [row.submission_answer for row in found] == ["a\ufffdz", "b"]


@pytest.mark.parametrize("count", [1, 300])
def test_a_value_that_does_not_fit_is_refused_and_nothing_is_cut(store: Any, count: int) -> None:
    if connections[store.alias].vendor == "sqlite":
        limit = "x" * 50
        with store.transaction():
            store.insert_columns(
                "observed_events", [values(event(n, None, event_source=limit)) for n in range(count)]
            )
        assert set(stored_rows(store, ObservedEvent).values_list("event_source", flat=True)) == {limit}
        return
    rows_too_long = [values(event(n, None, event_source="x" * 50)) for n in range(count)]
    with pytest.raises(DatabaseError), store.transaction():
        store.insert_columns("observed_events", rows_too_long)
    assert stored_rows(store, ObservedEvent).count() == 0


def test_a_failed_transaction_leaves_nothing_and_forgets_its_entries(store: Any) -> None:
    url = url_row("/a/")
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.add_entries([url])
        store.insert_columns("observed_events", [values(event(1, learner(1)))])
        raise ZeroDivisionError
    assert stored_rows(store, ObservedEvent).count() == stored_rows(store, Url).count() == 0
    with store.transaction():
        store.add_entries([url])
    assert stored_rows(store, Url).get().url == url.url


def test_entries_are_stored_once_and_another_text_under_one_id_is_returned(store: Any) -> None:
    url, other = url_row("/a/"), url_row("/b/")
    twin = rows.Url(url.url_id, "http://lms/another/")
    with store.transaction():
        assert store.add_entries([url, other, url]) == []
    with store.transaction():
        assert store.add_entries([url, twin]) == [twin]
        assert store.add_entries([twin]) == [twin]
    assert dict(stored_rows(store, Url).values_list()) == {url.url_id: url.url, other.url_id: other.url}


def test_two_texts_under_one_id_in_one_batch_collide_and_the_first_stays(store: Any) -> None:
    first, second = rows.Answer(5, "yes"), rows.Answer(5, "Yes")
    with store.transaction():
        assert store.add_entries([first, second]) == [second]


def test_texts_that_differ_in_case_or_accents_are_two(store: Any) -> None:
    urls = [url_row(path) for path in ("/Week_1/", "/week_1/", "/wéek_1/", "/week_1")]
    with store.transaction():
        assert store.add_entries(urls) == []
    assert stored_rows(store, Url).count() == 4
    assert stored_rows(store, Url).filter(url="http://lms/week_1/").count() == 1
