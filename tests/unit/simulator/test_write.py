"""Files: what a reader of logs needs, and the truth."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import orjson
import pytest

from openedx_moocdb.simulator.api import SimulationPlan, Truth, VisitTruth, simulate
from openedx_moocdb.simulator.write import OVERLAP, write

PLAN = SimulationPlan(
    learners=16, weeks=2, servers=2, malformed_per_million=4000, duplicates_per_million=4000
)


def test_files_hold_the_lines_and_the_truth_of_the_simulation(tmp_path: Path) -> None:
    summary = write(PLAN, tmp_path)
    lines = list(simulate(PLAN).lines())
    for server in range(2):
        with gzip.open(tmp_path / f"tracking-{server}.log.gz") as file:
            assert [line.rstrip(b"\n") for line in file] == [x.line for x in lines if x.server == server]
    with gzip.open(tmp_path / "truth.jsonl.gz") as file:
        told = [Truth(**orjson.loads(line)) for line in file]
    assert told == [line.truth for line in lines if line.truth]
    with gzip.open(tmp_path / "visits.jsonl.gz") as file:
        assert [VisitTruth(**orjson.loads(line)) for line in file] == list(simulate(PLAN).visits())
    assert summary.lines == len(lines)
    assert summary.learner_events == len(told)


def test_the_summary_counts_broken_and_repeated_lines(tmp_path: Path) -> None:
    write(PLAN, tmp_path, gzip=False)
    summary = orjson.loads((tmp_path / "summary.json").read_bytes())
    kinds = [line.kind for line in simulate(PLAN).lines()]
    assert summary["malformed"] == kinds.count("malformed") > 0
    assert summary["duplicates"] == kinds.count("duplicate") > 0
    assert sum(summary["kinds"].values()) == summary["lines"]
    size = sum(path.stat().st_size for path in tmp_path.glob("tracking-*.log"))
    assert summary["bytes"] == size


def test_the_same_plan_writes_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        write(PLAN, tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    assert all((tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in names)


@pytest.mark.parametrize("lines", [None, 2000])
def test_several_files_per_server_overlap_and_leave_nothing_out(tmp_path: Path, lines: int | None) -> None:
    plan = SimulationPlan(learners=20, weeks=2, servers=2, lines=lines)
    summary = write(plan, tmp_path, gzip=False, files_per_server=3)
    whole = [line.line for line in simulate(plan).lines() if line.server == 0]
    found: list[bytes] = []
    for part in range(3):
        name = f"tracking-0-{part}.log"
        read = (tmp_path / name).read_bytes().split(b"\n")[:-1]
        repeated = OVERLAP if part else 0
        assert read[:repeated] == found[len(found) - repeated :]
        assert summary.files[name] == len(found)
        found += read[repeated:]
    assert found == whole


def test_users_and_structures_are_written_for_those_who_test(tmp_path: Path) -> None:
    write(PLAN, tmp_path)
    users = orjson.loads((tmp_path / "users.json").read_bytes())
    assert [user["id"] for user in users] == list(range(1001, 1017))
    assert users[0]["username"] == "learner001001"
    for number, course in enumerate(simulate(PLAN).courses):
        blocks = orjson.loads((tmp_path / f"structure-{number}.json").read_bytes())
        assert len(blocks) == len(course.blocks)


def test_progress_is_told_and_ends_at_the_number_of_lines(tmp_path: Path) -> None:
    told: list[int] = []
    summary = write(PLAN, tmp_path, told.append)
    assert told == sorted(told)
    assert told[-1] == summary.lines


def test_gaps_are_those_of_their_era(tmp_path: Path) -> None:
    legacy = write(SimulationPlan(learners=40, era="legacy"), tmp_path / "legacy").gaps
    mfe = write(SimulationPlan(learners=40, era="mfe"), tmp_path / "mfe").gaps
    assert sum(legacy.values()) == pytest.approx(1)
    assert 0.3 < legacy["no_page"] < 0.5
    assert 0.45 < legacy["page_without_panel"] < 0.65
    assert mfe["page_without_panel"] == 0
    assert 0.4 < mfe["no_page"] < 0.6


def test_memory_does_not_grow_with_the_number_of_lines() -> None:
    def peak(lines: int) -> int:
        tracemalloc.start()
        assert sum(1 for _ in simulate(SimulationPlan(learners=40, weeks=10, lines=lines)).lines()) == lines
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(40_000) < 1.6 * peak(8_000)
