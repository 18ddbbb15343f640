"""From a location to an index: the scheme of a location chooses the back-end.

A location without a scheme is a folder, `":memory:"` an index in memory; both are the embedded back-end's. Further schemes,
`name://...`, are entry points of the group `arsearch.backends`; each names a function with the signature of `OpenBackend`. No
back-end is imported before it is needed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, cast

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import IndexOpenError, NotAnIndexError
from arsearch.query import Synonyms
from arsearch.search import Index, Ranking
from arsearch.search.backend import Backend

__all__ = ["GROUP", "OpenBackend", "open_index"]

GROUP = "arsearch.backends"
"""The entry-point group of back-ends; the name of an entry point is its scheme."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_EMBEDDED = "arsearch.index:open_backend"
_BUILT_IN: Mapping[str, str] = {}
"""Schemes that come with arsearch: module and function."""


class OpenBackend(Protocol):
    """Opens the back-end of one location; the parameters are those of `arsearch.open`."""

    def __call__(
        self,
        location: str | os.PathLike[str],
        create: bool,
        *,
        analyzer: ArabicAnalyzer | None,
        fields: Mapping[str, str] | None,
        ranking: Ranking,
        recover: bool,
    ) -> Backend: ...


def open_index(
    location: str | os.PathLike[str],
    create: bool = False,
    *,
    analyzer: ArabicAnalyzer | None = None,
    fields: Mapping[str, str] | None = None,
    ranking: Ranking | None = None,
    synonyms: Synonyms | None = None,
    recover: bool = False,
) -> Index:
    """Open the index in a folder, or in memory at `":memory:"`.

    With `create` a missing index is made, folder and all, with `analyzer` (default `ArabicAnalyzer()`) and the further
    `fields` declared: a mapping from name to "text", "keyword", "int", "float" or "date". An existing index brings its own
    analyzer and fields; others that differ are an error.

    `synonyms` are looked up beside the words of every query; they are not kept with the index. The default, `Synonyms()`,
    has the synonyms that come with arsearch: spellings of foreign names and loanwords.

    With `recover` the newest commit is read whole first. If it is damaged, the last intact commit becomes the newest again,
    and `Index.recovery` says what was lost. Without it a damaged index is an error.

    Raises IndexNotFoundError, NotAnIndexError, IndexVersionError, AnalyzerMismatchError or CorruptIndexError, each with the
    next step in its message.
    """
    backend = _opener(location)(
        location, create, analyzer=analyzer, fields=fields, ranking=ranking or Ranking(), recover=recover
    )
    return Index(backend, synonyms)


def _opener(location: str | os.PathLike[str]) -> OpenBackend:
    match = _SCHEME.match(location) if isinstance(location, str) else None
    if match is None:
        return _load(EntryPoint("", _EMBEDDED, GROUP))
    scheme = match[1].lower()
    if scheme in _BUILT_IN:
        return _load(EntryPoint(scheme, _BUILT_IN[scheme], GROUP))
    found = entry_points(group=GROUP, name=scheme)
    if not found:
        known = sorted({*_BUILT_IN, *entry_points(group=GROUP).names})
        raise NotAnIndexError(
            f"the scheme {scheme!r} of this location is not known; known: {', '.join(known) or 'none'}; "
            "a folder is given as a path, such as ./news"
        )
    return _load(next(iter(found)))


def _load(entry: EntryPoint) -> OpenBackend:
    module, _, name = entry.value.partition(":")
    try:
        return cast("OpenBackend", getattr(import_module(module), name))
    except (ImportError, AttributeError) as error:
        raise IndexOpenError(
            f"the back-end for {entry.name}:// cannot be loaded ({error}); install or update what provides {entry.value!r}"
        ) from error
