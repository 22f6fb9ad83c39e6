"""Logs come packed, encrypted, by pipe, grown, renamed, damaged; each line counts once."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from openedx_moocdb.data_access.sources.tracking_logs import read_pieces
from openedx_moocdb.pipelines import readers
from openedx_moocdb.schema.errors import PermanentError
from tests.imports import Database, Databases, adds_up, log_lines, write_log

PLAN = {"seed": 5, "learners": 5, "weeks": 1, "lines": 400, "malformed_per_million": 0}
LINES = log_lines(**PLAN)[0]
TEXT = b"".join(line + b"\n" for line in LINES)
#: of more than one buffer, so that good text comes before the damage
LONG = log_lines(seed=6, learners=60, weeks=2, lines=9000, malformed_per_million=0)[0]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


@pytest.fixture
def wanted(databases: Databases, tmp_path: Path) -> Database:
    """The plain log, imported."""
    database = databases.sqlite()
    database.run(write_log(tmp_path / "wanted.log", LINES))
    return database


def packed(path: Path, text: bytes = TEXT) -> Path:
    path.write_bytes(PACKERS[path.suffix if path.suffix != ".log" else ""](text))
    return path


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_log_packed_in_any_way_gives_the_same_tables(
    databases: Databases, wanted: Database, tmp_path: Path, suffix: str
) -> None:
    database = databases.sqlite()
    summary = database.run(packed(tmp_path / f"tracking.log{suffix}"))
    assert (summary.lines, adds_up(summary)) == (len(LINES), True)
    assert database.sums() == wanted.sums()


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".zst"])
def test_a_log_packed_in_several_parts_is_read_to_its_end(
    databases: Databases, wanted: Database, tmp_path: Path, suffix: str
) -> None:
    half = TEXT.index(b"\n", len(TEXT) // 2) + 10
    path = tmp_path / f"tracking.log{suffix}"
    path.write_bytes(PACKERS[suffix](TEXT[:half]) + PACKERS[suffix](TEXT[half:]))
    database = databases.sqlite()
    assert database.run(path).lines == len(LINES)
    assert database.sums() == wanted.sums()


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyring of its own with one key without passphrase."""
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed (apt-get install gnupg)")
    # Sockets of the agent need a short path; pytest's folders are long ones.
    home = subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip()
    monkeypatch.setenv("GNUPGHOME", home)
    command = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "log@example.org"]
    subprocess.run(command, check=True, capture_output=True)
    yield
    subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)
    shutil.rmtree(home, ignore_errors=True)


def encrypted(clear: Path) -> Path:
    """The file for the key of ``keyring``, in place of the clear one."""
    command = ["gpg", "--batch", "--quiet", "--trust-model", "always", "-r", "log@example.org", "-e"]
    subprocess.run([*command, str(clear)], check=True)
    clear.unlink()
    return clear.with_name(clear.name + ".gpg")


@pytest.mark.usefixtures("keyring")
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_an_encrypted_log_gives_the_same_tables_and_is_resumed(
    databases: Databases, wanted: Database, tmp_path: Path, suffix: str
) -> None:
    secret = encrypted(packed(tmp_path / f"tracking.log{suffix}"))
    database = databases.sqlite()
    assert database.run(secret).lines == len(LINES)
    assert database.sums() == wanted.sums()
    again = database.run(secret)
    assert (again.lines, again.lines_before) == (0, len(LINES))


@pytest.mark.usefixtures("keyring")
def test_a_log_encrypted_for_somebody_else_says_so(databases: Databases, tmp_path: Path) -> None:
    path = tmp_path / "tracking.log.gpg"
    path.write_bytes(b"no encrypted text")
    with pytest.raises(PermanentError, match=r"tracking\.log\.gpg: gpg could not decrypt"):
        databases.sqlite().run(path)


@pytest.mark.usefixtures("keyring")
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_an_encrypted_log_that_was_cut_off_gives_what_was_read_and_says_what_gpg_said(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(readers, "LINES_PER_CHUNK", 20)
    text = b"".join(line + b"\n" for line in LONG[:3000])
    secret = encrypted(packed(tmp_path / f"tracking.log{suffix}", text))
    secret.write_bytes(secret.read_bytes()[: secret.stat().st_size * 9 // 10])
    database = databases.sqlite()
    with pytest.raises(PermanentError, match=r"tracking\.log(\.gz)?\.gpg: gpg could not decrypt it: gpg: "):
        database.run(secret)
    assert database.count("observed_events") > 0


class _Pipe:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BufferedReader(io.BytesIO(data))  # type: ignore[arg-type]


@pytest.mark.parametrize("workers", [1, 2])
def test_standard_input_gives_the_same_tables(
    databases: Databases, wanted: Database, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr(sys, "stdin", _Pipe(TEXT))
    database = databases.sqlite()
    summary = database.run("-", workers=workers)
    assert summary.lines == len(LINES)
    assert database.sums() == wanted.sums()


def test_folders_globs_and_files_are_read_once_each(
    databases: Databases, wanted: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "logs" / "deep"
    folder.mkdir(parents=True)
    write_log(folder.parent / "a.log", LINES[:100])
    packed(folder / "b.log.gz", b"".join(line + b"\n" for line in LINES[100:]))
    (folder / "notes.txt").write_text("no log")
    database = databases.sqlite()
    summary = database.run(folder.parent, f"{folder.parent}/*.log", folder / "b.log.gz")
    assert summary.lines == len(LINES)
    assert database.sums() == wanted.sums()


@pytest.mark.parametrize("name", ["nothing.log", "nothing*.log", "empty-folder"])
def test_a_path_with_no_log_is_refused_before_anything_is_written(
    databases: Databases, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty-folder").mkdir()
    database = databases.sqlite()
    before = database.counts()
    with pytest.raises(PermanentError, match=name.replace("*", r"\*")):
        database.run(write_log(tmp_path / "good.log", LINES[:5]), tmp_path / name)
    assert database.counts() == before


def test_an_empty_file_is_no_error_and_no_line(databases: Databases, tmp_path: Path) -> None:
    database = databases.sqlite()
    (tmp_path / "empty.log").touch()
    packed(tmp_path / "empty.log.gz", b"")
    summary = database.run(tmp_path / "empty.log", tmp_path / "empty.log.gz")
    assert (summary.lines, summary.translated) == (0, 0)


def test_a_file_that_was_empty_is_read_when_it_has_grown(databases: Databases, tmp_path: Path) -> None:
    database = databases.sqlite()
    log = tmp_path / "tracking.log"
    log.touch()
    database.run(log)
    assert database.run(write_log(log, LINES)).lines == len(LINES)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_good_lines_before_a_damage_are_committed_and_the_message_says_where(
    databases: Databases, tmp_path: Path, workers: int
) -> None:
    log = tmp_path / "tracking.log.gz"
    data = gzip.compress(b"".join(line + b"\n" for line in LONG), 1)
    log.write_bytes(data[: len(data) * 9 // 10])
    database = databases.sqlite()
    with pytest.raises(PermanentError, match=r"tracking\.log\.gz: damaged after \d+ bytes of text"):
        database.run(log, workers=workers)
    good = database.count("observed_events")
    assert good > 2000
    log.write_bytes(data)
    summary = database.run(log)
    assert summary.lines_before > 2000
    assert summary.lines + summary.lines_before == len(LONG)
    whole = databases.sqlite()
    whole.run(log)
    assert database.sums() == whole.sums()


def test_logs_beside_a_damaged_one_are_imported_whole(databases: Databases, tmp_path: Path) -> None:
    data = gzip.compress(b"".join(line + b"\n" for line in LONG), 1)
    broken = tmp_path / "a.log.gz"
    broken.write_bytes(data[: len(data) * 9 // 10])
    database = databases.sqlite()
    with pytest.raises(PermanentError, match="damaged"):
        database.run(broken, write_log(tmp_path / "b.log", LINES))
    assert database.rows("SELECT offset FROM moocdb_import_files WHERE path LIKE %s", "%b.log") == [
        (len(TEXT),)
    ]
    assert database.count("observed_events") > len(LINES) + 2000
    assert database.rows("SELECT COUNT(*) FROM moocdb_learner_state WHERE is_dirty = 1") == [(0,)]


def test_the_good_lines_just_before_a_damage_are_committed(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "LINES_PER_CHUNK", 20)
    data = gzip.compress(TEXT, 1)
    log = tmp_path / "tracking.log.gz"
    log.write_bytes(data[: len(data) // 2])
    database = databases.sqlite()
    with pytest.raises(PermanentError, match=r"tracking\.log\.gz: damaged after \d+ bytes of text"):
        database.run(log)
    assert database.count("observed_events") > 100


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".zst"])
def test_all_whole_lines_that_can_be_unpacked_come_before_the_error(tmp_path: Path, suffix: str) -> None:
    log = tmp_path / f"tracking.log{suffix}"
    text = b"".join(line + b"\n" for line in LONG)
    data = PACKERS[suffix](text)
    log.write_bytes(data[: len(data) * 3 // 4])
    found: list[bytes] = []
    with pytest.raises(PermanentError, match=r"tracking\.log\.\w+: damaged after \d+ bytes of text"):
        for piece in read_pieces(str(log), 0, 50):
            found += piece.lines
            assert piece.end == sum(map(len, found))
    assert b"".join(found) == text[: len(b"".join(found))]
    assert len(b"".join(found)) > len(text) // 2


def test_a_log_with_a_damaged_head_is_named_before_anything_is_written(
    databases: Databases, tmp_path: Path
) -> None:
    log = tmp_path / "tracking.log.gz"
    log.write_bytes(gzip.compress(TEXT)[:30])
    database = databases.sqlite()
    before = database.counts()
    with pytest.raises(PermanentError, match=r"tracking\.log\.gz: damaged"):
        database.run(write_log(tmp_path / "good.log", LINES[:5]), log)
    # The learner key's fingerprint and the generation are written when a store is opened.
    assert {name for name, rows in database.counts().items() if rows != before[name]} <= {"database_facts"}


def test_a_log_that_has_grown_goes_on_where_it_ended(
    databases: Databases, wanted: Database, tmp_path: Path
) -> None:
    database = databases.sqlite()
    log = tmp_path / "tracking.log"
    database.run(write_log(log, LINES[:150]))
    second = database.run(write_log(log, LINES))
    assert (second.lines_before, second.lines) == (150, len(LINES) - 150)
    third = database.run(log)
    assert (third.lines_before, third.lines) == (len(LINES), 0)
    assert database.sums() == wanted.sums()


@pytest.mark.parametrize("cut", [1, 40, -1])
@pytest.mark.parametrize("chunk", [1, 7, 4000])
def test_a_line_that_was_half_written_is_read_whole_when_it_is_there(
    databases: Databases,
    wanted: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cut: int,
    chunk: int,
) -> None:
    monkeypatch.setattr(readers, "LINES_PER_CHUNK", chunk)
    database = databases.sqlite()
    log = tmp_path / "tracking.log"
    whole = write_log(log, LINES[:150]).read_bytes()
    log.write_bytes(whole + LINES[150][:cut])
    database.run(log)
    second = database.run(write_log(log, LINES))
    assert second.lines_before == 150
    assert second.lines == len(LINES) - 150
    assert database.count("observed_events") == wanted.count("observed_events")
    got, want = database.sums(), wanted.sums()
    assert {table for table in want if got[table] != want[table]} <= {"quarantine"}


def test_a_last_line_without_a_line_end_is_a_line(
    databases: Databases, wanted: Database, tmp_path: Path
) -> None:
    database = databases.sqlite()
    log = tmp_path / "tracking.log"
    log.write_bytes(TEXT[:-1])
    assert database.run(log).lines == len(LINES)
    assert database.sums() == wanted.sums()
    again = database.run(log)
    assert adds_up(again)
    assert again.lines_before + again.lines == len(LINES)
    assert again.translated == 0
    assert database.sums() == wanted.sums()


def test_another_log_with_the_same_first_line_is_read_from_its_start(
    databases: Databases, wanted: Database, tmp_path: Path
) -> None:
    database = databases.sqlite()
    database.run(write_log(tmp_path / "one.log", LINES[:200]))
    other = [LINES[0], *LINES[200:]]
    summary = database.run(write_log(tmp_path / "two.log", other))
    assert (summary.lines_before, summary.lines) == (0, len(other))
    assert summary.skipped["duplicate"] >= 1
    assert database.sums() == wanted.sums()


def test_two_logs_with_the_same_first_line_in_one_run_are_both_read(
    databases: Databases, wanted: Database, tmp_path: Path
) -> None:
    database = databases.sqlite()
    one = write_log(tmp_path / "one.log", LINES[:200])
    two = write_log(tmp_path / "two.log", [LINES[0], *LINES[200:]])
    for _ in range(2):
        database.run(one, two)
        assert database.sums() == wanted.sums()


def test_a_log_that_was_renamed_and_packed_is_known(databases: Databases, tmp_path: Path) -> None:
    database = databases.sqlite()
    database.run(write_log(tmp_path / "tracking.log", LINES))
    os.rename(tmp_path / "tracking.log", tmp_path / "tracking.log-20240101")
    again = database.run(packed(tmp_path / "tracking.log-20240102.gz"), tmp_path / "tracking.log-20240101")
    assert (again.lines, again.lines_before) == (0, 2 * len(LINES))


def test_a_new_log_under_an_old_name_is_read(databases: Databases, wanted: Database, tmp_path: Path) -> None:
    database = databases.sqlite()
    log = tmp_path / "tracking.log"
    database.run(write_log(log, LINES[:200]))
    summary = database.run(write_log(log, LINES[200:]))
    assert (summary.lines, summary.lines_before) == (len(LINES) - 200, 0)
    assert database.sums() == wanted.sums()
