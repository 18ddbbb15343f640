"""The folders of the indexes that a command uses."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import arsearch
from arsearch.errors import IndexNotFoundError

if TYPE_CHECKING:
    from arsearch import Index, Synonyms

__all__ = ["find_index", "find_indexes", "nearest_index", "offers", "open_index", "read_synonyms", "target_folder"]

_FOLDER = ".arsearch"


def nearest_index(start: Path | None = None) -> Path | None:
    """Return the nearest folder `.arsearch` in `start` (default: the current folder) or above it, or `None`."""
    here = Path.cwd() if start is None else start
    folders = (parent / _FOLDER for parent in (here, *here.parents))
    # `Path.is_dir` raises the error of a folder that may not be entered, until Python 3.13
    return next((folder for folder in folders if os.path.isdir(folder)), None)  # noqa: PTH112


def target_folder(location: str | None) -> Path | str:
    """Return the folder of an index that may not exist yet: `location`, else the nearest index, else `.arsearch` here.

    A location with a scheme (`opensearch://host/news`) is returned as it is.
    """
    return _named(location) if location else nearest_index() or Path(_FOLDER)


def _named(location: str) -> Path | str:
    return location if "://" in location else Path(location)


def find_index(location: str | None) -> Path | str:
    """Return the folder of an existing index: `location` (from -i or $ARSEARCH_INDEX), else the nearest index.

    Raises IndexNotFoundError when there is neither. Whether `location` is an index shows when it is opened.
    """
    if location:
        return _named(location)
    if nearest := nearest_index():
        return nearest
    raise IndexNotFoundError(
        f"no index found: there is no {_FOLDER}/ in {str(Path.cwd())!r} or above it; create one here with "
        "`arsearch index FILE`, or name one with -i DIR or $ARSEARCH_INDEX"
    )


def find_indexes(locations: str | Sequence[str] | None) -> Path | str | list[Path | str]:
    """Return the index that `find_index` finds, or a list of several `locations`, which are opened as one."""
    if locations and not isinstance(locations, str) and len(locations) > 1:
        return [_named(one) for one in locations]
    return find_index(locations if locations is None or isinstance(locations, str) else next(iter(locations), None))


def read_synonyms(path: str | None, *, variants: bool = True) -> Synonyms:
    """Return the synonyms of a file, if there is one; `variants` adds the spelling variants that arsearch ships."""
    return arsearch.Synonyms.load(path, variants=variants) if path else arsearch.Synonyms(variants=variants)


def open_index(location: str | Sequence[str] | None, synonyms: str | None = None, *, variants: bool = True) -> Index:
    """Open what `find_indexes` finds, with the synonyms of the file `synonyms`.

    `variants` adds the spelling variants of foreign names that arsearch ships.
    """
    groups = read_synonyms(synonyms, variants=variants)
    return arsearch.open(find_indexes(location), synonyms=groups)


def offers(index: Index, ability: str) -> bool:
    """Tell whether an index has an ability, named as in `search.backend.Capability`."""
    return any(capability.name == ability for capability in index.capabilities)
