"""A real site with simulated courses, and a real browser in front of it."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_STARTS_IN_S = 30.0
OLD_COURSE = "/courses/SimX/6.01x/2013_Spring/"
NEW_COURSE = "/courses/course-v1:SimX+DE101+2024_T1/"
HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7 }}"
NAMES = (
    ("moocdb_resources", "resource_name"),
    ("moocdb_observed_event_types", "observed_event_type_name"),
    ("moocdb_agent", "agent_name"),
    ("moocdb_os", "os_name"),
    ("moocdb_visits", "ended_by"),
    ("moocdb_quarantine", "reason"),
    ("moocdb_quarantine", "detail"),
    ("moocdb_quarantine", "file"),
    ("moocdb_import_files", "path"),
)


def moocdb(*words: str) -> list[str]:
    """The command line of ``moocdb``."""
    program = "import sys; from openedx_moocdb.standalone.command import main; main(sys.argv[1:])"
    return [sys.executable, "-c", program, *words]


def environment() -> dict[str, str]:
    """Ours without what points a child at the settings of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "MOOCDB_"))}
    return {**kept, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a database with two simulated courses, one of either era."""
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder / 'demo.sqlite3'}"
    logs = str(folder / "logs")
    subprocess.run(
        moocdb("simulate", logs, "--learners", "12", "--weeks", "3"), env=environment(), check=True
    )
    imported = subprocess.run(
        moocdb("import", logs, "--structure", logs, "--database", url), env=environment(), check=False
    )
    assert imported.returncode in (0, 1)  # 1: the malformed lines of the simulation were put aside
    return url


@pytest.fixture(scope="session")
def site(database: str) -> Iterator[str]:
    """Address of ``moocdb serve`` on that database, without a slash at its end."""
    yield from _served(database)


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the site on a new database."""
    yield from _served(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'empty.sqlite3'}")


def _served(database: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    words = moocdb("serve", "--database", database, "--address", address)
    server = subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://{address}/", server)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _STARTS_IN_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer within {_STARTS_IN_S:.0f} s")


@pytest.fixture(scope="session")
def hostile_site(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the site on a copy of the database, where all that events or authors name is hostile."""
    copy = tmp_path_factory.mktemp("hostile") / "hostile.sqlite3"
    with (
        closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        for table, column in NAMES:
            target.execute(f"UPDATE {table} SET {column} = ? || {column}", [HOSTILE])
        target.commit()
    yield from _served(f"sqlite:///{copy}")


@pytest.fixture(scope="session")
def learner_page(site: str) -> str:
    """Path of the page of the learner with most visits in the course of the newer era."""
    with urllib.request.urlopen(f"{site}{NEW_COURSE}?sort=-visits") as answer:
        found = re.search(r'href="(/courses/[^"]*/learners/[0-9a-f]{32}/)"', answer.read().decode())
    assert found is not None
    return found[1]


@pytest.fixture(scope="session")
def paths(learner_page: str) -> list[str]:
    """Paths of all sorts of pages."""
    return ["/", OLD_COURSE, NEW_COURSE, learner_page, "/quarantine/"]


# Not for the session: while Playwright is there, its event loop runs in this thread, and Django
# refuses the database to the tests of all other modules.
@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium_path, args=list(_ARGUMENTS))
        yield found
        found.close()


Visitor = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visitor]:
    """Open an address in a new browser context; ``page.complaints`` is what its console and CSP said."""
    contexts: list[BrowserContext] = []

    def open_page(url: str, width: int = 1440, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
        page.complaints = complaints  # type: ignore[attr-defined]
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
