"""Delete dictionary rows that nothing refers to any more."""

from __future__ import annotations

from django.db import models

from openedx_moocdb.data_access.store.models import (
    CurationDecision,
    ObservedEvent,
    Problem,
    Resource,
    ResourceUrl,
    Step,
    Url,
    Visit,
)

_CHUNK = 500


def prune(alias: str) -> int:
    """Delete unused pairs, then resources, then URLs; return how many rows.

    A pair is used by an event placed at both; a resource by an event, problem,
    decision or a used resource below it; a URL by an event, step, visit or pair.
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
    used = {resource_id for resource_id, _ in seen}
    used |= _ids(alias, Problem, "resource_id") | _ids(alias, CurationDecision, "resource_id")
    deleted += _delete(alias, Resource, _unused_resources(alias, used))
    used_urls = (
        {url_id for _, url_id in seen} | _ids(alias, ResourceUrl, "url_id") | _ids(alias, Visit, "url_id")
    )
    used_urls |= _ids(alias, ObservedEvent, "stated_url_id") | _ids(alias, Step, "stated_url_id")
    return deleted + _delete(alias, Url, sorted(_ids(alias, Url, "url_id") - used_urls))


def _ids(alias: str, model: type[models.Model], column: str) -> set[int | None]:
    return set(model.objects.using(alias).values_list(column, flat=True).distinct())  # type: ignore[attr-defined]


def _unused_resources(alias: str, used: set[int | None]) -> list[int]:
    parents = dict(Resource.objects.using(alias).values_list("resource_id", "resource_parent_id"))
    kept: set[int] = set()
    for identity in used:
        while identity is not None and identity in parents and identity not in kept:
            kept.add(identity)
            identity = parents[identity]
    return sorted(parents.keys() - kept)


def _delete(alias: str, model: type[models.Model], identities: list[int]) -> int:
    for start in range(0, len(identities), _CHUNK):
        chunk = identities[start : start + _CHUNK]
        model.objects.using(alias).filter(pk__in=chunk).delete()  # type: ignore[attr-defined]
    return len(identities)
