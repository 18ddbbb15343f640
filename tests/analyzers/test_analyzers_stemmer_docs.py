"""The stemmer's tables in docs/analysis.md say what it does."""

from __future__ import annotations

import pytest
from analysis_tables import tables

from arsearch.analyzers import ArabicAnalyzer

analyzer = ArabicAnalyzer()


@pytest.mark.parametrize(("written", "word", "stem"), tables()["written"])
def test_a_word_has_the_keys_the_docs_say(written: str, word: str, stem: str) -> None:
    (term,) = analyzer.form(written).terms
    assert (term.word, term.stem) == (word, stem)


@pytest.mark.parametrize("row", [row for (row,) in tables()["apart in stem"]])
def test_look_alikes_of_the_docs_stay_apart(row: str) -> None:
    stems = [analyzer.form(word).terms[0].stem for word in row.split()]
    assert len(set(stems)) == len(stems)
