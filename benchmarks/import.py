"""How long an import takes beside a pass that only unpacks and parses each line.

``python benchmarks/import.py [--lines N] [--json]`` simulates N lines of the
learning MFE (about 1.1 KB each) in eight gzipped files of two servers that
overlap in time, and measures in one run:

* ``sqlite_over_parse``, ``mariadb_over_parse``: wall time of ``moocdb import``
  as a process of its own, over that of the pass;
* ``two_workers_speedup``: SQLite, one worker over two; both must end in the
  same tables;
* ``peak_mb``: the largest process of the one-worker import into SQLite;
* ``lines_per_s``: of that import.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import orjson
from isal import igzip

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from openedx_moocdb.simulator.api import SimulationPlan, plan_of
from openedx_moocdb.simulator.write import write
from tests import mariadb

KEY = "a key that only benchmarks use"
FILES_PER_SERVER = 4


@dataclass
class Run:
    """One process: wall seconds and its largest resident size."""

    seconds: float
    peak_mb: float


def parse_pass(logs: list[Path]) -> float:
    """Seconds to unpack and ``orjson.loads`` every line; broken lines count as read."""
    began = time.perf_counter()
    for log in logs:
        with igzip.IGzipFile(log) as packed:
            for line in io.BufferedReader(packed, 1 << 20):
                try:
                    orjson.loads(line)
                except orjson.JSONDecodeError:
                    continue
    return time.perf_counter() - began


def run_import(folder: Path, url: str, workers: int = 1) -> Run:
    """``moocdb import`` of the folder; rejected lines are part of the simulation."""
    command = [sys.executable, "-c", "from openedx_moocdb.standalone.command import main; main()"]
    words = ["import", str(folder), "--structure", str(folder), "--database", url, "--workers", str(workers)]
    began = time.perf_counter()
    pid = os.posix_spawn(
        sys.executable,
        [*command, *words],
        {**os.environ, "MOOCDB_LEARNER_KEY": KEY},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        raise SystemExit(f"the import ended with status {code}; see its message above")
    return Run(time.perf_counter() - began, usage.ru_maxrss / 1024)


def checksums(url: str) -> str:
    """The canonical checksums of all tables, as one text."""
    code = "from openedx_moocdb.standalone.command import main; main()"
    with tempfile.TemporaryFile("w+") as output:
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-c", code, "checksum", "--json", "--database", url],
            {**os.environ, "MOOCDB_LEARNER_KEY": KEY},
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1)],
        )
        os.wait4(pid, 0)
        output.seek(0)
        return output.read()


def measure(lines: int, folder: Path) -> dict[str, float | None]:
    """All figures; ``None`` for MariaDB where no server answers."""
    logs_folder = folder / "logs"
    plan = plan_of(lines, SimulationPlan(seed=3, era="mfe", servers=2, lines=lines, prefixed_share=0.0))
    written = write(plan, logs_folder, files_per_server=FILES_PER_SERVER)
    logs = sorted(logs_folder.glob("tracking-*.log.gz"))
    note(f"{written.lines:,} lines of {written.bytes / written.lines:,.0f} bytes in {len(logs)} files")
    parse_pass(logs)  # so that all measured passes find the files in memory
    parsing = parse_pass(logs)
    note(f"parse pass {parsing:.2f} s")
    one_url, two_url = (f"sqlite:///{folder}/{name}.sqlite3" for name in ("one", "two"))
    one = run_import(logs_folder, one_url)
    note(f"SQLite, one worker {one.seconds:.2f} s, {one.peak_mb:.0f} MB")
    two = run_import(logs_folder, two_url, workers=2)
    note(f"SQLite, two workers {two.seconds:.2f} s")
    if checksums(one_url) != checksums(two_url):
        raise SystemExit("one worker and two ended in different tables")
    parsing = min(parsing, parse_pass(logs))
    return {
        "sqlite_over_parse": round(one.seconds / parsing, 2),
        "mariadb_over_parse": mariadb_ratio(logs_folder, parsing),
        "two_workers_speedup": round(one.seconds / two.seconds, 2),
        "peak_mb": round(one.peak_mb),
        "lines_per_s": round(written.lines / one.seconds),
    }


def mariadb_ratio(logs_folder: Path, parsing: float) -> float | None:
    """Time of an import into MariaDB over that of the pass."""
    server = mariadb.running()
    if server is None:
        note("no MariaDB answers on 127.0.0.1:3306: not measured")
        return None
    with server.new_database() as url:
        run = run_import(logs_folder, url)
    note(f"MariaDB {run.seconds:.2f} s, {run.peak_mb:.0f} MB")
    return round(run.seconds / parsing, 2)


def note(text: str) -> None:
    """Say what is going on, apart from the result."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Parse arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(options.lines, Path(folder))
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:<22} {value if value is not None else 'not measured'}")


if __name__ == "__main__":
    main()
