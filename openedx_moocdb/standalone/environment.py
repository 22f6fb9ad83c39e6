"""Settings of the plugin from environment variables, and a learner key that stays."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openedx_moocdb.conf import SETTINGS
from openedx_moocdb.schema.errors import PermanentError


def settings_from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Values for the names of ``conf.SETTINGS`` that the environment has, in the type of their default.

    Raises ``PermanentError`` for a number that is none.
    """
    found: dict[str, Any] = {}
    for setting in SETTINGS:
        text = environment.get(setting.name)
        if text is None:
            continue
        kind = type(setting.default)
        try:
            found[setting.name] = kind(text) if kind in (int, float) else text
        except ValueError:
            raise PermanentError(
                f"{setting.name}: found {text!r}, expected a number of {setting.unit or 'units'}"
            ) from None
    return found


def learner_key(stated: str, beside: Path) -> bytes:
    """The secret of the pseudonyms: ``stated``, else the one kept in a file beside the database.

    The file is made on first use, readable by its owner only. Whoever loses it
    cannot add to the database; whoever has it can find learners by their id.
    """
    if stated:
        return stated.encode()
    file = beside.with_name(beside.name + ".key")
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32) + "\n")
    return file.read_text().strip().encode()
