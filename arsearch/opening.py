"""Open the index at a location: the scheme of the location selects the back-end.

A location without a scheme is a folder, and `":memory:"` is an index in memory; both belong to the embedded back-end. The
back-ends of other schemes, `name://...`, are entry points of the group `arsearch.backends`. Each names a function with the
signature of `OpenBackend`. A back-end is imported when its first index is opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from operator import attrgetter
from typing import Any, Protocol, cast

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import IndexOpenError, NotAnIndexError, QueryError, UnsupportedError
from arsearch.query import Synonyms
from arsearch.search import Index, Ranking
from arsearch.search.backend import Backend, Capability

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
_JOINED = "arsearch.index.joined:open_joined"

Location = str | os.PathLike[str]


class OpenBackend(Protocol):
    """Opens the back-end of one location; the parameters are those of `arsearch.open`."""

    def __call__(
        self,
        location: Location,
        create: bool,
        *,
        analyzer: ArabicAnalyzer | None,
        fields: Mapping[str, str] | None,
        ranking: Ranking,
        recover: bool,
    ) -> Backend: ...


def open_index(
    location: Location | Sequence[Location],
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

    A list of folders opens their indexes as one, for reading alone. Its answers and scores are those of one index, to which
    the articles of the folders were added one after another: of articles with the same id, the one in the last folder counts.
    `Hit.location` names the folder of a hit. The indexes must have the same analyzer, and the same kind for fields of the same
    name. Methods that change articles raise IndexReadOnlyError.

    Raises IndexNotFoundError, NotAnIndexError, IndexVersionError, AnalyzerMismatchError or CorruptIndexError. Each message
    names the next step. Raises QueryError for other `fields` than those of the index, and IndexOpenError for a back-end that
    cannot be loaded.
    """
    if isinstance(location, Sequence) and not isinstance(location, str):
        if len(location) != 1:
            return Index(_joined(location, create, analyzer, fields, ranking or Ranking(), recover), synonyms)
        location = location[0]
    backend = _opener(location)(
        location, create, analyzer=analyzer, fields=fields, ranking=ranking or Ranking(), recover=recover
    )
    return Index(backend, synonyms)


def _joined(
    locations: Sequence[Location],
    create: bool,
    analyzer: ArabicAnalyzer | None,
    fields: Mapping[str, str] | None,
    ranking: Ranking,
    recover: bool,
) -> Backend:
    """Open several indexes as one."""
    names = [os.fspath(location) for location in locations]
    text = ", ".join(names)
    if not names:
        raise QueryError("the list of locations is empty; name the folder of at least one index")
    if create or analyzer is not None or fields is not None:
        raise QueryError(
            f"several indexes ({text}) are opened for reading; leave out create, analyzer and fields, or open one index"
        )
    if recover:
        raise UnsupportedError(text, Capability.RECOVERY.value)
    for name in names:
        if _scheme(name):
            raise UnsupportedError(name, "be searched together with other indexes; only indexes in folders can")
    if len({os.path.realpath(name) for name in names}) < len(names):
        raise QueryError(f"a folder is named twice among {text}; name each index once")
    return cast("Backend", _function(_JOINED)(names, ranking))


def _scheme(location: Location) -> str:
    match = _SCHEME.match(location) if isinstance(location, str) else None
    return match[1].lower() if match else ""


def _opener(location: Location) -> OpenBackend:
    scheme = _scheme(location)
    if scheme in _BUILT_IN:
        return cast("OpenBackend", _function(_BUILT_IN[scheme]))
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
        return cast("OpenBackend", _function(value))
    except (ImportError, AttributeError) as error:
        raise IndexOpenError(
            f"the back-end for {scheme}:// cannot be loaded ({error}); install or update the package of {value!r}"
        ) from error


def _function(value: str) -> Callable[..., Any]:
    """Return the function of an entry point's value: `module:name`, or `module:name.name [extra]`."""
    module, _, name = value.partition("[")[0].replace(" ", "").partition(":")
    return cast("Callable[..., Any]", attrgetter(name)(import_module(module)))
