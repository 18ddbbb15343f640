"""The indexes that this release can read: the versions of the format, and the features of segments.

A new version of the format changes arrays that segments already have. A release writes `FORMAT_VERSION` and reads every
version from `MIN_FORMAT_VERSION` on. The container that holds the arrays has a version of its own (see `array_file`).
Version 2 packs frequencies and positions (see `packed_array`). Segments of version 1 stay in an index that is changed, until
they are merged.

A feature is an optional structure of segments: new arrays beside those of the format. A manifest lists the features of
its segments by name and gives each a standing. A reader that does not know a feature refuses the index if the feature is
`REQUIRED`, and ignores the feature if it is `OPTIONAL`. A feature is required if the other arrays cannot be understood
without it. A segment that lacks the arrays of a listed feature lacks the feature: earlier releases write such segments.

`ROOTS`, the postings of root families, is optional (see `root_postings`). `PARTS`, the doc values that tie the parts of a
work together, is required where an index has works: an earlier release would leave parts behind when it replaces or
deletes a work. Structures that speed up snippets and statistics are expected; they hold nothing new, and will be optional.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from arsearch.errors import IndexVersionError

__all__ = [
    "FORMAT_VERSION",
    "KNOWN_FEATURES",
    "MIN_FORMAT_VERSION",
    "OPTIONAL",
    "PARTS",
    "REQUIRED",
    "ROOTS",
    "WRITTEN_FEATURES",
    "check_features",
    "check_format_version",
]

MIN_FORMAT_VERSION = 1
"""The oldest format read: formats before it were never released."""

FORMAT_VERSION = 2
"""The format written, and the newest one read. docs/file-format.md describes it."""

ROOTS = "roots"

PARTS = "parts"

KNOWN_FEATURES: frozenset[str] = frozenset((ROOTS, PARTS))
"""The names of the features that this release reads."""

REQUIRED = "required"
OPTIONAL = "optional"

WRITTEN_FEATURES: Mapping[str, str] = MappingProxyType({ROOTS: OPTIONAL})
"""The features of all segments that this release writes, with their standings."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def check_format_version(version: object, location: str) -> None:
    """Raise IndexVersionError unless this release reads that format; `location` is where the index is."""
    if version in range(MIN_FORMAT_VERSION, FORMAT_VERSION + 1):
        return
    oldest, newest = MIN_FORMAT_VERSION, FORMAT_VERSION
    readable = f"{newest}" if oldest == newest else f"{oldest} to {newest}"
    message = f"{location!r} has index format {version}, this arsearch reads {readable}"
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise IndexVersionError(f"{message}: upgrade arsearch")
    raise IndexVersionError(
        f"{message}: export the articles with `arsearch export` of the version that wrote it, and index them again"
    )


def check_features(features: object, location: str) -> Mapping[str, str]:
    """Return the features that a manifest lists, by name with their standings, if this release can read the index.

    Raises IndexVersionError for a required feature that this release does not know, and ValueError for malformed values.
    """
    if not isinstance(features, dict):
        raise ValueError("its features are not an object")
    for name, standing in features.items():
        if not _NAME.fullmatch(name) or standing not in (REQUIRED, OPTIONAL):
            raise ValueError(f"impossible feature {name!r}: {standing!r}")
    unknown = sorted(name for name, standing in features.items() if standing == REQUIRED and name not in KNOWN_FEATURES)
    if unknown:
        raise IndexVersionError(
            f"{location!r} has the feature {unknown[0]!r}, which this arsearch does not read: upgrade arsearch"
        )
    return features
