"""Which indexes this release reads: the versions of the format, and the features a segment may have beside it.

A new version of the format changes what segments already have. A release writes the newest version, `FORMAT_VERSION`,
and reads all from `MIN_FORMAT_VERSION` on. The version of the container, which arrays are packed in, is told apart:
see `array_file`.

A feature is a structure that segments may have or lack. A manifest lists the features of its segments by name, and gives
each a standing. Readers that do not know a feature open the index if it is `OPTIONAL`, and refuse it if it is `REQUIRED`:
a required feature changes what the rest means, an optional one only saves work or serves new queries. A reader that
knows a feature must still expect segments without its arrays, since releases that do not know it write such segments.

No feature exists yet. Three are expected:

- ordinals of roots lead from each stem to its root, as `names.STEM_ORDINALS` leads from words to stems; the inversion
  of a field owns them (`writing.field_inverter`), and merging maps them;
- parts of works tie the documents of one book together; stored fields own them (`codec.stored_fields`);
- structures that speed up snippets and statistics repeat what the segment holds in another form, and are optional; the
  package that reads each of them owns it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from arsearch.errors import IndexVersionError

__all__ = [
    "FORMAT_VERSION",
    "KNOWN_FEATURES",
    "MIN_FORMAT_VERSION",
    "OPTIONAL",
    "REQUIRED",
    "check_features",
    "check_format_version",
]

MIN_FORMAT_VERSION = 1
"""The oldest format read: formats before it were never released."""

FORMAT_VERSION = 1
"""The format written, and the newest one read. ARCHITECTURE.md describes it."""

KNOWN_FEATURES: frozenset[str] = frozenset()
"""The names of the features that this release reads."""

REQUIRED = "required"
OPTIONAL = "optional"

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
        f"{message}: export the articles with the version of arsearch that wrote them (`arsearch export`), "
        "and index them again"
    )


def check_features(features: object, location: str) -> Mapping[str, str]:
    """Return the features a manifest lists, name to standing, if this release can read an index that has them.

    Raises IndexVersionError for a required feature that is not known, and ValueError for what no release writes.
    """
    if not isinstance(features, dict):
        raise ValueError("its features are no object")
    for name, standing in features.items():
        if not _NAME.fullmatch(name) or standing not in (REQUIRED, OPTIONAL):
            raise ValueError(f"impossible feature {name!r}: {standing!r}")
    unknown = sorted(name for name, standing in features.items() if standing == REQUIRED and name not in KNOWN_FEATURES)
    if unknown:
        raise IndexVersionError(
            f"{location!r} has the feature {unknown[0]!r}, which this arsearch does not read: upgrade arsearch"
        )
    return features
