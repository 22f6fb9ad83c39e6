"""Content of others within a unit: documents, slides, explorations."""

from __future__ import annotations

from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation.event_type import ANY_SOURCE, EventType


class EmbeddedContentShown(EventType):
    """Embedded content is ready on the page; nobody has done anything with it yet."""

    names = (
        "edx.googlecomponent.calendar.displayed",
        "edx.googlecomponent.document.displayed",
        "edx.pdf.loaded",
        "microsoft.office.mix.loaded",
        "microsoft.office.mix.slide.loaded",
        "oppia.exploration.loaded",
    )
    sources = ANY_SOURCE
    category = "third_party_content"
    step = StepKind.BACKGROUND


class EmbeddedContentUsed(EventType):
    """The learner does something with embedded content: downloads, plays, explores."""

    names = (
        "edx.pdf.downloaded",
        "microsoft.office.mix.played",
        "microsoft.office.mix.paused",
        "microsoft.office.mix.stopped",
        "oppia.exploration.state.changed",
        "oppia.exploration.completed",
    )
    sources = ANY_SOURCE
    category = "third_party_content"
