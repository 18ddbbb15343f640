"""Open the index at a location: the scheme of the location selects the back-end.

A location without a scheme is a folder, and `":memory:"` is an index in memory; both belong to the embedded back-end. The
back-ends of other schemes, `name://...`, are entry points of the group `arsearch.backends`. Each names a function with the
signature of `OpenBackend`. A back-end is imported when its first index is opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib import import_module
from operator import attrgetter
from typing import Protocol, cast

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import AnalyzerError, IndexOpenError, NotAnIndexError, QueryError, shown
from arsearch.query import Synonyms
from arsearch.search import Index, Ranking
from arsearch.search.backend import Backend

__all__ = ["GROUP", "OpenBackend", "open_index"]

GROUP = "arsearch.backends"
"""The group of entry points for back-ends; the name of an entry point is a scheme."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_BUILT_IN: Mapping[str, str] = {
    "": "arsearch.index:open_backend",
    "opensearch": "arsearch.opensearch:open_backend",
    "opensearchs": "arsearch.opensearch:open_backend",
}
"""Maps the schemes that come with arsearch to a module and a function; "" is the lack of a scheme."""


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

    `create` makes a missing index, and its folder. `analyzer` analyses its texts and queries; the default is
    `ArabicAnalyzer()`. `fields` declares more fields: it maps names to "text", "keyword", "int", "float" or "date". An
    existing index keeps its own analyzer and fields. It is an error to pass others.

    `ranking` has the weights of scores. `synonyms` are searched together with the words of every query, and are not stored
    in the index. The default, `Synonyms()`, has the synonyms that come with arsearch: spellings of foreign names and
    loanwords.

    `recover` verifies all files of the newest commit first. If the commit is damaged, the last intact commit becomes the
    newest again, and `Index.recovery` tells the loss. Without `recover` a damaged index is an error.

    Raises IndexNotFoundError, NotAnIndexError, IndexVersionError, AnalyzerMismatchError or CorruptIndexError. Each message
    names the next step. Raises QueryError for other `fields` than those of the index, and for a parameter of another type,
    AnalyzerError for an `analyzer` of another type, and IndexOpenError for a back-end that cannot be loaded.
    """
    _check(analyzer, fields, ranking, synonyms)
    backend = _opener(location)(
        location, create, analyzer=analyzer, fields=fields, ranking=ranking or Ranking(), recover=recover
    )
    return Index(backend, synonyms)


def _check(analyzer: object, fields: object, ranking: object, synonyms: object) -> None:
    """Check the types of the parameters of `open_index`, which a configuration file may have wrong."""
    if analyzer is not None and not isinstance(analyzer, ArabicAnalyzer):
        raise AnalyzerError(f"{shown(analyzer)} is not an analyzer; give an arsearch.ArabicAnalyzer")
    if fields is not None and not isinstance(fields, Mapping):
        raise QueryError(f"fields {shown(fields)} is not a mapping from names to kinds, such as {{'volume': 'int'}}")
    if ranking is not None and not isinstance(ranking, Ranking):
        raise QueryError(f"ranking {shown(ranking)} is not an arsearch.Ranking")
    if synonyms is not None and not isinstance(synonyms, Synonyms):
        raise QueryError(f"synonyms {shown(synonyms)} are not arsearch.Synonyms; Synonyms.load reads a file")


def _opener(location: str | os.PathLike[str]) -> OpenBackend:
    match = _SCHEME.match(location) if isinstance(location, str) else None
    scheme = match[1].lower() if match else ""
    if scheme in _BUILT_IN:
        return _function(_BUILT_IN[scheme])
    from importlib.metadata import entry_points  # imports `email`, `csv` and `zipfile`; a folder does not need it

    entries = entry_points(group=GROUP, name=scheme)
    if not entries:
        schemes = sorted({*filter(None, _BUILT_IN), *entry_points(group=GROUP).names})
        raise NotAnIndexError(
            f"no back-end is installed for the scheme {scheme!r} of this location; installed: "
            f"{', '.join(schemes) or 'none'}; give a folder as a path, such as ./news"
        )
    return _load(scheme, next(iter(entries)).value)


def _load(scheme: str, value: str) -> OpenBackend:
    try:
        return _function(value)
    except (ImportError, AttributeError) as error:
        raise IndexOpenError(
            f"the back-end for {scheme}:// cannot be loaded ({error}); install or update the package of {value!r}"
        ) from error


def _function(value: str) -> OpenBackend:
    """Return the function of an entry point's value: `module:name`, or `module:name.name [extra]`."""
    module, _, name = value.partition("[")[0].replace(" ", "").partition(":")
    return cast("OpenBackend", attrgetter(name)(import_module(module)))
