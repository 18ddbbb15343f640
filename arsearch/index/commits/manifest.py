"""The commit point: a JSON file for each generation, whole or absent.

`manifest-<generation>.json` names the format, the analyzer, the declared fields and the segments of a commit, and ends
with a CRC-32 of its content. The highest generation is the index. The generation before it is kept until the next commit:
a reader that listed the folder a moment ago still finds its files, and `recover` can go back to it. If commits are not
durable, the last durable one is kept as well.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from arsearch.errors import CorruptIndexError, IndexNotFoundError, IndexVersionError, NotAnIndexError
from arsearch.index.codec.features import FORMAT_VERSION, check_features, check_format_version
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.store.directory import Directory
from arsearch.model.schema import Schema

__all__ = [
    "Manifest",
    "delete_unreferenced",
    "foreign_files",
    "generations",
    "latest_generation",
    "read_generation",
    "read_latest",
    "toc_name",
    "write_manifest",
]

_MAX_BYTES = 4 << 20
"""The size of the largest manifest read: enough for tens of thousands of segments."""

_NAME = re.compile(r"manifest-(\d{1,18})\.json\Z")
_OURS = re.compile(r"(manifest-\d+\.json|_MAIN_\d+\.toc|s[0-9a-f]{16}(\.\d+\.del|\.seg))\Z")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A commit.

    `analyzer` is the configuration of the analyzer, `fingerprint` a digest of its behaviour, and `fields` maps declared
    fields to their kinds. `durable` says whether all files were flushed to the disk before the commit was made. `features`
    maps optional structures of the segments to their standing (see `codec.features`). `format` is the version the manifest
    was written in.
    """

    generation: int
    analyzer: Mapping[str, Any]
    fingerprint: str
    fields: Mapping[str, str]
    segments: tuple[SegmentInfo, ...]
    durable: bool = True
    features: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT_VERSION

    def next_commit(self, generation: int, segments: Iterable[SegmentInfo], *, durable: bool = True) -> Manifest:
        """Return the manifest of a later commit of the same index, with other segments, in the current format."""
        return replace(self, generation=generation, segments=tuple(segments), durable=durable, format=FORMAT_VERSION)

    @property
    def content(self) -> set[str]:
        """The names of the segments' files."""
        return {name for info in self.segments for name in (info.file, info.deletions) if name}

    @property
    def files(self) -> set[str]:
        """The names of all files of the commit, those of the manifest and of Whoosh's table of contents included."""
        return self.content | {manifest_name(self.generation), toc_name(self.generation)}


def manifest_name(generation: int) -> str:
    """Return the name of a generation's manifest."""
    return f"manifest-{generation}.json"


def toc_name(generation: int) -> str:
    """Return the name of a generation's Whoosh table of contents."""
    return f"_MAIN_{generation}.toc"


def generations(directory: Directory) -> list[int]:
    """Return the generations that have a manifest, rising."""
    return sorted(int(match[1]) for name in directory.names() if (match := _NAME.match(name)))


def latest_generation(directory: Directory) -> int:
    """Return the newest generation; -1 if there is no manifest."""
    return max(generations(directory), default=-1)


def read_latest(directory: Directory) -> Manifest:
    """Return the newest commit.

    Raises IndexNotFoundError if the directory is empty, NotAnIndexError if it holds other files only, CorruptIndexError
    if the manifest is damaged, and IndexVersionError if this release does not read its format or a feature it requires.
    """
    while True:
        generation = latest_generation(directory)
        if generation < 0:
            if any(name.endswith(".toc") for name in directory.names()):
                raise NotAnIndexError(
                    f"{directory.location!r} is an index made by Whoosh, which arsearch does not open; copy its stored fields "
                    f"into an arsearch index with `arsearch index {directory.location} --from-whoosh -i ANOTHER`"
                )
            if directory.names():
                raise NotAnIndexError(
                    f"{directory.location!r} is not an arsearch index: it has no manifest; choose another folder"
                )
            raise IndexNotFoundError(f"there is no index at {directory.location!r} yet; make one with `arsearch index`")
        try:
            return read_generation(directory, generation)
        except FileNotFoundError:
            continue  # two commits were made after the files were listed


def foreign_files(directory: Directory) -> list[str]:
    """Return the names of files that no arsearch index has, sorted."""
    return sorted(name for name in directory.names() if not _OURS.match(name))


def read_generation(directory: Directory, generation: int) -> Manifest:
    """Return the commit of a generation.

    Raises FileNotFoundError if it is gone, and CorruptIndexError or IndexVersionError as `read_latest` does.
    """
    name = f"{directory.location}/{manifest_name(generation)}"
    try:
        mapped = directory.read(manifest_name(generation))
        if len(mapped) > _MAX_BYTES:
            raise ValueError(f"it has {len(mapped):,} bytes, at most {_MAX_BYTES:,} are possible")
        body, _, crc = bytes(mapped).rpartition(b"\n#")
        if int(crc, 16) != zlib.crc32(body):
            raise ValueError("its checksum differs")
        data = json.loads(body)
        check_format_version(data["format"], directory.location)
        features = check_features(
            data.get("features", {}), directory.location
        )  # first: they may change what other keys mean
        if data["generation"] != generation:
            raise ValueError("it belongs to another generation")
        analyzer, fingerprint, fields = data["analyzer"], data["fingerprint"], data["fields"]
        if not (isinstance(analyzer, dict) and isinstance(fingerprint, str) and isinstance(fields, dict)):
            raise TypeError("its analyzer, fingerprint or fields have a wrong type")
        Schema(fields)
        segments = tuple(map(_segment, data["segments"]))
        if len({info.name for info in segments}) < len(segments):
            raise ValueError("it names a segment twice")
        return Manifest(
            generation, analyzer, fingerprint, fields, segments, bool(data["durable"]), features, data["format"]
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CorruptIndexError(f"the commit {name!r} is damaged ({error}); restore the index from a backup") from error


def _segment(entry: Mapping[str, Any]) -> SegmentInfo:
    """Return the description of a segment; raise ValueError if it is impossible, or a name leads out of the folder."""
    info = SegmentInfo(**entry)
    counts = (info.docs, info.deleted, info.bytes)
    if not re.fullmatch(r"s[0-9a-f]{16}", info.name) or any(type(count) is not int for count in counts):
        raise ValueError(f"impossible segment {info!r}")
    if not 0 <= info.deleted <= info.docs < 2**32 or (info.deletions is None) != (info.deleted == 0):
        raise ValueError(f"impossible segment {info!r}")
    if info.deletions is not None and not re.fullmatch(rf"{info.name}\.[0-9]+\.del", info.deletions):
        raise ValueError(f"impossible file name {info.deletions!r}")
    return info


def write_manifest(directory: Directory, manifest: Manifest, *, flushed: bool = True) -> None:
    """Make `manifest` the newest commit of the index; the files of its segments must exist.

    A durable commit flushes these files to the disk first, unless they are `flushed` already.
    """
    data = asdict(manifest)
    if not manifest.features:
        del data["features"]
    body = json.dumps(data, ensure_ascii=True, indent=1, sort_keys=True).encode()
    if manifest.durable:  # files, and their names in the folder, must be on the disk before the commit that needs them
        directory.sync(() if flushed else sorted(manifest.content))
    raw = body + b"\n#%08x" % zlib.crc32(body)
    directory.write(manifest_name(manifest.generation), [raw], durable=manifest.durable)
    if manifest.durable:
        directory.sync()


def delete_unreferenced(directory: Directory, current: Manifest) -> None:
    """Remove the files that no kept commit uses; kept are `current`, the one before it, and the last durable one."""
    keep = current.files
    safe = current.durable
    for generation in reversed(generations(directory)):
        if generation >= current.generation:
            continue
        try:
            older = read_generation(directory, generation)
        except (FileNotFoundError, CorruptIndexError, IndexVersionError):
            continue
        if generation == current.generation - 1 or (older.durable and not safe):
            keep |= older.files
            safe |= older.durable
    for name in directory.names():
        if name not in keep and _OURS.match(name):
            directory.remove(name)
