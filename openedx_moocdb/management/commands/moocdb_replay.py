"""``moocdb replay``: lines in quarantine are tried again, after a fix."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from openedx_moocdb import conf
from openedx_moocdb.data_access.store.sql import open_store
from openedx_moocdb.management.database_command import DatabaseCommand
from openedx_moocdb.pipelines.bulk import ImportOptions
from openedx_moocdb.pipelines.replay import replay


class Command(DatabaseCommand):
    """Parse arguments, replay, print what became of each line."""

    help = "translate the rejected lines in quarantine again; those that become rows leave it"

    def handle(self, *args: Any, **options: Any) -> None:
        alias = self.alias_of(options)
        given = ImportOptions(
            self.site_options(alias),
            session_limit_s=conf.get("MOOCDB_SESSION_LIMIT_S"),
            max_line_bytes=conf.get("MOOCDB_MAX_LINE_BYTES"),
        )
        summary = replay(open_store(alias), given)
        self.show(options, msgspec.to_builtins(summary), summary.sentences())
        if summary.rejected:
            sys.exit(1)
