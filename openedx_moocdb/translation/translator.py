"""One event in, one outcome out: what is the same for every event type."""

from __future__ import annotations

import re
from functools import lru_cache

from openedx_moocdb.schema import keys
from openedx_moocdb.schema.course import block_type
from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.outcomes import (
    Outcome,
    Rejected,
    RejectReason,
    Skipped,
    SkipReason,
    Translated,
)
from openedx_moocdb.schema.rows import (
    Agent,
    BlockRow,
    CourseRow,
    EventTypeRow,
    LearnerLink,
    ObservedEvent,
    Os,
    Row,
    Url,
)
from openedx_moocdb.schema.site import Site
from openedx_moocdb.schema.step import PREVIOUS_SECTION, UNKNOWN_REST, Redundancy, Step, StepKind, device_id
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import Act, EventType
from openedx_moocdb.translation.pages import NO_PAGE, Page, PageKind, author_page, page_of
from openedx_moocdb.translation.registry import Registry, default_registry
from openedx_moocdb.translation.times import time_text

_SKIPPED_PAGES = {
    PageKind.HEARTBEAT: Skipped(SkipReason.HEARTBEAT),
    PageKind.STATIC: Skipped(SkipReason.STATIC),
    PageKind.STUDIO: Skipped(SkipReason.STUDIO),
    PageKind.PREVIEW: Skipped(SkipReason.PREVIEW),
}
_CLIENTS = frozenset({"browser", "mobile"})
_PROBE = re.compile(r"ELB-HealthChecker|kube-probe|GoogleHC|Pingdom|UptimeRobot|NewRelicPinger", re.I)
_CACHE = 1 << 16
#: bounds of what a client may claim, far above any course
_LAST_PANEL = 9_999
_LONGEST_PLAY_S = 1e6


class Translator:
    """``translate`` for one site, with its look-ups remembered.

    The memory changes no answer: every method is a function of its arguments.
    """

    def __init__(self, site: Site, registry: Registry | None = None) -> None:
        self.site = site
        self.registry = registry or default_registry()
        self._learner = lru_cache(_CACHE)(self._find_learner)
        self._agent = lru_cache(1 << 13)(self._find_agent)
        self._url = lru_cache(_CACHE)(self._make_url)
        self._country = lru_cache(_CACHE)(site.country)

    def translate(self, event: Event) -> Outcome:
        """Return rows and step of ``event``, or why it has none. Raises nothing of an event type's."""
        name = event.name
        try:
            # A path is a request only of the server's word: a browser may send any name.
            if name[0] == "/" and event.source not in _CLIENTS:
                request = page_of(name, event.host)
                skipped = _SKIPPED_PAGES.get(request.kind)
                if skipped is not None:
                    return skipped
                event_type = self.registry.find_request(request)
                page = event_type.page(event)
            else:
                event_type = self.registry.find(name, event.source)
                page = event_type.page(event)
                kind = page.kind if page.path else _author_kind(event, event_type)
                if kind is PageKind.STUDIO or kind is PageKind.PREVIEW:
                    return _SKIPPED_PAGES[kind]
            if event.agent and event.username is None and _PROBE.search(event.agent):
                return _SKIPPED_PAGES[PageKind.HEARTBEAT]
            return self._rows_of(event, event_type, page)
        except Exception as error:  # of an event type: one odd event must not stop a log
            return Rejected(RejectReason.TRANSLATION, _where(error))

    def _rows_of(self, event: Event, event_type: EventType, page: Page) -> Outcome:
        user_id, username = event_type.subject(event)
        learner, link = self._learner(user_id, username)
        is_actor = self._is_actor(event_type, event, user_id, username)
        if not is_actor:  # page, device, session and address are those of somebody else
            page = NO_PAGE
        block = event_type.block(event, page)
        course = event.course_key or page.course_key or self._course_of_block(block)
        kind = event_type.kind(event, page) if is_actor else StepKind.NOWHERE
        panel = event_type.panel(event, page)
        if panel is not None and not PREVIOUS_SECTION <= panel <= _LAST_PANEL:
            panel = None
        play_left_s = event_type.play_left_s(event)
        if play_left_s is not None and not UNKNOWN_REST <= play_left_s <= _LONGEST_PLAY_S:
            play_left_s = None
        position_s = event_type.position_s(event)
        if position_s is not None and not 0 <= position_s <= _LONGEST_PLAY_S:
            position_s = None
        timestamp = time_text(event.time_us)
        type_row = _event_type(event_type.type_name(event))
        agent, system = self._agent(event.agent) if is_actor else (None, None)
        course_row = _course(course) if course else None
        course_id = course_row.course_id if course_row else None
        url_row = self._url(page.path) if page.path else None
        block_row = _block(block) if block else None
        block_id = block_row.block_id if block_row else None
        agent_id = agent.agent_id if agent else None
        os_id = system.os_id if system else None
        entries: list[Row] = [
            row for row in (type_row, course_row, url_row, block_row, agent, system, link) if row is not None
        ]
        step = Step(
            event.key,
            event.time_us,
            kind,
            course,
            url_row.url if url_row else "",
            panel,
            block,
            device_id(agent_id, os_id),
            play_left_s,
            position_s,
        )
        if not event_type.is_row:
            if learner is None:
                return Skipped(SkipReason.ANONYMOUS)
            return Translated(event.key, event.time_us, learner, None, step, tuple(entries))
        redundancy = event_type.redundancy
        observed = ObservedEvent(
            event.key,
            learner,
            type_row.observed_event_type_id,
            timestamp,
            event.source,
            _session_id(event.session) if event.session and is_actor else None,
            self._country(event.ip) if event.ip and is_actor else None,
            os_id,
            agent_id,
            course_id,
            url_row.url_id if url_row else None,
            panel,
            block_id,
            int(kind),
            play_left_s,
            position_s,
            int(redundancy),
            redundancy is Redundancy.NONE,
            event.is_truncated,
        )
        type_id = type_row.observed_event_type_id
        act = Act(event, self.site, learner, course_id, block, block_id, type_id, timestamp, redundancy)
        entries.extend(event_type.rows(act))
        return Translated(event.key, event.time_us, learner, observed, step, tuple(entries))

    def _is_actor(
        self, event_type: EventType, event: Event, user_id: int | None, username: str | None
    ) -> bool:
        """Whether the learner whom the event is about is the one whose request it came with.

        A fact that came with the request of nobody known is told by another machine.
        """
        if user_id is not None and event.user_id is not None:
            return user_id == event.user_id
        if username and event.username:
            return username == event.username
        if user_id is not None and event.username:
            return self.site.user_ids.get(event.username, user_id) == user_id
        return event_type.step is not StepKind.NOWHERE

    def _course_of_block(self, block: str) -> str | None:
        if not block:
            return None
        return block_ids.course_in_usage(block) or self.site.run_of.get(block_ids.course_without_run(block))

    def _find_learner(self, user_id: int | None, username: str | None) -> tuple[bytes | None, Row | None]:
        site = self.site
        learner = site.learner(user_id, username)
        if user_id is None and username:
            user_id = site.user_ids.get(username)
        if learner is None or user_id is None:
            return learner, None
        named = keys.named_learner_key(site.secret, site.name, username) if username else learner
        return learner, LearnerLink(named, learner, site.name, user_id)

    def _find_agent(self, agent: str) -> tuple[Agent | None, Os | None]:
        if not agent:
            return None, None
        browser, system = self.site.agent(agent)
        return (
            Agent(keys.dictionary_id("agent", browser), browser) if browser else None,
            Os(keys.dictionary_id("os", system), system) if system else None,
        )

    def _make_url(self, path: str) -> Url:
        text = self.site.base_url + path
        return Url(keys.dictionary_id("url", text), text)


def _author_kind(event: Event, event_type: EventType) -> PageKind:
    """Whose host an event without a page is of: an author who tries a problem out is no learner.

    What staff do in Studio by events of their own (an exam is set up) stays.
    """
    kind = author_page(event.host).kind
    is_own = kind is PageKind.STUDIO and event_type.step in (StepKind.ELSEWHERE, StepKind.NOWHERE)
    return PageKind.NONE if is_own else kind


def _where(error: Exception) -> str:
    """Kind of an error and the line that raised it; its message may hold what a learner wrote."""
    found = error.__traceback__
    while found is not None and found.tb_next is not None:
        found = found.tb_next
    where = f"{found.tb_frame.f_code.co_qualname}, line {found.tb_lineno}" if found else "an event type"
    return f"{type(error).__name__} in {where}"


@lru_cache(_CACHE)
def _session_id(session: str) -> int:
    return keys.dictionary_id("session", session)


@lru_cache(1 << 12)
def _event_type(name: str) -> EventTypeRow:
    return EventTypeRow(keys.dictionary_id("event_type", name), name)


@lru_cache(1 << 14)
def _course(course_key: str) -> CourseRow:
    return CourseRow(keys.dictionary_id("course", course_key), course_key)


@lru_cache(_CACHE)
def _block(usage_key: str) -> BlockRow:
    return BlockRow(keys.dictionary_id("block", usage_key), usage_key, block_type(usage_key))


def translate(site: Site, event: Event) -> Outcome:
    """Return what ``event`` states, for a site; for many events keep a ``Translator``."""
    return Translator(site).translate(event)
