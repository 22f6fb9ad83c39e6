"""Whatever way a log comes in, it ends in the same tables."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from openedx_moocdb.data_access.dump import Checksum
from openedx_moocdb.data_access.sources.sites import SiteOptions
from openedx_moocdb.pipelines import readers
from openedx_moocdb.pipelines.chunks import Filters
from openedx_moocdb.schema.event import EPOCH
from openedx_moocdb.translation.normalise import read_line
from openedx_moocdb.translation.parse import Malformed
from tests.imports import SECRET, Database, Databases, adds_up, log_lines, simulation, write_log

pytestmark = pytest.mark.usefixtures("open_databases")

PLANS: tuple[dict[str, Any], ...] = tuple(
    {
        "seed": seed,
        "learners": 6,
        "weeks": 2,
        "era": era,
        "lines": lines,
        "servers": 2,
        "malformed_per_million": 6000,
        "duplicates_per_million": 6000,
        "republish": True,
    }
    for seed, era, lines in ((1, "legacy", 300), (2, "mfe", 500), (3, "both", 700))
)
plans = st.sampled_from(PLANS)
sizes = st.fixed_dictionaries(
    {
        "batch_events": st.sampled_from([7, 50, 100_000]),
        "lateness_s": st.sampled_from([0.0, 1.0, 600.0]),
    }
)
chunk_lines = st.sampled_from([3, 40, 4000])
few = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.generate],  # shrinking would repeat imports for minutes
)
_expected: dict[int, dict[str, Checksum]] = {}


@contextmanager
def databases() -> Iterator[Databases]:
    with tempfile.TemporaryDirectory() as folder, Databases(Path(folder)) as made:
        yield made


def all_lines(plan: dict[str, Any]) -> list[bytes]:
    return [line for lines in log_lines(**plan) for line in lines]


def expected(plan: dict[str, Any]) -> dict[str, Checksum]:
    """Tables after one undisturbed import of one file, the course structures known before."""
    seed = plan["seed"]
    if seed not in _expected:
        with databases() as made:
            database = made.sqlite()
            log = write_log(made.folder / "all.log", all_lines(plan))
            summary = database.run(log, structures=simulation(**plan).courses, batch_events=100_000)
            assert adds_up(summary)
            _expected[seed] = database.sums()
        assert _expected[seed]["observed_events"].rows > 200
        assert _expected[seed]["visits"].rows > 20
    return _expected[seed]


def differing(database: Database, plan: dict[str, Any]) -> set[str]:
    """Tables that are not as after the undisturbed import."""
    found, wanted = database.sums(), expected(plan)
    return {table for table in wanted if found[table] != wanted[table]}


def assert_expected(database: Database, plan: dict[str, Any]) -> None:
    assert differing(database, plan) == set()


def write_parts(folder: Path, parts: Sequence[Sequence[bytes]]) -> list[Path]:
    return [write_log(folder / f"{number}.log", lines) for number, lines in enumerate(parts)]


shares = st.floats(0, 1)
layouts = st.fixed_dictionaries(
    {
        "cuts": st.lists(shares, max_size=5),
        "repeats": st.lists(st.tuples(shares, st.integers(1, 200)), max_size=3),
        "order": st.integers(0, 1 << 30),
    }
)


def parts_of(lines: list[bytes], layout: dict[str, Any]) -> list[list[bytes]]:
    """The lines cut into files, some stretches in a second file too, the files in any order."""
    cuts = sorted(int(share * len(lines)) for share in layout["cuts"])
    edges = [0, *cuts, len(lines)]
    parts = [lines[start:end] for start, end in pairwise(edges)]
    for share, length in layout["repeats"]:
        start = int(share * (len(lines) - 1))
        parts.append(lines[start : start + length])
    Random(layout["order"]).shuffle(parts)
    return parts


@few
@given(plan=plans, layout=layouts, sizes=sizes, chunk=chunk_lines)
def test_a_log_cut_into_files_with_repeats_ends_in_the_same_tables(
    plan: dict[str, Any], layout: dict[str, Any], sizes: dict[str, Any], chunk: int
) -> None:
    parts = parts_of(all_lines(plan), layout)
    with databases() as made, patch.object(readers, "LINES_PER_CHUNK", chunk):
        database = made.sqlite()
        summary = database.run(
            *write_parts(made.folder, parts), structures=simulation(**plan).courses, **sizes
        )
        assert adds_up(summary)
        assert summary.lines == sum(map(len, parts))
        assert_expected(database, plan)


@few
@given(plan=plans, layout=layouts, sizes=sizes, chunk=chunk_lines)
def test_files_imported_one_by_one_in_any_order_end_in_the_same_tables(
    plan: dict[str, Any], layout: dict[str, Any], sizes: dict[str, Any], chunk: int
) -> None:
    parts = parts_of(all_lines(plan), layout)
    with databases() as made, patch.object(readers, "LINES_PER_CHUNK", chunk):
        database = made.sqlite()
        paths = write_parts(made.folder, parts)
        for number, path in enumerate(paths):
            structures = simulation(**plan).courses if number == 0 else ()
            assert adds_up(database.run(path, structures=structures, **sizes))
        assert_expected(database, plan)


@few
@given(plan=plans, sizes=sizes, chunk=chunk_lines, seed=st.integers(0, 1 << 30))
def test_lines_in_any_order_end_in_the_same_tables(
    plan: dict[str, Any], sizes: dict[str, Any], chunk: int, seed: int
) -> None:
    lines = all_lines(plan)
    Random(seed).shuffle(lines)
    with databases() as made, patch.object(readers, "LINES_PER_CHUNK", chunk):
        database = made.sqlite()
        log = write_log(made.folder / "shuffled.log", lines)
        assert adds_up(database.run(log, structures=simulation(**plan).courses, **sizes))
        assert_expected(database, plan)


@few
@given(plan=plans, share=st.floats(0, 1), sizes=sizes)
def test_a_prefix_imported_again_changes_nothing(
    plan: dict[str, Any], share: float, sizes: dict[str, Any]
) -> None:
    lines = all_lines(plan)
    prefix = lines[: int(share * len(lines))]
    with databases() as made:
        database = made.sqlite()
        log = write_log(made.folder / "all.log", lines)
        database.run(log, structures=simulation(**plan).courses)
        again = database.run(write_log(made.folder / "prefix.log", prefix), resumes=False, **sizes)
        assert again.lines == len(prefix)
        assert adds_up(again)
        assert_expected(database, plan)


@few
@given(plan=plans, is_turned=st.booleans(), sizes=sizes)
def test_one_server_after_the_other_is_as_good_as_both_at_once(
    plan: dict[str, Any], is_turned: bool, sizes: dict[str, Any]
) -> None:
    servers = log_lines(**plan)[:: -1 if is_turned else 1]
    with databases() as made:
        database = made.sqlite()
        for path in write_parts(made.folder, servers):
            database.run(path, structures=simulation(**plan).courses, **sizes)
        assert_expected(database, plan)


@few
@given(plan=plans, share=st.floats(0, 1), sizes=sizes, is_before=st.booleans())
def test_the_days_since_a_time_and_the_whole_log_end_in_the_tables_of_the_whole_log(
    plan: dict[str, Any], share: float, sizes: dict[str, Any], is_before: bool
) -> None:
    lines = all_lines(plan)
    times = sorted(filter(None, map(time_us, lines)))
    since = EPOCH + timedelta(microseconds=times[int(share * (len(times) - 1))])
    with databases() as made:
        database = made.sqlite()
        log = write_log(made.folder / "all.log", lines)
        runs = [{"filters": Filters(since=since)}, {}]
        for changes in runs if is_before else runs[::-1]:
            summary = database.run(log, structures=simulation(**plan).courses, **changes, **sizes)
            assert adds_up(summary)
        assert_expected(database, plan)


def time_us(line: bytes) -> int | None:
    try:
        event = read_line(line)
    except Malformed:
        return None
    return event.time_us if event is not None else None


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: str(plan["era"]))
def test_two_worker_processes_give_what_one_process_gives(plan: dict[str, Any]) -> None:
    with databases() as made:
        database = made.sqlite()
        paths = write_parts(made.folder, log_lines(**plan))
        summary = database.run(*paths, structures=simulation(**plan).courses, workers=2)
        assert adds_up(summary)
        assert_expected(database, plan)


def import_with_late_structures(
    made: Databases, plan: dict[str, Any], when: Sequence[float], sizes: dict[str, Any]
) -> Database:
    """Each version of a course becomes known when that share of the log is imported."""
    lines = all_lines(plan)
    versions = simulation(**plan).courses
    moments = sorted((when[number % len(when)], number) for number in range(len(versions)))
    database, done = made.sqlite(), 0
    for share, number in moments:
        upto = int(share * len(lines))
        part = write_log(made.folder / f"{number}.log", lines[done:upto])
        done = upto
        database.run(part, **sizes)
        database.run(part, structures=[versions[number]], **sizes)
    database.run(write_log(made.folder / "rest.log", lines[done:]), **sizes)
    return database


@few
@given(plan=plans, when=st.lists(shares, min_size=4, max_size=4), sizes=sizes)
def test_a_course_structure_may_come_before_between_or_after_the_events(
    plan: dict[str, Any], when: list[float], sizes: dict[str, Any]
) -> None:
    with databases() as made:
        assert_expected(import_with_late_structures(made, plan, when, sizes), plan)


def test_a_later_course_structure_leaves_nothing_of_an_earlier_one_behind() -> None:
    plan = PLANS[2]
    with databases() as made:
        database = import_with_late_structures(made, plan, [0.0, 0.56, 0.52], {})
        assert_expected(database, plan)


@few
@given(share=st.floats(0.2, 1), seed=st.integers(0, 1 << 30), sizes=sizes, are_parts=st.booleans())
def test_ids_from_a_users_file_and_ids_found_in_the_log_give_the_same_learners(
    share: float, seed: int, sizes: dict[str, Any], are_parts: bool
) -> None:
    """Some lines lose the user id of their context; each learner keeps it on one line at least."""
    plan = PLANS[1]
    lines, lost = lose_ids(all_lines(plan), share, Random(seed))
    assert lost > 10
    users = {learner["username"]: learner["id"] for learner in simulation(**plan).learners()}
    with databases() as made:
        told, found = made.sqlite(), made.sqlite()
        structures = simulation(**plan).courses
        log = write_log(made.folder / "all.log", lines)
        told.run(log, structures=structures, site=SiteOptions(SECRET, user_ids=users))
        middle = len(lines) // 2
        for path in write_parts(made.folder, [lines[:middle], lines[middle:]] if are_parts else [lines]):
            assert adds_up(found.run(path, structures=structures, **sizes))
        wanted, got = told.sums(), found.sums()
        assert {table for table in wanted if got[table] != wanted[table]} == set()


def lose_ids(lines: Sequence[bytes], share: float, rng: Random) -> tuple[list[bytes], int]:
    """Lines of which about a ``share`` lost the user id, and how many did."""
    found, kept, lost = [], set(), 0
    for line in lines:
        bare = without_id(line)
        name = bare[0] if bare is not None else ""
        if bare is not None and name in kept and rng.random() < share:
            found.append(bare[1])
            lost += 1
        else:
            kept.add(name)
            found.append(line)
    return found, lost


def without_id(line: bytes) -> tuple[str, bytes] | None:
    """Name and line without the id; ``None`` for lines that state no id or no name."""
    try:
        event = json.loads(line)
        if not event["context"]["user_id"] or not event["username"]:
            return None
        event["context"]["user_id"] = None
    except (ValueError, KeyError, TypeError):
        return None
    return event["username"], json.dumps(event).encode()
