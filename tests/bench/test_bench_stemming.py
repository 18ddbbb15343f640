"""The pairs that `bench.stemming` makes of a vocabulary, and its written lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

if not (Path(__file__).parents[2] / "bench").is_dir():
    pytest.skip("the benchmarks are not beside the tests", allow_module_level=True)
pytest.importorskip("psutil")

from arsearch.analyzers import ArabicStemmer, Normalizer
from bench.stemming import DATA, _rows, filtered_pairs, main


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
    pairs = {clitic: found for clitic, found in filtered_pairs(counts).items() if found}

    assert pairs == {
        "ال": [("كتاب", "الكتاب")],
        "لل": [("كتاب", "للكتاب")],
        "و": [("كتاب", "وكتاب")],
        "س": [("يقول", "سيقول")],
    }


def test_the_written_lists_meet_the_floors() -> None:
    """(d) at least 97 in 100 of 300 look-alikes or more apart; (c) the list of ف and ك joined."""
    normalise, stemmer = Normalizer().normalise, ArabicStemmer()

    def stem(word: str) -> str:
        return stemmer.stem(word, normalise(word)).stem

    apart, joined = _rows(DATA / "lookalikes.tsv"), _rows(DATA / "fa_kaf.tsv")

    assert len({tuple(row[:2]) for row in apart}) == len(apart) >= 300
    assert {row[2] for row in apart} >= {*"وبلسفكةهيا", "ال", "ان", "ين", "ون", "ات", "نا", "ها", "هم", "كم"}
    assert sum(stem(a) != stem(b) for a, b, _ in apart) >= 0.97 * len(apart)
    assert sum(stem(a) == stem(b) for a, b, _ in joined) >= 0.95 * len(joined)


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
