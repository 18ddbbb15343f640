"""A Whoosh table of contents beside each manifest, so that `whoosh.index.open_dir` opens the index too.

arsearch never reads it: it holds pickles, and unpickling a stranger's file runs the stranger's code. Whoosh pickles its
schema and its segments into it. Ours are pickled as calls of `load_schema` and `load_segment`, which Whoosh makes when
it reads the file. Thus a commit imports nothing of Whoosh, and the file does not depend on the installed version.

Layout, big endian (whoosh 2.7.4, index.py, class TOC; whoosh-reloaded 2.7.5 has the same):

    3 varints   the sizes of an int, a long and a float
    int32       -12345, to detect another byte order
    int32       the version of the layout
    3 varints   the release of Whoosh
    varint      the length of the pickled schema; the schema follows
    int32       the generation
    int32       unused
    the rest    the pickled list of segments
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import AnalyzerMismatchError
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.commits.manifest import Manifest, toc_name
from arsearch.index.store.directory import Directory
from arsearch.model.schema import Schema

if TYPE_CHECKING:
    from whoosh.fields import Schema as WhooshSchema

    from arsearch.index.whoosh.segments import WhooshSegment

__all__ = ["load_schema", "load_segment", "write_toc"]

_SIZES = (4, 8, 4)
_BYTE_ORDER = -12345
_VERSION = -111
_RELEASE = (2, 7, 4)
"""The first release that reads the file; Whoosh shows it and does not compare it."""
_PROTOCOL = 4


def write_toc(directory: Directory, manifest: Manifest) -> None:
    """Write the table of contents of a commit; a commit listener. The file is not flushed."""
    fields = dict(manifest.fields)
    schema = _Call(load_schema, fields, dict(manifest.analyzer), manifest.fingerprint)
    segments = [_Call(load_segment, fields, asdict(info)) for info in manifest.segments]
    pickled = pickle.dumps(schema, _PROTOCOL)
    chunks = [
        _varints(_SIZES),
        struct.pack("!ii", _BYTE_ORDER, _VERSION),
        _varints((*_RELEASE, len(pickled))),
        pickled,
        struct.pack("!ii", manifest.generation, 0),
        pickle.dumps(segments, _PROTOCOL),
    ]
    directory.write(toc_name(manifest.generation), chunks, durable=False)


# The names and parameters of the two functions below are written into every index. They must stay.


def load_schema(fields: Mapping[str, str], analyzer: Mapping[str, Any], fingerprint: str) -> WhooshSchema:
    """Return the Whoosh schema of an index with the declared `fields` and the configuration of its `analyzer`.

    Raises AnalyzerMismatchError if this version of arsearch analyses words differently.
    """
    from arsearch.index.whoosh.schema import whoosh_schema

    made = ArabicAnalyzer.from_config(analyzer)
    if made.fingerprint != fingerprint:
        raise AnalyzerMismatchError(
            f"the index was written with another version of the analyzer ({fingerprint[:12]}, now "
            f"{made.fingerprint[:12]}); rebuild it with `arsearch reindex`"
        )
    return whoosh_schema(Schema(fields), made)


def load_segment(fields: Mapping[str, str], info: Mapping[str, Any]) -> WhooshSegment:
    """Return a segment of an index with the declared `fields`, from the entry of the segment in its manifest."""
    from arsearch.index.whoosh.schema import analysed_names
    from arsearch.index.whoosh.segments import WhooshSegment

    return WhooshSegment(SegmentInfo(**info), analysed_names(Schema(fields)))


class _Call:
    """Pickles as a call of a function with arguments, and unpickles as the value that the function returns."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._reduced = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._reduced


def _varints(numbers: Iterable[int]) -> bytes:
    """Encode each number in groups of 7 bits, the lowest first; all but the last byte of a number have the high bit."""
    encoded = bytearray()
    for number in numbers:
        while number > 0x7F:
            encoded.append(number & 0x7F | 0x80)
            number >>= 7
        encoded.append(number)
    return bytes(encoded)
