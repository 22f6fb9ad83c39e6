"""Fixtures for what a test needs from outside: material, servers, a browser.

What is absent skips the test and says what would bring it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import mariadb

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real events, packages and structures that are not part of this repository; read only.

    ``MOOCDB_TEST_DATA`` names another place than ``../shared/data``.
    """
    folder = Path(os.environ.get("MOOCDB_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no test material: {folder} is not a folder (set MOOCDB_TEST_DATA)")
    return folder


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[mariadb.Server]:
    """A MariaDB or MySQL server: named by ``MOOCDB_TEST_MYSQL_URL``, else running here, else started."""
    url = os.environ.get("MOOCDB_TEST_MYSQL_URL")
    if url:
        yield mariadb.Server.named(url)  # a named server that does not answer is an error, not a skip
        return
    running = mariadb.running()
    if running is not None:
        yield running
        return
    if not mariadb.is_installed():
        pytest.skip(
            "no MariaDB: none answers on 127.0.0.1:3306, MOOCDB_TEST_MYSQL_URL is unset, "
            "and mariadbd is not installed (make system-packages)"
        )
    with mariadb.private_server() as server:
        yield server


@pytest.fixture
def mariadb_url(mariadb_server: mariadb.Server) -> Iterator[str]:
    """URL (``mysql://…``) of a new empty database, dropped after the test."""
    with mariadb_server.new_database() as url:
        yield url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of an installed Chromium or Chrome; ``MOOCDB_TEST_CHROMIUM`` names another."""
    named = os.environ.get("MOOCDB_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no browser: none of " + ", ".join(BROWSERS) + " is installed (make system-packages)")
    return found
