"""Badges: given by the platform, shown by their owners."""

from __future__ import annotations

from openedx_moocdb.translation.standing import BROWSER, Aside, Fact


class BadgeFact(Fact):
    """A badge is given to the learner of the payload."""

    names = ("edx.badge.assertion.created",)
    category = "badge"


class ShowBadge(Aside):
    """A badge is shared, or its page is opened from where it was shared."""

    names = ("edx.badge.assertion.shared", "edx.badge.assertion.evidence_visited")
    sources = BROWSER
    category = "badge"
