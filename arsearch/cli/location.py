"""Which index a command means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import arsearch
from arsearch.errors import IndexNotFoundError

if TYPE_CHECKING:
    from arsearch import Index

__all__ = ["FOLDER", "find_index", "nearest", "open_found"]

FOLDER = ".arsearch"


def nearest(start: Path | None = None) -> Path | None:
    """The nearest folder `.arsearch` in `start` (default: where we are) or above; `None` if there is none."""
    here = Path.cwd() if start is None else start
    return next((place / FOLDER for place in (here, *here.parents) if (place / FOLDER).is_dir()), None)


def find_index(given: str | None) -> Path:
    """The index folder: the one given (by -i or $ARSEARCH_INDEX), else the nearest; else IndexNotFoundError."""
    if given:
        return Path(given)
    if found := nearest():
        return found
    raise IndexNotFoundError(
        f"no index: there is no {FOLDER}/ in {str(Path.cwd())!r} or above; make one here with `arsearch index FILE`, "
        "or name one with -i DIR or $ARSEARCH_INDEX"
    )


def open_found(given: str | None, synonyms: str | None = None, *, variants: bool = True) -> Index:
    """Open the index that `find_index` finds; `synonyms` is a file of them."""
    groups = arsearch.Synonyms.load(synonyms, variants=variants) if synonyms else arsearch.Synonyms(variants=variants)
    return arsearch.open(find_index(given), synonyms=groups)
