"""Articles come back as they were added, and ids and titles can be read without decompressing them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch.errors import CorruptIndexError
from arsearch.index.codec import names, stored_fields
from arsearch.index.codec.array_file import ArrayFile, write_arrays
from arsearch.index.codec.string_column import StringColumn, string_column_arrays
from arsearch.index.store.memory import RAMDirectory
from arsearch.index.writing.stored_fields_writer import StoredFieldsWriter, first_dictionary

strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.lists(strings, max_size=20))
def test_the_strings_of_a_column_come_back(values: list[str]) -> None:
    storage = RAMDirectory()
    write_arrays(storage, "x", string_column_arrays("key", values), {}, durable=False)

    column = StringColumn(ArrayFile(storage, "x"), "key")

    assert list(column) == values
    for low in range(len(values) + 1):
        views = column.views(np.arange(low, len(values), 2))
        assert [bytes(view).decode() for view in views] == values[low::2]
    assert len(column) == len(values)


ARTICLES: list[dict[str, Any]] = [
    {"id": "1", "title": "", "body": "نص بلا عنوان"},
    {"id": "2", "title": "عنوان\nمن سطرين 😀", "body": ""},
    {"id": "سطر\nآخر", "title": "ثالث", "body": "نص", "tags": ["a", "b"], "volume": 3},
    {"id": "4", "title": "رابع", "body": "نص", "date": "2015-07-21", "author": "كاتب"},
]


@pytest.mark.parametrize("merged", [False, True])
def test_an_article_comes_back_whole(index: arsearch.Index, merged: bool) -> None:
    index.add([{"id": "1", "title": "قديم", "body": "يستبدل"}, *ARTICLES[:2]])
    index.add(ARTICLES[2:])
    if merged:
        index.optimize()

    assert [article.to_dict() for article in index] == [
        arsearch.Article.from_dict(article).to_dict() for article in ARTICLES
    ]
    assert index.get("1") == arsearch.Article.from_dict(ARTICLES[0])
    assert index.check() == []


def test_hits_with_titles_decompress_no_article(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    index.add(ARTICLES)

    def forbidden(*_: object) -> None:
        raise AssertionError("an article was decompressed")

    for name in ("raw", "raws"):
        monkeypatch.setattr(stored_fields.StoredFieldsReader, name, forbidden)

    assert {(hit.id, hit.title) for hit in index.search("نص")} == {
        (article["id"], article["title"]) for article in ARTICLES if "نص" in article["body"]
    }


def test_threads_read_the_articles_of_one_segment(index: arsearch.Index) -> None:
    index.add([{"id": str(n), "title": "عنوان", "body": f"نص {n} " * 50} for n in range(200)])

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(index.get, [str(n % 200) for n in range(2000)]))

    assert [article and article.body for article in found] == [f"نص {n % 200} " * 50 for n in range(2000)]


def _hits(index: arsearch.Index, count: int) -> list[arsearch.Hit]:
    index.add([{"id": str(n), "title": "عنوان", "body": f"خبر {n} " * (n % 7 * 300 + 2)} for n in range(count)])
    return list(index.search("خبر", limit=count))


def _is_right(hit: arsearch.Hit) -> bool:
    n = int(hit.id)
    return hit.article.id == hit.id and hit.article.body == f"خبر {n} " * (n % 7 * 300 + 2)


@pytest.mark.parametrize("ahead", [0, 100, stored_fields._AHEAD])
def test_the_articles_of_a_page_are_read_in_any_order(
    index: arsearch.Index, ahead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_fields, "_AHEAD", ahead)
    hits = _hits(index, 40)

    assert len(hits) == 40
    assert all(map(_is_right, [*hits[30:35], *hits[::-1], *hits]))


def test_threads_read_the_articles_of_one_page(index: arsearch.Index) -> None:
    hits = _hits(index, 60)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(_is_right, [*hits, *hits[::-1]]))


def test_a_damaged_article_spoils_no_other_of_its_page(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    hits = _hits(index, 40)
    damaged = {3, 17}
    read = StringColumn.bytes

    def damage(self: StringColumn, at: int) -> bytes:
        frame = read(self, at)
        return frame[:-9] + bytes(9) if at in damaged and frame[:4] == b"\x28\xb5\x2f\xfd" else frame

    monkeypatch.setattr(StringColumn, "bytes", damage)

    for hit in hits:
        if int(hit.id) in damaged:
            with pytest.raises(CorruptIndexError, match="damaged"):
                _ = hit.article
        else:
            assert _is_right(hit)


@pytest.mark.parametrize("batch", [1, 3, stored_fields._BATCH])
@pytest.mark.parametrize("size", [0, 3_000, stored_fields._BATCH_BYTES])
@pytest.mark.parametrize("shared", [0, stored_fields._SHARED_BYTES], ids=["several threads", "one thread"])
def test_the_bodies_of_many_articles_are_read_together(
    index: arsearch.Index, batch: int, size: int, shared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_fields, "_SHARED_BYTES", shared)
    monkeypatch.setattr(stored_fields, "_BATCH", batch)
    monkeypatch.setattr(stored_fields, "_BATCH_BYTES", size)
    bodies = [f"نص {n}\nسطر " * (n % 7 * 40) for n in range(150)]
    index.add([{"id": str(n), "title": "عنوان", "body": body, "note": "\n" * n * 5} for n, body in enumerate(bodies)])
    (segment,) = index._session().view.reader.segments  # type: ignore[attr-defined]
    docs = np.arange(segment.docs)

    for chosen in (docs, docs[3:], docs[::7], docs[:0]):
        expected = [bodies[int(segment.id(doc))].encode() for doc in chosen.tolist()]
        assert [bytes(stored_fields.body_of(article)) for article in segment.stored.encoded(chosen)] == expected


@pytest.mark.parametrize("shared", [0, stored_fields._SHARED_BYTES], ids=["several threads", "one thread"])
def test_a_damaged_article_is_named_when_bodies_are_read(
    index: arsearch.Index, shared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_fields, "_SHARED_BYTES", shared)
    index.add([{"id": str(n), "body": f"نص {n} " * 50} for n in range(20)])
    (segment,) = index._session().view.reader.segments  # type: ignore[attr-defined]
    read, once = StringColumn.views, StringColumn.bytes

    def damaged(frame: bytes | memoryview, doc: int) -> bytes:
        return bytes(frame)[:-9] + bytes(9) if doc == 11 else bytes(frame)

    monkeypatch.setattr(StringColumn, "views", lambda self, docs: [*map(damaged, read(self, docs), docs.tolist())])
    monkeypatch.setattr(StringColumn, "bytes", lambda self, doc: damaged(once(self, doc), doc))

    with pytest.raises(CorruptIndexError, match="stored article 11 of"):
        segment.stored.encoded(np.arange(20))


def encoded(count: int, size: int) -> list[bytes]:
    """Return encoded articles of `size` bytes each."""
    return [(f'{{"id":"{n}","body":"' + f"خبر {n % 97} " * (size // 8)).encode()[:size] for n in range(count)]


def frames(articles: list[bytes], dictionary: bytes = b"") -> tuple[bytes, list[int], bytes]:
    """Return the frames that a writer makes, their ends, and its dictionary."""
    writer = StoredFieldsWriter(dictionary)
    for article in articles:
        writer.add(article)
    arrays = writer.arrays()
    blob, ends = (arrays[names.part(names.STORED_FRAMES, part)] for part in (names.BLOB, names.ENDS))
    return blob.tobytes(), ends.tolist(), arrays.get(names.STORED_DICTIONARY, np.zeros(0, np.uint8)).tobytes()


@pytest.mark.parametrize(("count", "size"), [(3, 500), (3, 1 << 20), (30, 100_000), (1_100, 2_000)])
def test_threads_compress_articles_as_one_call_does(count: int, size: int) -> None:
    articles = encoded(count, size)
    dictionary = stored_fields.train(encoded(1_000, 300))
    blob, sizes = stored_fields.compressor(dictionary)(articles)

    assert frames(articles, dictionary) == (bytes(blob), np.cumsum(sizes).tolist(), dictionary)


@pytest.mark.parametrize(
    ("count", "size", "sample"),
    [(1_000, 300, 1_000), (1_200, 300, 1_000), (9, 1 << 20, 8), (8, 1 << 20, 8), (999, 300, None), (7, 1 << 20, None)],
)
def test_the_first_dictionary_is_trained_on_the_first_articles(count: int, size: int, sample: int | None) -> None:
    articles = encoded(count, size)
    blob, _, dictionary = frames(articles)

    assert dictionary == stored_fields.train(articles[:sample])
    assert blob == stored_fields.compressor(dictionary)(articles)[0]
    assert first_dictionary(articles) == (None if sample is None else stored_fields.train(articles[:1_000]))


def test_a_writer_holds_few_articles_uncompressed() -> None:
    writer = StoredFieldsWriter(stored_fields.train(encoded(1_000, 300)))
    held = []
    for article in encoded(100, 100_000):
        writer.add(article)
        held.append(writer.memory)

    assert held[:3] == [100_000, 200_000, 300_000]
    assert 1 << 20 < max(held) < 7 << 20
    writer.arrays()  # ends the thread
