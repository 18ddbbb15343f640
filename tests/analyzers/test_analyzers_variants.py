"""The default groups of spellings: their form, and their distance from other words."""

from __future__ import annotations

from analysis_tools import DATA, tool

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.stemming.lexicon import FUNCTION, lexicon

ANALYZER = ArabicAnalyzer()
LINES = DATA.joinpath("variants.txt").read_text(encoding="utf-8").splitlines()
GROUPS = [line.split(", ") for line in LINES if line and not line.startswith("#")]


def stems(text: str) -> tuple[str, ...]:
    return tuple(token.term.stem for token in ANALYZER.analyze(text))


def test_there_are_about_300_groups_with_a_named_source() -> None:
    assert len(GROUPS) >= 280
    assert "Written for arsearch" in LINES[0]
    assert "GPL-3.0-or-later" in LINES[0]


def test_stemming_joins_no_spellings_of_a_group() -> None:
    """A group has two or more words or phrases, each with a stem of its own."""
    assert [group for group in GROUPS if len(group) < 2] == []
    assert [group for group in GROUPS if len(set(map(stems, group))) < len(group)] == []


def test_no_spelling_is_in_two_groups() -> None:
    spellings = [ANALYZER.normalizer.normalise(spelling) for group in GROUPS for spelling in group]

    assert len(spellings) == len(set(spellings))


def test_no_spelling_is_a_function_word_or_loses_its_first_letter() -> None:
    """كوكل would be ك and كل, and فلم would be ف and لم: a search for such a spelling would find those words."""
    entries = lexicon().entries
    words = [spelling for group in GROUPS for spelling in group if " " not in spelling]
    forms = [token.term for word in words for token in ANALYZER.analyze(word)]

    assert [term.normalised for term in forms if entries.get(term.stem, ("", 0))[1] == FUNCTION] == []
    assert [
        term.normalised for term in forms if term.normalised.removeprefix("ال")[0] != term.word.removeprefix("ال")[0]
    ] == []


def test_no_spelling_has_the_stem_of_an_everyday_word() -> None:
    """دارون would be دار and an ending: a search for a house would find Darwin."""
    everyday = [stems(word) for word in "دار دارها مراد زلة فداء فداك يدرأ علم بيت كتاب رجل سنة".split()]

    assert [spelling for group in GROUPS for spelling in group if stems(spelling) in everyday] == []


def test_the_script_reproduces_the_stems_of_spellings() -> None:
    assert DATA.joinpath("variant_stems.txt").read_text(encoding="utf-8") == tool("build_variant_stems").build()
