"""One event in, one outcome out: what is the same for every event type."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

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
    Entry,
    EventTypeRow,
    LearnerLink,
    ObservedEvent,
    Os,
    Row,
    Url,
    course_row,
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
#: plain integers for rows, which cross process borders
_NUMBERS: dict[StepKind | Redundancy, int] = {number: int(number) for number in (*StepKind, *Redundancy)}


class _Who(msgspec.Struct, frozen=True, gc=False):
    """Who acts, from where: what follows from name, id, agent, session and address alone."""

    learner: bytes | None
    session_id: int | None
    country: str | None
    os_id: int | None
    agent_id: int | None
    device: int
    entries: tuple[Entry, ...]


class Translator:
    """``translate`` for one site, with its look-ups remembered.

    The memory changes no answer: every method is a function of its arguments.
    """

    def __init__(self, site: Site, registry: Registry | None = None) -> None:
        self.site = site
        self.registry = registry or default_registry()
        self._who = lru_cache(1 << 14)(self._find_who)
        self._agent = lru_cache(1 << 13)(self._find_agent)
        self._url = lru_cache(_CACHE)(self._make_url)
        self._country = lru_cache(1 << 14)(site.country)

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
        if event_type.states_subject:
            user_id, username = event_type.subject(event)
            is_actor = self._is_actor(event_type, event, user_id, username)
        else:
            user_id, username = event.user_id, event.username
            is_actor = user_id is not None or bool(username) or event_type.step is not StepKind.NOWHERE
        if is_actor:
            who = self._who(user_id, username, event.agent, event.session, event.ip)
        else:  # page, device, session and address are those of somebody else
            who = self._who(user_id, username, "", "", "")
            page = NO_PAGE
        block = event_type.block(event, page)
        course = event.course_key or page.course_key or self._course_of_block(block)
        kind = event_type.kind(event, page) if is_actor else StepKind.NOWHERE
        panel = event_type.panel(event, page)
        if panel is not None and not PREVIOUS_SECTION <= panel <= _LAST_PANEL:
            panel = None
        play_left_s, position_s = _playback(event_type, event) if event_type.states_playback else (None, None)
        type_row = _event_type(event_type.type_name(event))
        type_id = type_row.observed_event_type_id
        entries: list[Entry] = [type_row, *who.entries]
        course_id = url_id = block_id = None
        url = ""
        if course:
            found = course_row(course)
            course_id = found.course_id
            entries.append(found)
        if page.path:
            url_row = self._url(page.path)
            url_id, url = url_row.url_id, url_row.url
            entries.append(url_row)
        if block:
            block_row = _block(block)
            block_id = block_row.block_id
            entries.append(block_row)
        step = Step(
            event.key,
            event.time_us,
            kind,
            course,
            url,
            panel,
            block,
            who.device,
            play_left_s,
            position_s,
        )
        if not event_type.is_row:
            if who.learner is None:
                return Skipped(SkipReason.ANONYMOUS)
            return Translated(event.key, event.time_us, who.learner, None, step, tuple(entries))
        redundancy = event_type.redundancy
        timestamp = time_text(event.time_us)
        observed = ObservedEvent(
            event.key,
            who.learner,
            type_id,
            timestamp,
            event.source,
            who.session_id,
            who.country,
            who.os_id,
            who.agent_id,
            course_id,
            url_id,
            panel,
            block_id,
            _NUMBERS[kind],
            play_left_s,
            position_s,
            _NUMBERS[redundancy],
            redundancy is Redundancy.NONE,
            event.is_truncated,
        )
        rows: list[Row] = []
        if event_type.states_rows:
            act = Act(
                event, self.site, who.learner, course_id, block, block_id, type_id, timestamp, redundancy
            )
            for row in event_type.rows(act):
                if isinstance(row, Entry):
                    entries.append(row)
                else:
                    rows.append(row)
        return Translated(event.key, event.time_us, who.learner, observed, step, tuple(entries), tuple(rows))

    def _find_who(self, user_id: int | None, username: str | None, agent: str, session: str, ip: str) -> _Who:
        learner, link = self._find_learner(user_id, username)
        browser, system = self._agent(agent)
        agent_id = browser.agent_id if browser is not None else None
        os_id = system.os_id if system is not None else None
        return _Who(
            learner,
            keys.dictionary_id("session", session) if session else None,
            self._country(ip) if ip else None,
            os_id,
            agent_id,
            device_id(agent_id, os_id),
            tuple(row for row in (browser, system, link) if row is not None),
        )

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

    def _find_learner(
        self, user_id: int | None, username: str | None
    ) -> tuple[bytes | None, LearnerLink | None]:
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


def _playback(event_type: EventType, event: Event) -> tuple[float | None, float | None]:
    """(``play_left_s``, ``position_s``) within what a client may claim."""
    play_left_s = event_type.play_left_s(event)
    if play_left_s is not None and not UNKNOWN_REST <= play_left_s <= _LONGEST_PLAY_S:
        play_left_s = None
    position_s = event_type.position_s(event)
    if position_s is not None and not 0 <= position_s <= _LONGEST_PLAY_S:
        position_s = None
    return play_left_s, position_s


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


@lru_cache(1 << 12)
def _event_type(name: str) -> EventTypeRow:
    return EventTypeRow(keys.dictionary_id("event_type", name), name)


@lru_cache(_CACHE)
def _block(usage_key: str) -> BlockRow:
    return BlockRow(keys.dictionary_id("block", usage_key), usage_key, block_type(usage_key))


def translate(site: Site, event: Event) -> Outcome:
    """Return what ``event`` states, for a site; for many events keep a ``Translator``."""
    return Translator(site).translate(event)
