"""The stop word list, and the comparison of words with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from arsearch.analyzers import ArabicAnalyzer, Normalizer, NoStemmer, default_stopwords, read_stopwords
from arsearch.analyzers.stopwords import parse_stopwords
from arsearch.errors import AnalyzerError

ANALYZER = ArabicAnalyzer(stemmer=NoStemmer())
FILE = Path(__file__).parents[2] / "arsearch" / "analyzers" / "data" / "stopwords.txt"


def is_stop(word: str) -> bool:
    return ANALYZER.form(word).terms[0].stop


@pytest.mark.parametrize("word", ["من", "وفي", "على", "وعلى", "إلى", "الى", "أن", "كأن", "هذا", "لكنه", "كل"])
def test_function_words_are_stop_words(word: str) -> None:
    assert is_stop(word)


@pytest.mark.parametrize("word", ["علي", "وعلي", "آلي", "آن", "آل", "كتاب", "ماء", "أمم"])
def test_names_and_content_words_are_no_stop_words(word: str) -> None:
    assert not is_stop(word)


@pytest.mark.parametrize("word", ["عَلَى", "عـلى", "فِي", "هٰذَا", "ﻋﻠﻰ", "إِلَيْهِ", "أيضاً"])
def test_a_stop_word_is_recognised_with_marks_tatweel_and_presentation_forms(word: str) -> None:
    assert is_stop(word)


def test_the_list_has_a_licence_and_no_duplicates() -> None:
    text = FILE.read_text(encoding="utf-8")
    words = list(parse_stopwords(text))

    assert "GPL-3.0-or-later" in text.splitlines()[0]
    assert len(words) == len(set(words)) == len(default_stopwords())
    assert 350 <= len(words) <= 450


def test_the_list_has_surface_forms_only() -> None:
    assert {Normalizer().surface(word) for word in default_stopwords()} == default_stopwords()


def test_a_given_list_replaces_the_default(tmp_path: Path) -> None:
    path = tmp_path / "stop.txt"
    path.write_text("\ufeff# ours\nقال  يقول # said\n\nوَقَالَ\n", encoding="utf-8")

    analyzer = ArabicAnalyzer(stemmer=NoStemmer(), stopwords=read_stopwords(path))

    assert analyzer.stopwords == {"قال", "يقول", "وقال"}
    assert analyzer.form("وقالَ").terms[0].stop
    assert not analyzer.form("من").terms[0].stop


def test_the_error_for_an_unreadable_file_names_it(tmp_path: Path) -> None:
    path = tmp_path / "stop.txt"
    path.write_bytes("قال".encode("cp1256"))

    with pytest.raises(AnalyzerError, match=r"stop\.txt"):
        read_stopwords(path)
    with pytest.raises(AnalyzerError, match="missing"):
        read_stopwords(tmp_path / "missing")


def test_a_string_is_refused_as_a_list() -> None:
    with pytest.raises(AnalyzerError, match="collection"):
        ArabicAnalyzer(stemmer=NoStemmer(), stopwords="من")  # type: ignore[arg-type]
