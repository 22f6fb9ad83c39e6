"""An import that is killed, again and again, ends in the tables of one that is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from openedx_moocdb.data_access.dump import Checksum
from tests.imports import SECRET, Databases, log_lines, simulation, write_log

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
LIFE_S = 0.02
BATCHES = 3
PLAN: dict[str, Any] = {
    "seed": 11, "learners": 40, "weeks": 2, "era": "both", "lines": 12000, "servers": 2, "republish": True,
    "malformed_per_million": 3000, "duplicates_per_million": 3000,
}  # fmt: skip
#: the command of an operator, which says what it begins to do; it commits more often, so that there
#: are more moments to die at
COMMAND = """
import sys
from openedx_moocdb.pipelines import bulk, readers
from openedx_moocdb.standalone.command import main
readers.LINES_PER_CHUNK = 100
def telling(name):
    work = getattr(bulk.BulkImport, name)
    def told(self, *rest):
        print(name, flush=True)
        return work(self, *rest)
    setattr(bulk.BulkImport, name, told)
telling("settle_batch")
telling("finish")
main(sys.argv[1:])
"""


@pytest.fixture
def databases(tmp_path: Path, django_db_blocker: Any) -> Iterator[Databases]:
    with django_db_blocker.unblock(), Databases(tmp_path) as made:
        yield made


@pytest.fixture(params=["sqlite", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "mariadb":
        return str(request.getfixturevalue("mariadb_url"))
    return f"sqlite:///{tmp_path / 'killed.sqlite3'}"


def start(url: str, *paths: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "MOOCDB_LEARNER_KEY": SECRET.decode(),
        "MOOCDB_BATCH_EVENTS": "300",
        "MOOCDB_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "openedx_moocdb.standalone.settings",
    }
    command = [sys.executable, "-c", COMMAND, "import", *map(str, paths), "--database", url]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def kill(process: subprocess.Popen[bytes], rng: Random, is_early: bool) -> bool:
    """Kill in or after one of the next batches, or before the first; ``False`` if it had ended by then.

    It is told by batches and not by seconds, so that imports come as far on a slow machine.
    """
    assert process.stdout is not None
    for _ in range(0 if is_early else rng.randint(1, BATCHES)):
        if process.stdout.readline() in (b"", b"finish\n"):
            break
    time.sleep(rng.uniform(0, LIFE_S))
    has_ended = process.poll() is not None
    process.send_signal(signal.SIGKILL)
    _, error = process.communicate()
    assert process.returncode in (-signal.SIGKILL, 0, 1), error.decode()
    return not has_ended


@cache
def undisturbed_sums(texts: tuple[bytes, ...]) -> dict[str, Checksum]:
    """Tables after an import of these logs that nobody killed."""
    with tempfile.TemporaryDirectory() as folder, Databases(Path(folder)) as made:
        paths = []
        for number, text in enumerate(texts):
            path = made.folder / f"{number}.log"
            path.write_bytes(text)
            paths.append(path)
        database = made.sqlite()
        database.run(*paths, structures=simulation(**PLAN).courses, batch_events=100_000)
        return database.sums()


def test_an_import_killed_at_twenty_moments_ends_in_the_same_tables(
    databases: Databases, url: str, tmp_path: Path
) -> None:
    paths = [write_log(tmp_path / f"{n}.log", lines) for n, lines in enumerate(log_lines(**PLAN))]
    structures = simulation(**PLAN).courses
    wanted = undisturbed_sums(tuple(path.read_bytes() for path in paths))
    database = databases.at(url)
    # The structures are known before; the command would read them from files.
    database.run(write_log(tmp_path / "none.log", []), structures=structures)

    rng = Random(11)
    seen: list[int] = []
    ended = 0
    for number in range(KILLS):
        process = start(url, *paths)
        ended += not kill(process, rng, is_early=number < 2)
        seen.append(database.count("observed_events"))
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert len(set(seen)) > 5, f"few deaths between commits: {seen}"
    assert ended < KILLS / 2, f"the import is too short to be killed: {seen}"

    last = start(url, *paths)
    _, error = last.communicate(timeout=60)
    assert last.returncode in (0, 1), error.decode()  # 1: it met malformed lines
    found = database.sums()
    assert {table for table in wanted if found[table] != wanted[table]} == set()
    assert database.rows("SELECT COUNT(*) FROM moocdb_learner_state WHERE is_dirty = 1") == [(0,)]
