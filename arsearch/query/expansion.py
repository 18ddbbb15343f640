"""Add synonyms to the words of a query tree.

Words and entries are compared by their stems, as words of queries and articles are. Where an entry of several words is
typed, the whole of each other entry may match in the place of each typed word. An article that has only the synonym
therefore counts as one that has all the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.analyzers.shipped import shipped
from arsearch.concurrency import cached_property
from arsearch.query.synonyms import Synonyms
from arsearch.query.traversal import iter_words, rewritten
from arsearch.query.tree import Bag, Clause, Node, Word

__all__ = ["FILE", "Entry", "SynonymExpander", "Table", "entries_by_stem"]

FILE = "variant_stems.txt"

_Stems = tuple[str, ...]


class _Position(NamedTuple):
    """A position of a run of words: the stem there, whether it is a stop word, and the number of its word."""

    stem: str
    stop: bool
    word: int


class Entry(NamedTuple):
    """The stems of a typed entry, and the entries that match in its place."""

    stems: _Stems
    synonyms: tuple[str, ...]


class SynonymExpander:
    """Adds synonyms to query trees, with one analyzer. Threads may share it; the first use builds its table."""

    def __init__(self, synonyms: Synonyms, analyzer: ArabicAnalyzer) -> None:
        self._synonyms = synonyms
        self._analyzer = analyzer

    def expand(self, root: Node, forms: MutableMapping[str, Form]) -> tuple[Node, tuple[str, ...]]:
        """Return the tree with synonyms in its words, and a note for each entry that applied.

        Only plain words get synonyms: no word in quotes, after `=` or `-`, and no stop word. `forms` caches analysed words.
        """
        table = self._table
        words = _AnalysedWords(self._analyzer, forms)
        stems = [term.stem for text in iter_words(root) for term in words.form(text).terms]
        if table.keys().isdisjoint(stems):
            return root, ()
        expansion = _Expansion(table, words.positions)
        return expansion.node(root), tuple(expansion.notes)

    @cached_property
    def _table(self) -> Table:
        if self._synonyms == Synonyms() and self._analyzer == ArabicAnalyzer():
            return _shipped_table()
        return _table(_Source(self._synonyms, self._analyzer.fingerprint, self._analyzer))


Table = Mapping[str, Sequence[Entry]]
"""Entries by their first stem."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Synonyms and their analyzer. Analyzers of one fingerprint give the same table."""

    synonyms: Synonyms
    fingerprint: str
    analyzer: ArabicAnalyzer = field(compare=False)


@lru_cache(maxsize=4)
def _table(source: _Source) -> Table:
    """Return the entries by their first stem. Indexes that are opened one after another share them."""
    return entries_by_stem(source.synonyms, source.analyzer)


@cache
def _shipped_table() -> Table:
    """Return the table of the shipped variants and the default analyzer, as tools/build_variant_stems.py wrote it."""
    table: dict[str, list[Entry]] = {}
    for line in shipped(FILE).split("\n"):
        if line and line[0] != "#":
            typed, also = line.split("\t")
            stems = tuple(typed.split(" "))
            table.setdefault(stems[0], []).append(Entry(stems, tuple(also.split(", "))))
    return table


def entries_by_stem(synonyms: Synonyms, analyzer: ArabicAnalyzer) -> Table:
    """Return the entries of synonyms by their first stem; this analyses each of them."""
    analysed = _AnalysedWords(analyzer, {})

    def stems_of(entry: str) -> _Stems:
        words = analyzer.tokenizer.words(entry)
        return tuple(position.stem for position in analysed.positions(words))

    by_stems: dict[_Stems, dict[_Stems, str]] = {}
    for group in synonyms:
        # Of entries with the same stems, the first one stands at the place of the last one.
        also = {stems_of(entry): entry for entry in reversed(group.also)}
        for typed in map(stems_of, group.typed):
            others = by_stems.setdefault(typed, {})
            for stems, entry in reversed(also.items()):
                if stems and stems != typed:
                    others.setdefault(stems, entry)
    table: dict[str, list[Entry]] = {}
    for typed, others in by_stems.items():
        if typed and others:
            table.setdefault(typed[0], []).append(Entry(typed, tuple(others.values())))
    return table


class _AnalysedWords(NamedTuple):
    """An analyzer and a cache of the words that it has analysed."""

    analyzer: ArabicAnalyzer
    forms: MutableMapping[str, Form]

    def form(self, text: str) -> Form:
        """Return the form of a word."""
        form = self.forms.get(text)
        if form is None:
            form = self.forms[text] = self.analyzer.form(text)
        return form

    def positions(self, words: Iterable[str]) -> list[_Position]:
        """Return the positions that words take in order; of several terms at one position the last, as in a search."""
        positions: dict[int, _Position] = {}
        start = 0
        for number, text in enumerate(words):
            form = self.form(text)
            for term in form.terms:
                positions[start + term.offset] = _Position(term.stem, term.stop, number)
            start += form.width
        return list(positions.values())


@dataclass(slots=True)
class _Expansion:
    """The expansion of one tree."""

    table: Table
    positions: Callable[[Iterable[str]], list[_Position]]
    notes: list[str] = field(default_factory=list)

    def node(self, node: Node) -> Node:
        match node:
            case Word(level=None):
                return self.words([node])[0]
            case Bag(clauses):
                return Bag(tuple(self.clauses(clauses)))
        return rewritten(node, self.node)

    def clauses(self, clauses: Iterable[Clause]) -> Iterator[Clause]:
        for plain, group in groupby(clauses, _is_plain_word):
            run = list(group)
            if plain:
                words = self.words([clause.node for clause in run if isinstance(clause.node, Word)])
                for word, clause in zip(words, run, strict=True):
                    yield clause if word is clause.node else Clause(word, clause.occur)
            else:
                for clause in run:
                    excluded = clause.occur == "must_not"
                    yield clause if excluded else Clause(self.node(clause.node), clause.occur)

    def words(self, words: Sequence[Word]) -> list[Word]:
        """Return neighbouring plain words, each with the synonyms of the entries that it belongs to."""
        synonyms: dict[int, dict[str, None]] = {}
        for entry, positions in self.matches(self.positions(word.text for word in words)):
            significant = {position.word for position in positions if not position.stop}
            for number in significant:
                synonyms.setdefault(number, {}).update(dict.fromkeys(entry.synonyms))
            if significant:
                typed = " ".join(words[number].text for number in dict.fromkeys(one.word for one in positions))
                self.notes.append(f"{typed}: also looked for {', '.join(entry.synonyms)}")
        if not synonyms:
            return list(words)
        return [
            replace(word, also=tuple(synonyms[number])) if number in synonyms else word
            for number, word in enumerate(words)
        ]

    def matches(self, positions: Sequence[_Position]) -> Iterator[tuple[Entry, Sequence[_Position]]]:
        """Yield the entries whose stems occur at the positions of whole words, with these positions."""
        for start, position in enumerate(positions):
            for entry in self.table.get(position.stem, ()):
                end = start + len(entry.stems)
                stems = tuple(one.stem for one in positions[start:end])
                if stems == entry.stems and _is_word_boundary(positions, start) and _is_word_boundary(positions, end):
                    yield entry, positions[start:end]


def _is_plain_word(clause: Clause) -> bool:
    return clause.occur != "must_not" and isinstance(clause.node, Word) and clause.node.level is None


def _is_word_boundary(positions: Sequence[_Position], index: int) -> bool:
    return index in (0, len(positions)) or positions[index - 1].word != positions[index].word
