"""What all commands share: the database they work on, its migrations, the site's options."""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from openedx_moocdb import conf
from openedx_moocdb.data_access.sources.sites import SiteOptions
from openedx_moocdb.data_access.store.address import add_database
from openedx_moocdb.schema.errors import MoocdbError
from openedx_moocdb.standalone.environment import learner_key

_GIVEN = "moocdb_given"


class DatabaseCommand(BaseCommand):
    """A command on one database; what goes wrong is said in a sentence, without a traceback."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--database",
            metavar="URL",
            help="sqlite:///PATH, mysql://…, postgres://… or the alias of a configured database",
        )
        parser.add_argument(
            "--json", dest="as_json", action="store_true", help="print one JSON object instead of sentences"
        )

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except MoocdbError as error:
            raise CommandError(str(error)) from error

    def alias_of(self, options: dict[str, Any]) -> str:
        """Alias of the database asked for; a standalone database is migrated first."""
        stated = options.get("database")
        alias = conf.get("MOOCDB_DATABASE_ALIAS")
        is_ours = settings.SETTINGS_MODULE == "openedx_moocdb.standalone.settings"
        if stated and "://" not in stated:
            alias = stated
        elif stated and stated != os.environ.get("MOOCDB_DATABASE_URL"):
            add_database(_GIVEN, stated)
            alias, is_ours = _GIVEN, True
        if is_ours:
            call_command("migrate", "openedx_moocdb", database=alias, verbosity=0)
        return alias

    def site_options(self, alias: str, users: str | None = None) -> SiteOptions:
        """Options of the site from the settings; raises ``CommandError`` without a learner key."""
        return SiteOptions(
            self._secret(alias),
            conf.get("MOOCDB_SITE_NAME"),
            conf.get("MOOCDB_SITE_URL"),
            conf.get("MOOCDB_GEOIP_PATH"),
            _read_users(users) if users else {},
        )

    def _secret(self, alias: str) -> bytes:
        stated = conf.get("MOOCDB_LEARNER_KEY")
        connection = connections[alias]
        name = str(connection.settings_dict["NAME"])
        if stated or connection.vendor != "sqlite":
            if not stated:
                raise CommandError(
                    "MOOCDB_LEARNER_KEY is not set; it keys the pseudonyms of learners. Set it to a secret "
                    "of 32 random characters or more, in the environment or in Django's settings, and keep it"
                )
            return stated.encode() if isinstance(stated, str) else bytes(stated)
        if ":memory:" in name or "mode=memory" in name:
            return b"a database in memory keeps no pseudonyms"
        return learner_key("", Path(name))

    def show(self, options: dict[str, Any], found: dict[str, Any], sentences: list[str]) -> None:
        """Print the result in the form asked for."""
        self.stdout.write(json.dumps(found, default=str) if options["as_json"] else "\n".join(sentences))


def _read_users(path: str) -> dict[str, int]:
    """Ids by username from ``users.json`` ([{id, username}]) or an ``auth_user`` table with a heading."""
    text = Path(path).read_text(encoding="utf-8")
    if text.lstrip().startswith("["):
        return {str(user["username"]): int(user["id"]) for user in json.loads(text)}
    heading, *lines = text.splitlines()
    columns = heading.split("\t")
    if not {"id", "username"} <= set(columns):
        raise CommandError(f"{path}: found the columns {columns[:6]}, expected id and username")
    at_id, at_name = columns.index("id"), columns.index("username")
    rows = (line.split("\t") for line in lines if line)
    return {row[at_name]: int(row[at_id]) for row in rows if re.fullmatch(r"\d+", row[at_id])}


def is_terminal() -> bool:
    """Is someone watching? Progress is shown to people only."""
    return sys.stderr.isatty()
