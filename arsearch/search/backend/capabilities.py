"""The abilities that some back-ends have and others lack."""

from __future__ import annotations

import enum

__all__ = ["Capability"]


class Capability(enum.Enum):
    """An ability that some back-ends have and others lack. The value names it in messages and tables."""

    BACKUP = "copy the newest commit to a folder"
    CHECK = "verify everything stored"
    CORRECT = "propose corrections of a query"
    DURABLE = "choose whether a commit waits for the disk"
    JOIN = "be searched together with other indexes"
    NEAR_DUPLICATES = "fold near-duplicates"
    OCCURRENCES = "find occurrences by their positions"
    OPTIMIZE = "merge segments"
    PROCESSES = "answer a batch of searches with several processes"
    RECOVERY = "go back to the last intact commit"
    SNAPSHOTS = "pin a commit"
    SUGGEST = "complete a query that is being typed"
    SYNC = "keep the state of a folder"
    WORKERS = "add articles with several processes"
