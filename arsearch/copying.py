"""Copy an index to another location and back-end: from a folder to a cluster, back, or to another folder.

The stored articles are added to the target in their order, with the analyzer and the fields of the source. The target's
articles are compared with those of the source before, so that an interrupted copy goes on where it stopped, and after.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from itertools import chain
from typing import Any, cast

from arsearch.errors import (
    AnalyzerMismatchError,
    IndexExistsError,
    IndexLockedError,
    IndexReadOnlyError,
    IndexWriteError,
    QueryError,
)
from arsearch.model import AddReport, Article, CopyReport
from arsearch.opening import open_index
from arsearch.search import Index
from arsearch.search.backend import Capability, SyncWriter, WriterOptions
from arsearch.search.request import LOCK_TIMEOUT, MEMORY_LIMIT
from arsearch.search.searchable import Searchable

__all__ = ["copy"]

_COMMIT_EVERY = 10_000
_COMMIT_SECONDS = 30.0
_DELETED_AT_ONCE = 1_000

Location = str | os.PathLike[str]


def copy(
    source: Index | Location | Sequence[Location],
    target: Index | Location,
    *,
    replace: bool = False,
    commit_every: int = _COMMIT_EVERY,
    progress: Callable[[CopyReport], None] | None = None,
    workers: int = 1,
    memory_limit: int = MEMORY_LIMIT,
    timeout: float = LOCK_TIMEOUT,
) -> CopyReport:
    """Copy all articles of the index at `source` to the index at `target`, which may be of another kind.

    A missing target is made, with the analyzer, its dictionary and the fields of the source. The articles keep their order
    and all their values; works keep their parts. Searches of the copy give the same answers, apart from the statistics of
    deleted articles: the copy has none. `source` may be a list of folders, as in `arsearch.open`. One commit of it is copied.
    Both may also be open indexes, for example with a ready client; the indexes stay open.

    Articles are committed after every `commit_every` and every 30 seconds. If anything stops the call, call it again: the
    articles that the target has already are compared and kept. At the end, all articles of the target are compared with those
    of the source. The report has their number, and a digest of them all in order.

    A target with articles that the source does not have, or has with other values, is an error, and stays as it was. With
    `replace` these articles are removed or replaced: a copy of a source that has changed becomes like the source again.

    `progress` is called with the running report, first while the target's articles are compared, then after each article
    added, then while all are compared. `workers` is the number of processes that analyse the articles for a cluster; an index in
    a folder is written by one process, because several change the order. `memory_limit` and `timeout` are those of `Index.add`.

    The state of `arsearch.sync` is copied too, unless another program writes to the source, or the target cannot have one:
    `CopyReport.synced` tells. Without it the next `sync` of the copy reads all files.

    Raises IndexExistsError for a target with other articles, AnalyzerMismatchError or QueryError for one with another analyzer
    or other fields, AddError if adding stops, and IndexWriteError if the target differs at the end.
    """
    if commit_every < 1:
        raise ValueError(f"commit_every is {commit_every}; it must be at least 1")
    if workers < 1:
        raise ValueError(f"workers is {workers}; it must be at least 1")
    start = time.perf_counter()
    with ExitStack() as stack:
        opened = source if isinstance(source, Index) else stack.enter_context(open_index(source))
        if opened is target or _same(opened.location, target.location if isinstance(target, Index) else target):
            raise QueryError(f"the index at {opened.location!r} cannot be copied to itself; choose another location")
        original, state = _pinned(opened, stack, timeout)
        copied = _target(target, opened, stack)
        report = CopyReport(len(original))
        told = progress or (lambda _: None)
        rest = _keep(original, copied, report, replace=replace, told=told, timeout=timeout)
        options = {"commit_every": commit_every, "workers": workers, "memory_limit": memory_limit, "timeout": timeout}
        _add(rest, copied, report, told, options)
        _verify(original, copied, report, told)
        report.synced = _keep_state(state, copied, timeout)
    report.took = time.perf_counter() - start
    return report


def _target(target: Index | Location, source: Index, stack: ExitStack) -> Index:
    """Return the index to copy to, which is made if it is missing."""
    fields = dict(source.backend.view().schema.declared)
    if not isinstance(target, Index):
        return stack.enter_context(open_index(target, True, analyzer=source.analyzer, fields=fields))
    if target.analyzer.fingerprint != source.analyzer.fingerprint:
        raise AnalyzerMismatchError(
            f"the index at {target.location!r} has another analyzer than the source; copy to a new one"
        )
    if (other := dict(target.backend.view().schema.declared)) != fields:
        raise QueryError(
            f"the index at {target.location!r} declares the fields {other!r}, and the source {fields!r}; copy to a new one"
        )
    return target


def _same(one: str, other: Location) -> bool:
    other = os.fspath(other)
    if ":memory:" in (one, other):  # each is an index of its own
        return False
    return one == other if "://" in one + other else os.path.realpath(one) == os.path.realpath(other)


def _pinned(index: Index, stack: ExitStack, timeout: float) -> tuple[Searchable, bytes | None]:
    """Return one commit of the source, and its state of `arsearch.sync`: empty for none, `None` if it could not be read."""
    if Capability.SNAPSHOTS not in index.capabilities:
        return index, None
    if Capability.SYNC not in index.capabilities:
        return stack.enter_context(index.snapshot()), b""
    try:
        with index.backend.writer(WriterOptions(timeout)) as writer:  # no commit comes between the two
            snapshot = stack.enter_context(index.snapshot())
            return snapshot, cast("SyncWriter", writer).sync_state() or b""
    except (IndexLockedError, IndexReadOnlyError):  # another program writes, or nobody may
        return stack.enter_context(index.snapshot()), None


def _keep_state(state: bytes | None, target: Index, timeout: float) -> bool | None:
    """Give the target the state of the source. Return `None` if the source has none, and whether the target has it now."""
    if Capability.SYNC not in target.capabilities:
        return False if state or state is None else None
    with target.backend.writer(WriterOptions(timeout)) as opened:
        writer = cast("SyncWriter", opened)
        old = writer.sync_state() or b""
        kept = state or (b"{}" if old else b"")
        if kept != old:
            writer.keep_sync_state(lambda: kept)
            writer.commit()
    return False if state is None else True if state else None


def _keep(
    source: Searchable,
    target: Index,
    report: CopyReport,
    *,
    replace: bool,
    told: Callable[[CopyReport], None],
    timeout: float,
) -> Iterator[Article]:
    """Count the articles that the target keeps, remove articles that the source lacks, and return the articles to add.

    Kept are the target's articles that stand in the source in the same order from its beginning. The articles to add
    replace others of the target, so that the order becomes that of the source.
    """
    rest = iter(source)
    article = next(rest, None)
    gone: list[str] = []
    for other in target:
        if article is not None and _encoded(article) == _encoded(other):
            report.kept += 1
            article = next(rest, None)
            told(report)
            continue
        same = source.get(other.id)
        if not replace and (same is None or _encoded(same) != _encoded(other)):
            difference = "lacks" if same is None else "has with other values"
            raise IndexExistsError(
                f"the index at {target.location!r} has an article {other.id!r} that the source {difference}; "
                "copy to another location, or replace such articles with replace=True (--replace)"
            )
        if same is None:
            gone.append(other.id)
    for at in range(0, len(gone), _DELETED_AT_ONCE):
        report.removed += target.delete(gone[at : at + _DELETED_AT_ONCE], timeout=timeout)
    return chain(() if article is None else (article,), rest)


def _add(
    articles: Iterator[Article],
    target: Index,
    report: CopyReport,
    told: Callable[[CopyReport], None],
    options: Mapping[str, Any],
) -> None:
    first = next(articles, None)
    if first is None:
        return

    def count(added: AddReport) -> None:
        report.added = added.added + added.updated
        report.committed = added.committed
        told(report)

    if "://" not in target.location:
        options = {**options, "workers": 1}  # the order must be that of the source
    target.add(
        chain((first,), articles),
        commit_seconds=_COMMIT_SECONDS,
        strict=True,  # an article that the target would change or leave out stops the copy
        progress=count,
        **options,
    )


def _verify(source: Searchable, target: Index, report: CopyReport, told: Callable[[CopyReport], None]) -> None:
    """Compare all articles, and put the digest of them into the report. Raises IndexWriteError for the first difference."""
    digest = blake2b(digest_size=16)
    copied = iter(target)
    for article in source:
        other, encoded = next(copied, None), _encoded(article)
        if other is None or _encoded(other) != encoded:
            found = "has no further article" if other is None else f"has {other.id!r}"
            raise IndexWriteError(
                f"the copy at {target.location!r} differs: {found} where the source has {article.id!r}; another "
                "program may have changed it; copy again"
            )
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
        report.verified += 1
        told(report)
    if (other := next(copied, None)) is not None:
        raise IndexWriteError(
            f"the copy at {target.location!r} has an article {other.id!r} more than the source; another program may have "
            "added it; copy again"
        )
    report.digest = digest.hexdigest()


def _encoded(article: Article) -> bytes:
    """Return the bytes of all values of an article, the same for equal articles."""
    return json.dumps(article.to_dict(), ensure_ascii=True, sort_keys=True).encode()
