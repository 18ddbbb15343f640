"""arsearch: full-text search for Arabic.

    index = arsearch.open("news.arsearch", create=True)
    index.add([{"id": "1", "title": "...", "body": "..."}])
    for hit in index.search("الحرس الثوري"):
        print(hit.rank, hit.title, hit.snippet.text)

Names are imported when first used, so that `import arsearch` costs next to nothing.
"""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arsearch.analyzers import ArabicAnalyzer as ArabicAnalyzer
    from arsearch.analyzers import Dictionary as Dictionary
    from arsearch.copying import copy as copy
    from arsearch.errors import AddError as AddError
    from arsearch.errors import ArsearchError as ArsearchError
    from arsearch.fusion import Fused as Fused
    from arsearch.fusion import fuse as fuse
    from arsearch.index import backup as backup
    from arsearch.index import restore as restore
    from arsearch.model import AddReport as AddReport
    from arsearch.model import Answers as Answers
    from arsearch.model import Article as Article
    from arsearch.model import BackupReport as BackupReport
    from arsearch.model import ConcordanceLine as ConcordanceLine
    from arsearch.model import CopyReport as CopyReport
    from arsearch.model import Correction as Correction
    from arsearch.model import Explanation as Explanation
    from arsearch.model import Frequencies as Frequencies
    from arsearch.model import FrequencyRow as FrequencyRow
    from arsearch.model import Hit as Hit
    from arsearch.model import Level as Level
    from arsearch.model import Part as Part
    from arsearch.model import Passage as Passage
    from arsearch.model import Place as Place
    from arsearch.model import Recovery as Recovery
    from arsearch.model import SearchResults as SearchResults
    from arsearch.model import Snippet as Snippet
    from arsearch.model import Span as Span
    from arsearch.model import Stats as Stats
    from arsearch.model import Suggestion as Suggestion
    from arsearch.model import SyncReport as SyncReport
    from arsearch.opening import open_index
    from arsearch.opening import reindex as reindex
    from arsearch.query import Synonyms as Synonyms
    from arsearch.readers import read_articles as read_articles
    from arsearch.readers import read_index as read_index
    from arsearch.readers import read_rows as read_rows
    from arsearch.readers import read_whoosh as read_whoosh
    from arsearch.search import Index as Index
    from arsearch.search import Not as Not
    from arsearch.search import Ranking as Ranking
    from arsearch.search import Snapshot as Snapshot
    from arsearch.syncing import sync as sync
    from arsearch.writers import write_articles as write_articles

    open = open_index

__version__ = "0.1.0"

_MODULES = {
    "AddError": "errors",
    "AddReport": "model",
    "Answers": "model",
    "ArabicAnalyzer": "analyzers",
    "ArsearchError": "errors",
    "Article": "model",
    "BackupReport": "model",
    "ConcordanceLine": "model",
    "CopyReport": "model",
    "Correction": "model",
    "Dictionary": "analyzers",
    "Explanation": "model",
    "Frequencies": "model",
    "FrequencyRow": "model",
    "Fused": "fusion",
    "Hit": "model",
    "Index": "search",
    "Level": "model",
    "Not": "search",
    "Part": "model",
    "Passage": "model",
    "Place": "model",
    "Ranking": "search",
    "Recovery": "model",
    "SearchResults": "model",
    "Snapshot": "search",
    "Snippet": "model",
    "Span": "model",
    "Stats": "model",
    "Suggestion": "model",
    "SyncReport": "model",
    "Synonyms": "query",
    "backup": "index",
    "copy": "copying",
    "fuse": "fusion",
    "open": "opening",
    "read_articles": "readers",
    "read_index": "readers",
    "read_rows": "readers",
    "read_whoosh": "readers",
    "reindex": "opening",
    "restore": "index",
    "sync": "syncing",
    "write_articles": "writers",
}

__all__ = sorted([*_MODULES, "__version__"])

logging.getLogger("arsearch").addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module 'arsearch' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"arsearch.{module}"), {"open": "open_index"}.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
