"""How often does a stemmer leave apart what belongs together, and join what does not?

    python -m bench.stem_errors
    python -m bench.stem_errors --gold gold/ud_padt.tsv --json

Over `bench/data/clitics.tsv`, words with proclitics and pronouns, with their bases: *under* is the share of the words
whose stem is not their base's, *over* the share whose stem is that of a base of another lemma. Over `--gold`, a
treebank's words with their lemmas (word, lemma, root, separated by tabs; clitics already split, so that it judges
endings): of the pairs of forms of one lemma, *under* is the share with two stems; of the pairs with one stem, *over* is
the share of two lemmas. The measures are Paice's ("An evaluation method for stemming algorithms", SIGIR 1994), *over*
taken of the joined pairs.

What is unfair: the first list is by the authors of the default stemmer. A treebank's lemma keeps a nisba and a feminine
apart from what they are formed from, where the default stemmer joins them. ISRI makes roots, for which *over* is no
fault.
"""

from __future__ import annotations

import argparse
import importlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from arsearch.analyzers import Normalizer
from arsearch.errors import InputError
from bench.machine import describe_machine, print_report, run, table
from bench.stemming import DATA, StemOf, compared_stemmers, written_rows

__all__ = ["clitic_errors", "lemma_errors", "main"]

COLUMNS = ("stemmer", "under %", "over %")


def main(arguments: list[str] | None = None) -> None:
    """Run the stemmers and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.stem_errors", description=__doc__.partition("\n")[0])
    parser.add_argument("--gold", type=Path, help="words, lemmas and roots of a treebank, separated by tabs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args(arguments)
    stemmers, notes = compared_stemmers()
    isri = _isri()
    if isri is None:
        notes.append("ISRI is left out: NLTK is not installed.")
    else:
        stemmers["ISRI"] = isri
    words = {word: (base, lemma) for word, base, lemma, _ in written_rows(DATA / "clitics.tsv")}
    clitics = [{"stemmer": name} | clitic_errors(stem, words) for name, stem in stemmers.items()]
    report: dict[str, Any] = {"machine": describe_machine(), "clitics": clitics, "notes": notes}
    sections = [(f"{len(words)} words with clitics, of {len(set(words.values()))} bases", table(clitics, COLUMNS))]
    if options.gold:
        forms = _gold(options.gold)
        report["lemmas"] = [{"stemmer": name} | lemma_errors(stem, forms) for name, stem in stemmers.items()]
        heading = f"{len(forms)} forms of {len(set(forms.values()))} lemmas"
        sections.append((heading, table(report["lemmas"], COLUMNS)))
    print_report(report, sections, as_json=options.json, notes=notes)


def clitic_errors(stem: StemOf, words: Mapping[str, tuple[str, str]]) -> dict[str, float]:
    """The shares, in per cent, over words that each have a base and a lemma."""
    key = _keyed(stem)
    lemmas: dict[str, set[str]] = defaultdict(set)
    for base, lemma in words.values():
        lemmas[key(base)].add(lemma)
    under = sum(key(word) != key(base) for word, (base, _) in words.items())
    over = sum(bool(lemmas[key(word)] - {lemma}) for word, (_, lemma) in words.items())
    return {"under %": 100 * under / len(words), "over %": 100 * over / len(words)}


def lemma_errors(stem: StemOf, forms: Mapping[str, str]) -> dict[str, float]:
    """The shares, in per cent, over the pairs of forms; each form has one lemma."""
    key = _keyed(stem)
    stems = {form: key(form) for form in forms}
    of_lemma = _pairs(forms.values())
    of_stem = _pairs(stems.values())
    joined = _pairs((lemma, stems[form]) for form, lemma in forms.items())
    return {
        "under %": 100 * (of_lemma - joined) / of_lemma if of_lemma else 0.0,
        "over %": 100 * (of_stem - joined) / of_stem if of_stem else 0.0,
    }


def _pairs(keys: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(keys).values())


def _keyed(stem: StemOf) -> Any:
    normalizer = Normalizer()
    return lambda word: stem(normalizer.surface(word), normalizer.normalise(word))


def _gold(path: Path) -> dict[str, str]:
    """Each normalised form with its lemma; forms of several lemmas are left out."""
    normalise = Normalizer().normalise
    lemmas: dict[str, set[str]] = defaultdict(set)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    for number, line in enumerate(lines, 1):
        cells = line.split("\t")
        if len(cells) < 2:
            raise InputError(f"{path}, line {number}: {line[:60]!r} is not word, lemma and root, separated by tabs")
        if len(form := normalise(cells[0])) > 1:
            lemmas[form].add(normalise(cells[1]))
    return {form: next(iter(found)) for form, found in lemmas.items() if len(found) == 1}


def _isri() -> StemOf | None:
    try:
        stemmer = importlib.import_module("nltk.stem.isri").ISRIStemmer()
    except ImportError:
        return None
    return lambda surface, normalised: str(stemmer.stem(normalised))  # noqa: ARG005


if __name__ == "__main__":
    run(main)
