"""`arsearch analyze`."""

from __future__ import annotations

import json

from cli_articles import Run

import arsearch

TEXT = "وَبِالكِتَابِ في 2015"


def test_json_has_tokens_levels_and_steps(run: Run) -> None:
    data = json.loads(run("analyze", TEXT, "--json").stdout)
    tokens = arsearch.ArabicAnalyzer().analyze(TEXT)

    assert data["text"] == TEXT
    assert len(data["tokens"]) == len(tokens) == 3
    for shown, token in zip(data["tokens"], tokens, strict=True):
        assert shown["text"] == TEXT[shown["start"] : shown["end"]]
        assert (shown["surface"], shown["normalised"], shown["word"], shown["stem"], shown["stop"]) == token.term[1:]
        assert all(isinstance(name, str) and isinstance(result, str) for name, result in shown["steps"])
    assert [token["stop"] for token in data["tokens"]] == [False, True, False]


def test_text_has_the_same_tokens(run: Run) -> None:
    blocks = run("analyze", TEXT).stdout.split("\n\n")

    assert blocks[0].splitlines()[0] == "وَبِالكِتَابِ  0-13, position 0"
    assert blocks[1].splitlines()[0] == "في  14-16, position 1, stop word"
    assert [line.split()[0] for line in blocks[0].splitlines()[-4:]] == ["surface", "normalised", "word", "stem"]


def test_standard_input_and_several_arguments(run: Run) -> None:
    piped = json.loads(run("analyze", "-", "--json", input=TEXT.encode()).stdout)
    given = json.loads(run("analyze", *TEXT.split(), "--json").stdout)

    assert piped == given


def test_another_stemmer_and_the_analyzer_of_an_index(run: Run, scratch: str) -> None:
    run("reindex", "-i", scratch, "--stemmer", "none")

    light = json.loads(run("analyze", "والكتاب", "--stemmer", "light10", "--json").stdout)["tokens"][0]
    none = json.loads(run("analyze", "والكتاب", "-i", scratch, "--json").stdout)["tokens"][0]

    assert light["stem"] == "كتاب"
    assert none["stem"] == none["normalised"] == "والكتاب"
    run("analyze", "x", "-i", scratch, "--stemmer", "none", code=2)


def test_a_text_without_words(run: Run) -> None:
    assert json.loads(run("analyze", "؟ !", "--json").stdout)["tokens"] == []
    assert run("analyze", "؟ !").stderr == "the text has no words\n"
    run("analyze", code=2)
