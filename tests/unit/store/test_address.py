"""Addresses of databases."""

from __future__ import annotations

import pytest

from openedx_moocdb.data_access.store.address import database_settings
from openedx_moocdb.schema.errors import PermanentError


def test_a_sqlite_path_is_kept_as_written() -> None:
    assert database_settings("sqlite:////var/moocdb/a b.sqlite3")["NAME"] == "/var/moocdb/a b.sqlite3"
    relative = database_settings("sqlite:///moocdb.sqlite3")
    assert relative["NAME"] == "moocdb.sqlite3"
    assert relative["ENGINE"] == "django.db.backends.sqlite3"


def test_mysql_speaks_utf8mb4_loads_files_and_reads_what_is_committed() -> None:
    settings = database_settings("mysql://user:p%40ss@db.example:3307/moocdb")
    assert settings["ENGINE"] == "django.db.backends.mysql"
    assert (settings["USER"], settings["PASSWORD"]) == ("user", "p@ss")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", 3307, "moocdb")
    assert settings["OPTIONS"] == {
        "charset": "utf8mb4",
        "local_infile": 1,
        "isolation_level": "read committed",
    }


def test_options_in_the_address_win() -> None:
    options = database_settings("mysql://root@localhost/moocdb?local_infile=0")["OPTIONS"]
    assert options["local_infile"] == 0


def test_postgres_has_djangos_engine() -> None:
    assert database_settings("postgres://u@h/db")["ENGINE"] == "django.db.backends.postgresql"


@pytest.mark.parametrize("url", ["", "moocdb.sqlite3", "oracle://u@h/db"])
def test_another_address_is_refused_with_what_would_do(url: str) -> None:
    with pytest.raises(PermanentError, match="expected one of sqlite://"):
        database_settings(url)
