"""``moocdb checksum``: is the content of two databases the same?"""

from __future__ import annotations

from typing import Any

from openedx_moocdb.data_access.dump import checksums
from openedx_moocdb.management.database_command import DatabaseCommand


class Command(DatabaseCommand):
    """Print rows and checksum of each table; equal on all databases for equal content."""

    help = "print rows and a checksum per table, equal for equal content on any database"

    def handle(self, *args: Any, **options: Any) -> None:
        found = checksums(self.alias_of(options))
        lines = [f"{table:<32} {sum_.rows:>12} {sum_.hexdigest}" for table, sum_ in found.items()]
        result = {table: {"rows": sum_.rows, "checksum": sum_.hexdigest} for table, sum_ in found.items()}
        self.show(options, result, lines)
