"""The rule of the thesis, as a peer to be measured against: inherit the last URL and panel.

A step without a page inherits the last courseware URL; a step on a sequence
inherits the panel of the last navigation while the learner stays in that
sequence. One location per learner, one sequence deep, no course structure.
"""

from __future__ import annotations

from openedx_moocdb.processing.trajectory.spots import stated_page
from openedx_moocdb.schema.course import block_name
from openedx_moocdb.schema.step import Step, StepKind

_HOUR_US = 3_600_000_000


class ThesisRule:
    """One learner's location after each step."""

    def __init__(self) -> None:
        self._section = ""
        self._panel: int | None = None
        self._time_us = 0

    def place(self, step: Step) -> tuple[str, int | None] | str:
        """(section, panel) of a step, or the unit's key where the page names it."""
        page = stated_page(step.url) if step.url else None
        if page is not None and page.unit:
            return page.unit
        if step.kind is StepKind.ELSEWHERE:
            self._section, self._panel = "", None
            return "", None
        is_recent = step.time_us - self._time_us < _HOUR_US
        self._time_us = step.time_us
        if page is None or not page.section:
            return (self._section, self._panel) if is_recent else ("", None)
        section = block_name(page.section)
        panel = page.panel
        if step.kind is StepKind.NAVIGATE and step.panel is not None and step.panel > 0:
            panel = step.panel
        elif panel is None and step.kind is StepKind.VIEW:
            panel = 1
        elif panel is None and section == self._section and is_recent:
            panel = self._panel
        self._section, self._panel = section, panel
        return section, panel
