"""Compile Tashaphyne's affix tables into the look-ups of the stemmer.

    python tools/build_affixes.py [--check] [--output FILE]

Tashaphyne (GPL-3, Taha Zerrouki) lists the prefixes and suffixes that may occur together: 2,177 pairs for nouns and
3,879 for verbs. The stemmer needs less: the endings, the pronoun in each, the completion of the word without the ending
(مدرستهم: ت is ة), and the subject letters of the verbs that may have it. This script derives them and writes
`arsearch/analyzers/data/affixes.txt`. A test runs it again and compares.

The stacks of proclitics lack Tashaphyne's interrogative أ: in running text an أ at the start nearly always belongs to
the word.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from data_file import arguments, write_or_check

OUTPUT = Path(__file__).parents[1] / "arsearch" / "analyzers" / "data" / "affixes.txt"

NOUN_PRONOUNS = ("هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ه", "ك", "ي")
VERB_PRONOUNS = ("هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ني", "ه", "ك")

NOUN_INFLECTIONS: dict[str, tuple[str, ...]] = {
    "": ("",),
    "ا": ("",),
    "ات": ("ه", ""),
    "ان": ("",),
    "ت": ("ه",),
    "تان": ("ه",),
    "تي": ("ه",),
    "تين": ("ه",),
    "ه": ("",),
    "و": ("",),
    "ون": ("",),
    "ي": ("",),
    "يا": ("ي", ""),
    "يات": ("ي", ""),
    "ين": ("",),
    "يت": ("ي", ""),
    "يتان": ("ي", ""),
    "يتين": ("ي", ""),
    "يه": ("ي", ""),
}
"""Folded inflection -> the completions that may make the base an entry of the lexicon, best first."""

BEFORE_PRONOUN = {"ت": "ه", "يت": "يه"}
"""Inflections with another spelling at the end of a word: ة opens to ت."""

VERB_SUBJECTS = {"تمو": "تم", "و": "وا"} | {
    subject: subject for subject in ("", "ا", "ت", "تا", "تم", "تما", "تن", "ن", "نا", "وا", "ون", "ان", "ين", "ي")
}
"""Subject endings before a pronoun -> the same endings at the end of a word."""

SUBJECT_LETTERS = {"": "P", "ي": "Y", "ت": "T", "ن": "N", "أ": "A"}
"""Tashaphyne's verb prefix -> the letter of its class: the perfect, and the four letters of the imperfect."""

FOLDED = str.maketrans("أإآةىؤئ", "اااهيوي")

HEADER = """\
# Affixes of the Arabic stemmer, folded as normalised words are.
# Source: Tashaphyne {version} (https://pypi.org/project/Tashaphyne/), Taha Zerrouki; licence GPL-3.0-or-later.
# Made by tools/build_affixes.py; do not edit.
# noun    ending, letters of it that are off the word, letters put in their place, what the base lacks of an entry
# verb    ending, letters off the word, letters put in their place, classes it may follow (P perfect; Y T N A imperfect)
# stack   proclitics that a noun may carry, separated
# An empty string is written -.
"""


def noun_endings(suffixes: Iterable[str]) -> Iterator[tuple[str, int, str, str]]:
    """Yield `(ending, cut, put, completions)` for every noun suffix of the table except the empty one."""
    for suffix in sorted({s.translate(FOLDED) for s in suffixes} - {""}):
        if suffix == "ه":  # a pronoun, or a careless spelling of ة: مدرسه is an entry of its own
            yield suffix, 1, "", ""
        elif suffix in NOUN_INFLECTIONS:
            yield suffix, 0, "", ",".join(NOUN_INFLECTIONS[suffix])
        else:
            inflection, pronoun = split(suffix, NOUN_PRONOUNS, NOUN_INFLECTIONS)
            if inflection == "ا":  # ى opens to ا (مستشفاهم); the dual before a pronoun is too rare
                yield suffix, len(suffix), "ي", "ي"
                continue
            put = BEFORE_PRONOUN.get(inflection, "")
            cut = len(inflection) + len(pronoun) if put else len(pronoun)
            completions = ("يه", "ي", "") if inflection == "يت" else NOUN_INFLECTIONS[inflection]
            yield suffix, cut, put, ",".join(completions)
    for pronoun in NOUN_PRONOUNS[:-1]:  # the dual before a pronoun, not in Tashaphyne's table: نسختيه
        yield "تي" + pronoun, len(pronoun), "", "ه"
    for pronoun in ("", *NOUN_PRONOUNS):  # the plural of foreign words in و: فيديوهات
        if len(pronoun) < 3:
            yield "وهات" + pronoun, len(pronoun), "", "و"
    for pronoun in NOUN_PRONOUNS:  # the hamza of اء before a pronoun
        for seat in "يو":
            yield "ا" + seat + pronoun, 2 + len(pronoun), "اء", "اء"


def verb_endings(pairs: Iterable[str]) -> Iterator[tuple[str, int, str, str]]:
    """Yield `(ending, cut, put, classes)` for every verb suffix that follows a plain subject prefix."""
    legal: dict[str, set[str]] = {}
    for pair in pairs:
        prefix, dash, suffix = pair.partition("-")
        if dash and suffix and prefix in SUBJECT_LETTERS:
            legal.setdefault(suffix.translate(FOLDED), set()).add(SUBJECT_LETTERS[prefix])
    for suffix in sorted(legal):
        classes = "".join(letter for letter in "PYTNA" if letter in legal[suffix])
        if VERB_SUBJECTS.get(suffix) == suffix:
            yield suffix, 0, "", classes
        else:
            subject, pronoun = split(suffix, VERB_PRONOUNS, VERB_SUBJECTS)
            put = VERB_SUBJECTS[subject]
            same = put == subject
            yield suffix, len(pronoun) if same else len(suffix), "" if same else put, classes


def noun_stacks(prefixes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield `(stack, its parts)` for the proclitic stacks of nouns."""
    for stack in sorted(p for p in prefixes if p and not p.startswith(("أ", "آ"))):
        parts = []
        rest = stack
        while rest:
            size = 2 if rest in ("ال", "لل") else 1
            parts.append(rest[:size])
            rest = rest[size:]
        yield stack, " ".join(parts)


def split(suffix: str, pronouns: Iterable[str], inflections: Iterable[str]) -> tuple[str, str]:
    """Split a suffix into an inflection and the longest pronoun that leaves one."""
    known = set(inflections)
    for pronoun in pronouns:
        if suffix.endswith(pronoun) and suffix[: -len(pronoun)] in known:
            return suffix[: -len(pronoun)], pronoun
    raise ValueError(f"suffix {suffix!r} of Tashaphyne's table has no known parts")


def compile_tables() -> str:
    """Return the text of the data file."""
    from tashaphyne import affix_const

    rows = [HEADER.format(version=version("tashaphyne"))]
    for ending, cut, put, completions in noun_endings(affix_const.NOUN_SUFFIX_LIST):
        shown = ",".join(part or "-" for part in completions.split(","))
        rows.append(f"noun\t{ending}\t{cut}\t{put or '-'}\t{shown}\n")
    for ending, cut, put, classes in verb_endings(affix_const.VERB_AFFIX_LIST):
        rows.append(f"verb\t{ending}\t{cut}\t{put or '-'}\t{classes}\n")
    for stack, parts in noun_stacks(affix_const.NOUN_PREFIX_LIST):
        rows.append(f"stack\t{stack}\t{parts}\n")
    return "".join(rows)


def main() -> int:
    """Write the file, or compare it with `--check`; return the exit code."""
    return write_or_check(arguments(__doc__, OUTPUT).parse_args(), compile_tables)


if __name__ == "__main__":
    sys.exit(main())
