"""Exported courses in folders and archives, sound and hostile."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from openedx_moocdb.data_access.sources import course_files
from openedx_moocdb.data_access.sources.course_structure import read_structure
from openedx_moocdb.schema.course import Block, CourseTree
from openedx_moocdb.schema.errors import StructureError

COURSE = {
    "course.xml": '<course url_name="R" org="O" course="C"/>',
    "course/R.xml": (
        '<course display_name="Stated" start="&quot;2013-02-04T00:00:00+00:00&quot;" wiki_slug="O.C.R">'
        '<!-- a remark --><chapter url_name="w1"/><wiki slug="O.C.R"/><textbook title="T"/></course>'
    ),
    "chapter/w1.xml": '<chapter display_name="Week 1"><sequential url_name="s1"/></chapter>',
    "sequential/s1.xml": (
        '<sequential display_name="Lesson" format="Lab" graded="true" due="2013-03-01T00:00:00Z">'
        '<vertical url_name="u1"/><vertical url_name="u2"/></sequential>'
    ),
    "vertical/u1.xml": (
        '<vertical><video url_name="v1"/><problem url_name="p1"/><html url_name="h1"/></vertical>'
    ),
    "vertical/u2.xml": (
        '<vertical><library_content url_name="l1"><problem url_name="p2" max_attempts="1">'
        "<p>Why?</p></problem></library_content></vertical>"
    ),
    "video/v1.xml": '<video display_name="Film"><video_asset duration="61.5"/><source src="a.mp4"/></video>',
    "problem/p1.xml": '<problem weight="2.0" max_attempts="" display_name="Quiz"><p>How?</p></problem>',
    "html/h1.xml": '<html filename="h1" display_name="Text"/>',
    "html/h1.html": "<p>text</p>",
    "policies/R/policy.json": json.dumps(
        {"course/R": {"display_name": "Policy"}, "problem/p1": {"weight": 4, "due": "2013-03-02T00:00:00Z"}}
    ),
    "drafts/vertical/u3.xml": '<vertical parent_url="s1"/>',
}


def lay_out(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def one_file(folder: Path, content: str) -> Path:
    return lay_out(folder, {"course.xml": f'<course url_name="R" org="O" course="C">{content}</course>'})


def pack(path: Path, files: dict[str, str]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content.encode())
            archive.addfile(member, io.BytesIO(content.encode()))
    return path


def by_name(path: Path, course_key: str | None = None) -> dict[str, Block]:
    return {block.name: block for block in read_structure(path, course_key=course_key).blocks}


def test_files_that_point_to_files_become_one_tree(tmp_path: Path) -> None:
    version = read_structure(lay_out(tmp_path, COURSE))
    assert version.course_key == "O/C/R"
    assert version.valid_from_us == 1_359_936_000_000_000
    assert [block.usage_key for block in version.blocks] == [
        f"i4x://O/C/{name}"
        for name in (
            "course/R chapter/w1 sequential/s1 vertical/u1 video/v1 problem/p1 html/h1 "
            "vertical/u2 library_content/l1 problem/p2"
        ).split()
    ]


def test_attributes_become_fields_and_a_policy_overrides_them(tmp_path: Path) -> None:
    blocks = by_name(lay_out(tmp_path, COURSE))
    assert blocks["R"].display_name == "Policy"
    assert blocks["s1"].display_name == "Lesson"
    assert (blocks["s1"].graded, blocks["s1"].assignment_type) == (True, "Lab")
    assert blocks["v1"].duration_s == 61.5
    assert (blocks["p1"].weight, blocks["p1"].max_attempts) == (4.0, None)
    assert blocks["p1"].due_us is not None
    assert blocks["s1"].due_us == blocks["p1"].due_us - 86_400_000_000
    assert (blocks["p2"].weight, blocks["p2"].max_attempts) == (None, 1)


def test_a_policy_may_lie_beside_the_folder_of_policies(tmp_path: Path) -> None:
    files = dict(COURSE)
    files["policies/R.json"] = files.pop("policies/R/policy.json")
    assert by_name(lay_out(tmp_path, files))["R"].display_name == "Policy"


def test_a_given_course_key_names_blocks_as_new_courses_do(tmp_path: Path) -> None:
    version = read_structure(lay_out(tmp_path, COURSE), course_key="course-v1:A+B+2020")
    assert version.course_key == "course-v1:A+B+2020"
    assert version.blocks[0].usage_key == "block-v1:A+B+2020+type@course+block@course"
    assert version.blocks[0].display_name == "Policy"
    assert version.blocks[-1].usage_key == "block-v1:A+B+2020+type@problem+block@p2"


def test_a_given_old_course_key_names_the_root_by_its_run(tmp_path: Path) -> None:
    version = read_structure(lay_out(tmp_path, COURSE), course_key="A/B/2020")
    assert version.blocks[0].usage_key == "i4x://A/B/course/2020"


@pytest.mark.parametrize("top", ["", "course/", "./course/"])
@pytest.mark.parametrize("suffix", [".tar.gz", ".tgz", ".tar", ".zip"])
def test_an_archive_says_the_same_as_its_folder(tmp_path: Path, suffix: str, top: str) -> None:
    folder = lay_out(tmp_path / "folder", COURSE)
    path = tmp_path / f"export{suffix}"
    if suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name, content in COURSE.items():
                zipped.writestr(top + name, content)
    else:
        with tarfile.open(path, "w" if suffix == ".tar" else "w:gz") as archive:
            archive.add(folder, arcname=top or ".")
    assert read_structure(path) == read_structure(folder)


def test_a_course_one_level_below_a_folder_is_found(tmp_path: Path) -> None:
    lay_out(tmp_path / "course", COURSE)
    assert len(read_structure(tmp_path).blocks) == 10


def test_two_courses_in_one_place_are_an_error(tmp_path: Path) -> None:
    lay_out(tmp_path / "one", COURSE)
    lay_out(tmp_path / "two", COURSE)
    with pytest.raises(StructureError, match="2 courses"):
        read_structure(tmp_path)
    archive = shutil.make_archive(str(tmp_path / "both"), "gztar", tmp_path)
    with pytest.raises(StructureError, match="2 courses"):
        read_structure(Path(archive))


def test_a_pointer_without_a_file_is_a_block_of_which_only_the_place_is_known(tmp_path: Path) -> None:
    blocks = by_name(one_file(tmp_path, '<chapter url_name="w1"/>'))
    assert blocks["w1"] == Block("i4x://O/C/chapter/w1", "chapter")


def test_blocks_without_url_name_are_named_by_slug_name_or_content(tmp_path: Path) -> None:
    folder = one_file(
        tmp_path,
        '<chapter slug="by_slug"><sequential name="By: name"/>'
        '<vertical display_name="Week 1"><html>text</html><html>other</html></vertical></chapter>',
    )
    names = [block.name for block in read_structure(folder).blocks]
    assert names[:4] == ["R", "by_slug", "By_name", "Week_1"]
    assert all(len(name) == len("html_") + 12 and name.startswith("html_") for name in names[4:])
    assert names[4] != names[5]
    assert names == [block.name for block in read_structure(folder).blocks]
    assert by_name(folder)["By_name"].display_name == "By: name"


def test_two_blocks_of_one_name_stay_two(tmp_path: Path) -> None:
    folder = one_file(
        tmp_path, '<chapter url_name="w"><html url_name="a">one</html><html url_name="a">two</html></chapter>'
    )
    names = [block.name for block in read_structure(folder).blocks]
    assert names[2] == "a"
    assert names[3].startswith("html_a_")


def test_one_block_that_two_units_point_to_is_ambiguous(tmp_path: Path) -> None:
    folder = one_file(
        tmp_path,
        '<chapter url_name="w"><vertical url_name="u1"><problem url_name="p"/></vertical>'
        '<vertical url_name="u2"><problem url_name="p"/></vertical></chapter>',
    )
    lay_out(folder, {"problem/p.xml": "<problem/>"})
    version = read_structure(folder)
    assert sum(block.name == "p" for block in version.blocks) == 1
    assert CourseTree(version).unit_of("i4x://O/C/problem/p") is None


def test_a_name_with_a_colon_is_a_file_in_a_subfolder(tmp_path: Path) -> None:
    folder = one_file(tmp_path, '<chapter url_name="secret:magic"/>')
    lay_out(folder, {"chapter/secret/magic.xml": '<chapter display_name="Magic"/>'})
    block = read_structure(folder).blocks[1]
    assert (block.usage_key, block.display_name) == ("i4x://O/C/chapter/secret:magic", "Magic")


def test_a_section_stands_for_its_only_child_or_for_a_sequential(tmp_path: Path) -> None:
    folder = one_file(
        tmp_path,
        '<chapter url_name="w"><section name="One"><videosequence/></section>'
        '<section name="Two"><html url_name="a">a</html><html url_name="b">b</html></section></chapter>',
    )
    assert [(b.block_type, b.name) for b in read_structure(folder).blocks[2:]] == [
        ("videosequence", "One"),
        ("sequential", "Two"),
        ("html", "a"),
        ("html", "b"),
    ]


def test_the_branches_of_experiments_are_below_them(tmp_path: Path) -> None:
    folder = one_file(
        tmp_path,
        '<chapter url_name="w"><vertical url_name="u"><abtest url_name="x" experiment="e">'
        '<group name="A"><html url_name="a">a</html></group><default><html url_name="b">b</html></default>'
        '</abtest><conditional url_name="c"><show sources="i4x://O/C/html/a"/><html url_name="d">d</html>'
        "</conditional></vertical></chapter>",
    )
    blocks = by_name(folder)
    assert blocks["x"].children == ("i4x://O/C/html/a", "i4x://O/C/html/b")
    assert blocks["c"].children == ("i4x://O/C/html/d",)
    tree = CourseTree(read_structure(folder))
    units = [tree.unit_of(f"i4x://O/C/html/{name}") for name in "abd"]
    assert {unit.usage_key for unit in units if unit} == {"i4x://O/C/vertical/u"}
    assert None not in units


def test_what_is_inside_a_problem_is_no_block(tmp_path: Path) -> None:
    folder = one_file(
        tmp_path, '<chapter url_name="w"><problem url_name="p"><video url_name="v"/></problem></chapter>'
    )
    assert [block.name for block in read_structure(folder).blocks] == ["R", "w", "p"]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"course.xml": "<course"}, "course.xml: found broken XML"),
        ({"course.xml": ""}, "course.xml: found broken XML"),
        ({"course.xml": "<library/>"}, "<library>, expected <course>"),
        ({"course.xml": '<course url_name="R"/>'}, "org=None"),
        ({**COURSE, "problem/p1.xml": "<problem>"}, "problem/p1.xml: found broken XML"),
        ({**COURSE, "policies/R/policy.json": "{"}, "policy.json: found broken JSON"),
        ({**COURSE, "chapter/w1.xml": '<chapter><html url_name="a b">x</html></chapter>'}, "'a b'"),
        ({**COURSE, "chapter/w1.xml": '<chapter><chapter url_name="w1"/></chapter>'}, "inside itself"),
        ({"notes.txt": "nothing"}, "no course.xml"),
    ],
)
def test_what_is_no_course_is_an_error_that_says_what_was_found(
    tmp_path: Path, files: dict[str, str], found: str
) -> None:
    with pytest.raises(StructureError, match=found):
        read_structure(lay_out(tmp_path / "folder", files))
    with pytest.raises(StructureError, match=found):
        read_structure(pack(tmp_path / "export.tar.gz", files))


def test_files_that_point_ever_deeper_are_an_error(tmp_path: Path) -> None:
    files = {
        f"vertical/u{n}.xml": f'<vertical><vertical url_name="u{n + 1}"/></vertical>' for n in range(300)
    }
    folder = lay_out(one_file(tmp_path, '<chapter><vertical url_name="u0"/></chapter>'), files)
    with pytest.raises(StructureError, match="more than 100 levels"):
        read_structure(folder)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "course/../../evil.xml", "..\\evil.xml"])
@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
def test_an_archive_with_a_name_that_leads_outside_is_refused(tmp_path: Path, suffix: str, name: str) -> None:
    path = tmp_path / "inner" / f"export{suffix}"
    path.parent.mkdir()
    files = {**COURSE, name: "<course/>"}
    if suffix == ".zip":
        with zipfile.ZipFile(path, "w") as zipped:
            for member, content in files.items():
                zipped.writestr(member, content)
    else:
        pack(path, files)
    with pytest.raises(StructureError, match="inside the course"):
        read_structure(path)
    assert [entry.name for entry in tmp_path.rglob("*")] == ["inner", path.name]


@pytest.mark.parametrize("name", ["../../secret", "../../../secret", "..:..:secret"])
def test_a_pointer_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path, {"secret.xml": '<chapter display_name="Secret"/>'})
    folder = one_file(tmp_path / "a" / "b", f'<chapter slug="x" filename="{name}"/>')
    with pytest.raises(StructureError, match="inside the course"):
        read_structure(folder)


def test_a_link_that_leads_out_of_a_folder_is_refused(tmp_path: Path) -> None:
    lay_out(tmp_path, {"secret.xml": '<chapter display_name="Secret"/>'})
    folder = one_file(tmp_path / "course", '<chapter url_name="w"/>')
    (folder / "chapter").mkdir()
    (folder / "chapter" / "w.xml").symlink_to(tmp_path / "secret.xml")
    with pytest.raises(StructureError, match="link"):
        read_structure(folder)


def test_a_link_inside_an_archive_is_followed_and_one_that_leads_outside_is_dead(tmp_path: Path) -> None:
    secret = lay_out(tmp_path, {"secret.xml": '<chapter display_name="Secret"/>'}) / "secret.xml"
    folder = lay_out(tmp_path / "course", {n: c for n, c in COURSE.items() if n != "course.xml"})
    lay_out(folder, {"roots/R.xml": COURSE["course.xml"]})
    (folder / "course.xml").symlink_to("roots/R.xml")
    (folder / "chapter" / "w1.xml").unlink()
    (folder / "chapter" / "w1.xml").symlink_to(secret)
    archive = shutil.make_archive(str(tmp_path / "export"), "gztar", folder)
    version = read_structure(Path(archive))
    assert version.course_key == "O/C/R"
    assert [(block.name, block.display_name) for block in version.blocks] == [("R", "Policy"), ("w1", "")]


@pytest.mark.parametrize("place", ["<p>&j;</p>", '<p a="&j;"/>'], ids=["in text", "in an attribute"])
def test_a_billion_laughs_end_quickly_in_an_error(tmp_path: Path, place: str) -> None:
    levels = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    kind = f'<!DOCTYPE course [<!ENTITY a "ha">{levels}]>'
    bomb = f'{kind}<course url_name="R" org="O" course="C">{place}</course>'
    began = time.perf_counter()
    with pytest.raises(StructureError, match=r"course\.xml: found"):
        read_structure(lay_out(tmp_path, {"course.xml": bomb}))
    assert time.perf_counter() - began < 5


def test_a_file_of_the_machine_does_not_come_in_by_an_entity(tmp_path: Path) -> None:
    lay_out(tmp_path, {"secret.txt": "secret"})
    text = (
        f'<!DOCTYPE course [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
        '<course url_name="R" org="O" course="C">&x;</course>'
    )
    with pytest.raises(StructureError, match="entities of its own"):
        read_structure(lay_out(tmp_path / "course", {"course.xml": text}))


def test_a_doctype_without_entities_is_plain_xml(tmp_path: Path) -> None:
    text = '<!DOCTYPE course SYSTEM "http://localhost:1/x.dtd"><course url_name="R" org="O" course="C"/>'
    assert len(read_structure(lay_out(tmp_path, {"course.xml": text})).blocks) == 1


@pytest.mark.parametrize(
    ("limit", "value", "found"),
    [
        ("MAX_FILE_BYTES", 10, "more than 0 MiB"),
        ("MAX_COURSE_BYTES", 100, "of XML and JSON"),
        ("MAX_MEMBERS", 5, "more than 5 files"),
        ("MAX_SCANNED_BYTES", 4_096, "when unpacked"),
    ],
)
def test_an_archive_beyond_a_limit_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, found: str
) -> None:
    path = pack(tmp_path / "export.tar.gz", COURSE)
    assert len(read_structure(path).blocks) == 10
    monkeypatch.setattr(course_files, limit, value)
    with pytest.raises(StructureError, match=found):
        read_structure(path)


def test_an_archive_of_zeros_ends_in_an_error_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course_files, "MAX_SCANNED_BYTES", 1 << 20)
    path = pack(tmp_path / "bomb.tar.gz", {"static/a.bin": "\0" * (4 << 20), **COURSE})
    assert path.stat().st_size < 100_000
    with pytest.raises(StructureError, match="when unpacked"):
        read_structure(path)


@pytest.mark.parametrize("name", ["export.tar.gz", "export.tar", "export.zip"])
def test_a_broken_archive_is_an_error(tmp_path: Path, name: str) -> None:
    for content in (b"", b"nonsense" * 200, b"\x1f\x8b\x08\x00nonsense"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StructureError, match=f"{name}: found"):
            read_structure(tmp_path / name)


def test_a_truncated_or_damaged_archive_is_an_error(tmp_path: Path) -> None:
    path = pack(tmp_path / "export.tar.gz", COURSE)
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[30:90] = bytes(60)
    for content in (whole[: len(whole) // 2], bytes(damaged)):
        path.write_bytes(content)
        with pytest.raises(StructureError, match="broken archive"):
            read_structure(path)
