"""The evidence ladder: which fact places an event, strongest first.

``LADDER`` is the whole decision; the reference documentation is drawn from it.
Each rule looks at one step, the page it states, the course tree of its time and
what is remembered of the learner, and either answers with a spot or passes.

What events state badly, and where it was seen:

* server events of a problem have ``page: "x_module"`` or none (all eras), and
  no session either until 2013; since 2014 the referer names the page;
* browser events on a sequence name the section, not the panel, until the
  learning MFE; only sequence events name the panel they go to;
* a request for a section shows the panel where the learner was last, one for
  the course or a chapter the section;
* a URL with a panel keeps it while the learner moves on to other panels;
* the mobile app names no page at all.

Rules are asked in the order of the ladder; ``PlaceSource`` numbers them as the
design does. A page that names the section is asked before the device, so that
two tabs on two sections do not mix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from openedx_moocdb.processing.trajectory.spots import complete, spot_of_page
from openedx_moocdb.processing.trajectory.state import Device, State
from openedx_moocdb.schema.course import CourseTree, Spot, block_name, block_type
from openedx_moocdb.schema.step import NEXT_SECTION, PREVIOUS_SECTION, PlaceSource, Step, StepKind
from openedx_moocdb.translation.pages import Page, PageKind


class Case(msgspec.Struct, gc=False):
    """All that a rule may look at."""

    step: Step
    page: Page
    course_key: str
    tree: CourseTree | None
    state: State
    device: Device
    limit_us: int


class Rule(NamedTuple):
    """One rung: what the answer counts as, for which steps it is asked, how it is found."""

    source: PlaceSource
    kinds: frozenset[StepKind]
    find: Callable[[Case], Spot | None]
    says: str


def section_key(course_key: str, section: str) -> str:
    """Key of ``State.panels`` for a section."""
    return f"{course_key} {section}"


def chapter_key(course_key: str, chapter: str) -> str:
    """Key of ``State.panels`` for a chapter, or with ``""`` for the course."""
    return f"{course_key} / {chapter}"


def stated_unit(case: Case) -> Spot | None:
    """The page or the block is a unit: ``/learning/…/<unit>``, ``/xblock/<unit>``; no move away from it."""
    if case.page.unit:
        return complete(spot_of_page(case.page, case.course_key), case.tree)
    block = case.step.block
    if block and case.course_key and block_type(block) == "vertical":
        return complete(Spot(case.course_key, unit=block), case.tree)
    return None


def stated_move(case: Case) -> Spot | None:
    """A sequence event names the panel it goes to, its page or its block the section."""
    step = case.step
    if step.panel is None:
        return None
    spot = _section_of_move(case)
    if spot is None:
        return None
    spot = complete(spot._replace(panel=step.panel, unit=""), case.tree)
    return None if spot.panel is None else spot


def _section_of_move(case: Case) -> Spot | None:
    page, block = case.page, block_name(case.step.block)
    if page.section:
        spot = spot_of_page(page, case.course_key)
        if not block or spot.section == block:
            return spot
    last = case.device.spot
    if last is not None and last.course_key == case.course_key and last.section == (block or last.section):
        return last
    if not block:
        return None
    if case.tree is not None and case.step.panel not in (NEXT_SECTION, PREVIOUS_SECTION):
        first = case.tree.unit_at(block, 1)
        if first is not None:
            return first.spot
    return Spot(case.course_key, "", block)


def stated_panel(case: Case) -> Spot | None:
    """A page is opened that names section and panel: ``courseware/<chapter>/<section>/<n>``."""
    return _panel_of_url(case)


def entry_panel(case: Case) -> Spot | None:
    """The page was opened at that panel, and nothing is known of a move since."""
    return _panel_of_url(case)


def _panel_of_url(case: Case) -> Spot | None:
    page, step = case.page, case.step
    if not page.section:
        return None
    panel = page.panel if page.panel is not None else step.panel
    if panel is None:
        return None
    spot = complete(spot_of_page(page, case.course_key)._replace(panel=panel), case.tree)
    return None if spot.panel is None else spot


def unit_of_block(case: Case) -> Spot | None:
    """The block is in the course tree, on one unit; a page that names another section wins."""
    step = case.step
    if not step.block or case.tree is None:
        return None
    unit = case.tree.unit_of(step.block)
    if unit is None:
        return None
    if case.page.section and spot_of_page(case.page, case.course_key).section != unit.section:
        return None
    return unit.spot


def panel_of_section(case: Case) -> Spot | None:
    """The page is the section: its panel is where the learner went last in that section."""
    if not case.page.section:
        return None
    spot = spot_of_page(case.page, case.course_key)
    known = case.state.panels.get(section_key(spot.course_key, spot.section))
    if known is None:
        return None
    return complete(spot._replace(panel=known.panel, unit=known.unit), case.tree)


def place_of_block(case: Case) -> Spot | None:
    """No page: where the same learner acted on the same block before."""
    if not case.step.block or case.page.is_place:
        return None
    known = case.state.blocks.get(case.step.block)
    return known if known is not None and known.course_key == case.course_key else None


def last_place(case: Case) -> Spot | None:
    """No page: the last courseware place on the device, at most one session limit old."""
    spot, step = case.device.spot, case.step
    if spot is None or case.page.is_place:
        return None
    if spot.course_key != case.course_key or step.time_us - case.device.spot_us > case.limit_us:
        return None
    return spot


def resumed_place(case: Case) -> Spot | None:
    """The course or a chapter is opened: the platform goes to where the learner was last in it."""
    page = case.page
    if page.kind is not PageKind.COURSEWARE or page.section:
        return None
    known = case.state.panels.get(chapter_key(case.course_key, page.chapter))
    if known is not None or case.tree is None:
        return known
    unit = case.tree.first_unit(page.chapter)
    return unit.spot if unit is not None else None


def saved_position(case: Case) -> Spot | None:
    """A section is opened without a panel: the platform shows the last one, the first at first."""
    if not case.page.section:
        return None
    spot = spot_of_page(case.page, case.course_key)
    if spot.panel is not None:
        return None
    known = case.state.panels.get(section_key(spot.course_key, spot.section))
    if known is not None and known.panel is not None:
        return complete(spot._replace(panel=known.panel, unit=known.unit), case.tree)
    return complete(spot._replace(panel=1), case.tree)


def section_only(case: Case) -> Spot | None:
    """The page names a section and nothing tells the panel."""
    if not case.page.section:
        return None
    return spot_of_page(case.page, case.course_key)._replace(panel=None)


_V, _N, _A, _B = StepKind.VIEW, StepKind.NAVIGATE, StepKind.ACT, StepKind.BACKGROUND

LADDER: tuple[Rule, ...] = tuple(
    Rule(source, frozenset(kinds), find, (find.__doc__ or "").split("\n")[0])
    for source, kinds, find in (
        (PlaceSource.STATED, (_V, _A, _B), stated_unit),
        (PlaceSource.STATED, (_N,), stated_move),
        (PlaceSource.STATED, (_V,), stated_panel),
        (PlaceSource.STRUCTURE, (_V, _A, _B), unit_of_block),
        (PlaceSource.INHERITED_PANEL, (_A, _B), panel_of_section),
        (PlaceSource.ASSUMED, (_A, _B), entry_panel),
        (PlaceSource.INHERITED_URL, (_A, _B), place_of_block),
        (PlaceSource.INHERITED_URL, (_A, _B), last_place),
        (PlaceSource.ASSUMED, (_V,), saved_position),
        (PlaceSource.ASSUMED, (_V,), resumed_place),
        (PlaceSource.UNKNOWN, (_V, _N, _A, _B), section_only),
    )
)

_RUNGS: dict[StepKind, tuple[tuple[PlaceSource, Callable[[Case], Spot | None]], ...]] = {
    kind: tuple((rule.source, rule.find) for rule in LADDER if kind in rule.kinds) for kind in StepKind
}


def climb(case: Case) -> tuple[PlaceSource, Spot | None]:
    """The first rule for the kind of step that answers, and its answer."""
    for source, find in _RUNGS[case.step.kind]:
        spot = find(case)
        if spot is not None:
            return source, spot
    return PlaceSource.UNKNOWN, None
