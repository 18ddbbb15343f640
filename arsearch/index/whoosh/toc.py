"""A stock Whoosh table of contents beside our manifest, so that `whoosh.index.open_dir` opens the index too.

It is written after each commit and never read by arsearch: a Whoosh TOC is a pickle, and opening one from a
stranger runs what the stranger wrote.
"""

from __future__ import annotations

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.commits.manifest import Manifest, toc_name
from arsearch.index.store.directory import Directory
from arsearch.index.whoosh.schema import analysed_names, whoosh_schema
from arsearch.index.whoosh.segments import WhooshSegment
from arsearch.model.schema import Schema

__all__ = ["write_toc"]


def write_toc(storage: Directory, manifest: Manifest, analyzer: ArabicAnalyzer) -> None:
    """Write the TOC that says what `manifest` says."""
    fields = Schema(manifest.fields)
    segments = [WhooshSegment(info, analysed_names(fields)) for info in manifest.segments]
    memory = RamStorage()
    TOC(whoosh_schema(fields, analyzer), segments, manifest.generation).write(memory, "MAIN")
    name = toc_name(manifest.generation)
    storage.write(name, [memory.files[name]], durable=False)
