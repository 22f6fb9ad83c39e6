"""What a learner does inside a unit: read, watch, solve, talk."""

from __future__ import annotations

from random import Random

from openedx_moocdb.simulator.clock import MINUTE, SECOND, log_normal, pick
from openedx_moocdb.simulator.course import Input, Leaf
from openedx_moocdb.simulator.learner import Learner
from openedx_moocdb.simulator.legacy import LegacyVoice
from openedx_moocdb.simulator.mfe import MfeVoice
from openedx_moocdb.simulator.voice import Tab

_CLICK = log_normal(2.5, 0.7)
_READ = log_normal(35, 0.9)
_THINK = log_normal(50, 1.0)
#: two thoughts in a row end before half an hour; who needs longer is away
_LONGEST = 14 * MINUTE
_SHORTEST_BREAK, _LONGEST_BREAK = 32 * MINUTE, 90 * MINUTE
_MOMENT = SECOND // 2


class Study:
    """One learner at work; ``now`` is µs and only grows."""

    def __init__(self, voice: LegacyVoice | MfeVoice, rng: Random) -> None:
        self.voice = voice
        self.rng = rng
        self.random = rng.random
        self.now = 0
        self.learner: Learner

    def wait(self, quantiles: tuple[int, ...]) -> None:
        """Let time pass."""
        self.now += min(pick(quantiles, self.random()), _LONGEST)

    def click(self) -> None:
        """Let a hand move."""
        chance = self.random()
        self.now += pick(_CLICK, chance)
        if chance < 0.004:
            # Some events fall on a full second, and their times are written without a fraction.
            self.now += SECOND - self.now % SECOND

    def away(self, tab: Tab) -> int:
        """Leave the desk with the page open and nothing playing; the absence in µs."""
        self.voice.leave(tab.device)
        absence = _SHORTEST_BREAK + int(self.random() * (_LONGEST_BREAK - _SHORTEST_BREAK))
        self.now += absence
        return absence

    def unit(self, tab: Tab) -> None:
        """Work through the unit that the tab shows."""
        unit = tab.unit
        assert unit is not None
        self.now += 1_200_000
        learner = self.learner
        hurried = unit.key in learner.done
        for leaf in unit.leaves:
            if leaf.kind == "video":
                if not hurried or self.random() < 0.4:
                    self.watch(tab, leaf)
            elif leaf.kind == "problem":
                if not hurried or self.random() < 0.1:
                    self.solve(tab, leaf)
            elif leaf.kind == "html":
                self.wait(_READ)
                self.voice.read(self.now, tab, leaf)
            elif self.random() < 0.25:
                self.wait(_READ)
                self.voice.talk_inline(self.now, tab, leaf)
        learner.done.add(unit.key)
        if self.random() < 0.03:
            self.click()
            self.voice.bookmark(self.now, tab)
            self.now += _MOMENT

    def watch(self, tab: Tab, leaf: Leaf) -> None:
        """Play a video, with pauses, leaps and changes of speed, to its end or not."""
        say, position, speed = self.voice.video, 0.0, 1.0
        self.click()
        if self.random() < 0.1:
            say(
                self.now, tab, leaf, "show_transcript" if self.random() < 0.6 else "hide_transcript", position
            )
            self.click()
        say(self.now, tab, leaf, "play", position)
        until = leaf.duration_s if self.random() < 0.7 else leaf.duration_s * self.random()
        while position < until - 5:
            # A recorded lecture runs for long stretches, sometimes for more than half an hour.
            reach = (0.35 + self.random()) * (240 if self.random() < 0.8 else 4000)
            step = min(until - position, reach * speed)
            self.now += int(step / speed * SECOND)
            position += step
            if position >= until - 5:
                break
            position, speed = self._interrupt(tab, leaf, position, speed, until)
            # Leaps back must not keep a learner forever.
            until -= 4
        verb = "stop" if position >= leaf.duration_s - 5 else "pause"
        say(self.now, tab, leaf, verb, position)
        self.voice.keep_state(self.now + 250_000, tab, leaf, position)
        self.now += _MOMENT

    def _interrupt(
        self, tab: Tab, leaf: Leaf, position: float, speed: float, until: float
    ) -> tuple[float, float]:
        """Pause, leap or change the speed; gives position and speed after it."""
        say, roll = self.voice.video, self.random()
        if roll < 0.45:
            say(self.now, tab, leaf, "pause", position)
            self.voice.keep_state(self.now + 200_000, tab, leaf, position)
            self.wait(_READ)
            if self.random() < 0.01:
                self.away(tab)
            say(self.now, tab, leaf, "play", position)
            return position, speed
        if roll < 0.8:
            target = max(0.0, min(until - 1, position + (self.random() - 0.6) * 120))
            say(self.now, tab, leaf, "seek", position, position, target)
            return target, speed
        faster = self.rng.choice((0.75, 1.0, 1.25, 1.5, 2.0))
        say(self.now, tab, leaf, "speed", position, speed, faster)
        return position, faster

    def solve(self, tab: Tab, leaf: Leaf) -> None:
        """Answer until it is right, the attempts are over or the patience is; auditors never do."""
        learner, voice = self.learner, self.voice
        if learner.habit == "auditing":
            return
        old: dict[str, str] = {}
        attempts = learner.attempts.get(leaf.key, 0)
        if self.random() < 0.06:
            self.wait(_THINK)
            voice.save(self.now, tab, leaf, self._answers(leaf, learner.skill))
            self.now += _MOMENT
        for patience in range(4):
            self.wait(_THINK)
            answers = self._answers(leaf, learner.skill + 0.15 * patience)
            attempts += 1
            voice.check(self.now, tab, leaf, answers, old, attempts)
            self.now += _MOMENT
            if leaf.max_attempts is not None and attempts > leaf.max_attempts:
                break
            old = answers
            if all(answers[entry.id] == entry.answer for entry in leaf.inputs) or self.random() < 0.3:
                break
            if self.random() < 0.05:
                self.click()
                voice.reset(self.now, tab, leaf, answers)
                self.now += _MOMENT
                old = {}
        learner.attempts[leaf.key] = attempts
        if self.random() < 0.12:
            self.click()
            voice.show_answer(self.now, tab, leaf)
            self.now += _MOMENT

    def _answers(self, leaf: Leaf, skill: float) -> dict[str, str]:
        return {entry.id: self._answer(entry, skill) for entry in leaf.inputs}

    def _answer(self, entry: Input, skill: float) -> str:
        if self.random() < skill:
            return entry.answer
        if entry.kind == "choice":
            return entry.options[int(self.random() * 4)]
        return f"{self.random() * 20:.1f}" if entry.kind == "numeric" else "not sure"
