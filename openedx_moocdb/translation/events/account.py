"""The learner's account. Its values, old and new, are personal data and become no rows."""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation.standing import SERVER, Aside, stated_subject


class ChangeSettings(Aside):
    """A setting of the account changes: profile, language, mails of a course."""

    names = ("edx.user.settings.changed", "change-email-settings")
    sources = SERVER
    category = "account"

    def subject(self, event: Event) -> tuple[int | None, str | None]:
        return stated_subject(event, "user_id")


class LogIn(Aside):
    """A session begins; the payload names the learner, whom the context does not know yet."""

    names = ("edx.user.login",)
    sources = SERVER
    category = "account"

    def subject(self, event: Event) -> tuple[int | None, str | None]:
        return stated_subject(event, "user_id")


class LogOut(Aside):
    """The session ends, and all visits with it; a step, no row."""

    names = ("edx.user.logout",)
    sources = SERVER
    category = "account"
    step = StepKind.LEAVE
    is_row = False


class SetGoal(Aside):
    """The learner says what they want of the course: to complete it, to look around."""

    names = ("edx.course.goal.updated",)
    sources = SERVER
    category = "account"
