"""Delete dictionary rows that nothing refers to any more."""

from __future__ import annotations

from django.db import models

from openedx_moocdb.data_access.store.models import (
    Block,
    ClickEvent,
    CurationDecision,
    ObservedEvent,
    Problem,
    Question,
    Resource,
    ResourceUrl,
    Step,
    Survey,
    Url,
    Visit,
)
from openedx_moocdb.data_access.store.row_writer import chunks

#: columns that name a URL or a block, but for those of an event's place
_URL_COLUMNS: tuple[tuple[type[models.Model], str], ...] = (
    (ResourceUrl, "url_id"),
    (Visit, "url_id"),
    (ObservedEvent, "stated_url_id"),
    (Step, "stated_url_id"),
)
_BLOCK_COLUMNS: tuple[tuple[type[models.Model], str], ...] = (
    (Visit, "unit_id"),
    (ClickEvent, "video_id"),
    (Problem, "block_id"),
    (Survey, "block_id"),
    (Question, "question_reference"),
    (CurationDecision, "block_id"),
)


def prune(alias: str) -> int:
    """Delete unused pairs, then resources, URLs, blocks; return how many rows.

    A pair is used by an event placed at both; a resource by an event, decision
    or a used resource below it; a URL by an event, step, visit or pair; a block
    by all that acts on it, is in it or is derived from it. A problem's resource
    is derived from what is used, and does not keep it: it becomes unknown.
    """
    seen = set(ObservedEvent.objects.using(alias).values_list("resource_id", "url_id").distinct())
    unused_pairs = [
        identity
        for identity, resource_id, url_id in ResourceUrl.objects.using(alias).values_list(
            "resources_urls_id", "resource_id", "url_id"
        )
        if (resource_id, url_id) not in seen
    ]
    deleted = _delete(alias, ResourceUrl, unused_pairs)
    used = {resource_id for resource_id, _ in seen} | _ids(alias, CurationDecision, "resource_id")
    unused = _unused_resources(alias, used)
    for chunk in chunks(unused):
        Problem.objects.using(alias).filter(resource_id__in=chunk).update(resource_id=None)
    deleted += _delete(alias, Resource, unused)
    used_urls = {url_id for _, url_id in seen}
    for model, column in _URL_COLUMNS:
        used_urls |= _ids(alias, model, column)
    deleted += _delete(alias, Url, sorted(_ids(alias, Url, "url_id") - used_urls))
    return deleted + _delete(alias, Block, _unused_blocks(alias))


def _ids(alias: str, model: type[models.Model], column: str) -> set[int]:
    found = model.objects.using(alias).values_list(column, flat=True).distinct()  # type: ignore[attr-defined]
    return {identity for identity in found if identity is not None}


def _unused_blocks(alias: str) -> list[int]:
    unused = _ids(alias, Block, "block_id")
    events = ObservedEvent.objects.using(alias).values_list("block_id", "unit_id").distinct()
    for pair in events.iterator():
        unused.difference_update(pair)
    for model, column in _BLOCK_COLUMNS:
        unused -= _ids(alias, model, column)
    return sorted(unused)


def _unused_resources(alias: str, used: set[int | None]) -> list[int]:
    parents = dict(Resource.objects.using(alias).values_list("resource_id", "resource_parent_id"))
    kept: set[int] = set()
    for identity in used:
        while identity is not None and identity in parents and identity not in kept:
            kept.add(identity)
            identity = parents[identity]
    return sorted(parents.keys() - kept)


def _delete(alias: str, model: type[models.Model], identities: list[int]) -> int:
    for chunk in chunks(identities):
        model.objects.using(alias).filter(pk__in=chunk).delete()  # type: ignore[attr-defined]
    return len(identities)
