"""Notifications in the page header and by mail."""

from __future__ import annotations

from openedx_moocdb.schema.event import Event
from openedx_moocdb.translation.standing import SERVER, Aside, Fact, Inline


class GenerateNotification(Fact):
    """A notification goes out, to several learners at once: an event of none of them."""

    names = ("edx.notifications.generated",)
    category = "notifications"

    def subject(self, event: Event) -> tuple[int | None, str | None]:
        return None, None


class ReadNotifications(Inline):
    """The learner opens the tray, or one notification, or marks them all as read, on whatever page."""

    names = (
        "edx.notifications.tray_opened",
        "edx.notifications.read",
        "edx.notifications.app_all_read",
    )
    sources = SERVER
    category = "notifications"


class ChooseNotifications(Aside):
    """The learner chooses which notifications come, on the page of settings or by a link in a mail."""

    names = (
        "edx.notifications.preferences.updated",
        "edx.notifications.preferences.one_click_unsubscribe",
    )
    sources = SERVER
    category = "notifications"
