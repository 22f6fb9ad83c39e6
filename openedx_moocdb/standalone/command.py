"""The console command ``moocdb``: the plugin's management commands on the standalone site."""

from __future__ import annotations

import os
import signal
import sys

COMMANDS = {
    "import": "moocdb_import",
    "replay": "moocdb_replay",
    "checksum": "moocdb_checksum",
    "simulate": "moocdb_simulate",
    "serve": "moocdb_serve",
    "demo": "moocdb_demo",
}


def main(arguments: list[str] | None = None) -> None:
    """Run ``moocdb COMMAND …``; exits with the status of the command."""
    words = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openedx_moocdb.standalone.settings")
    url = _database_of(words)
    if url:
        os.environ["MOOCDB_DATABASE_URL"] = url
    from django.core.management import execute_from_command_line

    if not words or words[0] in ("-h", "--help", "help"):
        print(_usage())
        return
    if words[0] not in COMMANDS:
        print(f"moocdb: found {words[0]!r}, expected one of: {', '.join(COMMANDS)}", file=sys.stderr)
        raise SystemExit(2)
    try:
        execute_from_command_line(["moocdb", COMMANDS[words[0]], *words[1:]])
    except KeyboardInterrupt:
        raise SystemExit(128 + signal.SIGINT) from None


def _database_of(words: list[str]) -> str:
    for at, word in enumerate(words):
        if word == "--database" and at + 1 < len(words):
            return words[at + 1]
        if word.startswith("--database="):
            return word.partition("=")[2]
    return ""


def _usage() -> str:
    from importlib import import_module

    import django

    django.setup()
    lines = ["usage: moocdb COMMAND [--help] …", ""]
    for word, name in COMMANDS.items():
        module = import_module(f"openedx_moocdb.management.commands.{name}")
        lines.append(f"  {word:<10} {module.Command.help}")
    lines += ["", "Every command takes --database URL (sqlite:///moocdb.sqlite3 by default)."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
