"""Our codec against Whoosh's: the same articles have the same documents, terms, positions and stored fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import whoosh.index
from embedded import view_of
from whoosh.query import And, Every, FuzzyTerm, Not, Or, Phrase, Prefix, Query, Term, TermRange, Variations, Wildcard
from whoosh.reading import IndexReader, TermNotFound
from whoosh.scoring import Frequency

import arsearch
from arsearch.index.whoosh.schema import analysed_names, whoosh_schema
from arsearch.index.whoosh.segments import whoosh_searcher
from arsearch.model import Article
from arsearch.model.schema import Schema

NAMES = analysed_names(Schema())
Pair = tuple[Any, Any]


@pytest.fixture(scope="module")
def rows(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sample articles with one tag each, as Whoosh leaves no gap between the values of a field."""
    return [Article.from_dict(row | {"tags": row["tags"][:1]}).to_dict() for row in samples]


@pytest.fixture(scope="module")
def searchers(rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Whoosh searchers on the same articles, with Whoosh's codec and with ours: three segments, one with a deletion."""
    with arsearch.open(":memory:", create=True) as ours:
        schema = whoosh_schema(Schema(), ours.analyzer)
        theirs = whoosh.index.create_in(str(tmp_path_factory.mktemp("w3")), schema)
        for part in (rows[:50], rows[50:90], rows[90:]):
            ours.add(part)
            writer = theirs.writer()
            for row in part:
                text = {name: row.get(name.removesuffix("_stem")) for name in NAMES}
                text |= {name: value[0] for name, value in text.items() if isinstance(value, list)}
                kept = {f"_stored_{name}": row[name] for name in NAMES if name in row and not name.endswith("_stem")}
                plain = {name: row[name] for name in ("date", "url") if name in row}
                writer.add_document(id=row["id"], **text, **kept, **plain)
            writer.commit(merge=False)
        deleted = rows[7]["id"]
        ours.delete(deleted)
        writer = theirs.writer()
        writer.delete_by_term("id", deleted)
        writer.commit(merge=False)
        with theirs.searcher(weighting=Frequency()) as stock:
            searcher = view_of(ours)
            yield stock, whoosh_searcher(searcher.reader, searcher.analyzer, weighting=Frequency())


def postings(reader: IndexReader, name: str, term: bytes) -> list[tuple[int, float, list[int]]]:
    """Return the document, weight and positions of each live posting."""
    rows: list[tuple[int, float, list[int]]] = []
    try:
        matcher = reader.postings(name, term)
    except TermNotFound:
        return rows
    while matcher.is_active():
        rows.append((matcher.id(), matcher.weight(), matcher.value_as("positions")))
        matcher.next()
    return rows


def test_documents_and_stored_fields(searchers: Pair, rows: list[dict[str, Any]]) -> None:
    theirs, ours = (searcher.reader() for searcher in searchers)

    assert (ours.doc_count(), ours.doc_count_all()) == (len(rows) - 1, len(rows))
    assert (theirs.doc_count(), theirs.doc_count_all()) == (len(rows) - 1, len(rows))
    assert list(ours.all_doc_ids()) == list(theirs.all_doc_ids())
    assert [doc for doc in range(len(rows)) if ours.is_deleted(doc)] == [7]
    for doc in ours.all_doc_ids():
        stored = ours.stored_fields(doc)
        assert {name: value for name, value in stored.items() if name not in ("volume", "page")} == (
            theirs.stored_fields(doc)
        )


@pytest.mark.parametrize("name", NAMES)
def test_terms_and_postings(name: str, searchers: Pair) -> None:
    theirs, ours = (searcher.reader() for searcher in searchers)
    terms = list(theirs.lexicon(name))

    assert list(ours.lexicon(name)) == terms
    assert len(terms) > 10
    for term in terms:
        expected = postings(theirs, name, term)
        assert postings(ours, name, term) == expected, term
        assert ours.doc_frequency(name, term) == theirs.doc_frequency(name, term)
        assert ours.frequency(name, term) == theirs.frequency(name, term)


@pytest.mark.parametrize(
    "query",
    [
        Term("id", "news-003"),
        Term("body_stem", "حرس"),
        Or([Term("body", "في"), Term("title", "مياه"), Term("source", "الافق")]),
        And([Term("body", "في"), Term("body", "من"), Not(Term("body", "علي"))]),
        Phrase("body", ["الحرس", "الثوري"]),
        Phrase("body_stem", ["حرس", "ثوري"], slop=3),
        Prefix("body", "محكم"),
        Wildcard("body", "*كتب?"),
        FuzzyTerm("body", "الحرس", maxdist=1),
        TermRange("title", "ا", "ت"),
        TermRange("id", "news-010", "news-020"),
        Variations("body", "من"),
        Every("title"),
        Every(),
        Not(Term("body", "في")),
    ],
    ids=str,
)
def test_queries_of_every_kind_match_the_same_documents(query: Query, searchers: Pair) -> None:
    theirs, ours = (dict(searcher.search(query, limit=None).items()) for searcher in searchers)

    assert ours == theirs
    assert ours


@pytest.mark.parametrize(("name", "start"), [("id", "news-01"), ("body", "م"), ("title_stem", "ييي")])
def test_a_cursor_moves_forward_and_seeks(name: str, start: str, searchers: Pair) -> None:
    def walk(reader: IndexReader) -> list[Any]:
        cursor = reader.cursor(name)
        steps = [cursor.find(start)]
        while cursor.is_valid():
            steps.append(cursor.text())
            cursor.next()
        return [*steps, cursor.text(), cursor.first()]

    theirs, ours = ([leaf for leaf, _ in searcher.reader().leaf_readers()] for searcher in searchers)
    for one, other in zip(theirs, ours, strict=True):
        assert walk(other) == walk(one)


def test_stock_whoosh_opens_the_folder_of_an_index(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    with arsearch.open(tmp_path, create=True) as index:
        index.add(rows[:20])
        index.delete(rows[0]["id"])
    with whoosh.index.open_dir(str(tmp_path)).searcher() as searcher:
        assert {hit["id"] for hit in searcher.search(Every(), limit=None)} == {row["id"] for row in rows[1:20]}
        assert searcher.document(id=rows[3]["id"])["body"] == rows[3]["body"]
