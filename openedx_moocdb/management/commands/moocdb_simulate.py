"""``moocdb simulate``: a course, its learners, their log and the truth."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from tqdm import tqdm

from openedx_moocdb.management.database_command import DatabaseCommand, is_terminal
from openedx_moocdb.simulator.api import SimulationPlan
from openedx_moocdb.simulator.plan import ERAS
from openedx_moocdb.simulator.write import write


class Command(DatabaseCommand):
    """Parse arguments, simulate, print what was written."""

    help = "write tracking logs of simulated learners, with the truth of where they were"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path, help="where to write; made if it does not exist")
        parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal files")
        parser.add_argument("--learners", type=int, default=50, help="how many, of all habits")
        parser.add_argument("--weeks", type=int, default=4, help="length of the course")
        parser.add_argument(
            "--era",
            choices=ERAS,
            default="both",
            help="shapes of the events: 2013, learning MFE, or a course of each",
        )
        parser.add_argument("--courses", type=int, default=1, help="courses per era")
        parser.add_argument("--lines", type=int, help="stop after that many lines")
        parser.add_argument("--servers", type=int, default=1, help="logs that the requests are spread over")
        parser.add_argument(
            "--files", type=int, default=1, help="files per server, each overlapping the one before"
        )
        parser.add_argument("--republish", action="store_true", help="each course changes halfway")
        parser.add_argument("--plain", action="store_true", help="do not compress")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("seed", "learners", "weeks", "era", "courses", "lines", "servers", "republish")
        try:
            plan = SimulationPlan(**{name: options[name] for name in names})
        except ValueError as error:
            raise CommandError(str(error)) from error
        with tqdm(total=options["lines"], unit=" lines", disable=not is_terminal()) as bar:
            summary = write(
                plan,
                options["folder"],
                bar.update,
                gzip=not options["plain"],
                files_per_server=options["files"],
            )
        found = summary.as_dict()
        lines = [
            f"{found['lines']:>12,} lines, {found['malformed']:,} of them malformed",
            f"{found['visits']:>12,} visits",
        ]
        self.show(options, found, [*lines, f"written to {options['folder']}"])
