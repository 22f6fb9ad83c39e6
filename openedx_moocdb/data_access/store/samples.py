"""A few events with all rows that hang on them, in words."""

from __future__ import annotations

from dataclasses import dataclass

from openedx_moocdb.data_access.store import tables
from openedx_moocdb.data_access.store.models import ObservedEvent, ObservedEventType, Url
from openedx_moocdb.schema.step import PlaceSource, StepKind


@dataclass(frozen=True)
class EventSample:
    """One event: a title, and (table, columns as text) of its rows. Answers are not shown."""

    title: str
    rows: tuple[tuple[str, str], ...]


_HIDDEN = frozenset({"submission_answer", "collaboration_content", "assessment_feedback", "answer_content"})


def first_events(alias: str, most: int) -> list[EventSample]:
    """The first events by time, at most ``most``."""
    samples = []
    for event in ObservedEvent.objects.using(alias).order_by("pk")[:most]:
        name = (
            ObservedEventType.objects.using(alias)
            .get(pk=event.observed_event_type_id)
            .observed_event_type_name
        )
        url = Url.objects.using(alias).filter(pk=event.url_id).values_list("url", flat=True).first()
        title = f"{event.observed_event_timestamp:%Y-%m-%d %H:%M:%S} {event.event_source} {name}"
        place = (
            f"{StepKind(event.step_kind).name.lower()} at {url} "
            f"({PlaceSource(event.place_source).name.lower().replace('_', ' ')}), gap {event.gap_s} s"
        )
        rows = [("observed_events", place)]
        for table in (*tables.HANGING, "click_events"):
            model = tables.MODELS[table]
            for row in model.objects.using(alias).filter(observed_event_id=event.pk).values():
                shown = {
                    k: v
                    for k, v in row.items()
                    if v is not None and not isinstance(v, bytes) and k not in _HIDDEN
                }
                rows.append((table, ", ".join(f"{k}={v}" for k, v in shown.items())))
        samples.append(EventSample(title, tuple(dict.fromkeys(rows))))
    return samples
