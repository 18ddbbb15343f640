"""The index: Arabic articles in Whoosh segments of our own codec, added in batches and searched in vectors."""

from arsearch.index.backup import restore
from arsearch.index.index import Index, Snapshot, open_index
from arsearch.index.ranking import Ranking
from arsearch.index.reindexing import reindex

__all__ = ["Index", "Ranking", "Snapshot", "open_index", "reindex", "restore"]
