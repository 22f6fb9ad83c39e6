"""The video player. Positions and speeds go to ``click_events``, in seconds and factors.

Names that begin with ``edx.video`` and have an older one become that one in normalisation;
they stand beside it here, because logs and the documentation know both.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import ClassVar

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.rows import ClickEvent, Row
from openedx_moocdb.schema.step import UNKNOWN_REST, StepKind
from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.event_type import Act, EventType, number_field, text_field
from openedx_moocdb.translation.pages import Page

PLAYER = ("browser", "mobile", "server", "")


class VideoEvent(EventType):
    """Any act on the player; ``id`` is the HTML id or the usage key of the video."""

    sources = PLAYER
    category = "video"

    def block(self, event: Event, page: Page) -> str:
        named = text_field(event.fields, "id", "module_id", "video_id", "video_block_id")
        usage = block_ids.canonical_usage(named.removeprefix("video_"), event.course_key, "video")
        return usage or super().block(event, page)

    def position_s(self, event: Event) -> float | None:
        """Where the video is as the event comes: for a seek, where it was left."""
        return number_field(event.fields, "old_time", "currentTime", "current_time")

    def rows(self, act: Act) -> Iterable[Row]:
        if act.block_id is None:
            return ()
        fields = act.event.fields
        return (
            ClickEvent(
                act.event.key,
                act.learner,
                act.block_id,
                act.type_id,
                act.timestamp,
                text_field(fields, "code") or None,
                number_field(fields, "currentTime", "current_time"),
                number_field(fields, "old_time"),
                number_field(fields, "new_time"),
                number_field(fields, "old_speed"),
                number_field(fields, "new_speed"),
                number_field(fields, "duration"),
                act.course_id,
            ),
        )


class PlayVideo(VideoEvent):
    """Playback starts; the rest of the video bounds how long it may go on unattended."""

    names = ("play_video", "edx.video.played")

    def play_left_s(self, event: Event) -> float | None:
        fields = event.fields
        duration = number_field(fields, "duration")
        current = self.position_s(event)
        if duration is None or current is None or current >= duration:
            return UNKNOWN_REST
        speed = number_field(fields, "speed")
        left_s = (duration - current) / (speed if speed is not None and speed > 0 else 1.0)
        return left_s if isfinite(left_s) else None


class HaltVideo(VideoEvent):
    """Playback ends: paused, stopped or played to the end."""

    names = (
        "pause_video",
        "stop_video",
        "complete_video",
        "edx.video.paused",
        "edx.video.stopped",
        "edx.video.completed",
    )

    def play_left_s(self, event: Event) -> float | None:
        return 0.0


class SteerVideo(VideoEvent):
    """Position, speed, captions, full screen, sharing, going on to the next unit by itself."""

    names = (
        "seek_video",
        "speed_change_video",
        "auto_advance_change_video",
        "show_transcript",
        "hide_transcript",
        "video_show_cc_menu",
        "video_hide_cc_menu",
        "edx.video.position.changed",
        "edx.video.seeked",
        "edx.video.transcript.shown",
        "edx.video.transcript.hidden",
        "edx.video.language_menu.shown",
        "edx.video.language_menu.hidden",
        "edx.video.closed_captions.shown",
        "edx.video.closed_captions.hidden",
        "fullscreen",
        "not_fullscreen",
        "edx.social.video.share_button.clicked",
    )


class PlayerSignal(VideoEvent):
    """What the player does on its own: it loads."""

    names = ("load_video", "edx.video.loaded")
    step = StepKind.BACKGROUND


class BumperEvent(VideoEvent):
    """The pre-roll video; ``host_component_id`` is the video that it stands before."""

    names: ClassVar[tuple[str, ...]] = (
        "edx.video.bumper.played",
        "edx.video.bumper.stopped",
        "edx.video.bumper.skipped",
        "edx.video.bumper.dismissed",
        "edx.video.bumper.transcript.shown",
        "edx.video.bumper.transcript.hidden",
        "edx.video.bumper.transcript.menu.shown",
        "edx.video.bumper.transcript.menu.hidden",
    )
    category = "video_preroll"

    def block(self, event: Event, page: Page) -> str:
        host = text_field(event.fields, "host_component_id")
        return block_ids.canonical_usage(host.removeprefix("video_"), event.course_key, "video")

    def position_s(self, event: Event) -> float | None:
        return None

    def rows(self, act: Act) -> Iterable[Row]:
        """No click event: positions in the bumper are none of the video's."""
        return ()


class BumperSignal(BumperEvent):
    """The player of the pre-roll video loads, on its own."""

    names = ("edx.video.bumper.loaded",)
    step = StepKind.BACKGROUND
