"""The app: video events with the clock of the phone, sent when there is a network."""

from __future__ import annotations

from openedx_moocdb.simulator.clock import iso
from openedx_moocdb.simulator.course import Leaf, Unit
from openedx_moocdb.simulator.learner import Device
from openedx_moocdb.simulator.legacy import LegacyVoice
from openedx_moocdb.simulator.mfe import MfeVoice
from openedx_moocdb.simulator.truth import EXACT, NO_PAGE, Act

#: verb -> (name of the line, event type of the line)
_NAMES = {
    "load": ("edx.video.loaded", "load_video"),
    "play": ("edx.video.played", "play_video"),
    "pause": ("edx.video.paused", "pause_video"),
    "stop": ("edx.video.stopped", "stop_video"),
    "seek": ("edx.video.position.changed", "seek_video"),
}


def say_app_video(
    voice: LegacyVoice | MfeVoice,
    time_us: int,
    sent_us: int,
    device: Device,
    unit: Unit,
    leaf: Leaf,
    verb: str,
    at_s: float,
) -> None:
    """Log a video event of the app at the time of the phone, received at ``sent_us``."""
    learner, course = voice.learner, voice.course
    name, event_type = _NAMES[verb]
    # The phone counts milliseconds.
    time_us -= time_us % 1000
    if verb == "seek":
        fields = f'"old_time": {at_s:.3f}, "new_time": {at_s + 30:.3f}, "type": "skip", '
        fields += '"requested_skip_interval": 30, '
    else:
        fields = f'"currentTime": {at_s:.3f}, ' if verb != "load" else ""
    line = (
        f'{{"username": "{learner.username}", "event_type": "{event_type}", "ip": "", '
        f'"agent": "{device.agent}", "host": "{course.host}", "referer": "", "accept_language": "", '
        f'"session": "", "event": {{{fields}"code": "mobile", "id": "{leaf.html_id}"}}, '
        f'"event_source": "mobile", "context": {{"user_id": {learner.user_id}, "org_id": "{course.org}", '
        f'"course_id": "{course.key}", "component": "videoplayer", "path": "/segmentio/event", '
        f'"received_at": "{iso(sent_us)}+00:00", "application": {{"name": "edx.mobileapp.android", '
        f'"version": "2.7.5"}}, "client": {{"app": {{"name": "edX", "version": "2.7.5"}}, "device": '
        f'{{"type": "android", "manufacturer": "sim"}}, "network": {{"wifi": true, "cellular": false}}, '
        f'"library": {{"name": "analytics-android", "version": "3.4.0"}}, "locale": "en-GB"}}}}, '
        f'"time": "{iso(time_us)}+00:00", "name": "{name}", "page": "{voice.app_page(unit)}"}}'
    )
    act = Act.BACKGROUND if verb == "load" else Act.ACT
    stated = EXACT if course.is_legacy else NO_PAGE
    voice.say(time_us, device, unit.place, act, f"{name} (mobile)", stated, line, sent_us)
