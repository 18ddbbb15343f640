"""The tables of the stemmer in docs/analysis.md are true."""

from __future__ import annotations

import pytest
from analysis_tables import tables

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.roots import roots_of

analyzer = ArabicAnalyzer()


@pytest.mark.parametrize(("written", "word", "stem"), [row[:3] for row in tables()["written"]])
def test_a_word_has_the_keys_of_the_docs(written: str, word: str, stem: str) -> None:
    (term,) = analyzer.form(written).terms
    assert (term.word, term.stem) == (word, stem)


@pytest.mark.parametrize("row", [row for row, _ in tables()["one stem"]])
def test_the_words_of_a_kind_in_the_docs_have_one_stem(row: str) -> None:
    assert len({tuple(term.stem for term in analyzer.form(word).terms) for word in row.split()}) == 1


@pytest.mark.parametrize("row", [row for (row,) in (*tables()["apart in stem"], *tables()["apart in stem, too"])])
def test_similar_words_of_the_docs_stay_apart(row: str) -> None:
    stems = [analyzer.form(word).terms[0].stem for word in row.split()]
    assert len(set(stems)) == len(stems)


@pytest.mark.parametrize(("stem", "roots"), tables()["stem"])
def test_a_stem_has_the_roots_of_the_docs(stem: str, roots: str) -> None:
    assert " ".join(roots_of(stem)) == roots.strip("-")
