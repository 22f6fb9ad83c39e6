"""How every store keeps order: course trees, dictionaries, quarantine, marks."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from openedx_moocdb.data_access.store.interface import FileMark, LearnerState, Rejection
from openedx_moocdb.data_access.store.models import (
    Block,
    Problem,
    Resource,
    Url,
)
from openedx_moocdb.schema import rows
from openedx_moocdb.schema.errors import LearnerKeyMismatch
from openedx_moocdb.schema.step import StepKind
from tests.contracts.stores import (
    COURSE,
    DAY_US,
    START_US,
    block_row,
    course_row,
    event,
    key,
    learner,
    placed,
    resource,
    stored_rows,
    tree,
    url_row,
    usage,
    values,
    visit,
)


def test_a_course_version_is_stored_once_and_makes_later_learners_dirty(store: Any) -> None:
    early, late, other = learner(1), learner(2), learner(3)
    elsewhere = event(9 * 86400, other, stated_course_id=None)
    with store.transaction():
        store.insert_columns(
            "observed_events",
            [
                values(event(0, early)),
                values(event(5 * 86400, late, stated_course_id=None), placed()),
                values(elsewhere),
            ],
        )
        before = store.generation()
        assert store.save_course_version(tree(valid_from_us=START_US + 2 * DAY_US))
        assert store.generation() > before
        assert store.dirty_learners() == sorted([early, late])
        store.save_states([LearnerState(early), LearnerState(late)])
    with store.transaction():
        assert not store.save_course_version(tree(valid_from_us=START_US + 3 * DAY_US))
        assert not store.save_course_version(tree(valid_from_us=START_US))
        newer = tree(valid_from_us=START_US + 3 * DAY_US, name="Renamed")
        assert store.save_course_version(newer)
        assert store.dirty_learners() == [late]
        stored = [tree(valid_from_us=START_US + 2 * DAY_US), newer]
        assert store.course_versions(COURSE) == stored
        assert store.course_versions("course-v1:no+such+course") == []


def test_a_version_of_the_same_moment_takes_the_place_of_the_old_one(store: Any) -> None:
    with store.transaction():
        assert store.save_course_version(tree())
        assert store.save_course_version(tree(name="Renamed"))
        assert store.course_versions(COURSE) == [tree(name="Renamed")]


def test_resources_and_problems_are_described_from_the_latest_tree(store: Any) -> None:
    place = "/courseware/ch/sec/2/problem/p1/"
    uris = [
        "/",
        "/courseware/ch/",
        "/courseware/ch/sec/",
        "/courseware/ch/sec/2/",
        place,
        f"{place}2/1/",
        "/wiki/",
    ]
    resources = [resource(uri) for uri in uris]
    wrong = resource("/courseware/ch/sec/1/problem/p1/")
    block = block_row(usage("problem", "p1"))
    problem = rows.Problem(31, "p1", None, None, block.block_id)
    moved = [
        values(event(n, learner(1), block_id=block.block_id), placed(resource_id=wrong.resource_id))
        for n in range(3)
    ]
    with store.transaction():
        store.add_entries([*resources, wrong, block, problem])
        store.insert_columns("observed_events", moved)
        store.save_course_version(tree(name="Old name"))
        store.save_course_version(tree(valid_from_us=START_US))
    for _ in range(2):
        with store.transaction():
            store.describe_resources()
        found = {
            row.resource_uri: (
                row.resource_name,
                row.resource_child_number,
                row.resource_relevant_week,
                row.resource_release_timestamp and row.resource_release_timestamp.strftime("%m-%d"),
            )
            for row in stored_rows(store, Resource)
        }
        assert [found[one.resource_uri] for one in resources] == [
            ("?", None, None, None),
            ("Chapter", 1, 3, "09-16"),
            ("Section", 1, 3, "09-16"),
            ("Unit two", 2, 3, "09-16"),
            ("Problem one", 1, 3, "09-16"),
            ("Problem one", 1, 3, "09-16"),
            ("?", None, None, None),
        ]
        row = stored_rows(store, Problem).get()
        assert (row.problem_type_id, row.problem_weight, row.problem_max_submission) == (1, 2.5, 3)
        assert (row.problem_week, row.problem_hard_deadline.strftime("%m-%d")) == (5, "09-29")
        assert row.resource_id == resources[4].resource_id


def test_without_a_tree_a_problem_is_where_most_of_its_events_are(store: Any) -> None:
    few, many = (resource(f"/courseware/ch/sec/{panel}/problem/p1/") for panel in (1, 2))
    block = block_row(usage("problem", "p1"))
    places = [few, many, many]
    with store.transaction():
        store.add_entries([few, many, block, rows.Problem(31, "p1", None, None, block.block_id)])
        store.insert_columns(
            "observed_events",
            [
                values(event(n, learner(1), block_id=block.block_id), placed(resource_id=one.resource_id))
                for n, one in enumerate(places)
            ],
        )
        store.describe_resources()
    assert stored_rows(store, Problem).get().resource_id == many.resource_id


def test_a_course_version_marks_the_course_if_events_of_nobody_are_in_it(store: Any) -> None:
    course_id = course_row().course_id
    nobodies = [values(event(n, None), placed(visit_id=None)) for n in range(5)]
    others = [values(event(9, None)), values(event(2, learner(1), "x"), placed())]
    with store.transaction():
        store.add_entries([course_row()])
        store.insert_columns("observed_events", others)
        store.save_course_version(tree())
        assert store.dirty_courses() == []
        store.insert_columns("observed_events", nobodies)
        store.save_course_version(tree(valid_from_us=START_US + DAY_US, name="Later"))
        assert store.dirty_courses() == []
        store.save_course_version(tree(valid_from_us=START_US + 1, name="Earlier"))
        assert store.dirty_courses() == [course_id]
        assert store.dirty_learners() == [learner(1)]
    with store.transaction():
        found = store.steps_of_nobody(course_id, b"", 3)
        assert [one.step.key for one in found] == [key(0), key(1), key(2)]
        assert {one.placement for one in found} == {placed(visit_id=None)}
        assert [one.step.key for one in store.steps_of_nobody(course_id, key(2), 3)] == [key(3), key(4)]
        assert store.steps_of_nobody(course_id + 1, b"", 3) == []
        store.clean_course(course_id)
        assert store.dirty_courses() == []
    with store.transaction():
        store.save_course_version(tree(valid_from_us=START_US + 2, name="Again"))
        assert store.dirty_courses() == [course_id]


def test_pruning_deletes_what_nothing_refers_to_and_keeps_the_way_up(store: Any) -> None:
    def number(name: str) -> int:
        return block_row(usage("html", name)).block_id

    urls = {
        name: url_row(f"/{name}/") for name in ("placed", "stated", "closed", "visited", "unused", "pair")
    }
    parent, orphan = resource("/courseware/ch/"), resource("/courseware/gone/")
    used = msgspec.structs.replace(resource("/courseware/ch/sec/"), resource_parent_id=parent.resource_id)
    pair = rows.ResourceUrl(1, used.resource_id, urls["placed"].url_id)
    lost = rows.ResourceUrl(2, used.resource_id, urls["pair"].url_id)
    names = {name: usage("html", name) for name in ("on", "in", "visited", "problem", "survey", "unused")}
    placement = placed(resource_id=used.resource_id, url_id=urls["placed"].url_id, unit_id=number("in"))
    with store.transaction():
        store.add_entries([*urls.values(), parent, used, orphan, pair, lost])
        store.insert_columns(
            "observed_events",
            [
                values(
                    event(1, learner(1), stated_url_id=urls["stated"].url_id, block_id=number("on")),
                    placement,
                )
            ],
        )
        store.insert_rows(
            [rows.StepRow(key(2), learner(1), StepKind.CLOSE, None, urls["closed"].url_id, None)]
        )
        stay = visit(1, learner(1))
        stay = msgspec.structs.replace(stay, url_id=urls["visited"].url_id, unit_id=number("visited"))
        store.upsert_visits([stay])
        # Neither a block that nothing names nor the resource that only a problem was derived to be at stays.
        store.add_entries(list(map(block_row, names.values())))
        store.add_entries([rows.Problem(31, "p1", None, None, number("problem"))])
        store.add_entries([rows.Survey(32, number("survey"))])
    stored_rows(store, Problem).update(resource_id=orphan.resource_id)
    with store.transaction():
        assert store.prune() == 5
    with store.transaction():
        assert store.prune() == 0
    kept_blocks = set(stored_rows(store, Block).values_list("usage_key", flat=True))
    assert kept_blocks == set(names.values()) - {names["unused"]}
    assert stored_rows(store, Problem).get().resource_id is None
    with store.transaction():
        store.add_entries([urls["unused"]])
    kept = set(stored_rows(store, Url).values_list("url", flat=True))
    assert kept == {row.url for name, row in urls.items() if name != "pair"}
    assert set(stored_rows(store, Resource).values_list("pk", flat=True)) == {
        used.resource_id,
        parent.resource_id,
    }


def test_another_process_learns_that_its_dictionary_was_pruned(store: Any) -> None:
    url, other = url_row("/a/"), type(store)(store.alias)
    with store.transaction():
        store.add_entries([url])
    with other.transaction():
        assert other.prune() == 1
    with store.transaction():
        store.add_entries([url])
    assert stored_rows(store, Url).get().url == url.url


def test_quarantine_keeps_a_line_once_until_it_is_released(store: Any) -> None:
    odd = Rejection(
        b'{"x": \xff\x00', "no JSON object in the line", "found \t\\ \U0001f600", "a/tracking.log"
    )
    other = Rejection(b"2", "no time", "", "b.log")
    with store.transaction():
        store.quarantine([odd])
    with store.transaction():
        store.quarantine([msgspec.structs.replace(odd, file="again.log"), other])
    with store.transaction():
        assert list(store.quarantined()) == [odd, other]
        store.release([odd.line, b"never seen"])
        assert list(store.quarantined()) == [other]


def test_file_marks_are_overwritten(store: Any) -> None:
    mark = FileMark("f" * 64, "/logs/ü\\tracking.log", 1 << 40, 12, False, "tail")
    done = msgspec.structs.replace(mark, lines=13, is_complete=True, path="/elsewhere")
    with store.transaction():
        assert store.file_mark(mark.file_id) is None
        store.save_file_marks([mark, msgspec.structs.replace(mark, file_id="g")])
        assert store.file_mark(mark.file_id) == mark
        store.save_file_marks([done])
        assert store.file_mark(mark.file_id) == done


def test_another_learner_key_is_refused(store: Any) -> None:
    with store.transaction():
        store.check_learner_key("aa")
        store.check_learner_key("aa")
        with pytest.raises(LearnerKeyMismatch, match=r"aa.*bb"):
            store.check_learner_key("bb")


def test_row_counts_name_every_table(store: Any) -> None:
    with store.transaction():
        store.insert_columns("observed_events", [values(event(1, None))])
        counts = store.row_counts()
    assert counts["observed_events"] == 1
    assert counts["visits"] == 0
    assert counts["resource_types"] == len(rows.RESOURCE_TYPES)
