"""The pairs of `bench.stemming`, its manual lists, and the errors of `bench.stem_errors`."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

if not (Path(__file__).parents[2] / "bench").is_dir():
    pytest.skip("the bench folder is missing", allow_module_level=True)
pytest.importorskip("psutil")

from arsearch.analyzers import ArabicStemmer, Normalizer
from arsearch.errors import InputError
from bench import stem_errors
from bench.stem_errors import clitic_errors, lemma_errors
from bench.stemming import DATA, filtered_pairs, main, manual_rows

FOLDED = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي"})
CLITICS = ("و", "ف", "ب", "ل", "ك", "س", "ال")


def test_pairs_are_filtered() -> None:
    counts = {
        "كتاب": 9,
        "الكتاب": 20,
        "وكتاب": 3,
        "بكتاب": 1,  # too rare
        "لكتاب": 10,  # more often than the word
        "للكتاب": 2,
        "لجنه": 9,
        "للجنه": 5,  # not for a word in ل
        "يقول": 9,
        "سيقول": 2,
        "عود": 9,
        "سعود": 9,  # س only before ي ت ن
        "ما": 99,
        "وما": 50,  # too short
        "نادر": 4,
        "ونادر": 4,  # the word is too rare
    }
    pairs = {clitic: own for clitic, own in filtered_pairs(counts).items() if own}

    assert pairs == {
        "ال": [("كتاب", "الكتاب")],
        "لل": [("كتاب", "للكتاب")],
        "و": [("كتاب", "وكتاب")],
        "س": [("يقول", "سيقول")],
    }


def test_the_default_stemmer_meets_the_floors_on_the_manual_lists() -> None:
    """At least 97 % of at least 300 look-alikes are kept apart, and 95 % of the pairs of ف and ك are conflated."""
    normalise, stemmer = Normalizer().normalise, ArabicStemmer()

    def stem(word: str) -> str:
        return stemmer.stem(word, normalise(word)).stem

    apart, joined = manual_rows(DATA / "lookalikes.tsv"), manual_rows(DATA / "fa_kaf.tsv")

    assert len({tuple(row[:2]) for row in apart}) == len(apart) >= 300
    assert {row[2] for row in apart} >= {*"وبلسفكةهيا", "ال", "ان", "ين", "ون", "ات", "نا", "ها", "هم", "كم"}
    assert sum(stem(a) != stem(b) for a, b, _ in apart) >= 0.97 * len(apart)
    assert sum(stem(a) == stem(b) for a, b, _ in joined) >= 0.95 * len(joined)


def test_the_list_with_clitics_is_well_formed() -> None:
    rows = manual_rows(DATA / "clitics.tsv")

    assert len({row[0] for row in rows}) == len(rows) >= 500
    assert all(base in parts.split() and len(parts.split()) > 1 for _, base, _, parts in rows)
    assert {part for *_, parts in rows for part in parts.split() if part[-1] == "+"} == {f"{p}+" for p in CLITICS}


def test_the_default_stemmer_meets_the_floors_on_words_with_clitics() -> None:
    words = {word: (base, lemma) for word, base, lemma, _ in manual_rows(DATA / "clitics.tsv")}
    stemmer = ArabicStemmer()
    errors = clitic_errors(lambda surface, normalised: stemmer.stem(surface, normalised).stem, words)

    assert errors["under %"] < 7
    assert errors["over %"] < 2


def test_the_list_of_lemmas_is_well_formed() -> None:
    rows = manual_rows(DATA / "lemmas.tsv")
    folded: dict[str, set[str]] = defaultdict(set)
    for word, lemma, *_ in rows:
        folded[word.translate(FOLDED)].add(lemma)

    assert len({row[0] for row in rows}) == len(rows) >= 3000
    assert len({row[1] for row in rows}) >= 300
    assert {len(row) for row in rows} == {2, 3}
    assert [(word, lemmas) for word, lemmas in folded.items() if len(lemmas) > 1] == []
    masculine = {row[1]: row[2] for row in rows if len(row) == 3}
    assert len(masculine) >= 100
    assert all(len(row) == 3 for row in rows if row[1] in masculine)
    assert not set(masculine.values()) & set(masculine)


def test_errors_of_stemmers_that_remove_nothing_and_everything() -> None:
    words = {"وكتاب": ("كتاب", "كتاب"), "وبيت": ("بيت", "بيت"), "بيت": ("بيت", "بيت")}
    lemmas = {"كتب": "كتاب", "كتاب": "كتاب", "بيوت": "بيت", "بيت": "بيت"}

    assert clitic_errors(lambda surface, normalised: normalised, words) == {
        "under %": pytest.approx(200 / 3),
        "over %": 0,
    }
    assert clitic_errors(lambda surface, normalised: "", words) == {"under %": 0, "over %": 100}
    assert lemma_errors(lambda surface, normalised: normalised, lemmas) == {"under %": 100, "over %": 0}
    assert lemma_errors(lambda surface, normalised: "", lemmas) == {"under %": 0, "over %": pytest.approx(200 / 3)}


def test_gender_changes_the_errors_of_the_list_of_lemmas(capsys: pytest.CaptureFixture[str]) -> None:
    """The columns with genders joined and apart differ: the default stemmer joins كبيرة and كبير."""
    stem_errors.main(["--json"])

    own = next(row for row in json.loads(capsys.readouterr().out)["lemmas"] if row["stemmer"] == "arsearch")
    assert own["over %"] < own["apart: over %"]
    assert own["apart: under %"] < own["under %"]


def test_stem_errors_prints_every_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.tsv"
    gold.write_text("معلمون\tمعلم\tعلم\nمعلمين\tمعلم\tعلم\nمكتب\tمكتب\t\n", encoding="utf-8")

    stem_errors.main(["--gold", str(gold)])

    printed = capsys.readouterr().out
    assert "627 words with clitics" in printed
    assert f"{len(manual_rows(DATA / 'lemmas.tsv'))} words of " in printed
    assert "3 forms of 2 lemmas" in printed


def test_a_malformed_treebank_is_an_error_with_its_line(tmp_path: Path) -> None:
    gold = tmp_path / "gold.tsv"
    gold.write_text("معلمون\tمعلم\nمكتب\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"gold\.tsv, line 2: 'مكتب' is not word, lemma"):
        stem_errors.main(["--gold", str(gold)])


def test_the_report_has_every_stemmer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = [{"id": str(n), "title": "كتاب الوزير", "body": "قال الكتاب والكتاب كتاب وكتاب كتاب"} for n in range(3)]
    corpus = tmp_path / "docs.jsonl"
    corpus.write_text("".join(json.dumps(doc) + "\n" for doc in docs), encoding="utf-8")

    main(["--corpus", str(corpus), "--json"])

    report = json.loads(capsys.readouterr().out)
    names = {"arsearch", "light10", "Tashaphyne, folded"}
    assert names <= {row["stemmer"] for row in report["pairs"]} & {row["stemmer"] for row in report["speed"]}
    assert next(row for row in report["pairs"] if row["stemmer"] == "arsearch")["(a) all seven"] == 100
    assert report["corpus"]["articles"] == 3
