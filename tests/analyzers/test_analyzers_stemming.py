"""The words that the stemmers must join or keep apart, and the invariants of stemming."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arsearch.analyzers import (
    ArabicStemmer,
    Dictionary,
    Light10Stemmer,
    Normalizer,
    NoStemmer,
    Stem,
    Stemmer,
    TashaphyneStemmer,
)
from arsearch.analyzers.stemming.light10 import light10
from arsearch.analyzers.stemming.named import STEMMERS
from arsearch.errors import AnalyzerError

NORMALIZER = Normalizer()
STEMMER = ArabicStemmer()
LETTERS = st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويءىآأ")
CLITICS = st.sampled_from(["", "ال", "وال", "بال", "لل", "و", "ف", "ب", "ل", "ك", "س", "وب", "ول", "فس"])
ENDINGS = st.sampled_from(
    ["", "ه", "ها", "هم", "نا", "ات", "ان", "ين", "ون", "ي", "يه", "تهم", "ا", "كم", "اتها", "وا"]
)
BASES = st.sampled_from(
    "كتاب مدرسه وزير لجنه قانون سلمان التزام العاب اصدقاء مستشفي قال كتب استعمل دعا بعد على".split()
)
WORDS = st.one_of(st.text(LETTERS, max_size=9), st.tuples(CLITICS, BASES, ENDINGS).map("".join))


def stem(word: str, stemmer: Stemmer = STEMMER) -> Stem:
    """Return the word and the stem of a written word."""
    return stemmer.stem(NORMALIZER.surface(word), NORMALIZER.normalise(word))


ALIKE = [
    # Proclitics
    "وزير ووزير والوزير للوزير",
    "لجنة للجنة اللجنة",
    "لغة للغة للغته لغتهم",
    "لوحة للوحتنا للوحة",
    "لباس للباسه",
    "بيت للبيت للبيوت",
    "شراكة للشراكة والشراكة",
    "كتاب الكتاب والكتاب بالكتاب كالكتاب فالكتاب للكتاب وللكتاب وبالكتاب وبكتاب ولكتاب",
    "قال وقال فقال",
    "يكتب سيكتب وسيكتب ليكتب",
    "رئيس كرئيس برئيس لرئيس",
    "بغداد ببغداد لبغداد وبغداد",
    # The article and hamza
    "ألعاب العاب الألعاب بألعاب والألعاب",
    "لون ألوان ألوانه بألوانها الألوان",
    "الكل كل",
    "التزام الالتزام بالتزام والتزام",
    "ألمانيا المانيا الألمانية لألمانيا",
    "إلكتروني الكتروني الإلكتروني إلكترونية",
    "إلغاء الغاء الإلغاء بإلغاء",
    "التهاب الالتهاب التهابات",
    "التماس الالتماس",
    "التقاط الالتقاط",
    "التحاق الالتحاق",
    "الله لله والله بالله",
    # Hamza seats
    "مسؤول مسئول المسؤول",
    "شؤون شئون",
    "فائز فايز",
    "عائض عايض",
    "شيء شئ شي",
    "أصدقائه أصدقاءه أصدقاؤه أصدقاء",
    # Endings
    "كتاب كتابًا كتاباً كتابا",
    "معلم معلمة معلمون معلمين معلمان معلمات",
    "جامعة جامعات الجامعات جامعتان جامعتين جامعتهم",
    "سياسي سياسية سياسيين السياسيون",
    "لبنان لبناني لبنانية اللبنانيون",
    "مستشفى مستشفاهم المستشفى",
    # Broken plurals
    "وزير وزراء والوزراء وزراؤه للوزراء",
    "مدرسة مدارس المدارس بمدارسهم",
    "شارع شوارع الشوارع شوارعها",
    "رجل رجال بالرجال رجالا",
    "وثيقة وثائق والوثائق",
    "كوكب كواكب الكواكب",
    "إعصار أعاصير الأعاصير",
    "خسارة خسائر الخسائر",
    "شهيد شهداء الشهداء",
    "قاعدة قواعد القواعد",
    "امرأة نساء النساء",
    "قضية قضايا قضاياهم",
    # Verbs
    "كتب كتبت كتبوا يكتبون تكتب كتبها",
    "استعمل يستعمل استعملت",
    "قال يقول يقولون قالت قالوا",
]


@pytest.mark.parametrize("row", ALIKE)
def test_words_with_one_stem(row: str) -> None:
    words = row.split()

    assert {word: stem(word).stem for word in words} == dict.fromkeys(words, stem(words[0]).stem)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("وزير", "زير"),
        ("كتاب", "تاب"),
        ("والد", "الد"),
        ("والده", "ده"),
        ("كمال", "مال"),
        ("سوريا", "وريا"),
        ("سنوات", "نوات"),
        ("كلمة", "لمة"),
        ("فيصل", "يصل"),
        ("فريق", "ريق"),
        ("باريس", "اريس"),
        ("سعود", "عود"),
        ("لجنة", "جنة"),
        ("ألعاب", "عاب"),
        ("التزام", "تزام"),
        ("سلمان", "سلم"),
        ("على", "علي"),
        ("إلى", "آلي"),
        ("آن", "أن"),
        ("كأن", "كان"),
        ("آل", "ال"),
        ("مكتبة", "مكتب"),
        ("جامعة", "جامع"),
        ("طائرة", "طائر"),
        ("غرامة", "غرام"),
        # Plurals that are as often another word, or whose singular is
        ("كتب", "كتاب"),
        ("علماء", "عالم"),
        ("أشهر", "شهر"),
        ("قوي", "قوة"),
        ("قوم", "قائم"),
        ("أربعة", "ربيع"),
        ("الحجاج", "حاج"),
    ],
)
def test_words_with_two_stems(word: str, other: str) -> None:
    assert stem(word).stem != stem(other).stem


WHOLE = (
    "وليد وائل وفد وقف وجد وعد فتح بلال بشار بندر باريس كمال كريم كلية فهد فيصل فريق فيلم سعود سليم سامي سوريا "
    "لبنان ليبيا لويس فيينا إسبانيا آلاف آل الذي التي التقى التحاق التماس التقاط إيران كانون تعيين عدوان سلمان رمضان "
    "شعبان عنوان حسين فلسطين بوتين قانون فيما على إلى آن كأن علي"
)


@pytest.mark.parametrize("word", WHOLE.split())
def test_words_that_lose_nothing(word: str) -> None:
    normalised = NORMALIZER.normalise(word)

    assert stem(word) == (normalised, normalised)


@pytest.mark.parametrize("plural", "وثائق وزراء شوارع فنادق بنوك كنائس لجان سفراء".split())
def test_a_plural_is_a_word_of_its_own(plural: str) -> None:
    normalised = NORMALIZER.normalise(plural)

    assert stem(plural).word == normalised != stem(plural).stem


@pytest.mark.parametrize(
    ("word", "without_clitics"),
    [
        ("مدرستهم", "مدرسه"),
        ("والدة", "والدة"),
        ("بمدرستها", "مدرسه"),
        ("كتبهم", "كتب"),
        ("جامعاتنا", "جامعات"),
        ("الألمانية", "المانيه"),
        ("كتبوه", "كتبوا"),
        ("مستشفاها", "مستشفي"),
        ("وزرائها", "وزراء"),
        ("كتابا", "كتابا"),
        ("معلمين", "معلمين"),
        ("فيها", "في"),
        ("منه", "من"),
        ("لأنه", "ان"),
        ("فإنه", "ان"),
        ("ولكن", "لكن"),
        ("عليهم", "على"),
        ("إليه", "الى"),
        ("بهذا", "هذا"),
        ("وكذلك", "كذلك"),
    ],
)
def test_the_word_keeps_inflection_and_loses_clitics(word: str, without_clitics: str) -> None:
    base = NORMALIZER.normalise(word)
    reserved = {"اليه": "اليه"}.get(base, base)

    assert STEMMER.stem(word, reserved).word == without_clitics


@settings(max_examples=300)
@given(WORDS, WORDS)
def test_an_equal_word_has_an_equal_stem(one: str, other: str) -> None:
    """The stem is a function of the word: forms with the same word have the same stem."""
    first, second = STEMMER.stem(one, one), STEMMER.stem(other, other)

    assert (first.word != second.word) or (first.stem == second.stem)


def test_the_levels_are_nested_over_the_sample_vocabulary(samples: list[dict[str, Any]]) -> None:
    """The words of the samples, with each clitic and ending, have one stem for each `word`."""
    words = {word for article in samples for word in (article["title"] + " " + article["body"]).split()}
    stems: dict[str, str] = {}
    clashes = []
    for normalised in {NORMALIZER.normalise(word) for word in words}:
        for clitic in ("", "ال", "و", "ب", "ل", "لل", "وال"):
            for ending in ("", "ه", "ها", "ين", "ات", "هم"):
                found = STEMMER.stem("", clitic + normalised + ending)
                if stems.setdefault(found.word, found.stem) != found.stem:
                    clashes.append((clitic + normalised + ending, found, stems[found.word]))

    assert clashes == []


@settings(max_examples=200)
@given(WORDS)
def test_the_surface_form_does_not_matter(word: str) -> None:
    assert STEMMER.stem("سواه", word) == STEMMER.stem(word, word)


@settings(max_examples=300)
@given(st.text(st.one_of(LETTERS, st.characters(codec=None)), max_size=60))
@example("")
@example("ا")
@example("ال")
@example("وف" * 50_000)
@example("\ud800")
def test_no_stemmer_raises(word: str) -> None:
    for stemmer in (STEMMER, Light10Stemmer(), TashaphyneStemmer(), NoStemmer()):
        found = stemmer.stem(word, NORMALIZER.normalise(word))

        assert isinstance(found, Stem)
        assert all(isinstance(key, str) for key in found)


@settings(max_examples=300)
@given(WORDS)
@example("بندر")
def test_a_word_agrees_with_its_definite_form(word: str) -> None:
    """The exception is a definite form that is a word itself: ال and عاب make ألعاب."""
    definite = STEMMER.stem("", "ال" + word)

    if len(word) > 2 and not word.startswith("ال") and definite.word[:2] != "ال":
        assert definite.stem == STEMMER.stem("", word).stem


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("والكتاب", "كتاب"),
        ("الكتاب", "كتاب"),
        ("بالكتاب", "كتاب"),
        ("كالكتاب", "كتاب"),
        ("فالكتاب", "كتاب"),
        ("للكتاب", "كتاب"),
        ("وكتاب", "كتاب"),
        ("ولد", "ولد"),  # و needs three letters after it
        ("وللكتاب", "للكتاب"),  # one prefix only
        ("ال", "ال"),
        ("الب", "الب"),  # two letters must stay
        ("كتابها", "كتاب"),
        ("كتابان", "كتاب"),
        ("معلمات", "معلم"),
        ("معلمون", "معلم"),
        ("معلمين", "معلم"),
        ("عربيه", "عرب"),
        ("عربي", "عرب"),
        ("مدرسه", "مدرس"),
        ("مدرسة", "مدرس"),
        ("معلماتها", "معلم"),  # every suffix in turn
        ("بالمعلمين", "معلم"),
        ("كتابا", "كتابا"),
        ("على", "عل"),
    ],
)
def test_light10_is_lucenes(word: str, expected: str) -> None:
    assert light10(word) == expected
    assert Light10Stemmer().stem(word, word).stem == expected


@pytest.mark.parametrize(("word", "expected"), [("الكتاب", "كتاب"), ("المدرسة", "مدرس"), ("يكتبون", "كتب")])
def test_the_tashaphyne_stemmer_folds_the_stem_of_the_library(word: str, expected: str) -> None:
    from tashaphyne.stemming import ArabicLightStemmer

    normalised = NORMALIZER.normalise(word)
    found = TashaphyneStemmer().stem(word, normalised)

    assert found == (normalised, expected)
    folded = ArabicLightStemmer().light_stem(word.replace("أ", "ا"))
    assert found.stem == NORMALIZER.normalise(folded)


def test_no_stemmer_keeps_the_normalised_form() -> None:
    assert NoStemmer().stem("والكتابُ", "والكتاب") == ("والكتاب", "والكتاب")


@pytest.mark.parametrize("spelling", ["الجمعيّة", "الجمعية"])
def test_protected_words_keep_their_stem_and_lose_clitics(spelling: str) -> None:
    protecting = ArabicStemmer(protected=frozenset({"جمعيات", "القاعدة", spelling}))

    assert stem("جمعيات").stem != "جمعيات"
    assert stem("جمعيات", protecting) == ("جمعيات", "جمعيات")
    assert stem("وجمعيات", protecting).stem == "جمعيات"
    assert stem("القاعدة").stem == "قاعده"
    assert stem("القاعدة", protecting) == ("القاعده", "القاعده")
    assert stem("الجمعية", protecting).stem == "الجمعيه"


def test_a_protected_function_word_is_a_word() -> None:
    assert stem("فيها").word == "في"
    assert stem("فيها", ArabicStemmer(protected=frozenset({"فيها"}))) == ("فيها", "فيها")


@pytest.mark.parametrize("protected", ["كتاب", [1], [None]])
def test_protected_words_must_be_strings_in_a_collection(protected: Any) -> None:
    with pytest.raises(AnalyzerError, match="protected words"):
        ArabicStemmer(protected=protected)


@pytest.mark.parametrize("name", sorted(STEMMERS))
def test_stemmers_are_values(name: str) -> None:
    one, other = STEMMERS[name](), STEMMERS[name]()

    assert one.name == name
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one
    assert STEMMERS[name](**json.loads(json.dumps(one.config()))) == one
    assert one.digest == other.digest
    assert len({stemmer().digest for stemmer in STEMMERS.values()}) == len(STEMMERS)


def test_protected_words_are_part_of_the_value() -> None:
    one, other = ArabicStemmer(frozenset({"كتابات", "أ"})), ArabicStemmer(frozenset({"أ", "كتابات"}))

    assert one == other != STEMMER
    assert one.digest == other.digest != STEMMER.digest
    assert one.config() == {"dictionary": {"words": ["ا", "كتابات"]}}
    assert one == ArabicStemmer(dictionary=Dictionary.parse("كتابات\nأ"))
    assert one.protected == {"ا", "كتابات"}
    assert pickle.loads(pickle.dumps(one)) == one
    assert len(pickle.dumps(one)) < 1000


def test_stems_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import hashlib; from arsearch.analyzers.stemming.stemmer import ArabicStemmer; s = ArabicStemmer();"
        "words = [a + b + c for a in ('', 'ال', 'و', 'ب', 'لل', 'سي') for b in ('كتاب', 'مدرس', 'قال', 'وزير', 'سعود')"
        " for c in ('', 'ه', 'تهم', 'ات', 'ين', 'ان', 'وا')];"
        "print(s.digest, hashlib.md5(repr([s.stem('', w) for w in words]).encode()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(outputs) == 1
