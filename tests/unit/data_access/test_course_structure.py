"""Course structures as JSON, and the search for structures in folders."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from openedx_moocdb.data_access.sources.block_fields import read_block, time_us
from openedx_moocdb.data_access.sources.course_structure import find_structures, read_structure
from openedx_moocdb.schema.course import CourseTree
from openedx_moocdb.schema.errors import StructureError

START = "2013-02-04T00:00:00Z"
START_US = 1_359_936_000_000_000
OLD_NAME = "O-C-2013_Spring-course_structure-prod-analytics.json"


def key(kind: str, name: str) -> str:
    return f"block-v1:O+C+R+type@{kind}+block@{name}"


def entry(kind: str, *children: str, **metadata: Any) -> dict[str, Any]:
    return {"category": kind, "children": list(children), "metadata": metadata}


def package() -> dict[str, Any]:
    """A course of two chapters; the blocks are stored in no order."""
    return {
        key("problem", "p"): entry("problem", weight="2.5", max_attempts="", display_name="Quiz"),
        key("vertical", "u"): entry(
            "vertical", key("video", "v"), key("problem", "p"), key("html", "missing")
        ),
        key("chapter", "b"): entry("chapter"),
        key("chapter", "a"): entry("chapter", key("sequential", "s")),
        key("sequential", "s"): entry(
            "sequential",
            key("vertical", "u"),
            due="2013-03-01T12:00:00.5+01:00",
            graded=True,
            format="Homework",
        ),
        key("video", "v"): entry("video", duration=61.5),
        key("course", "course"): entry("course", key("chapter", "b"), key("chapter", "a"), start=START),
        key("static_tab", "z"): entry("static_tab"),
        key("about", "overview"): entry("about"),
    }


def write(path: Path, payload: object) -> Path:
    path.write_text(json.dumps(payload), encoding="utf-8")
    return path


def test_blocks_come_in_the_order_of_the_tree_and_orphans_last(tmp_path: Path) -> None:
    version = read_structure(write(tmp_path / "a.json", package()))
    assert [block.name for block in version.blocks] == [
        "course",
        "b",
        "a",
        "s",
        "u",
        "v",
        "p",
        "overview",
        "z",
    ]


def test_metadata_becomes_fields_of_blocks(tmp_path: Path) -> None:
    version = read_structure(write(tmp_path / "a.json", package()))
    blocks = {block.name: block for block in version.blocks}
    assert version.course_key == "course-v1:O+C+R"
    assert blocks["course"].start_us == START_US
    assert blocks["s"].due_us == time_us("2013-03-01T11:00:00.500000Z")
    assert (blocks["s"].graded, blocks["s"].assignment_type) == (True, "Homework")
    assert (blocks["p"].weight, blocks["p"].max_attempts, blocks["p"].display_name) == (2.5, None, "Quiz")
    assert blocks["v"].duration_s == 61.5
    assert (blocks["b"].start_us, blocks["b"].due_us, blocks["b"].graded) == (None, None, False)


def test_a_missing_child_stays_a_key_and_is_no_block(tmp_path: Path) -> None:
    version = read_structure(write(tmp_path / "a.json", package()))
    tree = CourseTree(version)
    missing = key("html", "missing")
    assert missing in tree.blocks[key("vertical", "u")].children
    assert missing not in tree.blocks
    unit = tree.unit_of(missing)
    assert unit is not None
    assert unit.usage_key == key("vertical", "u")


def test_a_course_is_valid_from_its_start_or_from_1970_or_from_when_one_says(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", package())
    undated = package()
    undated[key("course", "course")]["metadata"] = {}
    assert read_structure(path).valid_from_us == START_US
    assert read_structure(write(tmp_path / "b.json", undated)).valid_from_us == 0
    asked = datetime(1970, 1, 1, 1, 0, 1, 5, tzinfo=timezone(timedelta(hours=1)))
    assert read_structure(path, valid_from=asked).valid_from_us == 1_000_005


def test_a_time_without_a_zone_is_refused_as_valid_from(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", package())
    with pytest.raises(ValueError, match="time zone"):
        read_structure(path, valid_from=datetime(2013, 1, 1, tzinfo=UTC).replace(tzinfo=None))


def test_a_gzip_file_says_the_same_whatever_its_name(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.json", package())
    for name in ("b.json.gz", "c.json"):
        (tmp_path / name).write_bytes(gzip.compress(plain.read_bytes()))
        assert read_structure(tmp_path / name) == read_structure(plain)


def test_an_old_course_is_named_by_its_course_block(tmp_path: Path) -> None:
    payload = {
        "i4x://O/C/course/2013_Spring": entry("course", "i4x://O/C/chapter/w1"),
        "i4x://O/C/chapter/w1": entry("chapter"),
        "i4x://O/C/chapter/w1@draft": entry("chapter", display_name="Draft"),
    }
    version = read_structure(write(tmp_path / "a.json", payload))
    assert version.course_key == "O/C/2013_Spring"
    assert [(block.usage_key, block.display_name) for block in version.blocks] == [
        ("i4x://O/C/course/2013_Spring", ""),
        ("i4x://O/C/chapter/w1", ""),
    ]


def test_an_old_course_without_course_block_is_named_by_its_file(tmp_path: Path) -> None:
    payload = {"i4x://O/C/chapter/w1": entry("chapter")}
    assert read_structure(write(tmp_path / OLD_NAME, payload)).course_key == "O/C/2013_Spring"


def test_an_old_course_that_nothing_names_needs_the_course_key(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", {"i4x://O/C/chapter/w1": entry("chapter")})
    with pytest.raises(StructureError, match="state the course key"):
        read_structure(path)
    assert read_structure(path, course_key="O/C/R").course_key == "O/C/R"


def test_a_file_of_another_course_than_asked_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", package())
    assert read_structure(path, course_key="course-v1:O+C+R").course_key == "course-v1:O+C+R"
    with pytest.raises(StructureError, match=r"course-v1:O\+C\+R, expected course-v1:O\+C\+Other"):
        read_structure(path, course_key="course-v1:O+C+Other")


def test_branches_are_taken_off_usage_keys(tmp_path: Path) -> None:
    branched = "block-v1:O+C+R+branch@published-branch+type@chapter+block@a"
    payload = {key("course", "course"): entry("course", branched), branched: entry("chapter")}
    version = read_structure(write(tmp_path / "a.json", payload))
    assert [block.usage_key for block in version.blocks] == [key("course", "course"), key("chapter", "a")]


def test_a_dump_of_the_blocks_api_is_read(tmp_path: Path) -> None:
    blocks = {
        key("course", "course"): {"type": "course", "children": [key("video", "v")], "start": START},
        key("video", "v"): {"type": "video", "display_name": "Film", "student_view_data": {"duration": 9.0}},
    }
    path = write(tmp_path / "a.json", {"root": key("course", "course"), "blocks": blocks})
    version = read_structure(path)
    assert (version.course_key, version.valid_from_us) == ("course-v1:O+C+R", START_US)
    assert [(b.display_name, b.duration_s) for b in version.blocks] == [("", None), ("Film", 9.0)]


@pytest.mark.parametrize(
    "edges",
    [
        {"course": ["a"], "a": ["b"], "b": ["a"]},
        {"course": [], "a": ["b"], "b": ["a"]},
        {"course": ["course"]},
    ],
    ids=["below the root", "apart from the root", "the root itself"],
)
def test_a_block_inside_itself_is_an_error_that_shows_the_ring(
    tmp_path: Path, edges: dict[str, list[str]]
) -> None:
    payload = {
        key("course" if name == "course" else "vertical", name): entry(
            "course" if name == "course" else "vertical",
            *(key("course" if child == "course" else "vertical", child) for child in children),
        )
        for name, children in edges.items()
    }
    with pytest.raises(StructureError, match=r"inside itself .*>.*remove the child"):
        read_structure(write(tmp_path / "a.json", payload))


def test_a_very_deep_tree_is_read_without_recursion(tmp_path: Path) -> None:
    payload = {
        key("vertical", f"u{n}"): entry("vertical", key("vertical", f"u{n + 1}")) for n in range(5_000)
    }
    version = read_structure(write(tmp_path / "a.json", payload))
    assert [block.name for block in version.blocks] == [f"u{n}" for n in range(5_000)]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{"a": ', "broken JSON"),
        (b"", "broken JSON"),
        (b"\x1f\x8b\x08\x00broken", "expected a readable file"),
        (b"[]", "another shape"),
        (b"{}", "another shape"),
        (b'{"i4x://O/C/chapter/a": {"children": []}}', "another shape"),
        (b'{"nonsense": {"category": "chapter"}}', "usage id 'nonsense'"),
        (b'{"i4x://O/C/chapter/a": {"category": "chapter", "children": [3]}}', "usage id 3"),
        (b'{"i4x://O/C/chapter/a": {"category": "chapter", "children": "b"}}', "other types"),
        (b'{"i4x://O/C/chapter/a": {"category": ["chapter"]}}', "other types"),
        (
            b'{"i4x://O/C/course/a": {"category": "course"}, "i4x://O/C/course/b": {"category": "course"}}',
            "2 courses",
        ),
        (b'{"course_id": "?", "blocks": {"i4x://O/C/course/a": {"type": "course"}}}', "course key"),
    ],
)
def test_a_file_that_is_no_course_is_an_error_that_says_what_was_found(
    tmp_path: Path, content: bytes, found: str
) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(StructureError, match=f"a.json: found.*{found}"):
        read_structure(tmp_path / "a.json")


def test_a_truncated_gzip_file_is_an_error(tmp_path: Path) -> None:
    packed = gzip.compress(json.dumps(package()).encode())
    for size in (len(packed) // 2, len(packed) - 4):
        (tmp_path / "a.json.gz").write_bytes(packed[:size])
        with pytest.raises(StructureError, match="copy it again"):
            read_structure(tmp_path / "a.json.gz")


def test_a_gzip_file_with_damage_inside_is_an_error(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(json.dumps(package()).encode()))
    packed[20:60] = bytes(40)
    (tmp_path / "a.json.gz").write_bytes(bytes(packed))
    with pytest.raises(StructureError, match="copy it again"):
        read_structure(tmp_path / "a.json.gz")


def test_json_that_unpacks_beyond_the_limit_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openedx_moocdb.data_access.sources.structure_json.MAX_JSON_BYTES", 1 << 20)
    (tmp_path / "a.json").write_bytes(gzip.compress(b" " * (2 << 20)))
    with pytest.raises(StructureError, match="more than 1 MiB"):
        read_structure(tmp_path / "a.json")


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StructureError, match=r"nowhere\.json: found nothing"):
        read_structure(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (START, START_US),
        ("2013-02-04", START_US),
        ("2013-02-04T00:00", START_US),
        ('"2013-02-04T01:00:00+01:00"', START_US),
        ("2013-02-04T00:00:00.000001Z", START_US + 1),
        ("1969-12-31T23:59:59Z", -1_000_000),
        ("March 3 12:00", None),
        ("null", None),
        ("", None),
        (None, None),
        (1359936000, None),
    ],
)
def test_a_time_is_iso_8601_or_unknown(value: object, expected: int | None) -> None:
    assert time_us(value) == expected


@pytest.mark.parametrize(
    ("fields", "weight", "max_attempts", "duration_s", "graded"),
    [
        ({}, None, None, None, False),
        ({"weight": 0, "max_attempts": 0, "duration": 0, "graded": "True"}, 0.0, 0, None, True),
        ({"weight": "nan", "max_attempts": "3", "duration": "12.5", "graded": "false"}, None, 3, 12.5, False),
        ({"weight": True, "max_attempts": 2.5, "duration": -1, "graded": 1}, None, None, None, False),
        ({"weight": [], "max_attempts": "many", "duration": {}, "graded": None}, None, None, None, False),
        ({"weight": "1e999", "max_attempts": -1, "student_view_data": None}, None, None, None, False),
    ],
)
def test_fields_that_say_nothing_are_unknown(
    fields: dict[str, object],
    weight: float | None,
    max_attempts: int | None,
    duration_s: float | None,
    graded: bool,
) -> None:
    block = read_block("i4x://O/C/problem/p", "problem", (), fields)
    assert (block.weight, block.max_attempts, block.duration_s, block.graded) == (
        weight,
        max_attempts,
        duration_s,
        graded,
    )


def test_a_folder_is_searched_for_every_kind_of_structure(tmp_path: Path) -> None:
    write(tmp_path / "O-C-R-course_structure-prod-analytics.json", package())
    (tmp_path / "deeper").mkdir()
    old = {"i4x://O/C/course/run": entry("course")}
    (tmp_path / "deeper" / "structure-0.json.gz").write_bytes(gzip.compress(json.dumps(old).encode()))
    (tmp_path / "olx" / "policies").mkdir(parents=True)
    (tmp_path / "olx" / "course.xml").write_text(
        '<course org="O" course="X" url_name="r"><chapter/></course>'
    )
    write(tmp_path / "olx" / "policies" / "r.json", {"course/r": {}})
    shutil.make_archive(str(tmp_path / "packed"), "gztar", tmp_path / "olx")
    write(tmp_path / "users.json", [{"id": 1}])
    write(tmp_path / "other.json", {"blocks": 3})
    (tmp_path / "events.json").write_text('{"event": 1}\n{"event": 2}\n')
    shutil.make_archive(str(tmp_path / "logs"), "gztar", tmp_path / "deeper")
    found = [version.course_key for version in find_structures([tmp_path])]
    assert found == ["course-v1:O+C+R", "O/C/run", "O/X/r", "O/X/r"]


def test_the_archive_beside_a_course_structure_file_of_a_package_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "olx").mkdir()
    (tmp_path / "olx" / "course.xml").write_text('<course org="O" course="C" url_name="R"/>')
    archive = shutil.make_archive(
        str(tmp_path / "O-C-R-course-prod-analytics.xml"), "gztar", tmp_path / "olx"
    )
    shutil.rmtree(tmp_path / "olx")
    assert [version.course_key for version in find_structures([tmp_path])] == ["O/C/R"]
    write(tmp_path / "O-C-R-course_structure-prod-analytics.json", package())
    assert [version.course_key for version in find_structures([tmp_path])] == ["course-v1:O+C+R"]
    assert [version.course_key for version in find_structures([Path(archive)])] == ["O/C/R"]


def test_a_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", package())
    assert len(list(find_structures([path, tmp_path, path]))) == 1


def test_a_broken_structure_in_a_folder_is_not_passed_over(tmp_path: Path) -> None:
    broken = json.dumps(package())[:-5]
    for name in ("O-C-R-course_structure-prod-analytics.json", "structure-0.json"):
        folder = tmp_path / name.partition(".")[0]
        folder.mkdir()
        (folder / name).write_text(broken)
        with pytest.raises(StructureError, match="broken JSON"):
            list(find_structures([folder]))


def test_a_given_file_that_is_no_structure_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "users.json", [{"id": 1}])
    with pytest.raises(StructureError, match="another shape"):
        list(find_structures([path]))
    assert list(find_structures([tmp_path])) == []


def test_a_given_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StructureError, match="found nothing"):
        list(find_structures([tmp_path / "nowhere"]))
