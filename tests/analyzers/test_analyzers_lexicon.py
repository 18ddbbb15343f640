"""The data files of the default stemmer: their scripts, their contents, their size."""

from __future__ import annotations

import random

import pytest
from analysis_tools import DATA, arramooz, ayaspell, tool

from arsearch.analyzers import Normalizer
from arsearch.analyzers.foldings import RESERVED
from arsearch.analyzers.shipped import shipped_digest
from arsearch.analyzers.stemming.affixes import LONGEST, Ending, endings, noun_proclitics, read_table
from arsearch.analyzers.stemming.lexicon import (
    ABSENT,
    BASE,
    BLOCKS,
    FILES,
    FUNCTION,
    irregular_words,
    lexicon,
    lexicon_of_sources,
)
from arsearch.analyzers.stemming.stemmer import ArabicStemmer


def test_the_script_reproduces_the_affix_tables() -> None:
    assert DATA.joinpath("affixes.txt").read_text(encoding="utf-8") == tool("build_affixes").compile_tables()


def test_the_script_reproduces_the_lexicon() -> None:
    made = tool("build_lexicon").build(arramooz(), ayaspell())

    assert DATA.joinpath("lexicon.txt").read_text(encoding="utf-8") == made


def test_the_script_reproduces_the_heads_of_words() -> None:
    assert DATA.joinpath("heads.txt").read_text(encoding="utf-8") == tool("build_heads").build()


def test_the_script_reproduces_the_blocks_of_the_lexicon() -> None:
    assert DATA.joinpath(BLOCKS).read_text(encoding="utf-8") == tool("build_lexicon_blocks").build()


def test_a_lexicon_in_blocks_has_the_rows_of_its_sources() -> None:
    lexicon.cache_clear()
    blocks, sources = lexicon(), lexicon_of_sources()
    others = ["", " ", "!", "ء", "كتاب ", "كتاب!", "كت", "a", "\ud800", "\U0001ee00", "\n", "يييي"]
    forms = [*random.Random(1).sample([*sources.entries], 700), *others]  # from the first line to all lines

    assert [blocks.entries.get(form) for form in forms] == [sources.entries.get(form) for form in forms]
    assert [form in blocks.entries for form in forms] == [form in sources.entries for form in forms]
    assert [blocks.imperfect.get(form, 7) for form in forms] == [sources.imperfect.get(form, 7) for form in forms]
    assert dict(blocks.entries) == sources.entries
    assert dict(blocks.imperfect) == sources.imperfect
    assert blocks.whole() == sources
    assert len(blocks.entries) == len(sources.entries)
    with pytest.raises(KeyError, match="يييي"):
        blocks.entries["يييي"]


@pytest.mark.parametrize("name", [*FILES, BLOCKS, "heads.txt", "roots.txt", "variant_stems.txt"])
def test_every_data_file_names_its_source_and_licence(name: str) -> None:
    lines = DATA.joinpath(name).read_text(encoding="utf-8").splitlines()
    header = "".join(line for line in lines if line.startswith("#"))

    assert "GPL-3.0-or-later" in header
    assert "Source" in header or "Written for arsearch" in header


def test_every_key_of_the_hand_written_lists_is_normalised() -> None:
    normalise = Normalizer().normalise
    own = [
        word
        for line in DATA.joinpath("whole_words.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for word in line.split()
    ]
    irregular = [form for row in irregular_words() for form in row]
    function = [row[0] for row in read_table("function_words.txt")]

    reserved = {"على", "الى", "آل", "آن", "كأن", "آليه"}
    assert [word for word in (*own, *irregular, *function) if word not in reserved and normalise(word) != word] == []
    assert len(own) == len(set(own)) > 2000


def test_every_entry_is_a_possible_normalised_form() -> None:
    entries = lexicon().entries

    assert len(entries) > 40_000
    assert all(set(form) <= set("ءابتثجحخدذرزسشصضطظعغفقكلمنهويىآأ") for form in entries.keys() - RESERVED.keys())
    assert all(
        stem and heavy >= 0 if heavy not in (ABSENT, BASE, FUNCTION) else stem or lemma
        for stem, heavy, lemma, _ in entries.values()
    )


def test_stems_are_final() -> None:
    """The stem of a nominal is no entry with another stem, so a chain of stems never stops half-way."""
    entries, imperfect = lexicon().entries, lexicon().imperfect
    chained = [
        form
        for form, (stem, heavy, _, _) in entries.items()
        if heavy >= 0 and stem in entries and entries[stem][1] >= 0 and entries[stem][0] != stem
        if imperfect.get(form[1:], ("",))[0] != stem  # تنظم has the stem of the verb نظم; the noun is a plural of نظام
    ]

    assert len(chained) <= 0.002 * len(entries), chained[:20]


@pytest.mark.parametrize(
    ("ending", "word", "expected"),
    [("تهم", "مدرستهم", "مدرسه"), ("هم", "كتابهم", "كتاب"), ("ايه", "اصدقايه", "اصدقاء"), ("اته", "كتاباته", "كتابات")],
)
def test_the_word_without_the_pronoun_of_an_ending(ending: str, word: str, expected: str) -> None:
    rules = endings()[ending]

    assert word[: rules.noun_ends[0]] + rules.noun_restored == expected


def test_endings_are_well_formed() -> None:
    table = endings()

    assert all(ending[-1] in "ايهتنمكو" for ending, rules in table.items() if rules != Ending())
    assert max(map(len, table)) >= LONGEST
    assert all(ending[1:] in table for ending in table if len(ending) > 1)


def test_every_stack_of_proclitics_comes_off() -> None:
    stacks = noun_proclitics()
    stemmer = ArabicStemmer()

    assert {"و", "ف", "وبال", "ولل", "كال"} <= set(stacks)
    assert {stack: stemmer.stem("", stack + "رييس").stem for stack in stacks} == dict.fromkeys(stacks, "رييس")


def test_the_lexicon_is_small() -> None:
    assert sum(len(DATA.joinpath(name).read_bytes()) for name in FILES) < 1_500_000


def test_the_digest_of_the_stemmer_is_not_that_of_its_files() -> None:
    assert len(shipped_digest(*FILES)) == 16
    assert ArabicStemmer().digest != shipped_digest(*FILES)
