"""Load a new index from many processes, and give it the name of the old one when it is complete.

    new = begin_load("opensearch://host:9200/news?shards=3")      # an empty index, which no search sees
    reports = [feed(articles, new) for articles in partitions]    # in any process, on any machine
    finish_load(new, "opensearch://host:9200/news", reports)      # counted, copied to other nodes, named

| module | holds                                                                                             |
|--------|---------------------------------------------------------------------------------------------------|
| loads  | begins, finishes and discards a load                                                              |
| feeder | `feed`: adds articles without the lock of writers, a refresh or a commit                          |

A module imports only from the modules above it.
"""

from __future__ import annotations

from arsearch.opensearch.feeding.feeder import feed
from arsearch.opensearch.feeding.loads import begin_load, discard_load, finish_load

__all__ = ["begin_load", "discard_load", "feed", "finish_load"]
