"""Which words does a stemmer conflate, which does it keep apart, and how fast is it?

    python -m bench.stemming --corpus news/docs.jsonl.xz
    python -m bench.stemming --corpus news/docs.jsonl.xz --json

The first table shows the share of pairs that get equal stems. A pair is a word w and p+w, for each proclitic p, both
from the vocabulary of the corpus. These filters leave next to no pair of unrelated words, as a human judge found:

- forms are normalised; w has at least three letters and does not begin with ال or لل
- freq(w) >= 5 and freq(p+w) >= 2
- after ل, لل and ولل, w does not begin with ل
- for a single letter, freq(p+w) <= freq(w); after س, w begins with ي, ت or ن

Too many pairs of ف and ك are unrelated words, so a manual list judges these two as well. Another manual list has
look-alikes, which a stemmer must keep apart.

Speed is distinct forms a second on one core, the median of rounds in which the stemmers take turns.

Limits: the authors of the default stemmer wrote the lists, and they looked at news. Tashaphyne gets folded alef and ya,
as its users would pass them. The row of its default call does not fold.
"""

from __future__ import annotations

import argparse
import importlib
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from arsearch.analyzers import ArabicStemmer, Light10Stemmer, Normalizer, TashaphyneStemmer, Tokenizer
from bench.corpus import Digest, add_corpus_arguments, read_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["DATA", "StemOf", "compared_stemmers", "filtered_pairs", "main", "manual_rows"]

STACKS = ("ال", "وال", "بال", "كال", "فال", "لل", "ولل")
BARE = ("و", "ب", "ل", "س", "ف", "ك")
DATA = Path(__file__).parent / "data"
ROUNDS = 3
SAMPLE = 5000  # forms that time a slow stemmer
_ARABIC = frozenset(chr(c) for c in range(0x621, 0x64B))

Forms = Mapping[str, str]
"""The most frequent spelling of each normalised form; the forms are sorted."""

StemOf = Callable[[str, str], str]
"""A function from a word's surface form and normalised form to its stem."""


def main(arguments: list[str] | None = None) -> None:
    """Run the stemmers and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.stemming", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=None)
    options = parser.parse_args(arguments)
    counts, forms, digest = _vocabulary(options.corpus, options.limit)
    stemmers, notes = compared_stemmers()
    pairs = filtered_pairs(counts)
    joined = [{"stemmer": name} | _joined(stem, pairs, forms) for name, stem in stemmers.items()]
    sizes: dict[str, Any] = {"stemmer": "pairs"} | {clitic: len(pairs[clitic]) for clitic in (*STACKS, *BARE)}
    lists = [{"stemmer": name} | _lists(stem) for name, stem in stemmers.items()]
    speed = _speed(stemmers, forms)
    report: dict[str, Any] = {
        "machine": describe_machine(),
        "corpus": digest.to_dict() | {"tokens": counts.total(), "forms": len(forms)},
        "pairs": [sizes, *joined],
        "lists": lists,
        "speed": speed,
        "notes": notes,
    }
    columns = ("stemmer", *STACKS, "(a) all seven", *BARE, "(b) و ب ل س")
    sections = (
        ("Per cent of the pairs that share a stem", table(report["pairs"], columns)),
        ("Per cent right of the manual lists", table(lists, tuple(lists[0]))),
        ("Speed", table(speed, tuple(speed[0]))),
    )
    print_report(report, sections, as_json=options.json, notes=notes)


def filtered_pairs(counts: Mapping[str, int]) -> dict[str, list[tuple[str, str]]]:
    """Return the pairs (w, p+w) of each proclitic p; the module's docstring has the filters."""
    pairs: dict[str, list[tuple[str, str]]] = {clitic: [] for clitic in (*STACKS, *BARE)}
    for word, count in counts.items():
        if len(word) < 3 or count < 5 or word.startswith(("ال", "لل")):
            continue
        for clitic, own in pairs.items():
            with_clitic = counts.get(clitic + word, 0)
            if with_clitic < 2 or (clitic in ("ل", "لل", "ولل") and word[0] == "ل"):
                continue
            if clitic in BARE and (with_clitic > count or (clitic == "س" and word[0] not in "يتن")):
                continue
            own.append((word, clitic + word))
    return pairs


def _vocabulary(corpus: Path, limit: int) -> tuple[Counter[str], Forms, Digest]:
    """Return the frequency and the most frequent spelling of each normalised Arabic form, and the corpus's digest."""
    tokenizer, normalizer, digest = Tokenizer(), Normalizer(), Digest()
    words: Counter[str] = Counter()
    for doc in read_docs(corpus, limit):
        digest.add(doc)
        words.update(tokenizer.words(doc["title"]))
        words.update(tokenizer.words(doc["body"]))
    counts: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in words.items():
        surface = normalizer.surface(word)
        form = normalizer.normalise(word)
        if form and _ARABIC.issuperset(form):
            counts[form] += count
            spellings[form][surface] += count
    forms = {form: max(spellings[form].items(), key=lambda item: (item[1], item[0]))[0] for form in sorted(counts)}
    return counts, forms, digest


def compared_stemmers() -> tuple[dict[str, StemOf], list[str]]:
    """Return the installed stemmers by name, and notes on the others."""
    stemmers: dict[str, StemOf] = {
        "arsearch": _stem_of(ArabicStemmer()),
        "light10": _stem_of(Light10Stemmer()),
        "Tashaphyne, folded": _stem_of(TashaphyneStemmer()),
    }
    try:
        snowball = importlib.import_module("Stemmer").Stemmer("arabic")
    except ImportError:
        return stemmers, ["Not run: Snowball: PyStemmer is not installed."]
    stemmers["Snowball"] = lambda surface, normalised: str(snowball.stemWord(normalised))  # noqa: ARG005
    return stemmers, []


def _stem_of(stemmer: ArabicStemmer | Light10Stemmer | TashaphyneStemmer) -> StemOf:
    return lambda surface, normalised: stemmer.stem(surface, normalised).stem


def _joined(stem: StemOf, pairs: Mapping[str, list[tuple[str, str]]], forms: Forms) -> dict[str, float | None]:
    """Return the percentage of pairs with equal stems, for each proclitic and for the two groups of proclitics."""
    right = {
        clitic: sum(stem(forms[word], word) == stem(forms[other], other) for word, other in own)
        for clitic, own in pairs.items()
    }

    def share(clitics: Iterable[str]) -> float | None:
        clitics = tuple(clitics)
        total = sum(len(pairs[clitic]) for clitic in clitics)
        return 100 * sum(right[clitic] for clitic in clitics) / total if total else None

    return {clitic: share((clitic,)) for clitic in pairs} | {
        "(a) all seven": share(STACKS),
        "(b) و ب ل س": share(BARE[:4]),
    }


def _lists(stem: StemOf) -> dict[str, float]:
    """Return the percentage of right lines in each manual list."""
    normalizer = Normalizer()

    def equal(row: list[str]) -> bool:
        first, second = (stem(normalizer.surface(word), normalizer.normalise(word)) for word in row[:2])
        return first == second

    apart, joined = (manual_rows(DATA / name) for name in ("lookalikes.tsv", "fa_kaf.tsv"))
    return {
        f"(c) ف ك joined, of {len(joined)}": 100 * sum(map(equal, joined)) / len(joined),
        f"(d) look-alikes apart, of {len(apart)}": 100 - 100 * sum(map(equal, apart)) / len(apart),
    }


def manual_rows(path: Path) -> list[list[str]]:
    """Return the tab-separated cells of each line, without empty lines and comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _speed(stemmers: Mapping[str, StemOf], forms: Forms) -> list[dict[str, Any]]:
    """Return the distinct forms a second of each stemmer and of Tashaphyne's default call."""
    from tashaphyne.stemming import ArabicLightStemmer

    library = ArabicLightStemmer()
    arabic = ArabicStemmer()
    default = "Tashaphyne light_stem, default"
    sample = sorted(random.Random(1).sample(list(forms), min(SAMPLE, len(forms))))
    timed: dict[str, tuple[Callable[[str, str], object], list[str]]] = {
        name: (stem, sample if "Tashaphyne" in name else list(forms)) for name, stem in stemmers.items()
    }
    timed["arsearch"] = arabic.stem, list(forms)
    timed[default] = lambda surface, normalised: library.light_stem(surface), sample  # noqa: ARG005
    rates: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(ROUNDS):
        for name, (stem, words) in timed.items():
            tasks = [(forms[word], word) for word in words]
            stem(*tasks[0])
            start = time.perf_counter()
            for surface, normalised in tasks:
                stem(surface, normalised)
            rates[name].append(len(tasks) / (time.perf_counter() - start))
    return [
        {
            "stemmer": name,
            "forms/s": round(statistics.median(rates[name])),
            "slowest": round(min(rates[name])),
            "fastest": round(max(rates[name])),
            "times default Tashaphyne": statistics.median(
                mine / theirs for mine, theirs in zip(rates[name], rates[default], strict=True)
            ),
        }
        for name in timed
    ]


if __name__ == "__main__":
    run(main)
