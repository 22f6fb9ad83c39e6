"""One sitting of one learner: which sections, in which tabs, on which devices, with which breaks."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from openedx_moocdb.simulator.clock import MINUTE, SECOND, WEEK, log_normal, pick
from openedx_moocdb.simulator.course import CourseModel, Sequence, SimCourse, Unit
from openedx_moocdb.simulator.learner import Device, Learner
from openedx_moocdb.simulator.legacy import LegacyVoice
from openedx_moocdb.simulator.mfe import MfeVoice
from openedx_moocdb.simulator.mobile import say_app_video
from openedx_moocdb.simulator.plan import SimulationPlan
from openedx_moocdb.simulator.study import Study
from openedx_moocdb.simulator.truth import Arrival
from openedx_moocdb.simulator.voice import Tab

_BUDGET = log_normal(45 * 60, 0.5)
_MOST = 4 * 60 * MINUTE
_DELAYS = log_normal(2 * 3600, 1.0)


class Sitting:
    """Plays sessions into ``out``; one object for all learners, so that nothing is kept."""

    def __init__(self, plan: SimulationPlan, courses: list[SimCourse], out: list[Arrival]) -> None:
        self.plan = plan
        self.courses = courses
        self.rng = Random(0)
        self.random = self.rng.random
        self.legacy = LegacyVoice(out, self.rng, plan.servers, plan.prefixed_share)
        self.mfe = MfeVoice(out, self.rng, plan.servers, plan.prefixed_share)
        self.voice: LegacyVoice | MfeVoice = self.legacy
        self.learner: Learner
        self.course: SimCourse
        self.study: Study
        self.index = 0
        self.end_us = 0

    def play(self, learner: Learner, start_us: int) -> None:
        """Let ``learner`` come at ``start_us``, and say until when in ``learner.free_us``."""
        learner.sessions += 1
        self.rng.seed(f"{self.plan.seed}:{learner.user_id}:session:{learner.sessions}")
        courses = learner.courses
        self.index = courses[int(self.random() * len(courses))]
        self.learner, self.course = learner, self.courses[self.index]
        self.voice = self.legacy if self.course.is_legacy else self.mfe
        # One number for the order of arrivals, whoever speaks.
        self.voice.order = max(self.legacy.order, self.mfe.order)
        self.voice.begin(learner, self.course)
        self.study = Study(self.voice, self.rng)
        self.study.learner, self.study.now = learner, start_us
        self.end_us = start_us + min(pick(_BUDGET, self.random()), _MOST)
        app = learner.devices[-1]
        if app.kind == "app" and self.random() < 0.35:
            self._on_the_way(app)
        else:
            self._at_the_desk()
        for device in learner.devices:
            self.voice.leave(device)
        learner.free_us = self.study.now

    def _at_the_desk(self) -> None:
        learner, study = self.learner, self.study
        device = next((d for d in learner.devices if d.kind == "tablet" and self.random() < 0.25), None)
        tab = self._arrive(device or learner.devices[0])
        for sequence in self._agenda(self.course.model_at(study.now)):
            self._work(tab, sequence)
            if study.now > self.end_us:
                break
            if self.random() < 0.25:
                self._look_around(tab)
        self._finish(tab)

    def _arrive(self, device: Device) -> Tab:
        study, learner = self.study, self.learner
        if self.index not in learner.enrolled:
            learner.enrolled.add(self.index)
            self.voice.enrol(study.now, device)
            study.now += 30 * SECOND
        tab = Tab(device, self.course.pages["dashboard"])
        if self.random() < 0.5:
            self.voice.visit_page(study.now, tab, "dashboard")
            study.click()
        if self.random() < 0.5:
            self.voice.visit_page(study.now, tab, "home")
            study.click()
        return tab

    def _finish(self, tab: Tab) -> None:
        study, roll = self.study, self.random()
        study.click()
        if roll < 0.12:
            if tab.unit is not None and self.random() < 0.5:
                self.voice.close(study.now, tab)
            self.voice.log_out(study.now + 300_000, tab)
        elif roll < 0.75 and tab.url:
            self.voice.close(study.now, tab)
        study.now += SECOND

    def _agenda(self, model: CourseModel) -> Iterator[Sequence]:
        """Sections for this sitting, in the learner's order; the caller stops when time is up."""
        learner, now = self.learner, self.study.now
        released = max(0, min((now - self.course.start_us) // WEEK, len(model.weeks) - 1))
        if learner.habit == "sampling":
            for _ in range(3):
                week = model.weeks[int(self.random() * (released + 1))]
                yield week[int(self.random() * len(week))]
            return
        last = model.sequences.get(learner.last_section.get(self.index, ""))
        if last is not None and self.random() < 0.3:
            yield last
        if released > 0 and self.random() < 0.15:
            yield model.weeks[int(self.random() * released)][0]
        target = max(0, released - (1 + learner.user_id % 2)) if learner.habit == "behind" else released
        for week in model.weeks[: target + 1]:
            for sequence in week:
                is_work = sequence.purpose != "lecture"
                if (learner.habit == "auditing" and is_work) or self._is_done(sequence):
                    continue
                yield sequence

    def _is_done(self, sequence: Sequence) -> bool:
        done = self.learner.done
        return all(unit.key in done for unit in sequence.units)

    def _load(self, tab: Tab, sequence: Sequence) -> Unit:
        """Open a section: where the learner was last, or at a unit that a link names."""
        voice, study, learner = self.voice, self.study, self.learner
        saved = min(learner.positions.get(sequence.key, 1), len(sequence.units))
        unit, roll = sequence.units[saved - 1], self.random()
        if self.course.is_legacy and tab.url:
            voice.close(study.now, tab)
            study.now += 120_000
        how = "link"
        if roll < 0.12:
            how = "deep" if roll < 0.07 else "jump"
            unit = sequence.units[int(self.random() * len(sequence.units))]
        elif tab.unit is None and learner.last_section.get(self.index) == sequence.key:
            how = "course" if roll < 0.6 else "chapter"
        elif not self.course.is_legacy and roll < 0.7:
            # This front end links to units, and to where one was.
            unit = next((u for u in sequence.units if u.key not in learner.done), unit)
        voice.open(study.now, tab, unit, how)
        self._remember(unit)
        study.now += 1_200_000
        return unit

    def _remember(self, unit: Unit) -> None:
        self.learner.positions[unit.sequence.key] = unit.panel
        self.learner.last_section[self.index] = unit.sequence.key

    def _turn(self, tab: Tab, unit: Unit, how: str) -> None:
        self.study.click()
        self.voice.turn(self.study.now, tab, unit, how)
        self._remember(unit)

    def _work(self, tab: Tab, sequence: Sequence) -> None:
        study, learner = self.study, self.learner
        before = tab.unit
        is_at_border = before is not None and before.panel == len(before.sequence.units)
        if (
            not self.course.is_legacy
            and is_at_border
            and before is not None
            and self.course.model_at(study.now).following(before.sequence) is sequence
        ):
            # "Next" on the last unit leads into the next section.
            self._turn(tab, sequence.units[0], "next")
        else:
            self._load(tab, sequence)
        units = sequence.units
        for _ in range(2 * len(units)):
            unit = tab.unit
            assert unit is not None
            study.unit(tab)
            if study.now > self.end_us:
                return
            self._break(tab)
            step = self._next_panel(unit, units)
            if step is None:
                return
            how = "goto" if abs(step.panel - unit.panel) > 1 or self.random() < 0.2 else "next"
            if step.panel == unit.panel - 1 and how == "next":
                how = "prev"
            self._turn(tab, step, how)
            if self.random() < 0.3 and step.key in learner.done:
                study.click()

    def _next_panel(self, unit: Unit, units: list[Unit]) -> Unit | None:
        done, roll = self.learner.done, self.random()
        if roll < 0.06 and unit.panel > 1:
            return units[unit.panel - 2]
        if unit.panel < len(units) and (roll < 0.8 or units[unit.panel].key not in done):
            return units[unit.panel]
        left = [other for other in units if other.key not in done]
        return left[0] if left and left[0] is not unit else None

    def _break(self, tab: Tab) -> None:
        roll, study = self.random(), self.study
        if roll < 0.015:
            self.end_us += study.away(tab)
        elif roll < 0.04:
            self._second_tab(tab)
        elif roll < 0.055 and len(self.learner.devices) > 1:
            self._second_device(tab)
        elif roll < 0.063:
            self._log_in_again(tab)

    def _log_in_again(self, tab: Tab) -> None:
        """Log out and back in, and return to the section; the platform sees another session."""
        study, unit = self.study, tab.unit
        assert unit is not None
        study.click()
        self.voice.log_out(study.now, tab)
        self.voice.log_in(tab.device)
        study.click()
        back = Tab(tab.device, self.course.pages["dashboard"])
        self._load(back, unit.sequence)
        tab.place, tab.unit, tab.url, tab.is_exact = back.place, back.unit, back.url, back.is_exact

    def _second_tab(self, tab: Tab) -> None:
        """Go to and fro between two tabs of one browser, now and then of one section."""
        study, first = self.study, tab.unit
        assert first is not None
        model = self.course.model_at(study.now)
        week = model.weeks[first.sequence.week]
        other = first.sequence if self.random() < 0.3 else week[int(self.random() * len(week))]
        second = Tab(tab.device, self.course.pages["dashboard"])
        study.click()
        self._load(second, other)
        for _ in range(1 + int(self.random() * 3)):
            study.unit(second)
            study.click()
            leaf = first.leaves[0]
            if leaf.kind == "video":
                study.watch(tab, leaf)
            elif leaf.kind == "problem":
                study.solve(tab, leaf)
            study.click()
        self.voice.close(study.now, second)
        study.now += SECOND

    def _second_device(self, tab: Tab) -> None:
        """Watch on one device, answer on the other."""
        study, first = self.study, tab.unit
        assert first is not None
        device = self.learner.devices[1]
        if device.kind == "app":
            self._app_videos(device, first, study.now + 5 * SECOND)
            study.now += SECOND
            return
        second = Tab(device, self.course.pages["dashboard"])
        study.click()
        self._load(second, first.sequence)
        study.unit(second)
        study.click()
        for leaf in first.leaves:
            if leaf.kind == "problem":
                study.solve(tab, leaf)
        study.click()
        self.voice.close(study.now, second)
        study.now += SECOND

    def _look_around(self, tab: Tab) -> None:
        """Visit pages of the course that are no units."""
        study, voice, roll = self.study, self.voice, self.random()
        if self.course.is_legacy and tab.url:
            voice.close(study.now, tab)
        study.click()
        if roll < 0.45:
            subject = self.rng.choice(("thread", "response", "search", "vote"))
            voice.talk(study.now, tab, subject)
            study.now += 120 * SECOND
        elif roll < 0.55:
            pages = 2 + int(self.random() * 6)
            voice.turn_pages(study.now, tab, pages)
            study.now += pages * 66 * SECOND
        else:
            word = self.rng.choice(("progress", "progress", "info", "wiki"))
            voice.visit_page(study.now, tab, word)
            study.now += 20 * SECOND
            study.click()

    def _on_the_way(self, app: Device) -> None:
        """Videos of the app, loaded before, sent hours later."""
        study = self.study
        if self.index not in self.learner.enrolled:
            self.learner.enrolled.add(self.index)
            self.voice.enrol(study.now, app)
            study.now += 40 * SECOND
        for sequence in self._agenda(self.course.model_at(study.now)):
            for unit in sequence.units:
                sent = self.end_us + pick(_DELAYS, self.random())
                self._app_videos(app, unit, sent)
                self.learner.done.add(unit.key)
            if study.now > self.end_us:
                return

    def _app_videos(self, app: Device, unit: Unit, sent_us: int) -> None:
        study = self.study
        for leaf in unit.leaves:
            if leaf.kind != "video":
                continue
            study.click()
            position = 0.0
            for verb in ("load", "play", "seek", "pause", "play", "stop"):
                if verb == "seek" and self.random() < 0.5:
                    continue
                sent = max(sent_us, study.now + SECOND)
                say_app_video(self.voice, study.now, sent, app, unit, leaf, verb, position)
                position = min(leaf.duration_s, position + self.random() * leaf.duration_s / 2)
                study.now += SECOND + int(self.random() * leaf.duration_s / 3 * SECOND)
