"""``moocdb serve``: the standalone site on this machine."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from openedx_moocdb.management.database_command import DatabaseCommand
from openedx_moocdb.standalone.server import open_server


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
        with open_server(options["address"]) as server:
            host = options["address"].rpartition(":")[0]
            self.stdout.write(f"Open http://{host}:{server.server_port}/ (Ctrl-C ends it)")
            self.stdout.flush()
            with suppress(KeyboardInterrupt):
                server.serve_forever()
