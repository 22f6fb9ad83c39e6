"""A simulation as files: logs, structures, truth and users."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import orjson
from isal import igzip
from msgspec import to_builtins

from openedx_moocdb.simulator.api import Simulation, structure_json
from openedx_moocdb.simulator.clock import WEEK
from openedx_moocdb.simulator.plan import SimulationPlan
from openedx_moocdb.simulator.truth import EXACT, NO_PAGE, NO_PANEL, Act, Arrival

#: lines of a server that the next of its files begins with again
OVERLAP = 20


@dataclass
class Summary:
    """What was written; ``stated`` counts learner events in units by how they tell the place."""

    lines: int = 0
    bytes: int = 0
    learner_events: int = 0
    visits: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    stated: Counter[int] = field(default_factory=Counter)
    files: dict[str, int] = field(default_factory=dict)

    @property
    def malformed(self) -> int:
        """Broken lines; blank ones are not among them."""
        return self.kinds["malformed"]

    @property
    def gaps(self) -> dict[str, float]:
        """Shares of the learner events in units: no page, a page without panel, both stated."""
        names = {"no_page": NO_PAGE, "page_without_panel": NO_PANEL, "exact": EXACT}
        total = sum(self.stated.values()) or 1
        return {name: self.stated[value] / total for name, value in names.items()}

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "lines": self.lines,
            "bytes": self.bytes,
            "learner_events": self.learner_events,
            "visits": self.visits,
            "malformed": self.malformed,
            "blank": self.kinds["blank"],
            "duplicates": self.kinds["duplicate"],
            "gaps": self.gaps,
            "kinds": dict(self.kinds.most_common()),
            "files": self.files,
        }


def write(
    plan: SimulationPlan,
    folder: Path,
    progress: Callable[[int], None] | None = None,
    *,
    gzip: bool = True,
    files_per_server: int = 1,
) -> Summary:
    """Write everything a reader of logs needs, and the truth, into ``folder``.

    ``tracking-{server}.log[.gz]``, or ``tracking-{server}-{part}.log[.gz]`` when a
    server has several files: consecutive in time, each beginning with the last
    ``OVERLAP`` lines of the one before (fewer files when a plan ends before ``lines``).
    ``structure-{n}.json`` per version of a
    course, ``truth.jsonl[.gz]``, ``visits.jsonl[.gz]``, ``users.json``,
    ``summary.json``. ``Truth.line_no`` counts without the overlaps;
    ``Summary.files`` has the number of the first line that is new in each file.
    ``progress`` is told the lines written so far, after each batch.
    """
    folder.mkdir(parents=True, exist_ok=True)
    simulation = Simulation(plan)
    for number, course in enumerate(simulation.courses):
        (folder / f"structure-{number}.json").write_bytes(structure_json(course))
    (folder / "users.json").write_bytes(orjson.dumps(list(simulation.learners())))
    summary = _write_logs(simulation, folder, progress, ".gz" if gzip else "", files_per_server)
    (folder / "summary.json").write_bytes(orjson.dumps(summary.as_dict(), option=orjson.OPT_INDENT_2))
    return summary


def _write_logs(
    simulation: Simulation, folder: Path, progress: Callable[[int], None] | None, suffix: str, parts: int
) -> Summary:
    plan, summary = simulation.plan, Summary()
    with ExitStack() as stack:
        truth = stack.enter_context(_create(folder / f"truth.jsonl{suffix}"))
        visits = stack.enter_context(_create(folder / f"visits.jsonl{suffix}"))
        logs = [_Log(folder, server, suffix, parts, plan, summary) for server in range(plan.servers)]
        for log in logs:
            stack.callback(log.close)
        told = _Telling(summary, plan.servers)
        for batch in simulation.batches():
            told.tell(batch)
            for log, lines in zip(logs, told.lines, strict=True):
                log.write(lines, batch[-1][0] if batch else 0)
            truth.write("".join(told.truths).encode())
            visits.write(b"".join(told.visits))
            if progress is not None:
                progress(summary.lines)
    return summary


def _packing(raw: IO[bytes]) -> IO[bytes]:
    # Without name and time of writing in the header, equal content gives equal bytes.
    packed: Any = igzip.IGzipFile("", "wb", 1, raw, mtime=0)  # type: ignore[no-untyped-call]
    return cast(IO[bytes], packed)


@contextmanager
def _create(path: Path) -> Iterator[IO[bytes]]:
    if path.suffix != ".gz":
        with path.open("wb") as plain:
            yield plain
        return
    with path.open("wb") as raw, _packing(raw) as packed:
        yield packed


class _Telling:
    """Turns a batch into lines by server, and texts of its truths and visits."""

    def __init__(self, summary: Summary, servers: int) -> None:
        self.summary = summary
        self.counts = [0] * servers
        self.lines: list[list[bytes]] = [[] for _ in range(servers)]
        self.truths: list[str] = []
        self.visits: list[bytes] = []
        self._places: dict[int, str] = {}
        self._acts = {act: f'"act":"{act.name.lower()}"}}\n' for act in Act}

    def tell(self, batch: list[Arrival]) -> None:
        """Replace what was told of the batch before."""
        self.lines = [[] for _ in self.counts]
        self.truths, self.visits = [], []
        counts, lines, truths, places = self.counts, self.lines, self.truths, self._places
        kinds, stated = [], []
        for item in batch:
            server = item[2]
            if server < 0:
                self.visits.append(orjson.dumps(to_builtins(item[3])) + b"\n")
                continue
            lines[server].append(item[3])
            number = counts[server]
            counts[server] = number + 1
            kinds.append(item[10])
            if not item[5]:
                continue
            place = item[6]
            text = places.get(id(place))
            if text is None:
                text = places[id(place)] = orjson.dumps(to_builtins(place)).decode()[1:-1]
            truths.append(
                f'{{"server":{server},"line_no":{number},"time_us":{item[4]},"user_id":{item[5]},{text},'
                f'"device":{item[7]},"visit":{item[8]},{self._acts[item[9]]}'
            )
            if place.unit and item[9] != Act.NOWHERE:
                stated.append(item[11])
        summary = self.summary
        summary.kinds.update(kinds)
        summary.stated.update(stated)
        summary.lines += len(kinds)
        summary.learner_events += len(truths)
        summary.visits += len(self.visits)


class _Log:
    """The files of one server."""

    def __init__(
        self, folder: Path, server: int, suffix: str, parts: int, plan: SimulationPlan, summary: Summary
    ) -> None:
        self.folder, self.server, self.suffix, self.parts = folder, server, suffix, parts
        self.summary = summary
        self.plan = plan
        self.part = -1
        self.count = 0
        self.last: list[bytes] = []
        self.stack = ExitStack()
        self.file = self._next()

    def _next(self) -> IO[bytes]:
        self.stack.close()
        self.part += 1
        part = f"-{self.part}" if self.parts > 1 else ""
        path = self.folder / f"tracking-{self.server}{part}.log{self.suffix}"
        self.summary.files[path.name] = self.count
        file = self.stack.enter_context(_create(path))
        self._put(file, self.last)
        return file

    def _put(self, file: IO[bytes], lines: list[bytes]) -> None:
        if lines:
            text = b"\n".join(lines) + b"\n"
            self.summary.bytes += len(text)
            file.write(text)

    def write(self, lines: list[bytes], time_us: int) -> None:
        """Append; a new file is begun when its turn has come."""
        if self.part + 1 < self.parts and self._share(time_us) >= (self.part + 1) / self.parts:
            self.file = self._next()
        self._put(self.file, lines)
        self.count += len(lines)
        self.last = [*self.last, *lines][-OVERLAP:]

    def _share(self, time_us: int) -> float:
        plan = self.plan
        if plan.lines:
            return self.count * plan.servers / plan.lines
        return (time_us - plan.start_us) / ((plan.weeks + 1) * WEEK)

    def close(self) -> None:
        """End the last file."""
        self.stack.close()
