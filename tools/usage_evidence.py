"""Count how newspapers and books use the words that have two readings.

    python tools/usage_evidence.py --corpus news/docs.jsonl.xz --corpus books/docs.jsonl.xz

The script writes `tools/usage.txt`, which `build_lexicon.py` reads. It has three lists of normalised words.

    noun      words in ت that could be an imperfect verb, and that texts use as nouns: a tenth of the occurrences or more
              are definite, behind ب, or behind a preposition (تواصل, تخرج; not تعمل); the first corpus decides
    pronoun   words in ه that could be a noun in ة, and that texts use with a pronoun: nine tenths of the occurrences or
              more are written with ه (نفسه, قوله; not ضربه)
    defined   words that could have a proclitic or a pronoun, and that texts use after the article, five times or more, and
              in every corpus a third as often as without it (كباب, فيسبوك)

A word of the first two lists needs 15 occurrences. The counts decide only between readings that the dictionaries know.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from arsearch.analyzers import Normalizer
from bench.corpus import Digest
from bench.imperfect import Counts, counted, is_noun

OUTPUT = Path(__file__).with_name("usage.txt")

HEADER = """\
# The usage of words that have two readings, counted by tools/usage_evidence.py; do not edit.
# Sources of the counts: 31,030 newspaper articles (SaudiNewsNet) and 89,506 paragraphs of classical books (OpenITI).
# Only words are listed, no text. Licence of this file: GPL-3.0-or-later.
"""

FEWEST = 15
PRONOUN_SHARE = 0.9
PROCLITICS = tuple("وفبكلس")
PRONOUNS = ("ك", "ها", "هم", "هن", "هما", "كم", "نا")
FEWEST_DEFINED = 5
DEFINED_SHARE = 1 / 3
ARTICLES = ("ال", "وال", "بال", "كال", "فال")


def nouns(corpora: Sequence[Counts]) -> Iterator[str]:
    """Yield the forms in ت that texts use as nouns; the first corpus that has enough of them decides."""
    for form in {form for counts in corpora for form in counts.behind}:
        counts = next((counts for counts in corpora if counts.forms[form] >= FEWEST), None)
        if counts is not None and form.startswith("ت") and is_noun(form, counts):
            yield form


def with_pronoun(counts: Counts) -> Iterator[str]:
    """Yield the forms in ه that texts write with ه, and not with ة."""
    normalise = Normalizer().normalise
    heh: Counter[str] = Counter()
    for surface, count in counts.surfaces.items():
        if surface.endswith("ه"):
            heh[normalise(surface)] += count
    for form, count in heh.items():
        if counts.forms[form] >= FEWEST and count >= PRONOUN_SHARE * counts.forms[form]:
            yield form


def defined(corpora: Sequence[Counts]) -> Iterator[str]:
    """Yield the forms that could have a clitic, and that texts use after the article in every corpus that has them."""
    for form in {form[2:] for counts in corpora for form in counts.forms if form.startswith("ال") and len(form) > 4}:
        if form.startswith(PROCLITICS) or form.endswith(PRONOUNS):
            uses = [(counts.forms[form], sum(counts.forms[stack + form] for stack in ARTICLES)) for counts in corpora]
            often = sum(definite for _, definite in uses) >= FEWEST_DEFINED
            if often and all(definite >= DEFINED_SHARE * bare for bare, definite in uses):
                yield form


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, action="append", required=True)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    corpora = [counted(corpus, 0, Digest()) for corpus in options.corpus]
    total = Counts(*(sum(counts, Counter()) for counts in zip(*corpora, strict=True)))
    lists = {"noun": nouns(corpora), "pronoun": with_pronoun(total), "defined": defined(corpora)}
    lines = [f"{name} {word}\n" for name, words in lists.items() for word in sorted(words)]
    options.output.write_text(HEADER + "".join(lines), encoding="utf-8")
    print(f"{options.output}: {len(lines)} words")


if __name__ == "__main__":
    main()
