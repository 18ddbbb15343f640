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
from typing import TYPE_CHECKING, Any, Protocol, cast

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import AnalyzerError, IndexOpenError, NotAnIndexError, QueryError, UnsupportedError, shown
from arsearch.query import Synonyms
from arsearch.search import Index, Ranking
from arsearch.search.backend import Backend, Capability
from arsearch.search.request import LOCK_TIMEOUT, MEMORY_LIMIT

if TYPE_CHECKING:
    from arsearch.model import AddReport

__all__ = ["GROUP", "OpenBackend", "open_index", "reindex"]

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
_WITH_CLIENT = ("opensearch", "opensearchs")
"""The schemes that take a ready client."""

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
    client: Any = None,
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

    A list of locations opens their indexes as one, for reading alone. Its answers and scores are those of one index, to which
    the articles of the indexes were added one after another: of articles with the same id, the one in the last index counts.
    `Hit.location` names the index of a hit. The indexes must have the same analyzer, and the same kind for fields of the same
    name. Methods that change articles raise IndexReadOnlyError.

    `client` is a ready client of a cluster, an `opensearchpy.OpenSearch`: its own hosts and credentials count. The location then
    needs no host: `opensearch:///news`.

    Raises IndexNotFoundError, NotAnIndexError, IndexVersionError, AnalyzerMismatchError or CorruptIndexError. Each message
    names the next step. Raises QueryError for other `fields` than those of the index, and for a parameter of another type,
    AnalyzerError for an `analyzer` of another type, and IndexOpenError for a back-end that cannot be loaded.
    """
    _check(analyzer, fields, ranking, synonyms)
    if isinstance(location, Sequence) and not isinstance(location, (str, bytes)):
        _check_locations(location)
        if len(location) != 1:
            if create or any(given is not None for given in (analyzer, fields, client)):
                raise QueryError(
                    f"several indexes ({_listed(location)}) are opened for reading; leave out create, analyzer, fields and "
                    "client, or open one index"
                )
            return Index(_joined(location, ranking or Ranking(), recover=recover), synonyms)
        location = location[0]
    further = {} if client is None else _further(location, client)
    backend = _opener(location)(
        location, create, analyzer=analyzer, fields=fields, ranking=ranking or Ranking(), recover=recover, **further
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


def _check_locations(locations: Sequence[object]) -> None:
    for location in locations:
        if not isinstance(location, (str, os.PathLike)) or "\0" in os.fspath(location):
            raise NotAnIndexError(f"{shown(location)} is not a location; give the path of a folder")


def _listed(locations: Sequence[Location]) -> str:
    return ", ".join(os.fspath(location) for location in locations)


def _joined(locations: Sequence[Location], ranking: Ranking, *, recover: bool) -> Backend:
    """Open several indexes as one."""
    names = [os.fspath(location) for location in locations]
    if not names:
        raise QueryError("the list of locations is empty; name the folder of at least one index")
    if recover:
        raise UnsupportedError(_listed(names), Capability.RECOVERY.value)
    if len({name if _scheme(name) else os.path.realpath(name) for name in names}) < len(names):
        raise QueryError(f"an index is named twice among {_listed(names)}; name each once")
    if not any(map(_scheme, names)):
        return cast("Backend", _function(_JOINED)(names, ranking))
    from arsearch.federation.joining import open_federated  # few programs search several indexes

    return open_federated(
        [_opener(name)(name, False, analyzer=None, fields=None, ranking=ranking, recover=recover) for name in names]
    )


def reindex(
    location: Location,
    *,
    analyzer: ArabicAnalyzer | None = None,
    options: Mapping[str, Any] | None = None,
    fields: Mapping[str, str] | None = None,
    progress: Callable[[AddReport], None] | None = None,
    memory_limit: int = MEMORY_LIMIT,
    timeout: float = LOCK_TIMEOUT,
    client: Any = None,
) -> AddReport:
    """Analyse all stored articles again and write them anew, in one commit.

    `analyzer` replaces the analyzer of the index. `None` keeps it with its options, as this version makes it; if this
    version cannot make it, `ArabicAnalyzer()` replaces it. `options` then replaces single options, by the names and
    values of `ArabicAnalyzer.config()`: `{"dictionary": dictionary.config()}`. `fields` replaces the declared fields;
    `None` keeps them. `client` is as for `open`.

    Readers see the old index until the commit. If anything stops the call, the old index stays. A value that does not
    fit its new field is kept under `NAME_text`, and counted in the report's remarks.

    On a cluster the new index is built beside the old one, and takes its name when all articles are in it. The name is an alias
    then. Snapshots of the old index end with it.
    """
    scheme = _scheme(location)
    if scheme not in _BUILT_IN:
        raise UnsupportedError(str(location), "be rebuilt")
    from arsearch.search.backend.reindexing import ReindexOptions  # rarely needed

    further = {} if client is None else _further(location, client)
    rebuild = _function(f"{_BUILT_IN[scheme].partition(':')[0]}:reindex")
    report: AddReport = rebuild(
        location, ReindexOptions(analyzer, options, fields, progress, memory_limit, timeout), **further
    )
    return report


def _further(location: Location, client: Any) -> dict[str, Any]:
    """Return the argument for a ready client. Raises QueryError for a location that takes none."""
    if _scheme(location) not in _WITH_CLIENT:
        raise QueryError(
            f"a client is for {' and '.join(f'{one}://' for one in _WITH_CLIENT)}, not for {str(location)!r}"
        )
    return {"client": client}


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


def _function(value: str) -> Any:
    """Return the function of an entry point's value: `module:name`, or `module:name.name [extra]`."""
    module, _, name = value.partition("[")[0].replace(" ", "").partition(":")
    return attrgetter(name)(import_module(module))
