"""Commit one batch: rows as stated, places derived, state carried on.

The same code serves bulk and real time. Events that come in order continue the
learner's fold from its stored state. Events from before the state are stored
as stated, and the learner is marked dirty: ``derive`` folds all their steps
again, at once in real time, at the end of an import in bulk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from openedx_moocdb.data_access.store.interface import LearnerState, Rejection, StepFacts, Store
from openedx_moocdb.pipelines.chunks import Item, RowTuple
from openedx_moocdb.processing.trajectory.follow import Followed, Follower
from openedx_moocdb.processing.trajectory.state import State, decode_state, encode_state
from openedx_moocdb.schema import keys
from openedx_moocdb.schema.course import block_type
from openedx_moocdb.schema.outcomes import RejectReason
from openedx_moocdb.schema.rows import ENTRY_TYPES, BlockRow, Entry, Url, Visit
from openedx_moocdb.schema.step import Placement, Step, StepKind

_astuple = msgspec.structs.astuple
_NO_PLACE = _astuple(Placement())
_KEY = attrgetter("key")
#: learners whose decoded state is kept between batches
_REMEMBERED = 2000
_PLACED_AT_ONCE = 2000
#: of steps that are no events; what a course filter leaves of others has other kinds or states nothing
_BARE_KINDS = (StepKind.CLOSE, StepKind.LEAVE)


class Settled(msgspec.Struct):
    """What became of a batch. ``known``: items that were rows already."""

    events: int = 0
    known: int = 0
    late_learners: int = 0


class Settler:
    """Commits batches to one store; must be called inside the store's transaction."""

    def __init__(self, store: Store, follower: Follower) -> None:
        self.store = store
        self.follower = follower
        self._states: dict[bytes, tuple[bytes, State]] = {}

    def settle(self, items: Sequence[Item], entries: Iterable[RowTuple]) -> Settled:
        """Write ``items`` of any learners in any order, and dictionary rows (table first)."""
        batch = _Batch(self.store)
        batch.add_entry_tuples(entries)
        groups: dict[bytes, list[Item]] = {}
        alone: list[Item] = []
        for item in items:
            if item.learner is None:
                alone.append(item)
            else:
                groups.setdefault(item.learner, []).append(item)
        fresh_alone = _in_order(alone, _Known(self.store.known_events({item.key for item in alone})))
        for item in fresh_alone:
            self._place_alone(item, batch)
        learners = sorted(groups)
        states = self.store.lock_states(learners)
        known = self._known(groups, states)
        settled = Settled(known=len(alone) - len(fresh_alone))
        saved: list[LearnerState] = []
        for learner in learners:
            fresh = _in_order(groups[learner], known)
            settled.known += len(groups[learner]) - len(fresh)
            if known.steps:
                batch.replaced.extend(item.key for item in fresh if item.key in known.steps)
            if fresh:
                saved.append(self._follow(states[learner], fresh, batch, settled))
        batch.write()
        self.store.save_states(saved)
        if len(self._states) > _REMEMBERED:
            self.forget()
        settled.events = len(items) - settled.known
        return settled

    def _known(self, groups: dict[bytes, list[Item]], states: dict[bytes, LearnerState]) -> _Known:
        """What are rows already, among those that are not after their learner's state."""
        asked = {
            item.key
            for learner, items in groups.items()
            for item in items
            if states[learner].is_dirty or item.key <= states[learner].last_key
        }
        if not asked:
            return _Known()
        return _Known(self.store.known_events(asked), self.store.known_steps(asked))

    def _follow(
        self, before: LearnerState, items: list[Item], batch: _Batch, settled: Settled
    ) -> LearnerState:
        learner = before.learner
        if before.is_dirty or items[0].key <= before.last_key:
            settled.late_learners += 1
            for item in items:
                batch.add_item(item, _NO_PLACE)
            return LearnerState(learner, before.last_key, before.state, True)
        state = self._state_of(before)
        followed = self.follower.follow(learner, state, [item.step for item in items])
        for item, placement in zip(items, followed.placements, strict=True):
            batch.add_item(item, _astuple(placement) if placement is not None else _NO_PLACE)
        batch.add_followed(followed)
        encoded = encode_state(state)
        self._states[learner] = (encoded, state)
        return LearnerState(learner, items[-1].key, encoded, False)

    def _state_of(self, before: LearnerState) -> State:
        """The decoded state; kept from the last batch if nobody has written since."""
        held = self._states.pop(before.learner, None)
        if held is not None and held[0] == before.state:
            return held[1]
        return decode_state(before.state)

    def forget(self) -> None:
        """Drop what is remembered of learners: after a rollback, and to bound memory."""
        self._states.clear()

    def _place_alone(self, item: Item, batch: _Batch) -> None:
        placement, followed = self.follower.place_alone(item.step)
        batch.add_item(item, _astuple(placement) if placement is not None else _NO_PLACE)
        batch.add_dictionaries(followed)

    # again from all steps

    def derive(self, learner: bytes) -> int:
        """Fold all stored steps of a learner; return how many events got another placement."""
        before = self.store.lock_states([learner])[learner]
        stored = self.store.steps_of(learner)
        state = State()
        followed = self.follower.follow(learner, state, [found.step for found in stored])
        changed = [
            (found.step.key, placement)
            for found, placement in zip(stored, followed.placements, strict=True)
            if placement is not None and placement != found.placement
        ]
        batch = _Batch(self.store)
        batch.add_dictionaries(followed)
        batch.write()
        if changed:
            self.store.amend_placements(changed)
        self.store.replace_visits(learner, followed.visits)
        last_key = stored[-1].step.key if stored else b""
        self.store.save_states([LearnerState(before.learner, last_key, encode_state(state), False)])
        self._states.pop(learner, None)
        return len(changed)

    def place_again(self, course_id: int, after: bytes) -> bytes:
        """Place the next events of nobody in a course, those after a key; return the last key, ``b""``
        when there are no more."""
        stored = self.store.steps_of_nobody(course_id, after, _PLACED_AT_ONCE)
        batch = _Batch(self.store)
        changed = []
        for found in stored:
            placement, followed = self.follower.place_alone(found.step)
            if placement is not None and placement != found.placement:
                changed.append((found.step.key, placement))
                batch.add_dictionaries(followed)
        batch.write()
        if changed:
            self.store.amend_placements(changed)
        return stored[-1].step.key if len(stored) == _PLACED_AT_ONCE else b""


class _Known(msgspec.Struct):
    """What is stored already of the items of a batch."""

    events: set[bytes] = msgspec.field(default_factory=set)
    steps: dict[bytes, StepFacts] = msgspec.field(default_factory=dict)

    def has(self, item: Item) -> bool:
        """Is the item a row that it has nothing to add to?"""
        if item.key in self.events:
            return True
        facts = self.steps.get(item.key)
        return facts is not None and not _says_more(item, facts)


def _says_more(item: Item, stored: StepFacts) -> bool:
    """Is the stored step only what a course filter left of the item?"""
    if item.observed is not None:
        return True
    is_bare = stored.course_id is None and stored.url_id is None
    return is_bare and item.step.kind in _BARE_KINDS and _facts(item.step) != stored


def _facts(step: Step) -> StepFacts:
    return StepFacts(
        int(step.kind),
        keys.dictionary_id("course", step.course_key) if step.course_key else None,
        keys.dictionary_id("url", step.url) if step.url else None,
    )


def _in_order(items: list[Item], known: _Known) -> list[Item]:
    """Items that are no rows yet, or say more than theirs, sorted by key, each key once."""
    items.sort(key=_KEY)
    fresh: list[Item] = []
    last = b""
    for item in items:
        if item.key != last and not known.has(item):
            fresh.append(item)
        last = item.key
    return fresh


class _Batch:
    """Rows of all tables, gathered to be written together."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.events: list[RowTuple] = []
        self.steps: list[RowTuple] = []
        self.replaced: list[bytes] = []
        self.rows: dict[str, list[RowTuple]] = {}
        self.entries: dict[tuple[str, Any], Entry] = {}
        self.gaps: list[tuple[bytes, float | None, float | None]] = []
        self.moved: list[tuple[bytes, Placement]] = []
        self.visits: list[Visit] = []
        self._addresses: set[int] = set()
        self._urls: set[str] = set()
        self._blocks: set[str] = set()

    def add_entry_tuples(self, entries: Iterable[RowTuple]) -> None:
        for table, *columns in entries:
            self.entries[(table, columns[0])] = ENTRY_TYPES[table](*columns)

    def add_item(self, item: Item, placement: RowTuple) -> None:
        if item.step.url:
            self._urls.add(item.step.url)
        if item.step.block:
            self._blocks.add(item.step.block)
        if item.observed is None:
            self._add_step(item)
            return
        self.events.append(item.observed + placement)
        course_id = placement[0]
        for table, columns in item.rows:
            if columns[-1] is None and course_id is not None:
                columns = (*columns[:-1], course_id)
            self.rows.setdefault(table, []).append(columns)

    def _add_step(self, item: Item) -> None:
        self.steps.append((item.key, item.learner, *_facts(item.step), item.step.device or None))

    def add_followed(self, followed: Followed) -> None:
        self.gaps.extend(followed.gaps)
        self.moved.extend(followed.moved)
        self.visits.extend(followed.visits)
        self.add_dictionaries(followed)

    def add_dictionaries(self, followed: Followed) -> None:
        for address in followed.addresses:
            if id(address) not in self._addresses:
                self._addresses.add(id(address))
                for entry in address.entries:
                    self.entries[(entry.TABLE, _first(entry))] = entry
        for course in followed.courses:
            self.entries[(course.TABLE, course.course_id)] = course

    def write(self) -> None:
        store = self.store
        self._tell_again()
        collisions = store.add_entries(self.entries.values())
        if collisions:
            store.quarantine([_collision(entry) for entry in collisions])
        if self.gaps:
            store.amend_gaps(self.gaps)
        if self.moved:
            store.amend_placements(self.moved)
        if self.replaced:
            store.delete_steps(self.replaced)
        store.insert_columns("observed_events", self.events)
        if self.steps:
            store.insert_columns("steps", self.steps)
        for table in sorted(self.rows):
            store.insert_columns(table, self.rows[table])
        if self.visits:
            store.upsert_visits(self.visits)

    def _tell_again(self) -> None:
        """What was told with an earlier batch, unused then, may have been pruned by another import."""
        for url in self._urls:
            url_id = keys.dictionary_id("url", url)
            self.entries.setdefault(("urls", url_id), Url(url_id, url))
        for block in self._blocks:
            block_id = keys.dictionary_id("block", block)
            self.entries.setdefault(("blocks", block_id), BlockRow(block_id, block, block_type(block)))


def _first(entry: Entry) -> Any:
    return getattr(entry, entry.__struct_fields__[0])


def _collision(entry: Entry) -> Rejection:
    """Kept where people look for what went wrong; the rows keep the id."""
    text = msgspec.json.encode(entry)
    return Rejection(text, RejectReason.ID_COLLISION.value, f"{entry.TABLE}: the id has another text", "")
