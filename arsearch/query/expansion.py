"""What else is looked for where a word is typed: synonyms, put into the tree of a query.

Typed words and entries meet by their stems, as words of queries and articles do. Where an entry has several words,
each of those typed may be replaced by the whole of the other entries: an article with only the synonym has them all.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from typing import NamedTuple

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.query.synonyms import Synonyms
from arsearch.query.tree import (
    And,
    Bag,
    Clause,
    DateRange,
    Everything,
    Fuzzy,
    InField,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Wildcard,
    Word,
    unknown_node,
)

__all__ = ["SynonymExpander"]

_Stems = tuple[str, ...]


class _Part(NamedTuple):
    """A position of the words typed: its stem, whether it is a stop word, and which of the words it belongs to."""

    stem: str
    stop: bool
    word: int


class SynonymExpander:
    """Synonyms, by the stems of an analyzer. Threads may share one: the table is made when first asked for."""

    def __init__(self, synonyms: Synonyms, analyzer: ArabicAnalyzer) -> None:
        self._synonyms = synonyms
        self._analyzer = analyzer
        self._table: dict[str, list[tuple[_Stems, tuple[str, ...]]]] | None = None

    def expand(self, root: Node | None, forms: MutableMapping[str, Form]) -> tuple[Node | None, tuple[str, ...]]:
        """The tree with what else is looked for in its words, and notes that say so.

        Only plain words are given synonyms: none in quotes, after `=` or `-`, none that is a stop word.
        """
        notes: list[str] = []
        return (root if root is None else self._node(root, forms, notes)), tuple(notes)

    def _node(self, node: Node, forms: MutableMapping[str, Form], notes: list[str]) -> Node:
        match node:
            case Word(level=None):
                return self._run([node], forms, notes)[0]
            case Bag(clauses):
                return Bag(tuple(self._clauses(clauses, forms, notes)))
            case And(children) | Or(children):
                return type(node)(tuple(self._node(child, forms, notes) for child in children))
            case InField(name, child):
                return InField(name, self._node(child, forms, notes))
            case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy() | Everything() | Range() | DateRange() | Not():
                return node
        raise unknown_node(node)

    def _clauses(self, clauses: Sequence[Clause], forms: MutableMapping[str, Form], notes: list[str]) -> list[Clause]:
        done: list[Clause] = []
        run: list[Clause] = []

        def finish() -> None:
            if run:
                words = self._run([clause.node for clause in run if isinstance(clause.node, Word)], forms, notes)
                done.extend(Clause(word, clause.occur) for word, clause in zip(words, run, strict=True))
                run.clear()

        for clause in clauses:
            if clause.occur != "must_not" and isinstance(clause.node, Word) and clause.node.level is None:
                run.append(clause)
                continue
            finish()
            excluded = clause.occur == "must_not"
            done.append(clause if excluded else Clause(self._node(clause.node, forms, notes), clause.occur))
        finish()
        return done

    def _run(self, words: Sequence[Word], forms: MutableMapping[str, Form], notes: list[str]) -> Sequence[Word]:
        """Neighbouring plain words, each with its synonyms."""
        table = self._table
        if table is None:
            table = self._table = self._entries()
        parts = self._parts([word.text for word in words], forms)
        also: dict[int, list[str]] = {}
        for at, part in enumerate(parts):
            for stems, others in table.get(part.stem, ()):
                found = parts[at : at + len(stems)]
                if tuple(one.stem for one in found) != stems or not _whole(parts, at, at + len(stems)):
                    continue
                meant = dict.fromkeys(one.word for one in found if not one.stop)
                for word in meant:
                    also.setdefault(word, []).extend(others)
                if meant:
                    typed = " ".join(words[n].text for n in dict.fromkeys(one.word for one in found))
                    notes.append(f"{typed}: also looked for {', '.join(others)}")
        if not also:
            return words
        return [Word(word.text, None, tuple(dict.fromkeys(also.get(n, ())))) for n, word in enumerate(words)]

    def _entries(self) -> dict[str, list[tuple[_Stems, tuple[str, ...]]]]:
        """What is typed, by its first stem: all its stems, and what is looked for also."""
        meant: dict[_Stems, dict[_Stems, str]] = {}
        forms: dict[str, Form] = {}

        def stems_of(entry: str) -> _Stems:
            return tuple(part.stem for part in self._parts(self._analyzer.tokenizer.words(entry), forms))

        for group in self._synonyms:
            also = {stems_of(entry): entry for entry in reversed(group.also)}
            for entry in group.typed:
                typed = stems_of(entry)
                others = meant.setdefault(typed, {})
                for stems, other in reversed(also.items()):
                    if stems and stems != typed:
                        others.setdefault(stems, other)
        table: dict[str, list[tuple[_Stems, tuple[str, ...]]]] = {}
        for typed, found in meant.items():
            if typed and found:
                table.setdefault(typed[0], []).append((typed, tuple(found.values())))
        return table

    def _parts(self, words: Iterable[str], forms: MutableMapping[str, Form]) -> list[_Part]:
        """The positions that words take; of several terms at one place the last, as in the search."""
        parts: dict[int, _Part] = {}
        place = 0
        for number, text in enumerate(words):
            form = forms.get(text)
            if form is None:
                form = forms[text] = self._analyzer.form(text)
            for term in form.terms:
                parts[place + term.offset] = _Part(term.stem, term.stop, number)
            place += form.width
        return list(parts.values())


def _whole(parts: Sequence[_Part], start: int, end: int) -> bool:
    """Whether parts begin and end where words do."""
    return (start == 0 or parts[start - 1].word != parts[start].word) and (
        end == len(parts) or parts[end].word != parts[end - 1].word
    )
