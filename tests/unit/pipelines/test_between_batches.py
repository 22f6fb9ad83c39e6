"""What another import does between two batches of this one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openedx_moocdb.data_access.store.sql import open_store
from openedx_moocdb.pipelines import readers, settle
from openedx_moocdb.pipelines.bulk import BulkImport
from tests.imports import Databases, log_lines, options, simulation, write_log
from tests.walks import OUTLINE, version

PLAN: dict[str, Any] = {
    "seed": 14,
    "learners": 8,
    "weeks": 1,
    "era": "both",
    "lines": 1500,
    "republish": True,
}
VISITOR = (
    b'{"username": "", "event_source": "server", "time": "2023-11-14T22:13:20+00:00", "host": "h", '
    b'"event_type": "/courses/course-v1:O+C+R/courseware/w1/s1/2/", "session": "", "page": null, "ip": "", '
    b'"event": "{}", "context": {"course_id": "course-v1:O+C+R", "user_id": null}}'
)


@pytest.mark.parametrize("with_structures", [True, False], ids=["structure", "pruning"])
def test_a_structure_stored_or_a_pruning_between_batches_changes_nothing_in_the_end(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_structures: bool
) -> None:
    monkeypatch.setattr(readers, "LINES_PER_CHUNK", 100)
    lines, structures = log_lines(**PLAN)[0], simulation(**PLAN).courses
    known, late = ((), structures) if with_structures else (structures, ())
    wanted, database = databases.sqlite(), databases.sqlite()
    log = write_log(tmp_path / "all.log", lines)
    wanted.run(log, structures=structures)
    other = write_log(tmp_path / "other.log", lines[:50])
    times = 0

    def interfere(_bytes: int) -> None:
        nonlocal times
        times += 1
        if times == 1 or known:
            database.run(other, structures=late, resumes=False)

    small = options(batch_events=100, lateness_s=1e9)
    BulkImport(open_store(database.alias), small, interfere).run([str(log)], known)
    assert times > 3
    wanted_sums, found = wanted.sums(), database.sums()
    assert {table for table in found if found[table] != wanted_sums[table]} == set()


def test_an_event_of_nobody_is_placed_by_a_structure_that_comes_late(
    databases: Databases, tmp_path: Path
) -> None:
    log = write_log(tmp_path / "tracking.log", [VISITOR])
    before, after = databases.sqlite(), databases.sqlite()
    before.run(log, structures=[version()])
    after.run(log)
    after.run(log, structures=[version()])
    assert before.rows("SELECT unit_id IS NULL FROM moocdb_observed_events") == [(0,)]
    assert after.sums() == before.sums()


def visits_of_nobody(number: int) -> list[bytes]:
    return [VISITOR.replace(b"22:13:20", b"22:%02d:%02d" % divmod(n, 60)) for n in range(number)]


@pytest.mark.parametrize("kills", [1, 2, 4])
def test_events_of_nobody_are_all_placed_though_the_import_was_killed_among_them(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    monkeypatch.setattr(settle, "_PLACED_AT_ONCE", 10)
    log = write_log(tmp_path / "tracking.log", visits_of_nobody(30))
    before, after = databases.sqlite(), databases.sqlite()
    before.run(log, structures=[version()])
    after.run(log)
    left = kills
    place_again = settle.Settler.place_again

    def killed(self: settle.Settler, course_id: int, key: bytes) -> bytes:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt
        return place_again(self, course_id, key)

    monkeypatch.setattr(settle.Settler, "place_again", killed)
    with pytest.raises(KeyboardInterrupt):
        after.run(log, structures=[version()])
    assert after.rows("SELECT COUNT(*) FROM moocdb_observed_events WHERE unit_id IS NOT NULL") == [
        (10 * (kills - 1),)
    ]
    after.run(log)
    assert after.sums() == before.sums()
    assert open_store(after.alias).dirty_courses() == []


def test_a_structure_stored_while_events_of_nobody_are_placed_places_them_all(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "_PLACED_AT_ONCE", 10)
    turned = version(dict(reversed(OUTLINE.items())) | {"w1": {"s1": {"u9": (), "u8": ()}}})
    log = write_log(tmp_path / "tracking.log", visits_of_nobody(30))
    before, after = databases.sqlite(), databases.sqlite()
    before.run(log, structures=[turned])
    after.run(log)
    place_again = settle.Settler.place_again
    is_stored = False

    def interfered(self: settle.Settler, course_id: int, key: bytes) -> bytes:
        nonlocal is_stored
        if key and not is_stored:
            is_stored = True
            self.store.save_course_version(turned)
        return place_again(self, course_id, key)

    monkeypatch.setattr(settle.Settler, "place_again", interfered)
    after.run(log, structures=[version()])
    assert is_stored
    assert after.sums() == before.sums()
