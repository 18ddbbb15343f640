"""Do the persons of an imperfect verb have one stem?

    python -m bench.imperfect --corpus news/docs.jsonl.xz
    python -m bench.imperfect --corpus news/docs.jsonl.xz --json

A pair is two normalised forms that begin with ي and with another letter of the imperfect (ت, ن or أ), and are equal
otherwise. The lexicon knows the rest as an imperfect verb, and the corpus has each of the two forms 20 times or more.

Many forms in ت are nouns as well (تواصل, تطور). The script takes a form for a noun if a tenth of its occurrences or more
are definite, behind ب, or behind a preposition, and counts these pairs apart. Forms in أ are often elatives (أكبر) or
verbs of form IV (أصدر), and forms in ن nouns (نصيب); no evidence of the corpus tells these from verbs.

Limits: the stemmer's list of such nouns, `tools/usage.txt`, was counted on the same news. Pairs without evidence may be
nouns all the same.
"""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from arsearch.analyzers import ArabicStemmer, Normalizer, Tokenizer
from arsearch.analyzers.stemming.lexicon import lexicon
from bench.corpus import Digest, add_corpus_arguments, read_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["DEFINITE", "Counts", "counted", "is_noun", "main"]

FEWEST = 20
NOUN_SHARE = 0.1
DEFINITE = ("ال", "وال", "بال", "لل", "فال", "كال", "ب", "وب")
PREPOSITIONS = frozenset(
    "في من على عن إلى الى بعد قبل خلال دون مع بين حول رغم نتيجة منذ عند بدون ضد نحو لدى عملية".split()
)


class Counts(NamedTuple):
    """The counts of the surface forms and the normalised forms of a corpus, and of the forms behind a preposition."""

    surfaces: Counter[str]
    forms: Counter[str]
    behind: Counter[str]


def main(arguments: list[str] | None = None) -> None:
    """Count the pairs and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.imperfect", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=None)
    options = parser.parse_args(arguments)
    digest = Digest()
    counts = counted(options.corpus, options.limit, digest)
    rows = [_row(letter, counts) for letter in "تنا"]
    report: dict[str, Any] = {"machine": describe_machine(), "corpus": digest.to_dict(), "pairs": rows}
    print_report(report, (("Pairs of imperfect verbs", table(rows, tuple(rows[0]))),), as_json=options.json)


def counted(corpus: Path, limit: int, digest: Digest) -> Counts:
    """Return the counts of the first `limit` documents of a corpus, of all if it is 0; `digest` takes the documents."""
    tokenizer, normalizer = Tokenizer(), Normalizer()
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for doc in read_docs(corpus, limit):
        digest.add(doc)
        for text in (doc["title"], doc["body"]):
            tokens = tokenizer.words(text)
            words.update(tokens)
            pairs.update(word for before, word in pairwise(tokens) if before in PREPOSITIONS)
    counts = Counts(Counter(), Counter(), Counter())
    for word, count in words.items():
        surface = normalizer.surface(word)
        form = normalizer.fold(surface)
        counts.surfaces[surface] += count
        counts.forms[form] += count
        counts.behind[form] += pairs[word]
    return counts


def is_noun(form: str, counts: Counts) -> bool:
    """Return whether a corpus uses a form as a noun: a tenth of its occurrences are definite or behind a preposition."""
    forms = counts.forms
    used = sum(forms[stack + form] for stack in DEFINITE) + counts.behind[form]
    return used >= NOUN_SHARE * forms[form]


def _row(letter: str, counts: Counts) -> dict[str, Any]:
    """Return the row of the pairs of ي and another letter."""
    stemmer, imperfect, forms = ArabicStemmer(), lexicon().imperfect, counts.forms
    rests = sorted(
        form[1:]
        for form, count in forms.items()
        if len(form) > 3
        and form[0] == "ي"
        and count >= FEWEST
        and forms[letter + form[1:]] >= FEWEST
        and form[1:] in imperfect
    )
    met = {rest for rest in rests if stemmer.stems(["ي" + rest])[0] == stemmer.stems([letter + rest])[0]}
    nouns = {rest for rest in rests if letter == "ت" and is_noun(letter + rest, counts)}
    others = set(rests) - nouns
    return {
        "pair": f"ي / {letter}",
        "pairs": len(rests),
        "one stem %": 100 * len(met) / len(rests) if rests else None,
        "used as nouns": len(nouns),
        "of the others one stem %": 100 * len(met & others) / len(others) if others else None,
        "apart": " ".join(sorted((letter + rest for rest in others - met), key=lambda form: -forms[form])[:10]),
    }


if __name__ == "__main__":
    run(main)
