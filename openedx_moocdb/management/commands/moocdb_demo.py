"""``moocdb demo``: from nothing to pages, in about a minute."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command

from openedx_moocdb.management.database_command import DatabaseCommand


class Command(DatabaseCommand):
    """Simulate a course of both eras, import its logs, serve the pages."""

    help = "simulate two courses, import their logs into SQLite and serve the pages"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--folder", type=Path, default=Path("demo"), help="where logs and database go")
        parser.add_argument("--learners", type=int, default=120, help="how many to simulate")
        parser.add_argument("--weeks", type=int, default=5, help="length of the courses")
        parser.add_argument(
            "--address", default="127.0.0.1:8400", metavar="HOST:PORT", help="where the site answers"
        )
        parser.add_argument("--no-serve", action="store_true", help="stop before the site is served")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        url = options["database"] or f"sqlite:///{(folder / 'moocdb.sqlite3').absolute()}"
        if not (folder / "summary.json").exists():
            self.stdout.write("Simulating learners …")
            call_command(
                "moocdb_simulate",
                str(folder),
                learners=options["learners"],
                weeks=options["weeks"],
                servers=2,
            )
        self.stdout.write("Importing their logs …")
        try:
            call_command("moocdb_import", str(folder), structure=[str(folder)], database=url)
        except SystemExit:
            self.stdout.write(
                "The malformed lines above are part of the simulation; they are kept in quarantine."
            )
        if not options["no_serve"]:
            os.environ["MOOCDB_DATABASE_URL"] = url
            os.execvp("moocdb", ["moocdb", "serve", "--database", url, "--address", options["address"]])
