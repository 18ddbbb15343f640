"""The settings and the fields of an index on the cluster.

    id, group, seq, part    the id, the id of the work or article, the order of adding, whether it is a part of a work
    minhash                 the bytes of the MinHash signature
    title, article          the title and the whole article as JSON text; neither is indexed
    t.FIELD, len.FIELD      the terms of a field and its length in positions
    vocabulary.FIELD        its distinct normalised terms;  forms.FIELD: its distinct words with vowel marks
    value.FIELD             its exact values;  order.FIELD: the value that sorts, and collapses;  day.FIELD: days of dates

The similarity returns the frequency itself: scores are computed by the scripts of `scoring`.
"""

from __future__ import annotations

from typing import Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.model.schema import EDITION, PERIODS, WORK, Field, Schema
from arsearch.opensearch.location import Location
from arsearch.opensearch.terms import ALTERNATIVE, HOLE, VALUE_GAP

__all__ = ["FORMAT", "index_body", "replica_settings"]

FORMAT = 2
"""The version of the layout of documents."""

_STRING = {"type": "keyword", "index": False, "doc_values": False}
_TERMS = {
    "type": "text",
    "analyzer": "terms",
    "similarity": "frequency",
    "norms": False,
    "position_increment_gap": VALUE_GAP,
}
_LISTED = {"type": "keyword", "index": False}
_KINDS = {"keyword": "keyword", "int": "long", "float": "double", "date": "long"}


def index_body(location: Location, analyzer: ArabicAnalyzer, schema: Schema) -> dict[str, Any]:
    """Return the body of the request that creates an index."""
    index = {
        "number_of_shards": location.shards or 1,
        **replica_settings(location.replicas or "0-1"),
        "codec": "best_compression",
        "max_rescore_window": 2**31 - 1,  # a query of many words is scored in several passes (see `paging`)
        "refresh_interval": -1,  # a commit refreshes; nothing else makes documents visible
        "mapping": {"total_fields": {"limit": 200 + 12 * len(list(schema))}},
        "similarity": {"frequency": {"type": "scripted", "script": {"source": "return query.boost * doc.freq"}}},
    }
    analysis = {
        "analyzer": {"terms": {"type": "custom", "tokenizer": "positions", "filter": ["alternatives", "holes"]}},
        "tokenizer": {"positions": {"type": "whitespace", "max_token_length": 60_000}},
        "filter": {
            "alternatives": {
                "type": "pattern_capture",
                "preserve_original": False,
                "patterns": [f"([^{ALTERNATIVE}]+)"],
            },
            "holes": {"type": "stop", "stopwords": [HOLE]},
        },
    }
    about = {
        "format": FORMAT,
        "fingerprint": analyzer.fingerprint,
        "analyzer": analyzer.config(),
        "fields": [[name, kind] for name, kind in schema.declared.items()],
    }
    mappings = {
        "dynamic": False,
        "_source": {"includes": ["id", "title", "article", "owner", "until", "generation", "seq", "state"]},
        "_meta": {"arsearch": about},
        "properties": _properties(schema),
    }
    return {"settings": {"index": index, "analysis": analysis}, "mappings": mappings}


def replica_settings(replicas: str) -> dict[str, Any]:
    """Return the settings for a number of copies of each shard, or a range of numbers that follows the number of nodes."""
    if "-" in replicas:
        return {"auto_expand_replicas": replicas}
    return {"auto_expand_replicas": "false", "number_of_replicas": int(replicas)}


def _properties(schema: Schema) -> dict[str, Any]:
    fields = [*schema, WORK, EDITION]
    indexed = [field.name for field in schema if field.indexed]
    return {
        "id": {"type": "keyword"},
        "group": {"type": "keyword"},
        "seq": {"type": "long"},
        "part": {"type": "boolean"},
        "minhash": {"type": "keyword"},
        "title": _STRING,
        "article": _STRING,
        "len": _objects({name: {"type": "integer"} for name in indexed}),
        "t": _objects(dict.fromkeys(indexed, _TERMS)),
        "vocabulary": _objects(dict.fromkeys(indexed, _LISTED)),
        "forms": _objects(dict.fromkeys(indexed, _LISTED)),
        "value": _objects({field.name: {"type": _KINDS[field.kind]} for field in fields if field.has_doc_values}),
        "order": _objects({field.name: _LISTED for field in fields if field.kind == "keyword"}),
        "day": _objects(dict.fromkeys((*_dates(fields), *PERIODS), _LISTED)),
    }


def _dates(fields: list[Field]) -> list[str]:
    return [field.name for field in fields if field.kind == "date"]


def _objects(properties: dict[str, Any]) -> dict[str, Any]:
    return {"properties": properties}
