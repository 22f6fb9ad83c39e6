"""``moocdb demo``: from nothing to pages, in about a minute."""

from __future__ import annotations

import os
import sys
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
        if (folder / "summary.json").exists():
            self.stdout.write(f"1. The logs in {folder} are used again; remove the folder to begin anew.")
        else:
            self.stdout.write(f"1. Two courses are simulated, and {options['learners']} learners:")
            self._simulate(folder, options)
        self.stdout.write("\n2. Their logs are imported:")
        try:
            call_command("moocdb_import", str(folder), structure=[str(folder)], database=url)
        except SystemExit:
            self.stdout.write("\nRejected lines are part of the simulation, which damages some on purpose.")
            self.stdout.write("The site shows them under Data.")
        if not options["no_serve"]:
            self._serve(url, options["address"])

    def _simulate(self, folder: Path, options: dict[str, Any]) -> None:
        call_command(
            "moocdb_simulate",
            str(folder),
            learners=options["learners"],
            weeks=options["weeks"],
            servers=2,
        )

    def _serve(self, url: str, address: str) -> None:
        """Become ``moocdb serve``: the settings name their database once, when a process starts."""
        self.stdout.write("\n3. The site is served:")
        self.stdout.flush()
        command = [sys.executable, "-m", "openedx_moocdb", "serve", "--database", url, "--address", address]
        os.environ["MOOCDB_DATABASE_URL"] = url
        os.execv(sys.executable, command)
