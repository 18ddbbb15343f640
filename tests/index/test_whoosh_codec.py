"""The complete codec: what Whoosh's writers put in comes out as from Whoosh's own, and nothing is unpickled."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import whoosh.formats
import whoosh.index
from hypothesis import given
from hypothesis import strategies as st
from whoosh import fields
from whoosh.analysis import KeywordAnalyzer, StandardAnalyzer
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import RamStorage, Storage
from whoosh.formats import (
    CharacterBoosts,
    Characters,
    Existence,
    Format,
    Frequency,
    PositionBoosts,
    Positions,
)
from whoosh.index import create_in
from whoosh.query import And, Every, FuzzyTerm, NumericRange, Or, Phrase, Prefix, Query, Term
from whoosh.reading import IndexReader

from arsearch.errors import ArticleError, CorruptIndexError
from arsearch.index.whoosh.codec import ArrayCodec
from arsearch.index.whoosh.terms import as_bytes, as_text
from arsearch.index.whoosh.values import dump, load

FORMATS: dict[str, tuple[type[Format], tuple[str, ...]]] = {
    "existence": (Existence, ("frequency", "weight")),
    "frequency": (Frequency, ("frequency", "weight")),
    "positions": (Positions, ("frequency", "weight", "positions", "position_boosts")),
    "characters": (Characters, ("frequency", "positions", "position_boosts", "characters")),
    "position_boosts": (PositionBoosts, ("frequency", "weight", "positions", "position_boosts")),
    "character_boosts": (CharacterBoosts, ("positions", "position_boosts", "characters", "character_boosts")),
}
TEXTS = ["كتاب الوزير كتاب", "b\u0301 c b a b", "a", "سطر\nآخر a", "c c c c", "الوزير"]


class Shouted(Format):  # type: ignore[misc]
    """A format of a user's own: its values mean nothing to us."""

    def word_values(self, value: str, analyzer: Any, **options: Any) -> Iterator[tuple[str, int, float, bytes]]:
        for token in analyzer(value, **options):
            yield token.text, 1, 1.5, token.text.upper().encode()

    def decode_frequency(self, value: bytes) -> int:
        return 1

    def decode_shout(self, value: bytes) -> str:
        return value.decode()


def schema() -> fields.Schema:
    made = fields.Schema(
        id=fields.ID(stored=True, unique=True),
        number=fields.NUMERIC(stored=True, sortable=True),
        when=fields.DATETIME(stored=True, sortable=True),
        tags=fields.KEYWORD(stored=True, commas=True),
        name=fields.ID(sortable=True),
        body=fields.TEXT(stored=True, vector=Characters(), spelling=True),
        exact=fields.FieldType(Shouted(), KeywordAnalyzer(), scorable=False),
        other=fields.STORED(),
    )
    for name, (kind, _) in FORMATS.items():
        made.add(
            name, fields.FieldType(kind(field_boost=2.0), StandardAnalyzer(stoplist=None, minsize=1), scorable=True)
        )
    return made


def fill(storage: Storage, codec: Any) -> Any:
    """An index of a few documents in three segments, with deletions, replaced documents, and two segments merged."""
    index = storage.create_index(schema())
    for part in (0, 1, 2, 3):
        writer = index.writer(codec=codec)
        for n, text in enumerate(TEXTS[part:], part * 10):
            writer.update_document(
                id=str(n),
                number=n - 20,
                when=dt.datetime(2020, 1, 1) + dt.timedelta(days=n),
                tags="x, سياسة" if n % 2 else None,
                name=f"n{n % 3}",
                body=None if n % 4 == 1 else text,
                exact=text,
                other={"n": n, "pair": (1, None), "when": dt.date(2020, 1, 1)},
                **dict.fromkeys(FORMATS, text),
            )
        if part == 2:
            writer.delete_by_term("id", "3")
        writer.commit(optimize=True) if part == 1 else writer.commit(merge=False)
    return index


@pytest.fixture(params=["folder", "memory"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[IndexReader, IndexReader]:
    """Readers of the same documents in Whoosh's codec and in ours."""
    if request.param == "memory":
        return fill(RamStorage(), W3Codec()).reader(), fill(RamStorage(), ArrayCodec()).reader()
    (tmp_path / "w3").mkdir()
    (tmp_path / "ours").mkdir()
    places = (create_in(str(tmp_path / name), schema()).storage for name in ("w3", "ours"))
    theirs, ours = (fill(place, codec) for place, codec in zip(places, (W3Codec(), ArrayCodec()), strict=True))
    return theirs.reader(), ours.reader()


def postings(reader: IndexReader, name: str, term: bytes, wanted: tuple[str, ...]) -> list[Any]:
    found = []
    matcher = reader.postings(name, term)
    while matcher.is_active():
        told = [matcher.value_as(kind) for kind in wanted]
        found.append((matcher.id(), matcher.weight(), told, matcher.value() or b""))
        matcher.next()
    return found


def everything(reader: IndexReader) -> dict[str, Any]:
    """All there is to read of an index."""
    docs = list(reader.all_doc_ids())
    told: dict[str, Any] = {
        "docs": docs,
        "terms": list(reader.all_terms()),
        "stored": [reader.stored_fields(doc) for doc in docs],
        "vectors": [
            list(reader.vector(doc, "body").items_as("characters")) if reader.has_vector(doc, "body") else None
            for doc in docs
        ],
    }
    for name in ("number", "when", "name"):
        column = reader.column_reader(name)
        told[name] = [column[doc] for doc in docs]
    for name, term in told["terms"]:
        wanted = FORMATS[name][1] if name in FORMATS else ("shout",) if name == "exact" else ()
        told[f"{name}:{term!r}"] = postings(reader, name, term, wanted)
        info = reader.term_info(name, term)
        told[f"{name}:{term!r} info"] = (info.weight(), info.doc_frequency(), info.max_weight(), info.min_id())
    for name in reader.indexed_field_names():
        told[f"{name} lengths"] = [reader.doc_field_length(doc, name) or 0 for doc in docs]
    return told


def test_all_that_is_written_is_read_as_from_whooshs_own(pair: tuple[IndexReader, IndexReader]) -> None:
    theirs, ours = map(everything, pair)

    assert set(ours) == set(theirs)
    for key, told in theirs.items():
        assert ours[key] == told, key
    assert len(theirs["docs"]) > 10
    assert any(theirs["vectors"])


@pytest.mark.parametrize(
    "query",
    [
        Term("body", "كتاب"),
        Or([Term("positions", "a"), Term("frequency", "c"), Term("tags", "سياسة")]),
        And([Term("existence", "a"), Term("characters", "b")]),
        Phrase("positions", ["c", "b"]),
        Prefix("body", "كت"),
        FuzzyTerm("body", "كتابة"),
        NumericRange("number", -15, 5),
        Every("tags"),
        Every(),
    ],
    ids=str,
)
def test_queries_find_and_score_alike(query: Query, pair: tuple[IndexReader, IndexReader]) -> None:
    from whoosh.searching import Searcher

    theirs, ours = (list(Searcher(reader).search(query, limit=None).items()) for reader in pair)

    assert [doc for doc, _ in ours] == [doc for doc, _ in theirs]
    assert [score for _, score in ours] == pytest.approx([score for _, score in theirs])
    assert ours


def test_nothing_is_unpickled(pair: tuple[IndexReader, IndexReader], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("unpickled")

    _, ours = pair
    monkeypatch.setattr(pickle, "loads", refuse)
    monkeypatch.setattr(whoosh.formats, "loads", refuse)

    assert everything(ours)["docs"]


def test_deletions_can_be_taken_back() -> None:
    index = fill(RamStorage(), ArrayCodec())
    before = index.doc_count()
    writer = index.writer(codec=ArrayCodec())
    writer.delete_document(0)
    writer.commit(merge=False)
    assert index.doc_count() == before - 1
    writer = index.writer(codec=ArrayCodec())
    writer.delete_document(0, delete=False)
    writer.commit(merge=False)
    assert index.doc_count() == before


def test_a_damaged_file_is_not_read(tmp_path: Path) -> None:
    fill(create_in(str(tmp_path), schema()).storage, ArrayCodec())
    for file in tmp_path.glob("*.terms"):
        file.write_bytes(file.read_bytes()[:-10])

    with pytest.raises(CorruptIndexError, match=r"\.terms"):
        everything(whoosh.index.open_dir(str(tmp_path)).reader())


plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.binary(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.decimals(allow_nan=False),
)
stored = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner),
        st.tuples(inner, inner),
        st.dictionaries(st.text() | st.integers(), inner),
        st.frozensets(plain),
    ),
    max_leaves=8,
)


@given(stored)
def test_stored_values_come_back_equal_and_of_the_same_types(value: Any) -> None:
    back = load(dump(value))

    assert back == value
    assert type(back) is type(value)


def test_what_cannot_be_stored_is_said() -> None:
    assert load(dump({"bytes": ("x", Decimal("1.50"))})) == {"bytes": ("x", Decimal("1.50"))}
    with pytest.raises(ArticleError, match="object cannot be stored"):
        dump([object()])


@given(st.lists(st.binary()))
def test_terms_of_any_bytes_keep_their_order(terms: list[bytes]) -> None:
    assert [as_bytes(text) for text in sorted(map(as_text, terms))] == sorted(terms)
    assert not any("\n" in as_text(term) for term in terms)
