"""Writes the courses: a seeded author with a liking for weeks."""

from __future__ import annotations

from random import Random

from openedx_moocdb.simulator.clock import DAY, HOUR, WEEK
from openedx_moocdb.simulator.course import ChapterDraft, Input, Leaf, SequenceDraft, SimCourse, UnitDraft
from openedx_moocdb.simulator.plan import SimulationPlan

_TOPICS = ("Circuits", "Signals", "Networks", "Amplifiers", "Filters", "Energy", "Feedback", "Diodes")
_WORDS = ("current", "voltage", "power", "charge", "node", "loop", "gain", "noise")
_COURSES = {
    "legacy": ("SimX", ("6.01x", "6.02x", "EE.101x"), "2013_Spring"),
    "mfe": ("SimX", ("DE101", "DE102", "DE103"), "2024_T1"),
}


def write_courses(plan: SimulationPlan) -> list[SimCourse]:
    """The courses of a plan: first all legacy ones, then all MFE ones."""
    eras = ("legacy", "mfe") if plan.era == "both" else (plan.era,)
    return [_write(plan, era, index) for era in eras for index in range(plan.courses)]


def _write(plan: SimulationPlan, era: str, index: int) -> SimCourse:
    org, numbers, run = _COURSES[era]
    number = numbers[index] if index < len(numbers) else f"{numbers[0]}.{index}"
    course = SimCourse(era, org, number, run, plan.start_us)
    author = _Author(course, Random(f"{plan.seed}:{course.key}"))
    chapters = [author.week(week) for week in range(plan.weeks)]
    chapters.append(author.exam_week(plan.weeks))
    course.publish(plan.start_us - 30 * DAY, chapters)
    if plan.republish:
        course.publish(plan.start_us + plan.weeks * WEEK // 2 + 4 * HOUR, author.revise(chapters))
    return course


class _Author:
    def __init__(self, course: SimCourse, rng: Random) -> None:
        self.course = course
        self.rng = rng
        self.count = 0

    def _name(self, readable: str) -> str:
        self.count += 1
        if self.course.is_legacy and not readable.startswith(("vertical", "html", "discussion")):
            return readable
        return f"{self.rng.getrandbits(128):032x}"

    def week(self, week: int) -> ChapterDraft:
        """Two or three lectures and a homework, due a week after the week ends."""
        number, start = week + 1, self.course.start_us + week * WEEK
        name = self._name(f"Week_{number}")
        lectures = [self._lecture(number, part + 1) for part in range(2 + (week % 2))]
        homework = self._graded("homework", f"Homework_{number}", 2 + self.rng.randrange(2), start + 2 * WEEK)
        title = f"Week {number}: {self.rng.choice(_TOPICS)}"
        key = self.course.usage_key("chapter", name)
        return ChapterDraft(key, name, title, start, [*lectures, homework])

    def exam_week(self, week: int) -> ChapterDraft:
        """A chapter with the final exam only."""
        start = self.course.start_us + (week - 1) * WEEK
        name = self._name("Final_Exam")
        exam = self._graded("exam", "Exam", 3, start + 2 * WEEK)
        return ChapterDraft(self.course.usage_key("chapter", name), name, "Final exam", start, [exam])

    def _lecture(self, week: int, part: int) -> SequenceDraft:
        name = self._name(f"{self.rng.choice(_TOPICS)}_{week}.{part}".replace(".", "_"))
        units = []
        for position in range(4 + self.rng.randrange(3)):
            roll = (position + week + part) % 5
            stem = f"S{week}{part}E{position + 1}"
            if roll in (0, 3):
                leaves = [self._html(), self._video(f"{stem}V")]
            elif roll == 1:
                leaves = [self._video(f"{stem}V"), self._problem(f"{stem}_{self.rng.choice(_TOPICS)}", None)]
            elif roll == 2:
                leaves = [self._problem(f"{stem}_{self.rng.choice(_TOPICS)}", None)]
            else:
                leaves = [self._html(), self._discussion()]
            units.append(self.unit(f"{stem} {self.rng.choice(_TOPICS)}", leaves))
        key = self.course.usage_key("sequential", name)
        return SequenceDraft(key, name, f"Lecture {week}.{part}", "lecture", units)

    def _graded(self, purpose: str, readable: str, units: int, due_us: int) -> SequenceDraft:
        name = self._name(readable)
        drafts = []
        for position in range(1, units + 1):
            stem = f"{readable}P{position}"
            attempts = 1 if purpose == "exam" else 4
            problems = [self._problem(f"{stem}{letter}", attempts) for letter in "AB"[: 1 + position % 2]]
            drafts.append(self.unit(f"Problem {position}", problems))
        key = self.course.usage_key("sequential", name)
        return SequenceDraft(key, name, readable.replace("_", " "), purpose, drafts, due_us)

    def unit(self, title: str, leaves: list[Leaf]) -> UnitDraft:
        """A unit of these leaves."""
        name = self._name("vertical")
        return UnitDraft(self.course.usage_key("vertical", name), title, tuple(leaves))

    def _leaf(self, kind: str, readable: str, title: str, **more: object) -> Leaf:
        name = self._name(readable)
        key, html_id = self.course.usage_key(kind, name), self.course.html_id(kind, name)
        return Leaf(key, kind, name, html_id, title, **more)  # type: ignore[arg-type]

    def _html(self) -> Leaf:
        return self._leaf("html", "html", f"Notes on {self.rng.choice(_TOPICS)}")

    def _discussion(self) -> Leaf:
        return self._leaf("discussion", "discussion", f"Talk about {self.rng.choice(_TOPICS)}")

    def _video(self, readable: str) -> Leaf:
        # One video in twelve is a recorded lecture: longer than half an hour without a click.
        long = self.count % 12 == 0
        seconds = self.rng.uniform(2400, 3600) if long else self.rng.uniform(90, 900)
        code = f"{self.rng.getrandbits(64):016x}"[:11]
        return self._leaf("video", readable, f"Video {readable}", duration_s=round(seconds, 2), code=code)

    def _problem(self, readable: str, max_attempts: int | None) -> Leaf:
        leaf = self._leaf("problem", readable, readable.replace("_", " "))
        inputs = tuple(self._input(leaf.html_id, number) for number in range(1 + self.rng.randrange(4)))
        return Leaf(
            leaf.key,
            leaf.kind,
            leaf.name,
            leaf.html_id,
            leaf.title,
            inputs=inputs,
            weight=float(len(inputs)),
            max_attempts=max_attempts,
        )

    def _input(self, html_id: str, number: int) -> Input:
        kind = self.rng.choice(("choice", "choice", "numeric", "text"))
        identity = f"{html_id}_{number + 2}_1"
        question = f"What is the {self.rng.choice(_WORDS)} in figure {number + 1}?"
        if kind == "choice":
            options = tuple(f"choice_{n}" for n in range(4))
            return Input(identity, kind, question, options, self.rng.choice(options))
        if kind == "numeric":
            return Input(identity, kind, question, (), f"{self.rng.uniform(0, 20):.2f}")
        return Input(identity, kind, question, (), self.rng.choice(_WORDS))

    def revise(self, chapters: list[ChapterDraft]) -> list[ChapterDraft]:
        """The second version: in each lecture the first unit goes last; each week gets a unit."""
        revised = []
        for chapter in chapters:
            sequences = []
            for draft in chapter.sequences:
                units = list(draft.units)
                if draft.purpose == "lecture":
                    units.append(units.pop(0))
                sequences.append(
                    SequenceDraft(draft.key, draft.name, draft.title, draft.purpose, units, draft.due_us)
                )
            sequences[0].units.insert(1, self.unit("Erratum", [self._html()]))
            revised.append(
                ChapterDraft(chapter.key, chapter.name, chapter.title, chapter.start_us, sequences)
            )
        return revised
