"""Does "did you mean" find what was meant, and how long does it take?

    python -m bench.spelling --corpus news/docs.jsonl.xz --queries news/queries.jsonl --limit 0

One mistake is seeded in each query, headlines' words, in one of its words of four letters or more: a letter for one
that is mistaken for it, a letter for its neighbour on the keyboard, one left out, one put in, one doubled, two swapped,
a space left out or put in; or the whole query is typed on the Latin keyboard. A proposal is right when it finds the
same, its stems being those of the query as it was; mistakes that stemming makes good do not count. Beside that: how
often anything is proposed for queries without a mistake, and for single words of the lexicon that no article has, or
fewer than ten; and the processor's time for one misspelt word against that for searching the word as it was, each for
the first time.

The mistakes are drawn evenly; people's are not. The letters mistaken for each other are listed here and again, not the
same, where they are given their weights. Queries whose mistake makes another word that some article has count too.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import arsearch
from arsearch import Index
from arsearch.analyzers.stemming.lexicon import lexicon
from bench.corpus import add_corpus_arguments, latency_queries, read_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["MISTAKES", "main", "misspelt"]

_MISTAKEN = "ضظ ظض ذز زذ ذد دذ صس سص طت تط قغ غق ثس سث حه هح كق قك شس جش عا اع وؤ يئ اء".split()
_ROWS = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىةوزظ")
_LATIN = dict(zip("ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ", "qwertyuiop[]asdfghjkl;'zxcvnm,./`", strict=True))
_SHIFTED = {"أ": "H", "إ": "Y", "آ": "N"}
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"

MISTAKES = (
    "mistaken",
    "neighbour",
    "left out",
    "put in",
    "doubled",
    "swapped",
    "space left out",
    "space put in",
    "keyboard",
)
_DRAWN = 150
"""Words of the lexicon of each kind."""

_COLUMNS = ("mistake", "queries", "first %", "first three %", "nothing %")


def misspelt(text: str, mistake: str, draw: random.Random) -> str | None:
    """The text with one mistake; `None` where it has no place for it."""
    words = text.split()
    if mistake == "keyboard":
        keys = _LATIN | _SHIFTED
        letters = text.replace("لا", "b")
        return "".join(keys.get(letter, letter) for letter in letters) if set(letters) <= {*keys, *" b"} else None
    if mistake == "space left out":
        at = draw.randrange(len(words) - 1) if len(words) > 1 else -1
        return None if at < 0 else " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])
    places = [at for at, word in enumerate(words) if len(word) > 3 and all("ء" <= letter <= "ي" for letter in word)]
    if not places:
        return None
    at = draw.choice(places)
    changed = _changed(words[at], mistake, draw)
    return None if changed in (None, words[at]) else " ".join([*words[:at], str(changed), *words[at + 1 :]])


def _changed(word: str, mistake: str, draw: random.Random) -> str | None:
    at = draw.randrange(1, len(word) - 1)
    match mistake:
        case "left out":
            return word[:at] + word[at + 1 :]
        case "put in":
            return word[:at] + draw.choice(_LETTERS) + word[at:]
        case "doubled":
            return word[:at] + word[at] + word[at:]
        case "swapped":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case "space put in":
            return word[:at] + " " + word[at:]
    if mistake == "mistaken":
        changes = [(at, pair[1]) for at, letter in enumerate(word) for pair in _MISTAKEN if pair[0] == letter]
    else:
        pairs = [pair for row in _ROWS for pair in (*pairwise(row), *pairwise(reversed(row)))]
        changes = [(at, other) for at, letter in enumerate(word) for one, other in pairs if one == letter]
    if not changes:
        return None
    at, letter = draw.choice(changes)
    return word[:at] + letter + word[at + 1 :]


def main(arguments: list[str] | None = None) -> None:
    """Seed mistakes, ask for proposals, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.spelling", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=2000)
    parser.add_argument("--queries", type=Path, required=True, help="JSON lines with id and text")
    parser.add_argument("--queries-limit", type=int, default=0, help="first queries only, 0 for all (default all)")
    parser.add_argument("--seed", type=int, default=1, help="of the mistakes (default 1)")
    options = parser.parse_args(arguments)
    queries = [query.text for query in latency_queries(options.queries, options.queries_limit)]
    with arsearch.open(":memory:", create=True) as index:
        index.add(read_docs(options.corpus, options.limit))
        draw = random.Random(options.seed)
        rows = [_accuracy(index, queries, mistake, draw) for mistake in MISTAKES]
        rows.append(_total(rows))
        report: dict[str, Any] = {
            "machine": describe_machine(),
            "corpus": {"articles": len(index), "terms": index.stats().terms["body"], "queries": len(queries)},
            "rows": rows,
            "without a mistake": _alarms(index, queries),
            "words": _words(index, random.Random(options.seed)),
            "time": _times(index, queries, random.Random(options.seed)),
        }
    for_people = [
        ("Proposals for misspelt queries", table(rows, _COLUMNS)),
        ("Queries without a mistake", table([report["without a mistake"]], tuple(report["without a mistake"]))),
        ("Words of the lexicon, alone", table(report["words"], tuple(report["words"][0]))),
        ("Time, one word", table([report["time"]], tuple(report["time"]))),
    ]
    print_report(report, for_people, as_json=options.json)


def _stems(index: Index, text: str) -> list[str]:
    return [token.term.stem for token in index.analyzer.analyze(text)]


def _accuracy(index: Index, queries: Sequence[str], mistake: str, draw: random.Random) -> dict[str, Any]:
    asked = first = three = nothing = 0
    for query in queries:
        wrong = misspelt(query, mistake, draw)
        if wrong is None or _stems(index, wrong) == _stems(index, query):
            continue
        meant = _stems(index, query)
        proposed = [_stems(index, text) for text in index.correct(wrong, limit=3).queries]
        asked += 1
        first += proposed[:1] == [meant]
        three += meant in proposed
        nothing += not proposed
    return {"mistake": mistake, "queries": asked} | _shares(asked, first, three, nothing)


def _shares(asked: int, *counts: float) -> dict[str, float]:
    return {name: 100 * count / max(1, asked) for name, count in zip(_COLUMNS[2:], counts, strict=True)}


def _total(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    asked = sum(row["queries"] for row in rows)
    sums = [sum(row[name] * row["queries"] for row in rows) / 100 for name in _COLUMNS[2:]]
    return {"mistake": "all", "queries": asked} | _shares(asked, *sums)


def _alarms(index: Index, queries: Sequence[str]) -> dict[str, Any]:
    proposed = [query for query in queries if index.correct(query).queries]
    few = sum(index.search(query).total < 10 for query in proposed)
    return {
        "queries": len(queries),
        "proposed %": 100 * len(proposed) / len(queries),
        "and fewer than ten hits %": 100 * few / len(queries),
    }


def _words(index: Index, draw: random.Random) -> list[dict[str, Any]]:
    """What is proposed for nominals of the lexicon, drawn, that few articles have in any inflection."""
    known = sorted(word for word, entry in lexicon().entries.items() if len(word) > 3 and entry[1] > 0)
    draw.shuffle(known)
    drawn: dict[str, list[str]] = {"none": [], "1 to 9": []}
    for word in known:
        having = index.search(word, limit=0, match="stem").total
        kind = "none" if not having else "1 to 9"
        if having < 10 and len(drawn[kind]) < _DRAWN:
            drawn[kind].append(word)
        if min(map(len, drawn.values())) == _DRAWN:
            break
    rows = []
    for kind, words in drawn.items():
        proposed = sum(bool(index.correct(word).queries) for word in words)
        rows.append({"articles": kind, "words": len(words), "proposed %": 100 * proposed / max(1, len(words))})
    return rows


def _times(index: Index, queries: Sequence[str], draw: random.Random) -> dict[str, Any]:
    """Each word once: the second search for one would find it remembered. The processor's time, of one thread."""
    words = list(dict.fromkeys(word for query in queries for word in query.split() if len(word) > 3))
    pairs = [(word, wrong) for word in words if (wrong := misspelt(word, "left out", draw))]
    searching, correcting = [], []
    for word, wrong in pairs:
        start = time.process_time()
        index.search(word)
        searched = time.process_time()
        index.correct(wrong)
        searching.append(searched - start)
        correcting.append(time.process_time() - searched)
    search, correct = (1000 * statistics.median(times) for times in (searching, correcting))
    return {"words": len(pairs), "search p50 ms": search, "correct p50 ms": correct, "ratio": correct / search}


if __name__ == "__main__":
    run(main)
