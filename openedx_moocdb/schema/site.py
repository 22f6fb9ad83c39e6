"""The frozen values and pure look-ups that translation may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from openedx_moocdb.schema import keys


def no_country(ip: str) -> str | None:
    """The look-up of a site without an IP database."""
    return None


def unparsed_agent(agent: str) -> tuple[str, str]:
    """The look-up of a site without a user-agent library: everything is ``Other``."""
    return ("Other", "Other") if agent else ("", "")


class Site(msgspec.Struct, frozen=True):
    """One platform as translation sees it.

    ``secret`` keys the pseudonyms. ``base_url`` without trailing slash stands in
    front of every courseware URL, whatever host an event names (ADR 0008).
    ``user_ids``: LMS user id by username, for logs that state only names.
    ``country(ip)``: ISO 3166-1 alpha-2 or ``None``.
    ``agent(text)``: (browser with version, operating system).
    ``run_of``: course key by ``org/course`` for deprecated ids without a run.
    """

    secret: bytes
    name: str = "prod"
    base_url: str = "http://lms"
    user_ids: Mapping[str, int] = {}
    country: Callable[[str], str | None] = no_country
    agent: Callable[[str], tuple[str, str]] = unparsed_agent
    run_of: Mapping[str, str] = {}

    def learner(self, user_id: int | None, username: str | None) -> bytes | None:
        """Pseudonym from the id, else from the name; ``None`` for anonymous traffic."""
        if user_id is None and username:
            user_id = self.user_ids.get(username)
        if user_id is not None:
            return keys.learner_key(self.secret, self.name, user_id)
        return keys.named_learner_key(self.secret, self.name, username) if username else None
