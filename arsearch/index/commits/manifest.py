"""The manifest of a commit: the file that names its segments.

`manifest-<generation>.json` names the format, the analyzer, the declared fields and the segments of a commit. It ends with
a CRC-32 of all this. The highest generation is the current commit. The commit before it stays until the next one: readers
that have just listed the folder still find their files, and recovery has a commit to go back to. If commits are not
durable, the last durable one stays too.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from arsearch.errors import CorruptIndexError, IndexNotFoundError, IndexVersionError, NotAnIndexError
from arsearch.index.codec.features import (
    FORMAT_VERSION,
    PARTS,
    REQUIRED,
    WRITTEN_FEATURES,
    check_features,
    check_format_version,
)
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
"""The largest manifest that is read, enough for tens of thousands of segments."""

_NAME = re.compile(r"manifest-(\d{1,18})\.json\Z")
_OURS = re.compile(r"(manifest-\d+\.json|_MAIN_\d+\.toc|sync-[0-9a-f]{16}\.json|s[0-9a-f]{16}(\.\d+\.del|\.seg))\Z")
_SYNC_NAME = re.compile(r"sync-[0-9a-f]{16}\.json")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A commit: its number, its analyzer, its declared fields and its segments.

    `analyzer` is the configuration of the analyzer, `fingerprint` the digest of its behaviour. `durable` tells whether
    all files were flushed to the disk before the manifest was written. `features` maps the optional structures of the
    segments to their standing (see `codec.features`), and `format` is the version the manifest was written in. `sync` is
    the name of the file with the state of `arsearch.sync`, if the index has one.
    """

    generation: int
    analyzer: Mapping[str, Any]
    fingerprint: str
    fields: Mapping[str, str]
    segments: tuple[SegmentInfo, ...]
    durable: bool = True
    features: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT_VERSION
    sync: str | None = None

    def next_commit(self, generation: int, segments: Iterable[SegmentInfo], *, durable: bool, parts: bool) -> Manifest:
        """Return the manifest of a later commit of the same index, with other segments, in the current format.

        `parts` tells whether the segments hold parts of works: an older release must then refuse the index.
        """
        features = {name: standing for name, standing in self.features.items() if name != PARTS}
        return replace(
            self,
            generation=generation,
            segments=tuple(segments),
            durable=durable,
            features={**features, **WRITTEN_FEATURES, **({PARTS: REQUIRED} if parts else {})},
            format=FORMAT_VERSION,
        )

    @property
    def content(self) -> set[str]:
        """The names of the files with content: those of the segments, and the state of `arsearch.sync`."""
        names = {name for info in self.segments for name in (info.file, info.deletions) if name}
        return names | {self.sync} if self.sync else names

    @property
    def files(self) -> set[str]:
        """The names of all files of the commit, the manifest and the Whoosh table of contents included."""
        return self.content | {manifest_name(self.generation), toc_name(self.generation)}


def manifest_name(generation: int) -> str:
    """Return the file name of the manifest of a generation."""
    return f"manifest-{generation}.json"


def toc_name(generation: int) -> str:
    """Return the file name of the Whoosh table of contents of a generation."""
    return f"_MAIN_{generation}.toc"


def generations(directory: Directory) -> list[int]:
    """Return the generations that have a manifest, in ascending order."""
    return sorted(int(match[1]) for name in directory.names() if (match := _NAME.match(name)))


def latest_generation(directory: Directory) -> int:
    """Return the newest generation, or -1 if there is no manifest."""
    return max(generations(directory), default=-1)


def read_latest(directory: Directory) -> Manifest:
    """Return the newest commit.

    Raises IndexNotFoundError for an empty folder, NotAnIndexError for a folder of other files, IndexVersionError for
    another format, and CorruptIndexError for a damaged manifest.
    """
    while True:
        generation = latest_generation(directory)
        if generation < 0:
            if any(name.endswith(".toc") for name in directory.names()):
                raise NotAnIndexError(
                    f"{directory.location!r} is a native Whoosh index, which arsearch does not open; to copy its stored "
                    f"documents into an arsearch index: `arsearch index {directory.location} --from-whoosh -i ANOTHER`"
                )
            if names := directory.names():
                if all(map(_OURS.match, names)):
                    raise NotAnIndexError(
                        f"{directory.location!r} has files of an index but no manifest, as a backup leaves them that was "
                        "interrupted; repeat `arsearch backup` or `arsearch restore`, or empty the folder"
                    )
                raise NotAnIndexError(
                    f"{directory.location!r} is not an arsearch index: it has no manifest; choose another folder"
                )
            raise IndexNotFoundError(f"there is no index at {directory.location!r} yet; make one with `arsearch index`")
        try:
            return read_generation(directory, generation)
        except FileNotFoundError:
            continue  # two commits were made between the listing and the reading


def foreign_files(directory: Directory) -> list[str]:
    """Return the names of the files that belong to no arsearch index, sorted."""
    return sorted(name for name in directory.names() if not _OURS.match(name))


def read_generation(directory: Directory, generation: int) -> Manifest:
    """Return the commit of a generation. Raises FileNotFoundError if it is gone, else the errors of `read_latest`."""
    name = f"{directory.location}/{manifest_name(generation)}"
    try:
        mapped = directory.read(manifest_name(generation))
        if len(mapped) > _MAX_BYTES:
            raise ValueError(f"{len(mapped):,} bytes are more than any manifest has")
        body, _, crc = bytes(mapped).rpartition(b"\n#")
        if int(crc, 16) != zlib.crc32(body):
            raise ValueError("the checksum differs")
        data = json.loads(body)
        check_format_version(data["format"], directory.location)
        # Before all other keys, whose meaning a required feature may change.
        features = check_features(data.get("features", {}), directory.location)
        if data["generation"] != generation:
            raise ValueError("it belongs to another generation")
        analyzer, fingerprint, fields = data["analyzer"], data["fingerprint"], data["fields"]
        if not (isinstance(analyzer, dict) and isinstance(fingerprint, str) and isinstance(fields, dict)):
            raise TypeError("analyzer, fingerprint or fields have the wrong type")
        Schema(fields)
        segments = tuple(map(_segment, data["segments"]))
        if len({info.name for info in segments}) < len(segments):
            raise ValueError("it names a segment twice")
        durable, version, sync = bool(data["durable"]), int(data["format"]), data.get("sync")
        if sync is not None and not (isinstance(sync, str) and _SYNC_NAME.fullmatch(sync)):
            raise ValueError(f"impossible file name {sync!r}")
        return Manifest(generation, analyzer, fingerprint, fields, segments, durable, features, version, sync)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CorruptIndexError(f"the commit {name!r} is damaged ({error}); restore the index from a backup") from error


def _segment(entry: Mapping[str, Any]) -> SegmentInfo:
    """Return the segment of an entry. Raises ValueError if it is impossible, or if a name leads out of the folder."""
    info = SegmentInfo(**entry)
    counts = (info.docs, info.deleted, info.bytes)
    if not re.fullmatch(r"s[0-9a-f]{16}", info.name) or any(type(count) is not int for count in counts):
        raise ValueError(f"impossible segment {info!r}")
    if not 0 <= info.deleted <= info.docs < 2**32 or (info.deletions is None) != (info.deleted == 0):
        raise ValueError(f"impossible segment {info!r}")
    if info.deletions is not None and not re.fullmatch(rf"{info.name}\.[0-9]+\.del", info.deletions):
        raise ValueError(f"impossible file name {info.deletions!r}")
    return info


def write_manifest(directory: Directory, manifest: Manifest, *, flushed: bool) -> None:
    """Make `manifest` the newest commit. The files of its segments must be complete.

    A durable commit flushes these files first, unless they are `flushed` already.
    """
    data = asdict(manifest)
    if not manifest.features:
        del data["features"]
    if not manifest.sync:
        del data["sync"]
    body = json.dumps(data, ensure_ascii=True, indent=1, sort_keys=True).encode()
    if manifest.durable:
        # The names of the files must be on the disk before the manifest that needs them.
        directory.sync(() if flushed else sorted(manifest.content))
    raw = body + b"\n#%08x" % zlib.crc32(body)
    directory.write(manifest_name(manifest.generation), [raw], durable=manifest.durable)
    if manifest.durable:
        directory.sync()


def delete_unreferenced(directory: Directory, current: Manifest) -> None:
    """Remove the files that no kept commit uses.

    The commit `current`, the one before it, and the last durable one are kept.
    """
    keep = current.files
    durable = current.durable
    for generation in reversed(generations(directory)):
        if generation >= current.generation:
            continue
        try:
            older = read_generation(directory, generation)
        except (FileNotFoundError, CorruptIndexError, IndexVersionError):
            continue
        if generation == current.generation - 1 or (older.durable and not durable):
            keep |= older.files
            durable |= older.durable
    for name in directory.names():
        if name not in keep and _OURS.match(name):
            directory.remove(name)
