"""``moocdb demo`` and ``moocdb serve`` as a new user meets them: in a process, in an empty folder."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LIMIT_S = 120
SMALL = ("--learners", "4", "--weeks", "1")


@contextmanager
def start(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """``moocdb`` in ``folder``, without a terminal and with nothing but the interpreter to find it by."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "MOOCDB_"))}
    environment = {**kept, "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen(
        [sys.executable, "-m", "openedx_moocdb", *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def heed_ctrl_c() -> None:
    """What runs in a shell's background ignores Ctrl-C, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(folder: Path, *words: str) -> str:
    """What a command says that ends well, and says nothing on standard error."""
    with start(folder, *words) as process:
        said, complaints = process.communicate(timeout=LIMIT_S)
    assert (process.returncode, complaints) == (0, "")
    return said


def lines_until_served(process: subprocess.Popen[str]) -> tuple[list[str], str]:
    """What is said before the site answers, and its address."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        found = re.fullmatch(r"Open (http://\S+/) \(Ctrl-C ends it\)\n", line)
        if found:
            return said, found[1]
    assert process.stderr is not None
    raise AssertionError(f"no address in {said}: {process.stderr.read()}")


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Press Ctrl-C: the status, and what is said from then on."""
    process.send_signal(signal.SIGINT)
    said, complaints = process.communicate(timeout=LIMIT_S)
    return process.returncode, said, complaints


def test_serve_says_its_address_and_nothing_else(tmp_path: Path) -> None:
    with start(tmp_path, "serve", "--address", "127.0.0.1:0") as process:
        said, address = lines_until_served(process)
        with urllib.request.urlopen(address) as page:
            style = re.search(r'href="/(static/[^"]+\.css)"', page.read().decode())
        assert style is not None
        with urllib.request.urlopen(address + style[1]) as sheet:
            assert sheet.headers["Content-Type"].startswith("text/css")
        assert len(said) == 1
        assert end(process) == (0, "", "")


def test_a_taken_address_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with start(tmp_path, "serve", "--address", address) as process:
            _, complaints = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 1
    assert complaints.startswith(f"CommandError: --address: cannot listen at {address} (")
    assert complaints.count("\n") == 1


@pytest.mark.parametrize("address", ["8400", "localhost:http", "127.0.0.1:70000"])
def test_what_is_no_address_is_a_sentence(tmp_path: Path, address: str) -> None:
    with start(tmp_path, "serve", "--address", address) as process:
        _, complaints = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 1
    assert complaints.count("\n") == 1 and f"found {address!r}, expected HOST:PORT" in complaints


def test_the_demo_goes_from_nothing_to_the_page(tmp_path: Path) -> None:
    with start(tmp_path, "demo", *SMALL, "--address", "127.0.0.1:0") as process:
        said, address = lines_until_served(process)
        with urllib.request.urlopen(address) as page:
            assert "Simulated DE101" in page.read().decode()
        assert end(process) == (0, "", "")
    assert [line[:2] for line in said if re.match(r"\d\. ", line)] == ["1.", "2.", "3."]
    assert max(map(len, said)) <= 80
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_second_demo_resumes_and_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'demo' / 'moocdb.sqlite3'}"
    first = run(tmp_path, "demo", *SMALL, "--no-serve")
    sums = run(tmp_path, "checksum", "--database", url)
    second = run(tmp_path, "demo", *SMALL, "--no-serve")
    read = re.search(r"([\d,]+) lines read", first)
    assert read is not None and int(read[1].replace(",", "")) > 100
    assert re.search(r"^ +0 lines read", second, re.MULTILINE)
    assert f"{read[1]} lines were imported before" in second
    assert run(tmp_path, "checksum", "--database", url) == sums
