"""Check a dictionary: find the lines that contradict the tables of arsearch, or one another.

Such a line is no error. It does what it says, but maybe not what was meant: it may be needless, change the stem of a
common word, or undo another line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from arsearch.analyzers.dictionary.dictionary import Dictionary
from arsearch.analyzers.dictionary.entries import DictionaryEntry, Kind, normalised_entry
from arsearch.analyzers.names import NAME_AS, follows_abu, split_compound
from arsearch.analyzers.normalizer import Normalizer
from arsearch.analyzers.reasons import difference
from arsearch.analyzers.stemming.lexicon import FUNCTION, lexicon
from arsearch.analyzers.stemming.overlay import resolved_stems
from arsearch.analyzers.stemming.segmenter import RARITY
from arsearch.analyzers.stemming.stemmer import ArabicStemmer
from arsearch.analyzers.stopwords import default_stopwords

__all__ = ["Contradiction", "check_dictionary"]

_PRONOUN = "ها"  # its readings are the least ambiguous


class Contradiction(NamedTuple):
    """A line of a dictionary, its form as written, and the reason in words; the number of the line is 0 if unknown."""

    line: int
    form: str
    message: str


def check_dictionary(dictionary: Dictionary) -> list[Contradiction]:
    """Return the lines that contradict the tables of arsearch or another line, in order; `[]` if there are none.

    A line may contradict several tables, and then has several contradictions. The tables are the lexicon, the stop
    words, the compound names, and the rules for clitics. The check needs the numbers of the lines, which pickles and
    indexes do not keep.
    """
    checker = _Checker(dictionary)
    return [
        Contradiction(written.line, written.form, message)
        for written in dictionary.entries
        for message in checker.messages(written)
    ]


class _Checker:
    """The tables without the dictionary and with it, and the last line of each form."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._normalizer = Normalizer()
        self._shipped = ArabicStemmer()
        self._own = ArabicStemmer(dictionary=dictionary)
        self._lexicon = lexicon().entries
        self._stems = resolved_stems(dictionary, lambda form: self._shipped.stem("", form))
        self._stopwords = frozenset(map(self._normalizer.fold, default_stopwords()))
        self._last: dict[tuple[bool, str], DictionaryEntry] = {}
        for written in dictionary.entries:
            entry = normalised_entry(written)
            self._last[entry.kind == "stop word", entry.form] = entry

    def messages(self, written: DictionaryEntry) -> Iterator[str]:
        """Yield what an entry contradicts, in words."""
        entry = normalised_entry(written)
        last = self._last[entry.kind == "stop word", entry.form]
        if last.line != entry.line:
            same = last._replace(line=entry.line) == entry
            yield f"line {last.line} says the same" if same else f"line {last.line} says otherwise and counts"
        elif entry.kind == "stop word":
            yield from self._about_stopword(entry.form)
        elif entry.stem in self._dictionary.stems and self._stems[entry.form] == entry.form:
            yield f"{entry.form} and {entry.stem} name each other, so each stays whole"
        else:
            yield from self._about_form(entry, self._normalizer.surface(written.form))

    def _about_stopword(self, form: str) -> Iterator[str]:
        name = self._last.get((False, self._normalizer.fold(form)))
        if name is not None and name.kind == "name":
            yield f"line {name.line} says that it is a name; both count, so a search for the name weighs less"
        elif follows_abu(form):
            yield f"it is also a name, as in أبو {form}; a search for the name weighs less"
        if form in default_stopwords():
            yield "it is a stop word already"

    def _about_form(self, entry: DictionaryEntry, surface: str) -> Iterator[str]:
        """Compare a word, a stem or a name with the tables."""
        form = entry.form
        stem = self._stems.get(form, form)
        if entry.stem and stem != entry.stem:
            source = "the dictionary" if entry.stem in self._dictionary else "the lexicon"
            yield f"{entry.stem} has the stem {stem} in {source}, and {form} gets that stem"
        parts = split_compound(surface)
        if parts:
            yield f"without this line it also matches {' '.join(parts)}"
        elif NAME_AS.get(form, form) != form:
            yield f"without this line it matches {NAME_AS[form]}"
        else:
            yield from self._about_reading(form, stem, entry.kind)
        if entry.kind != "name":
            yield from self._about_neighbours(form)
        elif form in self._stopwords:
            yield "it is a stop word; as a name it is none"

    def _about_reading(self, form: str, stem: str, kind: Kind) -> Iterator[str]:
        """Compare the stem of a form with the word and the stem that the form has without the dictionary."""
        word, known = self._shipped.stem("", form)
        listed = self._lexicon.get(form)
        if listed is not None and listed[1] == FUNCTION:
            clitic = "" if word == form else " with a clitic"
            yield f"it is the function word {word}{clitic} in the lexicon, and a word of its own by this line"
        elif word != form:
            if word in self._lexicon or known in self._lexicon:
                yield f"without this line it is {word} with a clitic ({difference(form, word)})"
        elif known != stem:
            if listed is not None or known in self._lexicon:
                yield f"without this line its stem is {known}"
        elif listed is not None:
            needless = "with its endings, and a name takes none" if kind == "name" else "so the line is needless"
            yield f"the lexicon has the stem {stem} for it, {needless}"

    def _about_neighbours(self, form: str) -> Iterator[str]:
        """Find words of the lexicon that begin with a proclitic letter before the form, and now lose it."""
        for letter in RARITY:
            neighbour = letter + form
            entry = self._lexicon.get(neighbour)
            if entry is None or entry[1] < 0 or neighbour in self._dictionary:
                continue
            inflected = neighbour + _PRONOUN
            if self._shipped.stem("", inflected).word == neighbour != self._own.stem("", inflected).word:
                yield f"{inflected} was {neighbour} with a pronoun, and now reads as {letter} and {form}{_PRONOUN}"
