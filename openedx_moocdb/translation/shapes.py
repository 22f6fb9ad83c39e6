"""The platform's own rewriting of videos and sequences, done once more.

Its log shows newer names of the player and of sequences under older ones, with
payloads to match (``track/transformers.py``); a live event is not rewritten yet.
Every function here leaves what is rewritten already as it is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey

from openedx_moocdb.schema.event import Payload
from openedx_moocdb.translation import block_ids

VIDEO_NAMES = {
    "edx.video.played": "play_video",
    "edx.video.paused": "pause_video",
    "edx.video.stopped": "stop_video",
    "edx.video.loaded": "load_video",
    "edx.video.position.changed": "seek_video",
    "edx.video.seeked": "seek_video",
    "edx.video.transcript.shown": "show_transcript",
    "edx.video.transcript.hidden": "hide_transcript",
    "edx.video.language_menu.shown": "video_show_cc_menu",
    "edx.video.language_menu.hidden": "video_hide_cc_menu",
}
_VIDEO_LEGACY = frozenset(VIDEO_NAMES.values())
SEQUENCE_NAMES = {
    "edx.ui.lms.sequence.tab_selected": "seq_goto",
    "edx.ui.lms.sequence.next_selected": "seq_next",
    "edx.ui.lms.sequence.previous_selected": "seq_prev",
}
_SEQUENCE_LEGACY = frozenset(SEQUENCE_NAMES.values())
REWRITTEN_NAMES = frozenset({*VIDEO_NAMES, *SEQUENCE_NAMES, *_VIDEO_LEGACY, *_SEQUENCE_LEGACY})
#: what the platform rewrites in video payloads, in ways that cannot be undone
_VIDEO_REWRITTEN = ("type", "seek_type", "requested_skip_interval")


def legacy_shape(
    name: str, payload: Any, page: str, context: dict[str, Any]
) -> tuple[str, Payload, Any, str]:
    """(legacy name, payload in legacy shape, the payload's share in the facts, page)."""
    if type(payload) is not dict:
        return VIDEO_NAMES.get(name, name), payload, payload, page
    if name in VIDEO_NAMES or (name in _VIDEO_LEGACY and not payload.keys().isdisjoint(_VIDEO_REWRITTEN)):
        if payload and name in VIDEO_NAMES:
            url = context.get("open_in_browser_url")  # of a block: what is before it is the page
            page = url.rpartition("/")[0] if type(url) is str else page
        payload = _legacy_video(payload, context)
        stated = {field: payload[field] for field in payload if field not in _VIDEO_REWRITTEN}
        return VIDEO_NAMES.get(name, name), payload, stated, page
    if (name in SEQUENCE_NAMES or name in _SEQUENCE_LEGACY) and "current_tab" in payload:
        stated = {field: payload[field] for field in payload if field not in ("old", "new")}
        return *_legacy_sequence(name, payload), stated, page
    return name, payload, payload, page


@lru_cache(maxsize=1 << 14)
def _html_id(module_id: str) -> str:
    """The HTML id that the platform puts in place of a usage key, ``""`` if it is none."""
    try:
        UsageKey.from_string(module_id)
    except InvalidKeyError:
        return ""
    if module_id.startswith("i4x:"):
        return block_ids.html_id(module_id.partition("@")[0])
    return module_id.rpartition("+block@")[2]


def _legacy_video(payload: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    payload = dict(payload)
    module_id = payload.pop("module_id", None)
    if type(module_id) is str and (html_id := _html_id(module_id)):
        payload["id"] = html_id
    if "current_time" in payload:
        payload["currentTime"] = payload.pop("current_time")
    kind = payload.pop("seek_type", None)
    if kind == "slide" or kind == "skip":
        payload["type"] = "onSlideSeek" if kind == "slide" else "onSkipSeek"
    skip = payload.get("requested_skip_interval")
    if (type(skip) is int or type(skip) is float) and "type" in payload:
        if abs(skip) != 30:  # an Android build that called every seek a skip
            payload["type"] = "onSlideSeek"
        elif skip == 30 and payload["type"] == "onSkipSeek" and _is_old_ios(context):
            payload["requested_skip_interval"] = -30
    return payload


def _is_old_ios(context: dict[str, Any]) -> bool:
    """The build that said 30 seconds forward when it went 30 seconds back."""
    app = context.get("application")
    return type(app) is dict and app.get("version") == "1.0.02" and app.get("name") == "edx.mobileapp.iOS"


def _legacy_sequence(name: str, payload: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Within a sequence: the legacy name with ``old`` and ``new``; across its border: as it is."""
    current = payload["current_tab"]
    legacy = SEQUENCE_NAMES.get(name, name)
    if legacy == "seq_goto":
        return legacy, {**payload, "old": current, "new": payload.get("target_tab", payload.get("new"))}
    if not isinstance(current, (int, float)):
        return name, payload
    if legacy == "seq_next":
        if current == payload.get("tab_count"):
            return name, payload
        return legacy, {**payload, "old": current, "new": current + 1}
    if current == 1:
        return name, payload
    return legacy, {**payload, "old": current, "new": current - 1}
