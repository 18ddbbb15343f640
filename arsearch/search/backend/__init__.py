"""The protocols that a back-end implements, and the abilities that are optional.

A *back-end* keeps the articles of one index. A *view* is one commit of the index, or a point in time, and never
changes. A *writer* changes the index and commits. `Index` and `Snapshot` know a back-end by these protocols only;
requests, plans, highlighting and hits are the same for all back-ends.

Optional abilities are `Capability` members; some have a small protocol with their methods. `Index` and `Snapshot` raise
UnsupportedError for an ability that a back-end lacks. A back-end raises it only on opening with `recover`.

| module       | holds                                                                                       |
|--------------|---------------------------------------------------------------------------------------------|
| backends     | `Backend`, and a protocol for each ability of it that is optional                           |
| capabilities | `Capability`                                                                                |
| reindexing   | the options of `arsearch.reindex`, and the step that back-ends take for each article        |
| views        | `IndexView`, the protocols of its optional abilities, and the values that they return       |
| writers      | `IndexWriter` and its options                                                               |
"""

from arsearch.search.backend.backends import Backend, BackupBackend, CheckBackend, OptimizeBackend, require
from arsearch.search.backend.capabilities import Capability
from arsearch.search.backend.views import (
    CorrectView,
    IndexView,
    Matched,
    NearDuplicatesView,
    RawHit,
    ScoreExplainer,
    Spellings,
    SuggestView,
    TimeUpError,
)
from arsearch.search.backend.writers import AddOptions, IndexWriter, SyncWriter, WriterOptions

__all__ = [
    "AddOptions",
    "Backend",
    "BackupBackend",
    "Capability",
    "CheckBackend",
    "CorrectView",
    "IndexView",
    "IndexWriter",
    "Matched",
    "NearDuplicatesView",
    "OptimizeBackend",
    "RawHit",
    "ScoreExplainer",
    "Spellings",
    "SuggestView",
    "SyncWriter",
    "TimeUpError",
    "WriterOptions",
    "require",
]
