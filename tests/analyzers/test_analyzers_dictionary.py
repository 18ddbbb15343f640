"""A user's own dictionary: its file format, its value, and what it does to words."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from analysis_tables import tables
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arsearch.analyzers import (
    ArabicAnalyzer,
    ArabicStemmer,
    Dictionary,
    Light10Stemmer,
    Normalizer,
    NoStemmer,
    default_stopwords,
)
from arsearch.analyzers.batch import normalised_words, stems
from arsearch.analyzers.dictionary import DictionaryEntry
from arsearch.analyzers.dictionary.dictionary import MAX_LETTERS
from arsearch.analyzers.roots import roots_of
from arsearch.errors import AnalyzerError

EXAMPLE = Path(__file__).parents[2] / "examples" / "dictionary.txt"

WHOLE = "جمعيات تطبيقات معلومات بيانات انتخابات مباحثات فعاليات إمدادات سلوكيات توجيهات منافسات القاعدة".split()
STEMS = [
    line.split(" => ")
    for line in """حواسيب => حاسوب
قطارات => قطار
ملفات => ملف
تعليقات => تعليق
محلات => محل
خلافات => خلاف
تغييرات => تغيير
عقارات => عقار
ضمانات => ضمان
عسكريين => عسكري
صحافيين => صحافي
سعوديون => سعودي""".split("\n")
]
NAMES = "درعا دشتي ماكين مورا سويفت ديالى تمبكتو كامبياسو بيانكي نيوجيرسي وايفاي لودريان".split()
STOP = "وأضاف وأوضح وأكد وقال وأشار مشيرا مؤكدا لافتا مضيفا يذكر iPhone 2015".split()

TEXT = "\n".join(["# words", *WHOLE, *(" => ".join(pair) for pair in STEMS), "[names]", *NAMES, "[stop words]", *STOP])
DICTIONARY = Dictionary.parse(TEXT)
ANALYZER = ArabicAnalyzer(dictionary=DICTIONARY)
COMPOUND = ArabicAnalyzer(dictionary=Dictionary.parse(TEXT + "\n[words]\nعبدالله\nبن"))
PLAIN = ArabicAnalyzer()
NORMALISE = Normalizer().normalise


def keys(word: str, analyzer: ArabicAnalyzer = ANALYZER) -> tuple[str, str]:
    (term,) = analyzer.form(word).terms
    return term.word, term.stem


# What the entries do


@pytest.mark.parametrize("word", WHOLE)
@pytest.mark.parametrize("clitics", ["{}", "و{}", "ب{}", "ل{}", "فب{}", "{}هم", "و{}كم"])
def test_a_word_is_its_own_stem_and_loses_clitics(word: str, clitics: str) -> None:
    if word == "القاعدة":
        clitics = clitics.partition("}")[0] + "}"  # no pronoun after the article
        if clitics == "ل{}":
            word, clitics = "للقاعدة", "{}"
    expected = NORMALISE(word.replace("للقاعدة", "القاعدة"))

    assert keys(clitics.format(word)) == (expected, expected)


@pytest.mark.parametrize("pair", STEMS, ids=lambda pair: pair[0])
@pytest.mark.parametrize("clitics", ["{}", "ال{}", "و{}", "وال{}", "لل{}", "بال{}", "ب{}", "{}ه", "{}كم", "و{}نا"])
def test_a_form_with_a_stem_meets_the_stem_with_clitics_of_both(pair: list[str], clitics: str) -> None:
    form, stem = pair
    if form.endswith("ون") and not clitics.endswith("}"):
        clitics = "{}"  # the ن of the plural is lost before a pronoun

    assert keys(clitics.format(form)) == (NORMALISE(form), keys(stem)[1])
    assert keys("بال" + stem)[1] == keys(stem)[1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("proclitics", ["", "و", "ف", "ب", "ل", "ك", "وب", "فل", "ول"])
def test_a_name_is_its_own_stem_and_loses_proclitics(name: str, proclitics: str) -> None:
    assert keys(proclitics + name) == (NORMALISE(name), NORMALISE(name))


@pytest.mark.parametrize("ending", ["ات", "ون", "ية"])
@pytest.mark.parametrize("name", ["كندور", "شاكير", "بيلد", "رافال", "توشيب", "دراغ", "نويل", "تيلور", "هاوس", "شانيل"])
def test_a_name_takes_no_endings_and_a_word_does(name: str, ending: str) -> None:
    as_name = ArabicAnalyzer(dictionary=Dictionary.parse(f"[names]\n{name}"))
    as_word = ArabicAnalyzer(dictionary=Dictionary.parse(name))

    assert keys(name + ending, as_name)[1] != name
    assert keys(name + ending, as_word)[1] == name


@pytest.mark.parametrize(
    "name", ["لمار", "لودريان", "لافروف", "لوران", "ليندا", "ليبرون", "لوكا", "لومار", "ليوناردو", "لينوفو"]
)
@pytest.mark.parametrize("kind", ["", "[names]\n"])
def test_a_word_in_lam_keeps_its_lam_behind_another(name: str, kind: str) -> None:
    analyzer = ArabicAnalyzer(dictionary=Dictionary.parse(kind + name))

    for written in (name, f"ل{name}", f"ول{name}", f"و{name}", f"ب{name}"):
        assert keys(written, analyzer) == (name, name)


@pytest.mark.parametrize("word", STOP)
def test_a_stop_word_is_one_in_this_form_alone(word: str) -> None:
    assert ANALYZER.form(word).terms[0].stop
    assert not ANALYZER.form("ب" + word.lower()).terms[0].stop
    assert not PLAIN.form(word).terms[0].stop


def test_the_stop_words_are_added_to_the_list() -> None:
    given = ArabicAnalyzer(stopwords=frozenset({"كتاب"}), dictionary=Dictionary.parse("[stop words]\nوَقَالَ"))

    assert ANALYZER.form("على").terms[0].stop
    assert given.stopwords == {"كتاب"}
    assert [given.form(word).terms[0].stop for word in ("كتاب", "وقال", "على")] == [True, True, False]


@pytest.mark.parametrize("word", "نحو عبر ضد دون تحت فوق حول بين أمام منذ".split())
def test_a_name_is_no_stop_word_unless_a_line_says_so(word: str) -> None:
    assert word in default_stopwords()

    assert not ArabicAnalyzer(dictionary=Dictionary.parse(f"[names]\n{word}")).form(word).terms[0].stop
    both = Dictionary.parse(f"[names]\n{word}\n[stop words]\n{word}")
    assert ArabicAnalyzer(dictionary=both).form(word).terms[0].stop


@pytest.mark.parametrize(
    "word", "عبدالله عبدالرحمن أبوظبي نصرالله نورالدين حزبالله عبدالعزيز سيفالدين فضلالله إنشاءالله".split()
)
def test_a_compound_in_the_dictionary_stays_one_word(word: str) -> None:
    analyzer = ArabicAnalyzer(dictionary=Dictionary.parse(word))

    assert len(PLAIN.form(word).terms) > 1
    for written in (word, f"و{word}", f"ل{word}"):
        assert keys(written, analyzer) == (NORMALISE(word), NORMALISE(word))


@pytest.mark.parametrize(("word", "clitic"), [("بن", "و"), ("أبا", "و"), ("أبي", "ل"), ("آلية", "ال")])
def test_a_word_of_the_dictionary_counts_as_no_other_word(word: str, clitic: str) -> None:
    analyzer = ArabicAnalyzer(dictionary=Dictionary.parse(word))

    assert keys(word, analyzer) == keys(clitic + word, analyzer) == (NORMALISE(word), NORMALISE(word))
    assert keys("أبو", analyzer) == keys("أبو", PLAIN)


@pytest.mark.parametrize(
    ("line", "written"), [("فيها", "فيها"), ("فيها", "وفيها"), ("عليك", "عليك"), ("[names]\nلكن", "ولكن")]
)
def test_a_function_word_of_the_dictionary_is_a_word(line: str, written: str) -> None:
    word = NORMALISE(line.split()[-1])

    assert keys(written, ArabicAnalyzer(dictionary=Dictionary.parse(line))) == (word, word)


def test_the_word_after_the_arrow_has_the_stem_of_the_dictionary_or_the_lexicon() -> None:
    text = "أ => ب\nب => مدارس\nمدارس => كتاب\nخنافش => خنفشار\nمعلمون => معلمات\nهند => سعاد\n[names]\nسعاد"
    analyzer = ArabicAnalyzer(dictionary=Dictionary.parse(text))

    assert {keys(word, analyzer)[1] for word in ("أ", "ب", "مدارس", "بالمدارس")} == {keys("كتاب", PLAIN)[1]}
    assert keys("خنافش", analyzer)[1] == keys("بخنفشار", analyzer)[1] == keys("خنفشاره", analyzer)[1] == "خنفشار"
    assert keys("معلمون", analyzer)[1] == keys("معلمات", PLAIN)[1]
    assert keys("وهند", analyzer)[1] == "سعاد"


def test_forms_that_name_each_other_stay_whole() -> None:
    analyzer = ArabicAnalyzer(dictionary=Dictionary.parse("كبش => خروف\nخروف => نعجة\nنعجة => كبش\nنعاج => نعجة"))

    assert [keys(word, analyzer)[1] for word in ("كبش", "خروف", "نعجة", "نعاج")] == ["كبش", "خروف", "نعجه", "نعجه"]


def numbered(number: int) -> str:
    """Return a word of ten letters for each number up to 99,999."""
    return "".join("بتثجحخدذرز"[int(digit)] + "م" for digit in f"{number:05}")


def test_a_long_chain_of_stems_is_followed_in_one_pass() -> None:
    chain = Dictionary.parse("\n".join(f"{numbered(n)} => {numbered(n + 1)}" for n in range(12_000)))

    assert keys(numbered(0), ArabicAnalyzer(dictionary=chain))[1] == numbered(12_000)


def test_a_perfect_verb_keeps_its_endings() -> None:
    analyzer = ArabicAnalyzer(dictionary=Dictionary.parse("قام => قوم\nكتب"))

    assert {keys(word, analyzer)[1] for word in ("قام", "قاموا", "وقامت")} == {"قوم"}
    assert {keys(word, analyzer)[1] for word in ("كتب", "كتبوا", "وكتبت")} == {"كتب"}


def test_the_last_line_of_a_word_counts() -> None:
    texts = ("حواسيب => حاسوب\nحواسيب", "[names]\nحواسيب\n[words]\nحواسيب => حاسوب", "حواسيب\n[names]\nحواسيب")
    dictionaries = [Dictionary.parse(text) for text in texts]

    assert [len(dictionary) for dictionary in dictionaries] == [1, 1, 1]
    assert [*dictionaries[0].words, *dictionaries[1].stems, *dictionaries[2].names] == ["حواسيب"] * 3


def test_a_stem_has_the_root_of_the_lexicon() -> None:
    assert roots_of(keys("قطارات")[1]) == roots_of("قطار") != ()


def test_other_words_are_analysed_as_before() -> None:
    text = "وقال وزير الخارجية في مؤتمر صحفي بالعاصمة إن المدارس والجامعات أغلقت أبوابها مبكرا لسوء الأحوال الجوية 12 covid-19"

    assert [token.term[:5] for token in ANALYZER.analyze(text)] == [token.term[:5] for token in PLAIN.analyze(text)]


@pytest.mark.parametrize(("written", "word", "stem"), tables()["written, with the dictionary"])
def test_the_table_of_the_docs(written: str, word: str, stem: str) -> None:
    assert keys(written, ArabicAnalyzer(dictionary=Dictionary.read(EXAMPLE))) == (word, stem)


BASES = [*WHOLE, *NAMES, *(word for pair in STEMS for word in pair), "كتاب", "عبدالله", "أبو", "فيها", "بن"]
CLITICS = ["", "ال", "وال", "بال", "لل", "و", "ف", "ب", "ل", "ك", "س", "وب", "ول", "وفب"]
ENDINGS = ["", "ه", "ها", "هم", "نا", "ات", "ان", "ين", "ون", "ي", "ية", "تهم", "ا", "كم", "وا", "ت"]


def test_equal_words_have_equal_stems() -> None:
    found: dict[str, str] = {}
    for clitic, base, ending in product(CLITICS, BASES, ENDINGS):
        for term in ANALYZER.form(clitic + base + ending).terms:
            assert found.setdefault(term.word, term.stem) == term.stem, clitic + base + ending

    assert len(found) > 500


DERIVED = st.tuples(*map(st.sampled_from, (CLITICS, BASES, ENDINGS))).map("".join)


@settings(max_examples=200)
@given(st.lists(DERIVED, max_size=12))
@example(["عبدالله", "وعبدالرحمن", "القاعدة", "للقاعدة", "بن"])
def test_many_words_at_once_are_analysed_as_each_word(words: list[str]) -> None:
    for word, found in zip(words, normalised_words(COMPOUND, words), strict=True):
        terms = COMPOUND.form(word).terms
        assert found is None or [term.normalised for term in terms] == [found]
        assert found is None or stems(COMPOUND, [found]) == [terms[0].stem]


# The file format


def test_the_lines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(
        "\ufeff# قاموس\r\n\r\n  جمعيّات  # a comment\r\n\u200fحواسيب\u200f =>\tحاسوب\u200e\r\n[ أسماء ]\r\nيـاسين\r\n"
        "[STOP  Words]\rوَقَالَ\n[كلمات]\nملفات=>ملف\n[Names]\nماكين\n[كلمات الوقف]\nﻗﺎﻝ#قال".encode()
    )

    dictionary = Dictionary.read(path)

    assert dictionary.config() == {
        "words": ["جمعيات"],
        "stems": {"حواسيب": "حاسوب", "ملفات": "ملف"},
        "names": ["ماكين", "ياسين"],
        "stopwords": ["قال", "وقال"],
    }
    assert [entry.line for entry in dictionary.entries] == [3, 4, 6, 8, 10, 12, 14]
    assert dictionary.entries[0] == DictionaryEntry("word", "جمعيّات", "", 3)
    assert dictionary.place(dictionary.entries[1]) == f"{path}, line 4"
    assert len(dictionary) == 7


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment", "[names]\n[words]\n#", "\ufeff \u200f"])
def test_a_file_without_entries_is_an_empty_dictionary(text: str) -> None:
    assert Dictionary.parse(text) == Dictionary()
    assert ArabicAnalyzer(dictionary=Dictionary.parse(text)) == PLAIN
    assert not Dictionary.parse(text)


WRONG = [
    ("رأس المال", "'رأس المال' is 2 words; give each word a line of its own"),
    ("كتاب، قلم", "is 2 words"),
    ("كتاب،", "'كتاب،' is not a word; write 'كتاب' alone"),
    ("؟!", "'؟!' is not a word"),
    ("iPhone", "'iPhone' is not of Arabic letters"),
    ("ملف => iPhone", "'iPhone' is not of Arabic letters"),
    ("17", "'17' is not of Arabic letters"),
    ("=> حاسوب", "write `form => stem`"),
    ("حواسيب =>", "write `form => stem`"),
    ("أ => ب => ج", "write `form => stem`"),
    ("حواسيب => حاسوب، كمبيوتر", "is 2 words"),
    ("حواسيب = حاسوب", "is 2 words"),
    ("[أفعال]", r"no heading '[أفعال]'; write [words], [names] or [stop words], or [كلمات], [أسماء] or [كلمات الوقف]"),
    ("[names", "no heading '[names'"),
    ("[", "no heading '['"),
    ("[]", "no heading '[]'"),
    ("[names] ياسين", "no heading"),
    ("[names]\nياسين => يس", "'ياسين => يس' stands below the heading of the names; put it below [words]"),
    ("[stop words]\nقال => قول", "below the heading of the stop words"),
    ("[stop words]\nما زال", "'ما زال' is 2 words"),
    ("[stop words]\nﷺ", "is not a word"),
    ("ابتث" * 11, "has 44 letters; a word has at most 40"),
]


@pytest.mark.parametrize(("text", "reason"), WRONG)
def test_an_error_names_file_line_value_and_the_right_form(text: str, reason: str) -> None:
    line = 2 + text.count("\n")

    with pytest.raises(AnalyzerError, match=re.escape(reason)) as caught:
        Dictionary.parse(f"جمعيات\n{text}\nقال", name="own.txt")

    assert str(caught.value).startswith(f"own.txt, line {line}: ")
    assert "\n" not in str(caught.value)


def test_the_first_wrong_line_is_named() -> None:
    with pytest.raises(AnalyzerError, match="line 1: "):
        Dictionary.parse("a b\n[x]\n=>")


def test_errors_of_files(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    with pytest.raises(AnalyzerError, match=r"words\.txt: cannot be read: No such file"):
        Dictionary.read(path)
    with pytest.raises(AnalyzerError, match="cannot be read: Is a directory"):
        Dictionary.read(tmp_path)
    with pytest.raises(AnalyzerError, match="cannot be read"):
        Dictionary.read("a\0b")
    path.write_bytes("جمعيات\nكتب".encode()[:-1])
    with pytest.raises(AnalyzerError, match=r"words\.txt, line 2: not UTF-8; save the file as UTF-8"):
        Dictionary.read(path)
    path.write_bytes(b"#" * (17 << 20))
    with pytest.raises(AnalyzerError, match="at most 16 MiB"):
        Dictionary.read(path)


def test_a_dictionary_has_a_limit_of_letters() -> None:
    words = [numbered(n) for n in range(25_001)]

    assert len(Dictionary.parse("\n".join(words[:-1]))) == MAX_LETTERS / 10
    with pytest.raises(AnalyzerError, match="dictionary, line 25001: a dictionary has at most 250,000 letters"):
        Dictionary.parse("\n".join(words))


LINES = st.lists(
    st.sampled_from([*TEXT.split("\n"), "[words]", "[names]", "[stop words]", "[", "=>", "a => b", "# x", "\u200f"])
    | st.text(st.sampled_from("ابكلوة ى=>[]#\u200f\u064e\u0640aﷺ0.,-_'\r\n\0\ud800"), max_size=12)
    | st.text(max_size=12),
    max_size=8,
)


@settings(max_examples=500)
@given(LINES)
@example(["[stop words]", "1,000"])
@example(["[stop words]", "U.S."])
def test_any_text_is_a_dictionary_or_an_error_with_a_line(lines: list[str]) -> None:
    try:
        dictionary = Dictionary.parse("\n".join(lines), name="own.txt")
    except AnalyzerError:
        with pytest.raises(AnalyzerError, match=r"\Aown\.txt, line \d+: [^\n]+\Z"):
            Dictionary.parse("\n".join(lines), name="own.txt")
        return
    assert Dictionary.parse(dictionary.text) == dictionary
    assert Dictionary.from_config(json.loads(json.dumps(dictionary.config()))) == dictionary
    analyzer = ArabicAnalyzer(dictionary=dictionary)
    for entry in dictionary.entries:
        assert analyzer.form(entry.form).terms


@given(st.binary(max_size=40))
def test_any_file_is_a_dictionary_or_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(data)
    try:
        dictionary = Dictionary.read(path)
    except AnalyzerError:
        with pytest.raises(AnalyzerError, match=r"any\.txt, line \d+: [^\n]+\Z"):
            Dictionary.read(path)
    else:
        assert dictionary == Dictionary.parse(data.decode("utf-8-sig"))


# The value


def variants(dictionary: Dictionary) -> Iterator[Dictionary]:
    """Yield dictionaries with the effect of `dictionary`."""
    yield Dictionary.parse(dictionary.text, name="other.txt")
    yield Dictionary.from_config(dictionary.config())
    yield Dictionary(tuple(reversed(dictionary.entries)))
    yield Dictionary.parse("# x\n" + TEXT.replace("جمعيات", "جَمْعِيّات"))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(dictionary, protocol))


def test_dictionaries_of_one_effect_are_equal() -> None:
    for other in variants(DICTIONARY):
        analyzer = ArabicAnalyzer(dictionary=other)
        assert (other, hash(other), other.config()) == (DICTIONARY, hash(DICTIONARY), DICTIONARY.config())
        assert (analyzer, hash(analyzer), analyzer.fingerprint) == (ANALYZER, hash(ANALYZER), ANALYZER.fingerprint)
        assert pickle.dumps(analyzer) == pickle.dumps(ANALYZER)


@pytest.mark.parametrize(
    "text", ["", "جمعيات", "[names]\nجمعيات", "[stop words]\nجمعيات", "جمعيات => جمعية", "تطبيقات"]
)
def test_every_entry_changes_value_and_fingerprint(text: str) -> None:
    texts = ["", "جمعيات", "[names]\nجمعيات", "[stop words]\nجمعيات", "جمعيات => جمعية", "تطبيقات"]
    others = [ArabicAnalyzer(dictionary=Dictionary.parse(other)) for other in texts if other != text]
    analyzer = ArabicAnalyzer(dictionary=Dictionary.parse(text))

    assert all(analyzer != other and analyzer.fingerprint != other.fingerprint for other in others)
    assert Dictionary.parse(text) != text


def test_an_analyzer_with_a_dictionary_is_a_value() -> None:
    read = ArabicAnalyzer.from_config(json.loads(json.dumps(ANALYZER.config())))

    for copy in (read, pickle.loads(pickle.dumps(ANALYZER)), ArabicAnalyzer(stemmer=ANALYZER.stemmer)):
        assert copy == ANALYZER
        assert copy.dictionary == DICTIONARY
        assert copy.form("بالحواسيب") == ANALYZER.form("بالحواسيب")
        assert copy.form("وقال").terms[0].stop
    assert ANALYZER.config()["stemmer"] == {"name": "arabic"}


def test_protected_words_are_words_of_the_dictionary() -> None:
    protected = ArabicAnalyzer(stemmer=ArabicStemmer(protected=frozenset({"جمعيّات"})))
    config = {"stemmer": {"name": "arabic", "protected": ["جمعيات"]}}

    assert protected == ArabicAnalyzer(dictionary=Dictionary.parse("جمعيات")) == ArabicAnalyzer.from_config(config)
    joined = ArabicStemmer(frozenset({"جمعيات"}), Dictionary.parse("ملفات"))
    assert joined == ArabicStemmer(dictionary=Dictionary.parse("ملفات\nجمعيات"))


def test_two_dictionaries_are_refused() -> None:
    with pytest.raises(AnalyzerError, match="give all words in the analyzer's dictionary"):
        ArabicAnalyzer(stemmer=ArabicStemmer(frozenset({"ملفات"})), dictionary=DICTIONARY)


@pytest.mark.parametrize("stemmer", [Light10Stemmer(), NoStemmer()], ids=lambda stemmer: stemmer.name)
def test_another_stemmer_takes_stop_words_only(stemmer: Any) -> None:
    analyzer = ArabicAnalyzer(stemmer=stemmer, dictionary=Dictionary.parse("[stop words]\nوقال"))

    assert analyzer.form("وقال").terms[0].stop
    assert pickle.loads(pickle.dumps(analyzer)) == analyzer == ArabicAnalyzer.from_config(analyzer.config())
    for text in ("جمعيات", "ملفات => ملف", "[names]\nماكين"):
        with pytest.raises(AnalyzerError, match=f"stemmer '{stemmer.name}' takes no words, stems and names"):
            ArabicAnalyzer(stemmer=stemmer, dictionary=Dictionary.parse(text))


@pytest.mark.parametrize("given", ["words.txt", {"words": ["كتاب"]}, None, Path("words.txt")])
def test_a_dictionary_is_a_dictionary(given: Any) -> None:
    with pytest.raises(AnalyzerError, match=r"Dictionary\.read"):
        ArabicAnalyzer(dictionary=given)


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ("كتاب", "give an object"),
        ({"verbs": []}, "'verbs'"),
        ({"words": "كتاب"}, "'words'"),
        ({"names": [1]}, "'names'"),
        ({"names": [["ا"]]}, "'names'"),
        ({"stems": ["كتب"]}, "'stems'"),
        ({"stems": {"كتب": 1}}, "'stems'"),
        ({"stopwords": None}, "'stopwords'"),
        ({"words": ["رأس المال"]}, "2 words"),
        ({"stems": {"كتب": "a"}}, "not of Arabic letters"),
    ],
)
def test_the_error_for_a_wrong_config_names_the_value(config: Any, named: str) -> None:
    with pytest.raises(AnalyzerError, match=named):
        Dictionary.from_config(config)
    with pytest.raises(AnalyzerError, match=named):
        ArabicAnalyzer.from_config({"dictionary": config})


def test_an_entry_made_by_hand_is_checked() -> None:
    with pytest.raises(AnalyzerError, match="dictionary: 'رأس المال' is 2 words"):
        Dictionary((DictionaryEntry("word", "رأس المال"),))


def test_an_analysis_with_a_dictionary_does_not_depend_on_the_hash_seed() -> None:
    script = (
        "import sys; from arsearch.analyzers import ArabicAnalyzer, Dictionary;"
        "a = ArabicAnalyzer(dictionary=Dictionary.read(sys.argv[1]));"
        "print(a.fingerprint, a.stemmer.digest, [ascii(a.form(w)) for w in 'وتطبيقاتها بالحواسيب درعا وأضاف'.split()])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, EXAMPLE],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(outputs) == 1
    assert ArabicAnalyzer(dictionary=Dictionary.read(EXAMPLE)).fingerprint in outputs.pop()


def test_a_dictionary_loads_no_lexicon() -> None:
    script = (
        "import sys, arsearch; arsearch.Dictionary.parse('جمعيات');"
        "print([m for m in sys.modules if m.startswith(('arsearch.analyzers.stemming', 'arsearch.index', 'whoosh'))])"
    )

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_repr_has_the_numbers_of_entries() -> None:
    assert repr(DICTIONARY) == "<Dictionary: 12 words, 12 stems, 12 names, 12 stop words>"
    assert "جمعيات" not in repr(ANALYZER)
