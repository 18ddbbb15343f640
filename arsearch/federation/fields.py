"""The fields of several indexes together, and the check that their articles were analysed alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from arsearch.errors import AnalyzerMismatchError, QueryError

__all__ = ["OneIndex", "fields_together"]


class OneIndex(NamedTuple):
    """The location of an index, the fingerprint of its analyzer, and its declared fields."""

    location: str
    fingerprint: str
    fields: Mapping[str, str]


def fields_together(indexes: Iterable[OneIndex]) -> dict[str, str]:
    """Return the declared fields of one or more indexes, with their kinds.

    Raises AnalyzerMismatchError if they were written with different analyzers, and QueryError if they declare a field with
    different kinds.
    """
    first, *others = indexes
    fields = dict(first.fields)
    for other in others:
        if other.fingerprint != first.fingerprint:
            raise AnalyzerMismatchError(
                f"the indexes at {first.location!r} and {other.location!r} were written with different analyzers and cannot "
                "be searched as one; rebuild one of them with `arsearch reindex`"
            )
        for name, kind in other.fields.items():
            if fields.setdefault(name, kind) != kind:
                raise QueryError(
                    f"the field {name!r} is declared as {fields[name]!r} by one index and as {kind!r} by the one at "
                    f"{other.location!r}; rebuild one of them with `arsearch reindex --field`"
                )
    return fields
