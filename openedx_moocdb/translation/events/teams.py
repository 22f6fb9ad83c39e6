"""Teams of learners, on a page of their own."""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.translation.event_type import ANY_SOURCE
from openedx_moocdb.translation.standing import SERVER, Aside, stated_subject


class TeamPage(Aside):
    """A page of teams or of a topic is read; the application shows it without a request for a page."""

    names = ("edx.team.page_viewed",)
    sources = ANY_SOURCE
    category = "teams"


class TeamAct(Aside):
    """A team is made, changed, deleted, searched for, or spoken in: an act of who does it."""

    names = (
        "edx.team.created",
        "edx.team.changed",
        "edx.team.deleted",
        "edx.team.searched",
        "edx.team.activity_updated",
    )
    sources = SERVER
    category = "teams"


class TeamMember(Aside):
    """The learner of the payload comes into a team or leaves it; their act, unless staff did it for them."""

    names = ("edx.team.learner_added", "edx.team.learner_removed")
    sources = SERVER
    category = "teams"

    def subject(self, event: Event) -> tuple[int | None, str | None]:
        return stated_subject(event, "user_id")
