"""Does a stemmer join a word with its clitic forms, keep look-alikes apart, and how fast?

    python -m bench.stemming --corpus news/docs.jsonl.xz
    python -m bench.stemming --corpus news/docs.jsonl.xz --json

The pairs are made of the corpus' vocabulary: a word w and p+w, both attested, for each proclitic p, where a human judge
found next to no pair that is two words: folded forms, w of three letters or more and not beginning with ال or لل,
freq(w) >= 5, freq(p+w) >= 2; before ل, لل and ولل no w that begins with ل; for a bare letter freq(p+w) <= freq(w), for
س only before ي ت ن. The share that gets equal stems is printed; ف and ك are judged by a written list as well, because
too many of their pairs are two words. Look-alikes are a written list of words to keep apart.

Speed is distinct forms a second on one core, each round all stemmers after one another, the median of the rounds.
What is unfair: the lists were written by the authors of the default stemmer, who looked at news; Tashaphyne gets
folded alef and ya, as users of it would do, except for its speed, which is that of its default call.
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

__all__ = ["DATA", "StemOf", "compared_stemmers", "filtered_pairs", "main", "written_rows"]

STACKS = ("ال", "وال", "بال", "كال", "فال", "لل", "ولل")
BARE = ("و", "ب", "ل", "س", "ف", "ك")
DATA = Path(__file__).parent / "data"
ROUNDS = 3
SAMPLE = 5000  # forms that a slow stemmer is timed on
_ARABIC = frozenset(chr(c) for c in range(0x621, 0x64B))

Forms = Mapping[str, str]
"""Normalised forms, sorted, each with the written form it most often has."""

StemOf = Callable[[str, str], str]
"""The stem of a word, given as written and normalised."""


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
        ("Per cent right of the written lists", table(lists, tuple(lists[0]))),
        ("Speed", table(speed, tuple(speed[0]))),
    )
    print_report(report, sections, as_json=options.json, notes=notes)


def filtered_pairs(counts: Mapping[str, int]) -> dict[str, list[tuple[str, str]]]:
    """The pairs (w, p+w) of each proclitic, as the module's docstring says."""
    pairs: dict[str, list[tuple[str, str]]] = {clitic: [] for clitic in (*STACKS, *BARE)}
    for word, count in counts.items():
        if len(word) < 3 or count < 5 or word.startswith(("ال", "لل")):
            continue
        for clitic, found in pairs.items():
            with_clitic = counts.get(clitic + word, 0)
            if with_clitic < 2 or (clitic in ("ل", "لل", "ولل") and word[0] == "ل"):
                continue
            if clitic in BARE and (with_clitic > count or (clitic == "س" and word[0] not in "يتن")):
                continue
            found.append((word, clitic + word))
    return pairs


def _vocabulary(corpus: Path, limit: int) -> tuple[Counter[str], Forms, Digest]:
    """How often each normalised Arabic form occurs, its commonest spelling, and what was read."""
    tokenizer, normalizer, digest = Tokenizer(), Normalizer(), Digest()
    written: Counter[str] = Counter()
    for doc in read_docs(corpus, limit):
        digest.add(doc)
        written.update(tokenizer.words(doc["title"]))
        written.update(tokenizer.words(doc["body"]))
    counts: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in written.items():
        surface = normalizer.surface(word)
        form = normalizer.normalise(word)
        if form and _ARABIC.issuperset(form):
            counts[form] += count
            spellings[form][surface] += count
    forms = {form: max(spellings[form].items(), key=lambda item: (item[1], item[0]))[0] for form in sorted(counts)}
    return counts, forms, digest


def compared_stemmers() -> tuple[dict[str, StemOf], list[str]]:
    """The stemmers by name, and notes on those left out."""
    stemmers: dict[str, StemOf] = {
        "arsearch": _last(ArabicStemmer()),
        "light10": _last(Light10Stemmer()),
        "Tashaphyne, folded": _last(TashaphyneStemmer()),
    }
    try:
        snowball = importlib.import_module("Stemmer").Stemmer("arabic")
    except ImportError:
        return stemmers, ["Snowball is left out: PyStemmer is not installed."]
    stemmers["Snowball"] = lambda surface, normalised: str(snowball.stemWord(normalised))  # noqa: ARG005
    return stemmers, []


def _last(stemmer: ArabicStemmer | Light10Stemmer | TashaphyneStemmer) -> StemOf:
    return lambda surface, normalised: stemmer.stem(surface, normalised)[1]


def _joined(stem: StemOf, pairs: Mapping[str, list[tuple[str, str]]], forms: Forms) -> dict[str, float | None]:
    """The share of pairs with equal stems, by proclitic and for the two groups together."""
    right = {
        clitic: sum(stem(forms[word], word) == stem(forms[other], other) for word, other in found)
        for clitic, found in pairs.items()
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
    """The share of the written lists that is right, in per cent."""
    normalizer = Normalizer()

    def equal(row: list[str]) -> bool:
        first, second = (stem(normalizer.surface(word), normalizer.normalise(word)) for word in row[:2])
        return first == second

    apart, joined = (written_rows(DATA / name) for name in ("lookalikes.tsv", "fa_kaf.tsv"))
    return {
        f"(c) ف ك joined, of {len(joined)}": 100 * sum(map(equal, joined)) / len(joined),
        f"(d) look-alikes apart, of {len(apart)}": 100 - 100 * sum(map(equal, apart)) / len(apart),
    }


def written_rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _speed(stemmers: Mapping[str, StemOf], forms: Forms) -> list[dict[str, Any]]:
    """Distinct forms a second of each stemmer, and of Tashaphyne's default call, in rounds."""
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
