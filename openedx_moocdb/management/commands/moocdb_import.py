"""``moocdb import``: tracking logs on disk become rows."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import msgspec
from django.core.management import CommandError
from tqdm import tqdm

from openedx_moocdb import conf
from openedx_moocdb.data_access.sources.course_structure import find_structures
from openedx_moocdb.data_access.sources.tracking_logs import STDIN, find_logs
from openedx_moocdb.data_access.store.address import add_database
from openedx_moocdb.data_access.store.sql import open_store
from openedx_moocdb.management.database_command import DatabaseCommand, is_terminal
from openedx_moocdb.pipelines.bulk import BulkImport, ImportOptions
from openedx_moocdb.pipelines.chunks import Filters
from openedx_moocdb.pipelines.preview import preview
from openedx_moocdb.translation.block_ids import canonical_course


def moment(text: str) -> datetime:
    """An aware time from ``2024-03-01`` or ``2024-03-01T10:00+01:00``; without a zone it is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


class Command(DatabaseCommand):
    """Parse arguments, import, print what became of each line."""

    help = "import tracking logs (files, folders, globs, - for standard input) into MOOCdb tables"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="log, folder or glob of logs, or - for standard input"
        )
        parser.add_argument(
            "--course", action="append", default=[], help="write this course only; repeatable"
        )
        parser.add_argument(
            "--since", type=moment, metavar="TIME", help="events at or after; ISO 8601, UTC without zone"
        )
        parser.add_argument("--until", type=moment, metavar="TIME", help="events before")
        parser.add_argument(
            "--structure",
            action="append",
            default=[],
            metavar="PATH",
            help="course structure: package JSON, OLX folder or archive, or a folder of them; repeatable",
        )
        parser.add_argument(
            "--users",
            metavar="PATH",
            help="users.json or auth_user table: ids for logs that state only names",
        )
        parser.add_argument(
            "--workers", type=int, default=1, metavar="N", help="processes that read and translate"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="import into memory and show events with their rows"
        )
        parser.add_argument("--summary", metavar="PATH", help="write the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        alias = self._memory() if options["dry_run"] else self.alias_of(options)
        store = open_store(alias)
        bar = self._bar(options["paths"])
        run = BulkImport(store, self._options(options, alias), bar.update)
        with bar:
            summary = run.run(options["paths"], find_structures(map(Path, options["structure"])))
        sentences = summary.sentences()
        if options["dry_run"]:
            sentences = [*preview(alias), *sentences, "Nothing was written: this was a dry run."]
        found = msgspec.to_builtins(summary)
        if options["summary"]:
            Path(options["summary"]).write_text(json.dumps(found, indent=2) + "\n")
        self.show(options, found, sentences)
        if summary.rejected:
            sys.exit(1)

    def _options(self, options: dict[str, Any], alias: str) -> ImportOptions:
        courses = []
        for text in options["course"]:
            course_key = canonical_course(text)
            if course_key is None:
                raise CommandError(
                    f"--course: found {text!r}, expected e.g. course-v1:Org+Course+Run or Org/Course/Run"
                )
            courses.append(course_key)
        if options["workers"] < 1:
            raise CommandError(f"--workers: found {options['workers']}, expected 1 or more")
        return ImportOptions(
            self.site_options(alias, options["users"]),
            Filters(frozenset(courses), options["since"], options["until"]),
            options["workers"],
            conf.get("MOOCDB_BATCH_EVENTS"),
            conf.get("MOOCDB_LATENESS_S"),
            conf.get("MOOCDB_SESSION_LIMIT_S"),
            conf.get("MOOCDB_MAX_LINE_BYTES"),
        )

    def _memory(self) -> str:
        from django.core.management import call_command

        add_database("moocdb_dry_run", "sqlite://:memory:")
        call_command("migrate", "openedx_moocdb", database="moocdb_dry_run", verbosity=0)
        return "moocdb_dry_run"

    def _bar(self, paths: list[str]) -> Any:
        total = sum(log.size for log in find_logs(paths)) if STDIN not in paths else None
        tqdm.monitor_interval = 0  # its thread would keep workers from being forked
        return tqdm(total=total, unit="B", unit_scale=True, desc="import", disable=not is_terminal())
