"""A store through Django's ORM: slow, on any database; what the fast ones are compared with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

import msgspec
from django.db import OperationalError, transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone

from openedx_moocdb.data_access.store import course_trees, description, pruning, stored_steps, tables
from openedx_moocdb.data_access.store.interface import (
    FileMark,
    LearnerState,
    Rejection,
    StepFacts,
    StoredStep,
)
from openedx_moocdb.data_access.store.models import (
    DatabaseFact,
    ImportFile,
    LearnerLink,
    LearnerStateRecord,
    ObservedEvent,
    QuarantinedLine,
    Step,
)
from openedx_moocdb.data_access.store.row_writer import CHUNK, RowWriter, chunks
from openedx_moocdb.schema.course import CourseVersion
from openedx_moocdb.schema.errors import LearnerKeyMismatch, TransientError
from openedx_moocdb.schema.rows import Entry, Row, Visit, course_row
from openedx_moocdb.schema.step import Placement

REMEMBERED = 1 << 20
GENERATION = "generation"
#: MySQL: lock time-out, deadlock, server gone, connection lost
_TRANSIENT_CODES = frozenset({1205, 1213, 2006, 2013, 4031})
_TRANSIENT_WORDS = re.compile(
    r"database (table )?is locked|deadlock detected|lock timeout|could not serialize|closed the connection",
    re.I,
)
#: begins the keys of states that mark courses: no pseudonym, a hash, is likely to begin so
_NOBODY = bytes(8)


class PortableStore(RowWriter):
    """Rows in one Django database; see ``interface.Store`` for what each method gives."""

    def __init__(self, alias: str = "default") -> None:
        super().__init__(alias)
        self._seen: set[Row] = set()
        self._fresh: set[Row] = set()
        self._generation = -1

    # one batch

    @contextmanager
    def transaction(self) -> Iterator[None]:
        try:
            with transaction.atomic(using=self.alias):
                self._begin()
                yield
        except OperationalError as error:
            if _is_transient(error):
                raise TransientError(f"the database asks to try again: {error}") from error
            raise

    def _begin(self) -> None:
        """Share the generation until commit, so that nothing this batch relies on is deleted meanwhile."""
        fresh: set[Row] = set()
        self._fresh = fresh
        transaction.on_commit(lambda: self._remember(fresh), using=self.alias)
        generation = self._share_generation()
        if generation != self._generation:
            self._seen.clear()
            self._generation = generation

    def _share_generation(self) -> int:
        lock = {"mysql": " LOCK IN SHARE MODE", "postgresql": " FOR SHARE"}.get(self.connection.vendor, "")
        query = f"SELECT fact_value FROM moocdb_database_facts WHERE fact_name = %s{lock}"
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "sqlite":
                # A write as first statement takes the one writer's lock at once, as BEGIN IMMEDIATE does.
                cursor.execute("UPDATE moocdb_database_facts SET fact_value = fact_value WHERE 0")
            cursor.execute(query, [GENERATION])
            found = cursor.fetchone()
        if found is None:
            fact = DatabaseFact(fact_name=GENERATION, fact_value="0")
            self._insert_objects(DatabaseFact, [fact])
        return int(found[0]) if found else 0

    def _remember(self, fresh: set[Row]) -> None:
        if len(self._seen) + len(fresh) > REMEMBERED:
            self._seen.clear()
        self._seen |= fresh

    def generation(self) -> int:
        return self._generation

    def _next_generation(self) -> None:
        """Wait for all other writers, and make them forget what they remember of dictionaries and trees."""
        facts = DatabaseFact.objects.using(self.alias)
        fact = facts.select_for_update().get(fact_name=GENERATION)
        fact.fact_value = str(int(fact.fact_value) + 1)
        fact.save(using=self.alias)
        self._seen.clear()
        self._fresh.clear()
        self._generation = int(fact.fact_value)

    # learners

    def lock_states(self, learners: Sequence[bytes]) -> dict[bytes, LearnerState]:
        ordered = sorted(set(learners))
        self._make_states(ordered)
        found: dict[bytes, LearnerState] = {}
        for chunk in chunks(ordered):
            for record in self._locked(chunk):
                found[record[0]] = LearnerState(
                    bytes(record[0]), bytes(record[1] or b""), bytes(record[2]), bool(record[3])
                )
        return found

    def _make_states(self, ordered: list[bytes]) -> None:
        records = [LearnerStateRecord(learner_id=learner) for learner in ordered]
        self._insert_objects(LearnerStateRecord, records)

    def _locked(self, chunk: list[bytes]) -> Iterable[tuple[Any, ...]]:
        query = LearnerStateRecord.objects.using(self.alias).filter(learner_id__in=chunk)
        query = query.select_for_update().order_by("learner_id")
        return query.values_list("learner_id", "last_key", "state", "is_dirty")

    def save_states(self, states: Sequence[LearnerState]) -> None:
        records = [
            LearnerStateRecord(
                learner_id=state.learner,
                last_key=state.last_key or None,
                state=state.state,
                is_dirty=state.is_dirty,
            )
            for state in states
        ]
        self._upsert(LearnerStateRecord, records)

    def dirty_learners(self) -> list[bytes]:
        return [learner for learner in self._dirty() if not learner.startswith(_NOBODY)]

    def dirty_courses(self) -> list[int]:
        nobodies = (learner for learner in self._dirty() if learner.startswith(_NOBODY))
        return [int.from_bytes(nobody[len(_NOBODY) :], "big") for nobody in nobodies]

    def _dirty(self) -> list[bytes]:
        query = LearnerStateRecord.objects.using(self.alias).filter(is_dirty=True).order_by("learner_id")
        return list(query.values_list("learner_id", flat=True))

    def clean_course(self, course_id: int) -> None:
        self.save_states([LearnerState(_nobody(course_id))])

    def steps_of_nobody(self, course_id: int, after: bytes, limit: int) -> list[StoredStep]:
        return stored_steps.steps_of_nobody(self.connection, course_id, after, limit)

    def mark_dirty(self, learners: Iterable[bytes]) -> None:
        ordered = sorted(set(learners))
        self._make_states(ordered)
        for chunk in chunks(ordered):
            query = LearnerStateRecord.objects.using(self.alias).filter(learner_id__in=chunk, is_dirty=False)
            query.update(is_dirty=True)

    def steps_of(self, learner: bytes) -> list[StoredStep]:
        return stored_steps.steps_of(self.connection, learner)

    def rename_learner(self, old: bytes, new: bytes) -> None:
        events = ObservedEvent.objects.using(self.alias).filter(user_id=old)
        # Clicks have no index on the learner; they are found through the events.
        for chunk in chunks(list(events.values_list("pk", flat=True))):
            tables.MODELS["click_events"].objects.using(self.alias).filter(pk__in=chunk).update(user_id=new)
        events.update(user_id=new)
        for table, column in tables.LEARNER_COLUMNS:
            tables.MODELS[table].objects.using(self.alias).filter(**{column: old}).update(**{column: new})
        links = LearnerLink.objects.using(self.alias)
        links.filter(learner_id=old).update(learner_id=new)
        LearnerStateRecord.objects.using(self.alias).filter(learner_id=old).delete()
        self._seen.clear()
        self.mark_dirty([new])

    def renamed_learners(self) -> list[tuple[bytes, bytes]]:
        states = LearnerStateRecord.objects.using(self.alias).filter(learner_id=OuterRef("link_id"))
        links = LearnerLink.objects.using(self.alias).exclude(link_id=F("learner_id"))
        return list(links.filter(Exists(states)).order_by("link_id").values_list("link_id", "learner_id"))

    # rows

    def known_events(self, keys: Collection[bytes]) -> set[bytes]:
        return {found[0] for found in self._known("observed_events", ["observed_event_id"], keys)}

    def known_steps(self, keys: Collection[bytes]) -> dict[bytes, StepFacts]:
        columns = ["step_id", "step_kind", "stated_course_id", "stated_url_id"]
        return {found[0]: StepFacts(*found[1:]) for found in self._known("steps", columns, keys)}

    def _known(self, table: str, columns: list[str], keys: Collection[bytes]) -> Iterator[tuple[Any, ...]]:
        """Columns of rows by primary key, the first of ``columns``."""
        for chunk in chunks(keys):
            query = tables.MODELS[table].objects.using(self.alias).filter(pk__in=chunk)
            yield from query.values_list(*columns)

    def delete_steps(self, keys: Collection[bytes]) -> None:
        for chunk in chunks(keys):
            Step.objects.using(self.alias).filter(pk__in=chunk).delete()

    def insert_columns(self, table: str, values: Sequence[tuple[Any, ...]]) -> None:
        if values:
            self._insert(table, tables.ROW_COLUMNS[table], values)

    def insert_rows(self, rows: Iterable[Row]) -> None:
        groups: dict[type[Row], list[Row]] = {}
        for row in rows:
            groups.setdefault(type(row), []).append(row)
        for row_type, group in groups.items():
            self._insert_group(row_type, group)

    def _insert_group(self, row_type: type[Row], group: Sequence[Row]) -> None:
        self._insert(
            row_type.TABLE, tables.columns(row_type), [msgspec.structs.astuple(row) for row in group]
        )

    def _unseen(self, rows: Iterable[Row]) -> list[Row]:
        """The rows, each once, that this process does not know to be stored; they are noted as stored."""
        seen, fresh = self._seen, self._fresh
        unseen = [row for row in dict.fromkeys(rows) if row not in seen and row not in fresh]
        fresh.update(unseen)
        return unseen

    def add_entries(self, entries: Iterable[Entry]) -> list[Entry]:
        groups: dict[type[Row], list[Row]] = {}
        for entry in self._unseen(entries):
            groups.setdefault(type(entry), []).append(entry)
        collisions: list[Any] = []
        for row_type, group in groups.items():
            group.sort(key=lambda entry: getattr(entry, tables.columns(type(entry))[0]))
            self._insert_group(row_type, group)
            collisions.extend(self._collisions(row_type, group))
        self._fresh.difference_update(collisions)
        return collisions

    def _collisions(self, row_type: Any, group: Sequence[Any]) -> Iterator[Any]:
        identity = tables.columns(row_type)[0]
        natural = tables.NATURAL[row_type]
        model = tables.MODELS[row_type.TABLE]
        for chunk in chunks(list(group)):
            query = model.objects.using(self.alias).filter(pk__in=[getattr(e, identity) for e in chunk])
            stored = {found[0]: found[1:] for found in query.values_list("pk", *natural)}
            for entry in chunk:
                texts = stored.get(getattr(entry, identity))
                stated = tuple(getattr(entry, column) for column in natural)
                if texts is not None and texts != stated and texts != tuple(map(self._fit, stated)):
                    yield entry

    def amend_gaps(self, gaps: Sequence[tuple[bytes, float | None, float | None]]) -> None:
        for key, gap_s, duration_s in gaps:
            events = ObservedEvent.objects.using(self.alias).filter(pk=key)
            events.update(gap_s=gap_s, observed_event_duration=duration_s)

    def amend_placements(self, placements: Sequence[tuple[bytes, Placement]]) -> None:
        for key, placement in placements:
            events = ObservedEvent.objects.using(self.alias).filter(pk=key)
            events.update(**msgspec.structs.asdict(placement))
        self._follow_courses([key for key, _ in placements])

    def _follow_courses(self, keys: list[bytes]) -> None:
        course = ObservedEvent.objects.filter(pk=OuterRef("observed_event_id")).values("course_id")
        for table in tables.HANGING:
            model = tables.MODELS[table]
            for chunk in chunks(keys):
                query = model.objects.using(self.alias).filter(observed_event_id__in=chunk)
                query.update(course_id=Subquery(course))

    def upsert_visits(self, visits: Sequence[Visit]) -> None:
        self._upsert(tables.MODELS["visits"], self._objects("visits", Visit.__struct_fields__, visits))

    def replace_visits(self, learner: bytes, visits: Sequence[Visit]) -> None:
        tables.MODELS["visits"].objects.using(self.alias).filter(user_id=learner).delete()
        self.upsert_visits(visits)

    # the course tree

    def course_versions(self, course_key: str) -> list[CourseVersion]:
        return course_trees.versions(self.alias, course_key)

    def save_course_version(self, version: CourseVersion) -> bool:
        if not course_trees.is_new(self.alias, version):
            return False
        self._next_generation()
        self.add_entries([course_row(version.course_key)])
        since_us = course_trees.save(self.alias, version)
        touched = course_trees.learners_since(self.connection, version.course_key, since_us)
        if course_trees.has_nobody_since(self.connection, version.course_key, since_us):
            touched.add(_nobody(course_row(version.course_key).course_id))
        self.mark_dirty(touched)
        return True

    # order in the house

    def row_counts(self) -> dict[str, int]:
        return {name: model.objects.using(self.alias).count() for name, model in tables.MODELS.items()}

    def describe_resources(self) -> None:
        description.describe(self.alias)

    def prune(self) -> int:
        self._next_generation()
        return pruning.prune(self.alias)

    # imports

    def quarantine(self, rejections: Sequence[Rejection]) -> None:
        now = timezone.now()
        records = [
            QuarantinedLine(
                line_id=_line_id(rejection.line),
                line=rejection.line,
                reason=rejection.reason,
                detail=self._fit(rejection.detail),
                file=self._fit(rejection.file),
                quarantined_at=now,
            )
            for rejection in rejections
        ]
        self._insert_objects(QuarantinedLine, records)

    def quarantined(self) -> Iterator[Rejection]:
        query = QuarantinedLine.objects.using(self.alias).order_by("quarantined_at", "line_id")
        for record in query.iterator(chunk_size=CHUNK):
            yield Rejection(bytes(record.line), record.reason, record.detail, record.file)

    def release(self, lines: Collection[bytes]) -> None:
        for chunk in chunks([_line_id(line) for line in lines]):
            QuarantinedLine.objects.using(self.alias).filter(pk__in=chunk).delete()

    def file_mark(self, file_id: str) -> FileMark | None:
        found = ImportFile.objects.using(self.alias).filter(pk=file_id).first()
        if found is None:
            return None
        return FileMark(found.file_id, found.path, found.offset, found.lines, found.is_complete, found.tail)

    def save_file_marks(self, marks: Sequence[FileMark]) -> None:
        records = [
            ImportFile(**{**msgspec.structs.asdict(mark), "path": self._fit(mark.path)}) for mark in marks
        ]
        self._upsert(ImportFile, records)

    def check_learner_key(self, fingerprint: str) -> None:
        facts = DatabaseFact.objects.using(self.alias)
        fact = DatabaseFact(fact_name="learner_key", fact_value=fingerprint)
        self._insert_objects(DatabaseFact, [fact])
        stored = facts.get(fact_name="learner_key").fact_value
        if stored != fingerprint:
            raise LearnerKeyMismatch(
                f"this database was written with the learner key {stored}, the setting MOOCDB_LEARNER_KEY "
                f"is {fingerprint}: restore the old key, or import into an empty database"
            )


def _nobody(course_id: int) -> bytes:
    """Stands for nobody in a course, as a learner does, where it is marked who is to be derived again."""
    return _NOBODY + course_id.to_bytes(8, "big")


def _is_transient(error: OperationalError) -> bool:
    code = error.args[0] if error.args else None
    return code in _TRANSIENT_CODES if isinstance(code, int) else bool(_TRANSIENT_WORDS.search(str(error)))


def _line_id(line: bytes) -> bytes:
    return blake2b(line, digest_size=16).digest()
