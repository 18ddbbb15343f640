"""The spellings of a phrase: a و apart or attached, إن شاء and إنشاء, and the cases of a name."""

from __future__ import annotations

import pytest
from analysis_tools import DATA
from hypothesis import given
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.phrase_spellings import MOST_SPELLINGS, phrase_spellings, word_spellings

ANALYZER = ArabicAnalyzer()
NAMES = DATA.joinpath("names.txt").read_text(encoding="utf-8").splitlines()


def spellings(phrase: str) -> list[str]:
    return [" ".join(words) for words in phrase_spellings(phrase.split(), ANALYZER.form)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتاب وقلم", "كتاب و قلم"),
        ("وزارة الداخلية والدفاع", "وزارة الداخلية و الدفاع"),
        ("السعودية وإيران", "السعودية و إيران"),
        ("الماء وبالهواء", "الماء و بالهواء"),
        ("محمد وعبدالله", "محمد و عبدالله"),
        ("وقال الوزير", "و قال الوزير"),
        ("المدن وقراها", "المدن و قراها"),
        ("مصر ولبنان", "مصر و لبنان"),
        ("النفط ووزيره", "النفط و وزيره"),
        ("لا حول ولا", "لا حول و لا"),
        ("إن شاء الله", "إنشاء الله"),
        ("قال ان شاء الله", "قال إنشاء الله"),
    ],
)
def test_both_spellings_have_each_other(one: str, other: str) -> None:
    assert spellings(one)[0] == one
    assert [ANALYZER.normalizer.normalise(text) for text in spellings(one)].count(
        ANALYZER.normalizer.normalise(other)
    ) == 1
    assert ANALYZER.normalizer.normalise(one) in map(ANALYZER.normalizer.normalise, spellings(other))


@pytest.mark.parametrize(
    "phrase",
    """كتاب وزير | كتاب و زير | وفد المدينة | سعر وقود | بيت واسع | ولد صغير | كتاب قلم | كتاب و | إنشاء مصنع | إن شاء زيد
    و""".replace("\n    ", " | ").split(" | "),
)
def test_other_phrases_have_one_spelling(phrase: str) -> None:
    assert spellings(phrase) == [phrase]


def test_marks_and_tatweel_stay_with_their_letters() -> None:
    assert spellings("كِتَابٌ وَقَلَمٌ") == ["كِتَابٌ وَقَلَمٌ", "كِتَابٌ و قَلَمٌ"]
    assert spellings("كتاب وــقلم") == ["كتاب وــقلم", "كتاب و قلم"]


def test_the_number_of_spellings_is_bounded() -> None:
    assert len(phrase_spellings(["وقلم"] * 64, ANALYZER.form)) == MOST_SPELLINGS


@given(
    st.lists(st.sampled_from(["و", "وقلم", "قلم", "إن", "شاء", "الله", "إنشاء", "وزير", "#وسم", "ﷺ", "3"]), max_size=8)
)
def test_every_spelling_has_its_words_in_order(words: list[str]) -> None:
    found = phrase_spellings(words, ANALYZER.form)

    assert found[0] == tuple(words)
    assert len(set(found)) == len(found) <= MOST_SPELLINGS


def names(phrase: str, *, proclitics: bool = False) -> set[str]:
    """Return the spellings of the first word of a phrase before the second one."""
    first, second = (ANALYZER.form(word).terms[0] for word in phrase.split())
    return set(word_spellings(first, second, proclitics=proclitics, names=True))


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("ابن عمر", "ابن بن"),
        ("بن عمر", "ابن بن"),
        ("بن سلمان", "ابن بن"),
        ("وبن خالد", "وابن وبن"),
        ("بن عبدالعزيز", "ابن بن"),
        ("بن أبي", "ابن بن"),
        ("ابن خلدون", "ابن بن"),
        ("ابن الوليد", "ابن بن"),
        ("بن بيكهام", "ابن بن"),
        ("أبو بكر", "ابو ابي ابا"),
        ("أبي بكر", "ابو ابي ابا"),
        ("أبا بكر", "ابو ابي ابا"),
        ("أبي هريرة", "ابو ابي ابا"),
        ("لأبي داود", "لابو لابي"),
        ("وأبو موسى", "وابو وابي وابا"),
        ("أبي القاسم", "ابو ابي ابا"),
        ("أبي زرعة", "ابو ابي ابا"),
    ],
)
def test_a_name_has_its_cases(phrase: str, expected: str) -> None:
    assert names(phrase) == set(expected.split())


@pytest.mark.parametrize(
    "phrase",
    """أبى الرئيس | أبي قال | أبي العزيز | أبى أن | بن يمني | بن محمص | البن اليمني | أبو إن | أبانا عمر | ابنه عمر | قلم عمر
    بابا الفاتيكان""".replace("\n    ", " | ").split(" | "),
)
def test_other_words_stay_as_they_are(phrase: str) -> None:
    assert len(names(phrase)) == 1


def test_the_last_word_of_a_phrase_has_no_cases() -> None:
    assert word_spellings(ANALYZER.form("بن").terms[0], None, proclitics=False, names=True) == ("بن",)


def test_the_first_word_of_a_phrase_has_proclitics() -> None:
    assert {"وابن", "بن", "لابن", "وبن"} < names("ابن عمر", proclitics=True)
    assert not {"البن", "لبن", "الابن"} & names("بن عمر", proclitics=True)
    assert names("لأبي بكر", proclitics=True) == {"لابو", "لابي", "ولابو", "ولابي", "فلابو", "فلابي"}
    assert {"الكتاب", "بكتاب"} < names("كتاب عمر", proclitics=True)
    assert names("و عمر", proclitics=True) == {"و"}
    assert "ابي" not in word_spellings(
        ANALYZER.form("أبو").terms[0], ANALYZER.form("بكر").terms[0], proclitics=True, names=False
    )


def test_the_list_of_names_names_its_licence() -> None:
    assert "Written for arsearch" in NAMES[1]
    assert "GPL-3.0-or-later" in NAMES[1]
