"""How often does a stemmer understem and overstem?

    python -m bench.stem_errors
    python -m bench.stem_errors --gold gold/ud_padt.tsv --json

`bench/data/clitics.tsv` lists words with proclitics and pronouns, and their bases. *Under* is the share of words whose
stem differs from that of their base. *Over* is the share of words whose stem is that of a base of another lemma.

`bench/data/lemmas.tsv` lists written words, clitics and inflection still on them, and their lemmas. *Under* is the share
of pairs of forms of one lemma that get two stems. *Over* is the share of pairs with one stem that have two lemmas. These
are the measures of Paice ("An evaluation method for stemming algorithms", SIGIR 1994), except that *over* is relative to
the conflated pairs. The first two columns give a feminine adjective or noun of a woman the lemma of its masculine
(كبيرة, كبير; معلمة, معلم). The columns "apart" give it a lemma of its own.

`--gold` is a treebank's list of words, lemmas and roots, separated by tabs. Its clitics are already split, so it judges
endings. The measures are the same.

Limits: the project wrote the first two lists. In the second, most verbs have at most 12 forms, nouns ten and adjectives
seven. Nouns that end in hamza or are irregular have more. A lemma weighs as much as its pairs, whatever its frequency.
The second list leaves out words of two of its lemmas, after folding of أ إ آ, ة and ى. *Over* sees only lemmas of the list.
A verb and its verbal noun of the same spelling have one lemma; other verbal nouns, participles and nisbas have their own.
A treebank gives a nisba and a feminine noun
lemmas of their own; the default stemmer conflates them with their base. ISRI returns roots, for which *over* is no error.
"""

from __future__ import annotations

import argparse
import importlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from arsearch.analyzers import Normalizer
from arsearch.errors import InputError
from bench.machine import describe_machine, print_report, run, table
from bench.stemming import DATA, StemOf, compared_stemmers, manual_rows

__all__ = ["clitic_errors", "lemma_errors", "main"]

COLUMNS = ("stemmer", "under %", "over %")
APART = "apart: "


def main(arguments: list[str] | None = None) -> None:
    """Run the stemmers and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.stem_errors", description=__doc__.partition("\n")[0])
    parser.add_argument("--gold", type=Path, help="file of a treebank's words, lemmas and roots, separated by tabs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args(arguments)
    stemmers, notes = compared_stemmers()
    isri = _isri()
    if isri is None:
        notes.append("Not run: ISRI: NLTK is not installed.")
    else:
        stemmers["ISRI"] = isri
    words = {word: (base, lemma) for word, base, lemma, _ in manual_rows(DATA / "clitics.tsv")}
    clitics = [{"stemmer": name} | clitic_errors(stem, words) for name, stem in stemmers.items()]
    joined, apart = _read_lemmas(DATA / "lemmas.tsv")
    lemmas = [{"stemmer": name} | _both_lemma_errors(stem, joined, apart) for name, stem in stemmers.items()]
    report: dict[str, Any] = {"machine": describe_machine(), "clitics": clitics, "lemmas": lemmas, "notes": notes}
    sections = [
        (f"{len(words)} words with clitics, of {len(set(words.values()))} bases", table(clitics, COLUMNS)),
        (
            f"{len(joined)} words of {len(set(joined.values()))} lemmas, {len(set(apart.values()))} with gender apart",
            table(lemmas, tuple(lemmas[0])),
        ),
    ]
    if options.gold:
        forms = _read_gold(options.gold)
        report["treebank"] = [{"stemmer": name} | lemma_errors(stem, forms) for name, stem in stemmers.items()]
        heading = f"{len(forms)} forms of {len(set(forms.values()))} lemmas"
        sections.append((heading, table(report["treebank"], COLUMNS)))
    print_report(report, sections, as_json=options.json, notes=notes)


def clitic_errors(stem: StemOf, words: Mapping[str, tuple[str, str]]) -> dict[str, float]:
    """Return both errors in per cent, over `words` with their base and lemma."""
    key = _stem_of_written(stem)
    lemmas: dict[str, set[str]] = defaultdict(set)
    for base, lemma in words.values():
        lemmas[key(base)].add(lemma)
    under = sum(key(word) != key(base) for word, (base, _) in words.items())
    over = sum(bool(lemmas[key(word)] - {lemma}) for word, (_, lemma) in words.items())
    return {"under %": 100 * under / len(words), "over %": 100 * over / len(words)}


def lemma_errors(stem: StemOf, forms: Mapping[str, str]) -> dict[str, float]:
    """Return both errors in per cent, over all pairs of `forms` with their lemma."""
    key = _stem_of_written(stem)
    stems = {form: key(form) for form in forms}
    same_lemma = _equal_pairs(forms.values())
    same_stem = _equal_pairs(stems.values())
    same_both = _equal_pairs((lemma, stems[form]) for form, lemma in forms.items())
    return {
        "under %": 100 * (same_lemma - same_both) / same_lemma if same_lemma else 0.0,
        "over %": 100 * (same_stem - same_both) / same_stem if same_stem else 0.0,
    }


def _both_lemma_errors(stem: StemOf, joined: Mapping[str, str], apart: Mapping[str, str]) -> dict[str, float]:
    """Return the errors with genders joined, then with genders apart."""
    own = lemma_errors(stem, apart)
    return lemma_errors(stem, joined) | {APART + name: value for name, value in own.items()}


def _read_lemmas(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the lemma of each word with genders joined, and with genders apart."""
    rows = manual_rows(path)
    return {row[0]: row[-1] for row in rows}, {row[0]: row[1] for row in rows}


def _equal_pairs(keys: Iterable[object]) -> int:
    """Return the number of pairs of equal keys."""
    return sum(count * (count - 1) // 2 for count in Counter(keys).values())


def _stem_of_written(stem: StemOf) -> Callable[[str], str]:
    normalizer = Normalizer()
    return lambda word: stem(normalizer.surface(word), normalizer.normalise(word))


def _read_gold(path: Path) -> dict[str, str]:
    """Return the lemma of each normalised form, without the forms of several lemmas."""
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
    return {form: next(iter(own)) for form, own in lemmas.items() if len(own) == 1}


def _isri() -> StemOf | None:
    try:
        stemmer = importlib.import_module("nltk.stem.isri").ISRIStemmer()
    except ImportError:
        return None
    return lambda surface, normalised: str(stemmer.stem(normalised))  # noqa: ARG005


if __name__ == "__main__":
    run(main)
