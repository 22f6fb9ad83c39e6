"""What the fold remembers of one learner between two steps.

Its maps keep the order in which the learner first met their keys, through
encoding too, so that equal histories give equal bytes.
"""

from __future__ import annotations

import msgspec

from openedx_moocdb.schema.course import Spot


class Playback(msgspec.Struct):
    """A video that was started: which, when, and at which position in seconds."""

    block: str
    time_us: int
    position_s: float | None


class OpenVisit(msgspec.Struct):
    """A stay that has not ended.

    ``place`` identifies the spot or page. ``play_until_us``: a video is known to
    play until then, whatever the learner does. ``playback``: one that was
    started and not halted yet.
    """

    visit_id: bytes
    place: str
    course_key: str
    url_id: int
    unit_id: int | None
    panel: int | None
    start_us: int
    last_us: int
    events: int = 1
    play_until_us: int = 0
    playback: Playback | None = None


class Device(msgspec.Struct):
    """One device: the last courseware spot on it, and the open visit.

    ``page_url``: the page without courseware that the learner is on, ``""`` in
    courseware. ``calls``: (key, µs) of background calls that state nothing,
    which belong to the page that opens next if it does so at once.
    """

    spot: Spot | None = None
    spot_us: int = 0
    page_url: str = ""
    visit: OpenVisit | None = None
    calls: list[tuple[bytes, int]] = []


class Pending(msgspec.Struct):
    """The last active event: its gap is not known until the next one.

    ``end_us``: when its page was closed, 0 if it was not.
    """

    key: bytes
    time_us: int
    visit_id: bytes = b""
    play_until_us: int = 0
    end_us: int = 0


class State(msgspec.Struct):
    """One learner, all courses of the site.

    ``panels``: last spot by course and section, by course and chapter, and by
    course; ``blocks``: last well-evidenced spot by usage key; ``latest``: the
    spot that ``panels`` was last told of; ``runs``: last course run by ``org/course``, for
    deprecated ids that lack it.
    """

    devices: dict[int, Device] = {}
    panels: dict[str, Spot] = {}
    blocks: dict[str, Spot] = {}
    runs: dict[str, str] = {}
    latest: Spot | None = None
    pending: Pending | None = None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(State)


def encode_state(state: State) -> bytes:
    """Bytes for the store; equal states give equal bytes."""
    return _encoder.encode(state)


def decode_state(data: bytes) -> State:
    """The state of ``encode_state``; a fresh one for ``b""``."""
    return _decoder.decode(data) if data else State()
