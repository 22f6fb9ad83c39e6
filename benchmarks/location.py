"""Is each event placed at the unit where it happened? Measured on simulated truth and on real logs.

``python benchmarks/location.py [--learners N] [--json] [--logs PATH…]`` prints,
per era, the share of learner events in units that are placed right: with the
course structure, without it, and by the plain rule of the thesis (inherit the
last URL and panel). ``duration_error`` is the error of the summed visit
durations, for visits whose end the log shows. For ``--logs`` the stated place
of real events is hidden, inferred, and compared (mask and recover).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.thesis_rule import ThesisRule
from openedx_moocdb.data_access.sources.sites import read_agent
from openedx_moocdb.data_access.sources.tracking_logs import find_logs, read_pieces
from openedx_moocdb.processing.trajectory.follow import Follower
from openedx_moocdb.processing.trajectory.spots import stated_page
from openedx_moocdb.processing.trajectory.state import State
from openedx_moocdb.schema.course import Course, CourseVersion, block_name
from openedx_moocdb.schema.keys import dictionary_id
from openedx_moocdb.schema.outcomes import Translated
from openedx_moocdb.schema.rows import Visit
from openedx_moocdb.schema.site import Site
from openedx_moocdb.schema.step import Placement, PlaceSource, Step, StepKind
from openedx_moocdb.simulator.api import SimulationPlan, Truth, VisitTruth, simulate
from openedx_moocdb.translation.normalise import read_line
from openedx_moocdb.translation.parse import Malformed
from openedx_moocdb.translation.translator import Translator

BASE = "http://lms"
PLACED = (StepKind.VIEW, StepKind.NAVIGATE, StepKind.ACT, StepKind.BACKGROUND)


class Sample:
    """Steps of one simulation by learner, with the truth of each."""

    def __init__(self, plan: SimulationPlan) -> None:
        simulation = simulate(plan)
        self.courses = simulation.courses
        self.users = {learner["id"]: learner["username"] for learner in simulation.learners()}
        self.visits = list(simulation.visits())
        user_ids = {name: number for number, name in self.users.items()}
        site = Site(b"benchmark", base_url=BASE, user_ids=user_ids, agent=read_agent)
        translator = Translator(site)
        self.steps: dict[bytes, list[tuple[Step, Truth | None]]] = defaultdict(list)
        self.learner_of = {number: site.learner(number, None) for number in self.users}
        for line in simulation.lines():
            found = _translated(translator, line.line)
            if found is not None and found.learner is not None:
                self.steps[found.learner].append((found.step, line.truth))
        for steps in self.steps.values():
            steps.sort(key=lambda pair: pair[0].key)


def _translated(translator: Translator, line: bytes) -> Translated | None:
    try:
        event = read_line(line)
    except Malformed:
        return None
    outcome = translator.translate(event) if event is not None else None
    return outcome if isinstance(outcome, Translated) else None


def is_right(placement: Placement, truth: Truth, urls: dict[int, str]) -> bool:
    """Same unit, or same section and panel where the unit's key is not known."""
    url = urls[placement.url_id] if placement.url_id is not None else ""
    page = stated_page(url)
    if page.block and not page.section:  # a unit by its key alone
        return page.block == truth.unit
    return (block_name(page.section), page.panel) == (truth.section, truth.panel)


def place(
    steps: list[tuple[Step, Truth | None]], courses: Iterable[CourseVersion], learner: bytes
) -> tuple[list[Placement | None], dict[int, str], list[Visit]]:
    """Placements of one learner, the URLs behind them, and the visits."""
    shelf: dict[str, Course] = {}
    versions: dict[str, list[CourseVersion]] = defaultdict(list)
    for version in courses:
        versions[version.course_key].append(version)
    for key, found in versions.items():
        shelf[key] = Course(key, found)
    followed = Follower(BASE, shelf.get).follow(learner, State(), [step for step, _ in steps])
    urls = {
        entry.url_id: entry.url for a in followed.addresses for entry in a.entries if entry.TABLE == "urls"
    }
    return followed.placements, urls, followed.visits


def judged(steps: list[tuple[Step, Truth | None]]) -> Iterator[tuple[int, Step, Truth]]:
    """Events that happened in a unit."""
    for at, (step, truth) in enumerate(steps):
        if truth is not None and truth.unit and step.kind not in (StepKind.CLOSE, StepKind.LEAVE):
            yield at, step, truth


def accuracy(sample: Sample, with_structure: bool, wrong: Counter[str] | None = None) -> float:
    """Share of the judged events that are placed right."""
    courses = sample.courses if with_structure else ()
    right = total = 0
    for learner, steps in sample.steps.items():
        placements, urls, _ = place(steps, courses, learner)
        for at, step, truth in judged(steps):
            placement = placements[at]
            total += 1
            if placement is not None and is_right(placement, truth, urls):
                right += 1
            elif wrong is not None:
                source = PlaceSource(placement.place_source).name if placement is not None else "no row"
                wrong[f"{step.kind.name} {truth.act} {source}"] += 1
    return right / total


def thesis_accuracy(sample: Sample) -> float:
    """The same for the rule of the thesis."""
    right = total = 0
    for steps in sample.steps.values():
        rule = ThesisRule()
        guesses = [rule.place(step) for step, _ in steps]
        for at, _step, truth in judged(steps):
            total += 1
            right += guesses[at] in ((truth.section, truth.panel), truth.unit)
    return right / total


def duration_error(sample: Sample) -> float:
    """Sum over learner and unit of |our seconds - the true ones|, over the true ones.

    Visits that end with a move, a close or a logout; the end of others is not in the log.
    """
    true = _seconds_by_unit(sample.visits)
    ours: dict[tuple[bytes, str], float] = defaultdict(float)
    for learner, steps in sample.steps.items():
        _, _, visits = place(steps, sample.courses, learner)
        for visit in visits:
            if visit.ended_by in ("move", "close", "logout") and visit.duration_s is not None:
                ours[(learner, str(visit.unit_id))] += visit.duration_s
    total = error = 0.0
    for (user_id, unit), seconds in true.items():
        total += seconds
        learner = sample.learner_of.get(user_id) or b""
        error += abs(ours.get((learner, str(dictionary_id("block", unit))), 0.0) - seconds)
    return error / total


def _seconds_by_unit(visits: Iterable[VisitTruth]) -> dict[tuple[int, str], float]:
    found: dict[tuple[int, str], float] = defaultdict(float)
    for visit in visits:
        if visit.unit and visit.ended_by != "idle":
            found[(visit.user_id, visit.unit)] += (visit.end_us - visit.start_us) / 1e6
    return found


def gap_rates(steps: Iterable[Step]) -> dict[str, float]:
    """Shares of steps in the courseware that state no page, a section without panel, or a unit."""
    counts: Counter[str] = Counter()
    for step in steps:
        if step.kind not in PLACED:
            continue
        page = stated_page(step.url) if step.url else None
        if page is None or not page.is_place:
            counts["no_page"] += 1
        elif (
            page.unit or page.panel is not None or (step.kind is StepKind.NAVIGATE and step.panel is not None)
        ):
            counts["exact"] += 1
        else:
            counts["page_without_panel"] += 1
    total = counts.total() or 1
    return {name: round(counts[name] / total, 4) for name in ("no_page", "page_without_panel", "exact")}


def mask_and_recover(steps: dict[bytes, list[Step]], hidden_each: int = 3) -> dict[str, float]:
    """Hide every third stated place of acts, infer it from the rest, and compare."""
    right = total = 0
    for learner, own in steps.items():
        own.sort(key=lambda step: step.key)
        masked, hidden = [], {}
        for at, step in enumerate(own):
            if step.kind is StepKind.ACT and stated_page(step.url).is_place and at % hidden_each == 0:
                hidden[at] = stated_page(step.url)
                step = Step(
                    step.key, step.time_us, step.kind, step.course_key, "", None, step.block, step.device
                )
            masked.append((step, None))
        placements, urls, _ = place(masked, (), learner)
        for at, page in hidden.items():
            placement = placements[at]
            total += 1
            found = stated_page(urls[placement.url_id]) if placement is not None else page
            same_unit = bool(page.unit) and page.unit in (found.unit, found.block)
            right += same_unit or (
                bool(page.section) and block_name(page.section) == block_name(found.section)
            )
    return {"hidden": total, "recovered": round(right / total, 4) if total else 0.0}


def real_steps(paths: list[str]) -> dict[bytes, list[Step]]:
    """Steps of logs on disk by learner."""
    translator = Translator(Site(b"benchmark", base_url=BASE, agent=read_agent))
    found: dict[bytes, list[Step]] = defaultdict(list)
    for log in find_logs(paths):
        for piece in read_pieces(log.path, 0, 5000):
            for line in piece.lines:
                outcome = _translated(translator, line)
                if outcome is not None and outcome.learner is not None:
                    found[outcome.learner].append(outcome.step)
    return found


def measure(era: str, learners: int, seed: int, explain: bool) -> tuple[dict[str, float], dict[str, float]]:
    """(figures, gap rates) of one era."""
    sample = Sample(SimulationPlan(seed=seed, learners=learners, weeks=4, era=era))
    wrong: Counter[str] = Counter()
    blind: Counter[str] = Counter()
    figures = {
        "with_structure": round(accuracy(sample, True, wrong), 5),
        "without_structure": round(accuracy(sample, False, blind), 5),
        "thesis_rule": round(thesis_accuracy(sample), 5),
        "duration_error": round(duration_error(sample), 5),
    }
    if explain:
        print(f"{era}: wrong with structure {wrong.most_common(12)}", file=sys.stderr)
        print(f"{era}: wrong without {blind.most_common(12)}", file=sys.stderr)
    return figures, gap_rates(step for steps in sample.steps.values() for step, _ in steps)


def main() -> None:
    """Parse arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--learners", type=int, default=150)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--explain", action="store_true", help="say what was placed wrong")
    parser.add_argument("--logs", nargs="*", default=[], help="real logs for mask and recover")
    options = parser.parse_args()
    results, rates = {}, {}
    for era in ("legacy", "mfe"):
        results[era], rates[f"simulated {era}"] = measure(
            era, options.learners, options.seed, options.explain
        )
    recovered = None
    if options.logs and all(Path(path).exists() for path in options.logs):
        steps = real_steps(options.logs)
        recovered = mask_and_recover(steps)
        rates["real logs"] = gap_rates(step for own in steps.values() for step in own)
    if options.json:
        print(json.dumps(results))
        return
    for era, figures in results.items():
        print(f"{era:<8}", "  ".join(f"{name} {value:.2%}" for name, value in figures.items()))
    if recovered is not None:
        print(
            f"mask and recover on real logs: {recovered['recovered']:.2%} "
            f"of {recovered['hidden']} hidden places"
        )
    for name, shares in rates.items():
        print(f"gaps, {name:<17}", "  ".join(f"{kind} {share:.1%}" for kind, share in shares.items()))


if __name__ == "__main__":
    main()
