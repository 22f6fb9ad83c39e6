"""Every command with its usage and options, drawn from its parser but not by it.

``argparse`` prints help differently from one Python to the next.
"""

from __future__ import annotations

import textwrap
from argparse import SUPPRESS, Action, ArgumentParser
from collections.abc import Mapping
from importlib import import_module

from django.core.management import BaseCommand

from tests.docs import rst

_INTRODUCTION = (
    "``moocdb COMMAND`` runs on a small site of its own, without an LMS. On any other Django site that has "
    "``openedx_moocdb`` among its applications, the same commands are ``manage.py moocdb_COMMAND``, and work"
    " on the database of its settings. Django's own options (``--settings``, ``--traceback``, "
    "``--verbosity`` and so on) are taken as well. A command that fails says so in a sentence and ends with "
    "status 1; a wrong argument ends with status 2."
)


def load(management_command: str) -> BaseCommand:
    """The command of that name, ``moocdb_import``."""
    module = import_module(f"openedx_moocdb.management.commands.{management_command}")
    command: BaseCommand = module.Command()
    return command


def actions_of(command: BaseCommand) -> list[Action]:
    """Arguments that the command itself takes, options first, each in the order of its parser."""
    parser = ArgumentParser(add_help=False)
    command.add_arguments(parser)
    shown = [action for action in parser._actions if action.help != SUPPRESS]
    return sorted(shown, key=lambda action: not action.option_strings)


def commands_rst(commands: Mapping[str, BaseCommand]) -> str:
    """The page of commands; keys are the words behind ``moocdb``."""
    parts = [rst.heading("Commands"), rst.paragraph(_INTRODUCTION)]
    for word, command in commands.items():
        actions = actions_of(command)
        rows = [(rst.literal(_form(action)), _default(action), _meaning(action)) for action in actions]
        parts += [
            rst.heading(f"moocdb {word}", 1),
            rst.paragraph(_sentence(command.help)),
            f".. code-block:: text\n\n{_usage(word, actions)}\n",
            rst.table(("Argument", "Default", "Meaning"), (30, 20, 50), rows),
        ]
    return rst.page(*parts)


def _usage(word: str, actions: list[Action]) -> str:
    head = f"moocdb {word} "
    glued = [_in_usage(action).replace(" ", "\0") for action in actions]
    lines = textwrap.wrap(
        " ".join(glued),
        rst.WIDTH - 10,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return textwrap.indent("\n".join(lines).replace("\0", " "), "   ")


def _in_usage(action: Action) -> str:
    form = _form(action)
    if action.option_strings:
        return form if action.required else f"[{form}]"
    return {"+": f"{form} [{form} …]", "*": f"[{form} …]", "?": f"[{form}]"}.get(str(action.nargs), form)


def _form(action: Action) -> str:
    """``--since TIME``, ``--dry-run`` or ``PATH``."""
    if not action.option_strings:
        return str(action.metavar or action.dest).upper()
    name = max(action.option_strings, key=len)
    if action.nargs == 0:
        return name
    values = "{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.dest.upper()
    return f"{name} {action.metavar or values}"


def _default(action: Action) -> str:
    if action.nargs == 0 or action.default is None or action.default == []:
        return rst.NONE
    return rst.literal(action.default)


def _meaning(action: Action) -> str:
    return _sentence(action.help or "")


def _sentence(text: str) -> str:
    """``text`` as a sentence; what begins with a file or an address stays as it is."""
    if not text:
        return rst.NONE
    begins_with_word = text.split()[0].isalpha()
    return (text[0].upper() if begins_with_word else text[0]) + text[1:] + "."
