"""A reader of index files that is written from docs/file-format.md alone and uses no module of arsearch.

It must find what arsearch finds. A change that this reader does not understand needs a new version of the format.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

import arsearch

_TYPES = {"|u1": "B", "<u2": "H", "<u4": "I", "<u8": "Q", "<i8": "q", "<f8": "d"}


class ArrayFile:
    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        assert self.data[:8] == b"ARSEG\0\0\x02"
        length, count, crc = struct.unpack_from("<QQI", self.data, len(self.data) - 24)
        end = len(self.data) - 24 - 4 * count - length
        assert zlib.crc32(self.data[end:-24]) == crc
        directory = json.loads(self.data[end : end + length])
        self.meta, self.arrays = directory["meta"], directory["arrays"]
        sums = struct.unpack_from(f"<{count}I", self.data, end + length)
        assert [zlib.crc32(self.data[at : min(at + 16384, end)]) for at in range(0, end, 16384)] == list(sums)

    def __getitem__(self, name: str) -> list[Any]:
        dtype, length, offset = self.arrays[name]
        return list(struct.unpack_from(f"<{length}{_TYPES[dtype]}", self.data, offset))

    def raw(self, name: str) -> bytes:
        _, length, offset = self.arrays[name]
        return self.data[offset : offset + length]

    def numbers(self, name: str, low_bytes: int, least: int, head: int, length: int | None = None) -> list[int]:
        """Return the numbers of a packed array; that with low bytes tells its length."""
        blocks, exceptions = self.raw(f"{name}.packed"), iter(self[f"{name}.exceptions"])
        numbers: list[int] = []
        taken = 0
        for at in range(0, len(blocks), 32 + head + 128 * low_bytes):
            block = blocks[at : at + 32 + head + 128 * low_bytes]
            assert struct.unpack_from("<I", block, 32)[0] == taken
            assert head == 4 or struct.unpack_from("<I", block, 36)[0] == sum(numbers)
            size = len(block) - 32 - head if low_bytes else min(128, length - len(numbers) if length else 128)
            for n in range(size):
                code = block[n // 4] >> 2 * (n % 4) & 3
                taken += code == 3
                high = next(exceptions) if code == 3 else code + least
                numbers.append(high << 8 | block[32 + head + n] if low_bytes else high)
        assert next(exceptions, None) is None
        assert length is None or len(numbers) == length
        return numbers

    def texts(self, key: str) -> list[bytes]:
        ends = [0, *self[f"{key}.ends"]]
        blob = self.raw(f"{key}.blob")
        return [blob[a:b] for a, b in itertools.pairwise(ends)]


class Segment:
    def __init__(self, folder: Path, entry: dict[str, Any]) -> None:
        self.file = ArrayFile(folder / f"{entry['name']}.seg")
        self.docs = entry["docs"]
        assert self.file.meta == {"docs": self.docs, "kind": "segment"}
        self.deleted = set(ArrayFile(folder / entry["deletions"])["deleted"]) if entry["deletions"] else set()
        self.ids = [id.decode() for id in self.file.texts("stored/id")]
        self.titles = [title.decode() for title in self.file.texts("stored/title")]

    def live(self) -> list[int]:
        return [doc for doc in range(self.docs) if doc not in self.deleted]

    def article(self, doc: int) -> dict[str, Any]:
        trained = "stored/dictionary" in self.file.arrays
        shared = zstandard.ZstdCompressionDict(self.file.raw("stored/dictionary")) if trained else None
        frame = self.file.texts("stored/frames")[doc]
        head, _, body = zstandard.ZstdDecompressor(dict_data=shared).decompress(frame).decode().partition("\n")
        return {"id": self.ids[doc], "title": self.titles[doc], "body": body, **json.loads(head)}

    def find(self, id: str) -> int | None:
        id_hash = int.from_bytes(hashlib.blake2b(id.encode(), digest_size=8).digest(), "little")
        for hashed, doc in zip(self.file["id/hash"], self.file["id/doc"], strict=True):
            if hashed == id_hash and self.ids[doc] == id and doc not in self.deleted:
                return int(doc)
        return None

    def terms(self, key: str) -> list[str]:
        blob = self.file.raw(f"{key}.blob")
        terms = blob.split(b"\n")[:-1]
        assert terms == sorted(terms)
        assert self.file.raw(f"{key}.heads").split(b"\n")[:-1] == terms[::64]
        starts = self.file[f"{key}.starts"]
        assert starts[-1] == len(blob)
        assert [blob[start:].split(b"\n", 1)[0] for start in starts[:-1]] == terms[::64]
        return [term.decode() for term in terms]

    def postings(self, key: str) -> Iterator[tuple[str, int, list[int]]]:
        """Yield each posting: its term, its document and its positions."""
        first, docs, places = (self.file[f"{key}.{name}"] for name in ("first", "docs", "places"))
        freqs = self.file.numbers(f"{key}.freqs", 0, 1, 8, len(docs))
        positions = self.file.numbers(f"{key}.positions", 1, 0, 4)
        for number, term in enumerate(self.terms(key)):
            at = places[number]
            for posting in range(first[number], first[number + 1]):
                yield term, docs[posting], positions[at : at + freqs[posting]]
                at += freqs[posting]
            assert at == places[number + 1]

    def surface_forms(self, field: str) -> Iterator[tuple[str, str, int, int]]:
        """Yield each occurrence: its surface form, its term, its document and its position."""
        with_forms = self.file[f"{field}/written.terms"]
        texts = dict(zip(with_forms, self.file.texts(f"{field}/written"), strict=True))
        form_ids = dict(zip(self.file[f"{field}/written.at"], self.file[f"{field}/written.which"], strict=True))
        assert with_forms == sorted(with_forms)
        assert 0 not in form_ids.values()
        number = {term: n for n, term in enumerate(self.terms(f"{field}/normalised"))}
        occurrences = ((term, doc, at) for term, doc, places in self.postings(f"{field}/normalised") for at in places)
        for n, (term, doc, at) in enumerate(occurrences):
            forms = texts[number[term]].decode().split("\n") if number[term] in texts else [term]
            yield forms[form_ids.get(n, 0)], term, doc, at

    def values(self, key: str, doc: int) -> list[str]:
        values = [value.decode() for value in self.file.texts(f"{key}/values")]
        assert values == sorted(set(values))
        first, ordinals = self.file[f"{key}/values.first"], self.file[f"{key}/values.ordinals"]
        return [values[ordinal] for ordinal in ordinals[first[doc] : first[doc + 1]]]


def newest(folder: Path) -> dict[str, Any]:
    path = max(folder.glob("manifest-*.json"), key=lambda path: int(path.stem.partition("-")[2]))
    body, _, crc = path.read_bytes().rpartition(b"\n#")
    assert zlib.crc32(body) == int(crc, 16)
    manifest: dict[str, Any] = json.loads(body)
    assert manifest["format"] == 2
    return manifest


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, samples: list[dict[str, Any]]) -> Path:
    folder = tmp_path_factory.mktemp("format")
    with arsearch.open(folder, create=True, fields={"volume": "int", "note": "text"}) as index:
        index.add(
            [article | {"volume": n, "note": "ملاحظة"} if n % 3 else article for n, article in enumerate(samples)]
        )
        index.add(
            [*samples[:5], samples[7], *samples[5:9], {"id": "ث", "title": "", "body": "واحد", "tags": ["ب", "أ"]}]
        )
        index.delete([samples[20]["id"], samples[6]["id"]])
    return folder


@pytest.fixture(scope="module")
def segments(folder: Path) -> list[Segment]:
    return [Segment(folder, entry) for entry in newest(folder)["segments"]]


def test_every_article_is_stored_as_it_was_added(folder: Path, segments: list[Segment]) -> None:
    with arsearch.open(folder) as index:
        articles = [segment.article(doc) for segment in segments for doc in segment.live()]

        assert len(segments) > 1
        assert articles == [article.to_dict() for article in index]
        for article in articles:
            assert sum(segment.find(article["id"]) is not None for segment in segments) == 1


def test_the_postings_are_the_words_of_the_articles(folder: Path, segments: list[Segment]) -> None:
    with arsearch.open(folder) as index:
        analyzer = index.analyzer
    for segment in segments:
        for level in ("normalised", "stem"):
            found = {(term, doc, at) for term, doc, places in segment.postings(f"body/{level}") for at in places}
            expected = set()
            for doc in range(segment.docs):
                if segment.ids[doc]:
                    for token in analyzer.analyze(segment.article(doc)["body"]):
                        expected.add((getattr(token.term, level), doc, token.position))

            assert {key for key in found if segment.ids[key[1]]} == expected


def test_the_surface_form_of_each_occurrence_is_the_word_in_the_article(folder: Path, segments: list[Segment]) -> None:
    with arsearch.open(folder) as index:
        analyzer = index.analyzer
    for segment in segments:
        found = {key for key in segment.surface_forms("body") if segment.ids[key[2]]}
        expected = {
            (token.text, token.term.normalised, doc, token.position)
            for doc in range(segment.docs)
            if segment.ids[doc]
            for token in analyzer.analyze(segment.article(doc)["body"])
        }

        assert found <= expected
        assert {key[1:] for key in found} == {
            key[1:] for key in expected
        }  # if a term occurs twice at a position, one counts
        assert len(found) > 0.999 * len(expected)
        assert len(found) < 1000 or any(word != term for word, term, *_ in found)


def test_the_postings_of_roots_are_those_of_their_stems(segments: list[Segment]) -> None:
    for segment in segments:
        roots = segment.terms("root/postings")
        first, docs = segment.file["root/postings.first"], segment.file["root/postings.docs"]
        fields = [name.partition("/")[0] for name in segment.file.arrays if name.endswith("/root_of")]
        assert set(fields) == {
            field for field in ("title", "body", "note") if f"{field}/stem.docs" in segment.file.arrays
        }
        found, expected = Counter[tuple[str, int, str]](), Counter[tuple[str, int, str]]()
        for field in fields:
            freqs = segment.file.numbers(f"{field}/root_freqs", 0, 0, 4, len(docs))
            root_of = segment.file[f"{field}/root_of"]
            for number, root in enumerate(roots):
                for posting in range(first[number], first[number + 1]):
                    found[root, docs[posting], field] += freqs[posting]
            stems = dict(zip(segment.terms(f"{field}/stem"), root_of, strict=True))
            for stem, doc, places in segment.postings(f"{field}/stem"):
                if stems[stem] < len(roots):
                    expected[roots[stems[stem]], doc, field] += len(places)
        assert +found == expected
        assert len(roots) > 10
        assert all(docs[a:b] == sorted(set(docs[a:b])) != [] for a, b in itertools.pairwise(first))


def test_the_other_arrays_follow_from_the_articles(segments: list[Segment]) -> None:
    for segment in segments:
        file = segment.file
        lengths, max_freqs, min_lengths = file["body/length"], file["body/stem.most"], file["body/stem.least"]
        docs = file["body/stem.docs"]
        freqs = file.numbers("body/stem.freqs", 0, 1, 8, len(docs))
        blocks = range(0, len(docs), 128)
        assert max_freqs == [max(freqs[at : at + 128]) for at in blocks]
        assert min_lengths == [min(lengths[doc] for doc in docs[at : at + 128]) for at in blocks]
        stems = segment.terms("body/stem")
        stem_of = dict(zip(segment.terms("body/normalised"), (stems[n] for n in file["body/stem_of"]), strict=True))
        assert all(stem in stems for stem in stem_of.values())
        signatures = file.raw("body/sketches")
        assert len(signatures) == 16 * segment.docs
        for doc in segment.live():
            article = segment.article(doc)
            assert any(signatures[16 * doc : 16 * doc + 16]) or len(article["body"].split()) < 40
            assert segment.values("source", doc) == [v for v in [article.get("source")] if v]
            assert segment.values("tags", doc) == article.get("tags", [])
            assert file["volume/numbers"][doc] == article.get("volume", -(2**63))
