"""Can people read while a log is imported into SQLite, and how much memory does the import take?

    python benchmarks/reading.py [--lines 200000]

Prints one JSON object: how long the queries of readers took while the import
ran, how often the database was locked for them, and the import's peak memory.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from openedx_moocdb.simulator.api import SimulationPlan, plan_of
from openedx_moocdb.simulator.write import write

QUERIES = (
    "SELECT COUNT(*) FROM moocdb_observed_events",
    "SELECT course_id, COUNT(*), SUM(duration_s) FROM moocdb_visits GROUP BY course_id",
    "SELECT user_id, COUNT(*) FROM moocdb_submissions GROUP BY user_id ORDER BY 2 DESC LIMIT 50",
)
PAUSE_S = 0.1
#: the site itself waits 30 s; the file is locked for a moment when the last writer closes it
PATIENCE_S = 1.0
MOST_MEMORY_MB = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lines", type=int, default=200_000)
    lines = parser.parse_args().lines
    with tempfile.TemporaryDirectory() as name:
        found = measure(Path(name), lines)
    print(json.dumps(found, indent=2))
    sys.exit(found["locked"] > 0 or found["import_peak_mb"] > MOST_MEMORY_MB)


def measure(folder: Path, lines: int) -> dict[str, Any]:
    """Import a simulated log in a process of its own, and read in this one."""
    plan = plan_of(lines, SimulationPlan(weeks=4, servers=2))
    write(plan, folder / "logs")
    database = folder / "moocdb.sqlite3"
    command = [sys.executable, "-c", "from openedx_moocdb.standalone.command import main; main()", "import"]
    command += [
        str(folder / "logs"),
        "--structure",
        str(folder / "logs"),
        "--database",
        f"sqlite:///{database}",
    ]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "openedx_moocdb.standalone.settings"}
    began = time.monotonic()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        times_ms, locked, first_rows_s = read_until_end(process, database, began)
    if process.returncode not in (0, 1):  # 1: malformed lines, which the simulation has
        raise SystemExit(f"the import ended with {process.returncode}")
    seconds = time.monotonic() - began
    times_ms.sort()
    return {
        "lines": lines,
        "seconds": round(seconds, 1),
        "first_rows_after_s": round(first_rows_s, 1),
        "reads": len(times_ms),
        "locked": locked,
        "read_ms_median": round(times_ms[len(times_ms) // 2], 1),
        "read_ms_worst": round(times_ms[-1], 1),
        "import_peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def read_until_end(
    process: subprocess.Popen[bytes], database: Path, began: float
) -> tuple[list[float], int, float]:
    """Milliseconds of each round of queries, refusals, and seconds until a reader saw rows."""
    times_ms: list[float] = []
    locked, first_rows_s = 0, 0.0
    while process.poll() is None:
        time.sleep(PAUSE_S)
        start = time.monotonic()
        try:
            reader = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=PATIENCE_S)
            try:
                rows = [reader.execute(query).fetchall() for query in QUERIES]
            finally:
                reader.close()
        except sqlite3.OperationalError as error:
            if "locked" in str(error) and first_rows_s:
                locked += 1
            continue  # before the first rows, tables are being made
        if rows[0][0][0]:
            first_rows_s = first_rows_s or time.monotonic() - began
            times_ms.append((time.monotonic() - start) * 1000)
    return times_ms, locked, first_rows_s


if __name__ == "__main__":
    main()
