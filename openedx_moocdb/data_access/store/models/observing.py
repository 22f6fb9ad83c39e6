"""Observing mode: what learners did, where, and the dictionaries of it."""

from __future__ import annotations

from django.db import models

from openedx_moocdb.data_access.store.models.fields import (
    ExactCharField,
    ExactTextField,
    KeyField,
    TimeField,
)


class ObservedEvent(models.Model):
    """One event of a learner or visitor; stated columns first, derived ones after them.

    .. pii: Behaviour and country under a pseudonym.
    .. pii_types: id, location, other
    .. pii_retirement: local_api
    """

    observed_event_id = KeyField(
        primary_key=True, help_text="Stated: key of the event, 16 bytes, sorts by time."
    )
    user_id = KeyField(null=True, help_text="Stated: pseudonym of the learner; empty for anonymous traffic.")
    observed_event_type_id = models.BigIntegerField(help_text="Stated: see observed_event_types.")
    observed_event_timestamp = TimeField(help_text="Stated: time of the act, UTC, microseconds.")
    event_source = ExactCharField(max_length=32, help_text="Stated: browser, server, mobile, task or empty.")
    session_id = models.BigIntegerField(null=True, help_text="Stated: 63-bit hash of the session.")
    observed_event_country = ExactCharField(
        max_length=3,
        null=True,
        help_text="Stated: ISO 3166-1 alpha-2 code of the address, which is not kept.",
    )
    observed_event_os = models.BigIntegerField(null=True, help_text="Stated: see os.")
    observed_event_agent = models.BigIntegerField(null=True, help_text="Stated: see agent.")
    stated_course_id = models.BigIntegerField(null=True, help_text="Stated: course that the event names.")
    stated_url_id = models.BigIntegerField(
        null=True, help_text="Stated: page that the event names, see urls."
    )
    stated_panel = models.BigIntegerField(
        null=True, help_text="Stated: 1-based unit in the section; below 0 only a tree can tell."
    )
    block_id = models.BigIntegerField(null=True, help_text="Stated: block acted on, see blocks.")
    step_kind = models.SmallIntegerField(help_text="Stated: what the event does to the place (StepKind).")
    play_left_s = models.FloatField(
        null=True, help_text="Stated: seconds of playback left; 0 stops it, -1 is an unknown rest."
    )
    position_s = models.FloatField(null=True, help_text="Stated: position in the video, in seconds of it.")
    redundancy_class = models.SmallIntegerField(help_text="Stated: which copy of an act it is (Redundancy).")
    is_canonical = models.BooleanField(help_text="Stated: the one row to count of an act that is told twice.")
    is_truncated = models.BooleanField(help_text="Stated: the platform cut the payload.")
    course_id = models.BigIntegerField(null=True, help_text="Derived: course of the place.")
    url_id = models.BigIntegerField(null=True, help_text="Derived: URL of the place, see urls.")
    resource_id = models.BigIntegerField(null=True, help_text="Derived: see resources.")
    unit_id = models.BigIntegerField(null=True, help_text="Derived: block id of the unit.")
    panel = models.BigIntegerField(null=True, help_text="Derived: 1-based number of the unit in its section.")
    place_source = models.SmallIntegerField(help_text="Derived: evidence of the place (PlaceSource).")
    gap_s = models.FloatField(null=True, help_text="Derived: seconds to the learner's next active event.")
    observed_event_duration = models.FloatField(
        null=True, help_text="Derived: seconds spent; unknown is empty."
    )
    visit_id = KeyField(null=True, help_text="Derived: see visits.")
    is_conflict = models.BooleanField(help_text="Derived: evidence of the place disagreed.")
    validity = models.SmallIntegerField(
        null=True, help_text="Curated: 1 valid, 0 not, empty when not judged."
    )

    class Meta:
        db_table = "moocdb_observed_events"
        indexes = [
            models.Index(fields=["user_id"], name="moocdb_events_user"),
            models.Index(fields=["course_id", "observed_event_id"], name="moocdb_events_course"),
        ]


class Step(models.Model):
    """A step of a learner that is no event to observe: a closed page, a logout.

    .. pii: Behaviour under a pseudonym.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    step_id = KeyField(primary_key=True, help_text="Stated: key of the event, 16 bytes, sorts by time.")
    user_id = KeyField(help_text="Stated: pseudonym of the learner.")
    step_kind = models.SmallIntegerField(help_text="Stated: what the step does to the place (StepKind).")
    stated_course_id = models.BigIntegerField(null=True, help_text="Stated: course that the event names.")
    stated_url_id = models.BigIntegerField(
        null=True, help_text="Stated: page that the event names, see urls."
    )
    device_id = models.BigIntegerField(null=True, help_text="Stated: agent and system of the device.")

    class Meta:
        db_table = "moocdb_steps"
        indexes = [models.Index(fields=["user_id"], name="moocdb_steps_user")]


class Visit(models.Model):
    """A stay of one learner on one device at one place.

    .. pii: Behaviour under a pseudonym.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    visit_id = KeyField(primary_key=True, help_text="Derived: key of the visit, 16 bytes.")
    user_id = KeyField(help_text="Derived: pseudonym of the learner.")
    course_id = models.BigIntegerField(null=True, help_text="Derived: course of the place.")
    device_id = models.BigIntegerField(help_text="Derived: agent and system; 0 when unknown.")
    url_id = models.BigIntegerField(help_text="Derived: URL of the place, see urls.")
    unit_id = models.BigIntegerField(null=True, help_text="Derived: block id of the unit.")
    panel = models.BigIntegerField(null=True, help_text="Derived: 1-based number of the unit in its section.")
    visit_start = TimeField(help_text="Derived: first event, UTC.")
    visit_last = TimeField(help_text="Derived: last event, UTC.")
    duration_s = models.FloatField(null=True, help_text="Derived: seconds; a lower bound when idle ended it.")
    events = models.IntegerField(help_text="Derived: number of events.")
    ended_by = ExactCharField(max_length=8, help_text="Derived: move, close, logout, idle or open.")

    class Meta:
        db_table = "moocdb_visits"
        indexes = [
            models.Index(fields=["user_id", "visit_start"], name="moocdb_visits_user"),
            models.Index(fields=["course_id", "visit_start"], name="moocdb_visits_course"),
        ]


class ClickEvent(models.Model):
    """Positions and speeds of a video event; the place stands in its observed event.

    .. pii: Behaviour under a pseudonym.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    observed_event_id = KeyField(primary_key=True, help_text="Stated: the event, 16 bytes.")
    user_id = KeyField(null=True, help_text="Stated: pseudonym of the learner.")
    video_id = models.BigIntegerField(help_text="Stated: block of the video, see blocks.")
    observed_event_type_id = models.BigIntegerField(help_text="Stated: see observed_event_types.")
    observed_event_timestamp = TimeField(help_text="Stated: time of the act, UTC.")
    code = ExactTextField(null=True, help_text="Stated: the player's code of the video.")
    video_current_time = models.FloatField(null=True, help_text="Stated: position, seconds of the video.")
    video_old_time = models.FloatField(null=True, help_text="Stated: position before a seek, seconds.")
    video_new_time = models.FloatField(null=True, help_text="Stated: position after a seek, seconds.")
    video_old_speed = models.FloatField(null=True, help_text="Stated: speed before a change, a factor.")
    video_new_speed = models.FloatField(null=True, help_text="Stated: speed after a change, a factor.")
    video_duration_s = models.FloatField(null=True, help_text="Stated: length of the video, seconds.")
    course_id = models.BigIntegerField(null=True, help_text="Derived: course of the event.")

    class Meta:
        db_table = "moocdb_click_events"
        indexes = [models.Index(fields=["video_id"], name="moocdb_clicks_video")]


class ObservedEventType(models.Model):
    """Name of an event type.

    .. no_pii: Names of event types.
    """

    observed_event_type_id = models.BigIntegerField(
        primary_key=True, help_text="Derived: 63-bit hash of the name."
    )
    observed_event_type_name = ExactTextField(help_text="Stated: canonical name of the event type.")

    class Meta:
        db_table = "moocdb_observed_event_types"


class Os(models.Model):
    """Operating system.

    .. no_pii: Names of systems.
    """

    os_id = models.BigIntegerField(primary_key=True, help_text="Derived: 63-bit hash of the name.")
    os_name = ExactTextField(help_text="Stated: family of the operating system.")

    class Meta:
        db_table = "moocdb_os"


class Agent(models.Model):
    """Browser or app.

    .. no_pii: Names of browsers.
    """

    agent_id = models.BigIntegerField(primary_key=True, help_text="Derived: 63-bit hash of the name.")
    agent_name = ExactTextField(help_text="Stated: family and version of the browser or app.")

    class Meta:
        db_table = "moocdb_agent"


class Url(models.Model):
    """URL of a page, generalised: no names, tokens or queries.

    .. no_pii: Paths from an allow-list.
    """

    url_id = models.BigIntegerField(primary_key=True, help_text="Derived: 63-bit hash of the URL.")
    url = ExactTextField(help_text="Stated: canonical URL.")

    class Meta:
        db_table = "moocdb_urls"


class ResourceType(models.Model):
    """Content and medium of resources.

    .. no_pii: A fixed list.
    """

    resource_type_id = models.IntegerField(primary_key=True, help_text="Fixed number.")
    resource_type_content = ExactCharField(max_length=20, help_text="Fixed: lecture, problem, forum…")
    resource_type_medium = ExactCharField(max_length=20, help_text="Fixed: video, text…")

    class Meta:
        db_table = "moocdb_resource_types"


class Resource(models.Model):
    """A node of the resource tree, named by its deep URI.

    .. no_pii: Course structure.
    """

    resource_id = models.BigIntegerField(primary_key=True, help_text="Derived: 63-bit hash of the URI.")
    resource_uri = ExactTextField(help_text="Derived: URL of the place and the module in it.")
    resource_name = ExactTextField(help_text="Derived: display name in the course tree, else from the URI.")
    resource_type_id = models.IntegerField(help_text="Derived: see resource_types.")
    resource_parent_id = models.BigIntegerField(null=True, help_text="Derived: the resource above.")
    course_id = models.BigIntegerField(null=True, help_text="Derived: course in the URI.")
    resource_child_number = models.IntegerField(null=True, help_text="Derived: 1-based order among siblings.")
    resource_relevant_week = models.IntegerField(null=True, help_text="Derived: course week, from 1.")
    resource_release_timestamp = TimeField(null=True, help_text="Stated in the course tree: release, UTC.")

    class Meta:
        db_table = "moocdb_resources"
        indexes = [models.Index(fields=["course_id"], name="moocdb_resources_course")]


class ResourceUrl(models.Model):
    """A resource that was seen on a page.

    .. no_pii: Course structure.
    """

    resources_urls_id = models.BigIntegerField(
        primary_key=True, help_text="Derived: 63-bit hash of the pair."
    )
    resource_id = models.BigIntegerField(help_text="Derived: see resources.")
    url_id = models.BigIntegerField(help_text="Derived: see urls.")

    class Meta:
        db_table = "moocdb_resources_urls"
