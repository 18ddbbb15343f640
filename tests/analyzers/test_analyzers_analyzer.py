"""`ArabicAnalyzer`: terms, positions, names, options and the fingerprint."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import pytest
from analysis_tables import tables

from arsearch.analyzers import ArabicAnalyzer, Light10Stemmer, Normalizer, NoStemmer
from arsearch.analyzers.joined_words import split_joined
from arsearch.analyzers.letters import HONORIFICS
from arsearch.errors import AnalyzerError

PLAIN = ArabicAnalyzer(stemmer=NoStemmer())
ANALYZER = ArabicAnalyzer()


def positions(text: str, analyzer: ArabicAnalyzer = PLAIN) -> list[tuple[int, str]]:
    return [(token.position, token.term.normalised) for token in analyzer.analyze(text)]


@pytest.mark.parametrize(("word", "terms", "width", "rule"), tables()["Word"])
def test_terms_are_those_of_the_documentation(word: str, terms: str, width: str, rule: str) -> None:
    form = PLAIN.form(word)

    assert " ".join(f"{term.offset}:{term.normalised}" for term in form.terms) == terms
    assert form.width == int(width)


def test_a_compound_and_its_two_words_stand_at_the_same_positions() -> None:
    assert positions("قال عبدالله بن عمر") == positions("قال عبد الله بن عمر")
    assert positions("إلى أبوظبي غدا") == positions("إلى أبو ظبي غدا")


def test_the_parts_of_a_compound_share_its_span() -> None:
    tokens = PLAIN.analyze("زار عبدالله")

    assert [(token.text, token.start, token.end) for token in tokens[1:]] == [("عبدالله", 4, 11)] * 2


def test_a_honorific_takes_no_position_and_is_found_by_its_words() -> None:
    found = positions("النبي ﷺ قال")

    assert (1, "قال") in found
    assert found[2:6] == [(1, "صلي"), (2, "الله"), (3, "عليه"), (4, "وسلم")]


@pytest.mark.parametrize("sign", HONORIFICS)
def test_every_honorific_is_found_by_its_words(sign: str) -> None:
    (word,) = PLAIN.tokenizer.words(f"قال{sign}ثم")[1:-1]
    keys = [term.normalised for term in PLAIN.form(word).terms]

    assert word == sign
    assert [PLAIN.normalizer.normalise(part) for part in HONORIFICS[sign].split()] == keys[
        -len(keys) + (sign in keys) :
    ]


@pytest.mark.parametrize(
    ("joined", "parts"),
    [
        ("لعبدالله", "لعبد الله"),
        ("وعبداللة", "وعبد اللة"),
        ("العبدالله", "العبد الله"),
        ("عبداللهيان", "عبد اللهيان"),
        ("عبدالحي", "عبد الحي"),
        ("ابوظبى", "ابو ظبى"),
        ("وبأبوظبي", "وبأبو ظبي"),
        ("لأبوظبي", "لأبو ظبي"),
        ("أبوالفتوح", "أبو الفتوح"),
        ("علاءالدين", "علاء الدين"),
        ("ذوالقعدة", "ذو القعدة"),
        ("ماشاءالله", "ما شاء الله"),
        ("وانشاءالله", "وان شاء الله"),
        ("الجارالله", "الجار الله"),
        ("أبوحاتم", "أبو حاتم"),
        ("أبازرعة", "أبا زرعة"),
        ("وأباالعالية", "وأبا العالية"),
        ("ابابكر", "ابا بكر"),
        ("سبحانالله", "سبحان الله"),
    ],
)
def test_names_written_as_one_word_are_split(joined: str, parts: str) -> None:
    assert " ".join(split_joined(joined)) == parts


@pytest.mark.parametrize(
    "word",
    [
        "عبدالي",
        "عبدالين",
        "عبدال",
        "أبوال",
        "أبوالا",
        "أبولو",
        "أبوه",
        "أبوابها",
        "أبان",
        "أباطيل",
        "أبانا",
        "الدين",
        "والدين",
        "فالله",
        "ذيال",
    ],
)
def test_other_words_are_not_split(word: str) -> None:
    assert split_joined(word) == ()


@pytest.mark.parametrize("words", ["أبو أبي أبا لأبي وأبو", "ابن بن وبن لابن", "آلية الآلية وآلية", "آلي الآلي"])
def test_forms_of_a_name_share_their_word_and_stem(words: str) -> None:
    assert len({ANALYZER.form(word).terms[0][3:5] for word in words.split()}) == 1


@pytest.mark.parametrize(
    "words", ["على علي", "إلى آلي", "إليه آلية", "أن آن", "كان كأن", "آل ال", "أبا بابا", "بن لبن"]
)
def test_words_that_must_stay_apart_differ_at_every_level(words: str) -> None:
    one, other = (ANALYZER.form(word).terms[0] for word in words.split())

    assert one.normalised != other.normalised
    assert one.word != other.word
    assert one.stem != other.stem


def test_names_and_compounds_can_be_switched_off() -> None:
    analyzer = ArabicAnalyzer(names=False, compounds=False, stemmer=NoStemmer())

    assert [term.normalised for term in analyzer.form("عبدالله").terms] == ["عبدالله"]
    assert analyzer.form("أبي").terms[0].stem == "ابي"


@pytest.mark.parametrize("word", ["", "ًٌ", "ـ", "\u200f"])
def test_a_string_without_a_word_has_no_terms_and_no_width(word: str) -> None:
    assert PLAIN.form(word) == ((), 0)


def test_only_arabic_words_are_stemmed() -> None:
    assert ANALYZER.form("running").terms[0].stem == "running"
    assert ANALYZER.form("٢٠١٥").terms[0].stem == "2015"


def test_steps_show_every_level() -> None:
    assert PLAIN.steps("كِتَابًا")[-5:] == [
        ("surface", "كتابا"),
        ("normalised", "كتابا"),
        ("stop", "no"),
        ("word", "كتابا"),
        ("stem", "كتابا"),
    ]
    assert PLAIN.steps("على")[-3] == ("stop", "yes")
    assert PLAIN.steps("عبدالله")[0] == ("parts", "عبد + الله")
    assert PLAIN.steps("ً") == [("tanween", ""), ("surface", "")]


@pytest.mark.parametrize(
    "analyzer",
    [
        ANALYZER,
        PLAIN,
        ArabicAnalyzer(normalizer=Normalizer(teh_marbuta=False), stopwords=frozenset({"قال"}), compounds=False),
        ArabicAnalyzer(stemmer=Light10Stemmer(), names=False),
    ],
    ids=["default", "plain", "options", "light10"],
)
def test_an_analyzer_is_a_value_and_survives_pickle_and_json(analyzer: ArabicAnalyzer) -> None:
    copy = pickle.loads(pickle.dumps(analyzer))
    read = ArabicAnalyzer.from_config(json.loads(json.dumps(analyzer.config())))

    assert copy == read == analyzer
    assert hash(copy) == hash(analyzer)
    assert copy.fingerprint == read.fingerprint == analyzer.fingerprint
    assert copy.form("والمدرسة") == analyzer.form("والمدرسة")


def test_every_option_changes_the_fingerprint() -> None:
    analyzers = [
        ANALYZER,
        PLAIN,
        ArabicAnalyzer(stemmer=Light10Stemmer()),
        ArabicAnalyzer(normalizer=Normalizer(digits=False)),
        ArabicAnalyzer(stopwords=frozenset({"قال"})),
        ArabicAnalyzer(compounds=False),
        ArabicAnalyzer(names=False),
    ]

    assert len({analyzer.fingerprint for analyzer in analyzers}) == len(analyzers)
    assert len(set(analyzers)) == len(analyzers)


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"stem": True}, "'stem'"),
        ({"compounds": 1}, "'compounds'"),
        ({"stopwords": "قال"}, "'stopwords'"),
        ({"stopwords": [1]}, "'stopwords'"),
        ({"normalizer": {"taa": True}}, "'taa'"),
        ({"normalizer": True}, "'normalizer'"),
        ({"stemmer": {"name": "porter"}}, "'porter'"),
        ({"stemmer": {"name": "none", "depth": 3}}, "'depth'"),
    ],
)
def test_the_error_for_a_wrong_config_names_the_option(config: dict[str, object], named: str) -> None:
    with pytest.raises(AnalyzerError, match=named):
        ArabicAnalyzer.from_config(config)


def test_analysis_is_the_same_under_every_hash_seed() -> None:
    script = (
        "from arsearch.analyzers import ArabicAnalyzer; a = ArabicAnalyzer();"
        "print(a.fingerprint, [ascii(a.form(w)) for w in 'والمدرسة عبدالله على للجنة مسئولون GT-R #وسم_عام'.split()])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(outputs) == 1
    assert ANALYZER.fingerprint in outputs.pop()


def test_importing_the_package_loads_no_module() -> None:
    script = "import sys, arsearch.analyzers; print([m for m in sys.modules if m.startswith('arsearch.analyzers.')])"

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_making_an_analyzer_loads_neither_whoosh_nor_the_stemming_libraries() -> None:
    script = (
        "import sys; from arsearch.analyzers import ArabicAnalyzer; ArabicAnalyzer().form('كتاب');"
        "print({m.partition('.')[0] for m in sys.modules} & {'whoosh', 'tashaphyne', 'pyarabic', 'rich', 'click'})"
    )

    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


def test_every_public_name_can_be_imported() -> None:
    import arsearch.analyzers as package

    assert sorted(package.__all__, key=str.lower) == sorted(dir(package), key=str.lower)
    assert all(getattr(package, name).__name__ == name for name in package.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        package.nothing  # noqa: B018
