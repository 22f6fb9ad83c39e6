"""Equal rows give equal bytes, whatever the database."""

from __future__ import annotations

from typing import Any

from django.db import connections

from openedx_moocdb.data_access import dump
from openedx_moocdb.data_access.store.interface import Rejection
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.step import PlaceSource
from tests.contracts.stores import (
    KINDS,
    ODD_TEXTS,
    START_US,
    block_row,
    course_row,
    empty,
    event,
    key,
    learner,
    placed,
    store_of,
    submission,
    tree,
    url_row,
    usage,
    values,
    visit,
)


def test_all_stores_dump_the_same_bytes_for_the_same_rows(
    store_aliases: dict[str, str], django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        found = {}
        for kind in KINDS:
            alias = store_aliases[kind]
            empty(alias)
            _fill(store_of(kind, alias))
            found[kind] = dump.checksums(alias)
            connections[alias].close()
    first = found["sqlite"]
    assert first["observed_events"].rows == 600
    for kind, sums in found.items():
        assert sums == first, kind


def _fill(store: Any) -> None:
    gaps = (None, 0.0, 1 / 3, 1e22, 1e-7, 5.0)
    with store.transaction():
        store.lock_states([learner(n) for n in range(5)])
        store.add_entries(
            [url_row(f"/{n}/") for n in range(300)] + [course_row(), block_row(usage("problem", "p1"))]
        )
        store.insert_columns(
            "observed_events",
            [
                values(
                    event(n / 7, learner(n % 5) if n % 3 else None),
                    placed(gap_s=gaps[n % 6], place_source=n % 6),
                )
                for n in range(600)
            ],
        )
        store.insert_rows([submission(n, learner(1), text) for n, text in enumerate(ODD_TEXTS)])
        store.upsert_visits([visit(n, learner(n % 5), n / 3) for n in range(300)])
        store.save_course_version(tree())
        store.quarantine([Rejection(b"\x00line", "no time", "detail", "f")])
        store.describe_resources()


def test_a_dump_is_in_order_of_keys_with_fixed_forms(store: Any) -> None:
    with store.transaction():
        store.insert_rows([submission(2, learner(1), "a\tb\\"), submission(1, learner(1), None)])
        store.add_entries([url_row("/a/")])
    lines = list(dump.dump("submissions", store.alias))
    assert lines == sorted(lines)
    assert lines[0].split(b"\t")[4:8] == [b"2013-09-01 00:00:01.000000", b"1", rb"\N", b"1"]
    assert lines[1].split(b"\t")[6] == rb"a\tb\\"
    assert lines[1].split(b"\t")[9] == b"1"
    assert dump.checksums(store.alias)["urls"].rows == 1
    assert PlaceSource.UNKNOWN == 6 and keys.key_time_us(key(1)) == START_US + 1_000_000
