"""How often is the first correction of a misspelt query right, and how long does it take?

    python -m bench.spelling --corpus news/docs.jsonl.xz --queries news/queries.jsonl --limit 0

The script puts one mistake of each kind into each query, in a word of at least four letters: a similar letter, a
neighbouring key, a letter left out, put in or doubled, two letters swapped, a space left out or put in. The last kind
is a whole query typed on the Latin keyboard layout. A correction is right if its stems are those of the original query.
Mistakes that do not change the stems are not counted.

It also prints false alarms: how often `index.correct` proposes a query for queries without a mistake, and for words of
the lexicon that occur in fewer than ten articles. Finally it compares the processor time of correcting a misspelt word
with that of searching the original word, each for the first time.

Limits: the mistakes are drawn uniformly, which people's mistakes are not. The similar letters are listed here, and
independently in arsearch, which weights them. Queries whose mistake gives another word of the articles are counted too.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import arsearch
from arsearch import Index
from arsearch.analyzers.stemming.lexicon import lexicon
from bench.corpus import add_corpus_arguments, add_query_arguments, latency_queries, read_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["MISTAKES", "main", "misspelt"]

_SIMILAR = "ضظ ظض ذز زذ ذد دذ صس سص طت تط قغ غق ثس سث حه هح كق قك شس جش عا اع وؤ يئ اء".split()
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
_LEXICON_SAMPLE = 150
"""The number of lexicon words in each row."""

_COLUMNS = ("mistake", "queries", "first %", "first three %", "nothing %")


def misspelt(text: str, mistake: str, draw: random.Random) -> str | None:
    """Return the text with one mistake, or None if the text has no place for it."""
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
    wrong = _misspelt_word(words[at], mistake, draw)
    return None if wrong in (None, words[at]) else " ".join([*words[:at], str(wrong), *words[at + 1 :]])


def _misspelt_word(word: str, mistake: str, draw: random.Random) -> str | None:
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
        changes = [(at, pair[1]) for at, letter in enumerate(word) for pair in _SIMILAR if pair[0] == letter]
    else:
        pairs = [pair for row in _ROWS for pair in (*pairwise(row), *pairwise(reversed(row)))]
        changes = [(at, other) for at, letter in enumerate(word) for one, other in pairs if one == letter]
    if not changes:
        return None
    at, letter = draw.choice(changes)
    return word[:at] + letter + word[at + 1 :]


def main(arguments: list[str] | None = None) -> None:
    """Misspell the queries, correct them, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.spelling", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=2000)
    add_query_arguments(parser)
    parser.add_argument("--seed", type=int, default=1, help="seed of the mistakes (default 1)")
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
            "without a mistake": _false_alarms(index, queries),
            "words": _lexicon_words(index, random.Random(options.seed)),
            "time": _times(index, queries, random.Random(options.seed)),
        }
    sections = [
        ("Corrections of misspelt queries", table(rows, _COLUMNS)),
        ("Queries without a mistake", table([report["without a mistake"]], tuple(report["without a mistake"]))),
        ("Single words of the lexicon", table(report["words"], tuple(report["words"][0]))),
        ("Time for one word", table([report["time"]], tuple(report["time"]))),
    ]
    print_report(report, sections, as_json=options.json)


def _stems(index: Index, text: str) -> list[str]:
    return [token.term.stem for token in index.analyzer.analyze(text)]


def _accuracy(index: Index, queries: Sequence[str], mistake: str, draw: random.Random) -> dict[str, Any]:
    """Return the row of a kind of mistake."""
    total = first = three = nothing = 0
    for query in queries:
        wrong = misspelt(query, mistake, draw)
        if wrong is None or _stems(index, wrong) == _stems(index, query):
            continue
        expected = _stems(index, query)
        proposed = [_stems(index, text) for text in index.correct(wrong, limit=3).queries]
        total += 1
        first += proposed[:1] == [expected]
        three += expected in proposed
        nothing += not proposed
    return {"mistake": mistake, "queries": total} | _shares(total, first, three, nothing)


def _shares(total: int, *counts: float) -> dict[str, float]:
    return {name: 100 * count / max(1, total) for name, count in zip(_COLUMNS[2:], counts, strict=True)}


def _total(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    total = sum(row["queries"] for row in rows)
    sums = [sum(row[name] * row["queries"] for row in rows) / 100 for name in _COLUMNS[2:]]
    return {"mistake": "all", "queries": total} | _shares(total, *sums)


def _false_alarms(index: Index, queries: Sequence[str]) -> dict[str, Any]:
    proposed = [query for query in queries if index.correct(query).queries]
    few = sum(index.search(query).total < 10 for query in proposed)
    return {
        "queries": len(queries),
        "proposed %": 100 * len(proposed) / len(queries),
        "and fewer than ten hits %": 100 * few / len(queries),
    }


def _lexicon_words(index: Index, draw: random.Random) -> list[dict[str, Any]]:
    """Return the share of rare nominals of the lexicon that are corrected, by the number of articles with their stem."""
    nominals = sorted(word for word, entry in lexicon().entries.items() if len(word) > 3 and entry[1] > 0)
    draw.shuffle(nominals)
    samples: dict[str, list[str]] = {"none": [], "1 to 9": []}
    for word in nominals:
        articles = index.search(word, limit=0, match="stem").total
        kind = "none" if not articles else "1 to 9"
        if articles < 10 and len(samples[kind]) < _LEXICON_SAMPLE:
            samples[kind].append(word)
        if min(map(len, samples.values())) == _LEXICON_SAMPLE:
            break
    rows = []
    for kind, words in samples.items():
        proposed = sum(bool(index.correct(word).queries) for word in words)
        rows.append({"articles": kind, "words": len(words), "proposed %": 100 * proposed / max(1, len(words))})
    return rows


def _times(index: Index, queries: Sequence[str], draw: random.Random) -> dict[str, Any]:
    """Return the median processor time of a search and of a correction. Each word runs once: the second time is cached."""
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
