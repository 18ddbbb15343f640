"""An index kept like folders and files: new articles are added, changed ones replaced, and those of lost files removed.

run      compares paths with their state, reads the files that changed, and commits their articles
state    what stood in each file when it was read the last time
"""

from __future__ import annotations

from arsearch.syncing.run import check_paths, sync
from arsearch.syncing.state import UNCUT

__all__ = ["UNCUT", "check_paths", "sync"]
