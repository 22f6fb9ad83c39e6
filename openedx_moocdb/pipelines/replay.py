"""Try the lines in quarantine again: after a fix of ours, or with a higher line limit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from itertools import islice

from openedx_moocdb.data_access.store.interface import Rejection, Store
from openedx_moocdb.pipelines.bulk import BulkImport, ImportOptions
from openedx_moocdb.pipelines.chunks import Chunk
from openedx_moocdb.pipelines.merge import Batch
from openedx_moocdb.pipelines.readers import chunk_maker
from openedx_moocdb.pipelines.summary import Summary
from openedx_moocdb.schema.outcomes import RejectReason

_AT_ONCE = 1000


def replay(store: Store, options: ImportOptions) -> Summary:
    """Translate all lines in quarantine; those that are rows or skips now leave it."""
    began = time.monotonic()
    run = BulkImport(store, options)
    maker = chunk_maker(options.site, options.filters, options.max_line_bytes)
    waiting = run.transact(
        lambda: [r for r in store.quarantined() if r.reason != RejectReason.ID_COLLISION.value]
    )
    for some in _portions(waiting):
        chunk = maker.make([rejection.line for rejection in some], 0, 0)
        run.settle_batch(_batch_of(chunk))
        still = {line for line, _reason, _detail in chunk.rejections}
        done = [rejection.line for rejection in some if rejection.line not in still]
        run.transact(partial(store.release, done))
        run.summary.replayed += len(done)
    run.finish()
    run.summary.seconds = round(time.monotonic() - began, 3)
    return run.summary


def _portions(waiting: list[Rejection]) -> Iterator[list[Rejection]]:
    rest = iter(waiting)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _batch_of(chunk: Chunk) -> Batch:
    entries = [(name[0], *columns) for name, columns in chunk.entries.items()]
    rejections = [(*rejection, "") for rejection in chunk.rejections]
    return Batch(chunk.items, entries, rejections, chunk.counts, chunk.lines, [])
