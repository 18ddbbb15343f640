"""How much of their space random tests cover: a part in the suite, ten times as much in `.ci/campaign examples`."""

from __future__ import annotations

import os

from hypothesis import settings

__all__ = ["LONG", "examples"]

LONG = bool(os.environ.get("ARSEARCH_LONG"))
"""Whether this is the long run."""


def examples(count: int) -> settings:
    """Return the settings of a test with `count` random examples, ten times as many in the long run."""
    return settings(max_examples=10 * count if LONG else count)
