"""``moocdb serve``: the standalone site on this machine."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command

from openedx_moocdb.management.database_command import DatabaseCommand


class Command(DatabaseCommand):
    """Serve the pages that show what is in the tables."""

    help = "serve pages that show what is in the tables, on this machine"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--address", default="127.0.0.1:8400", metavar="HOST:PORT", help="where the site answers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.alias_of(options)
        self.stdout.write(f"Open http://{options['address']}/ (Ctrl-C ends it)")
        call_command("runserver", options["address"], use_reloader=False, skip_checks=True)
