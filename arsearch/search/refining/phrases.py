"""Read a quoted phrase that no article has as words, if the query has other words.

Quotation marks in a question are mostly around a title or a name, often slightly wrong: ماذا تعني كلمة "الأردن"؟ A phrase
that some article has stays a phrase. A phrase alone stays too, and so does one with a sign of its own: `+"..."`,
`="..."`, `title:"..."`, or a side of AND and OR. Conditions on other fields are no words: `"..." source:الأفق`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from arsearch.query import Bag, Clause, InField, Node, Phrase, Word, iter_words
from arsearch.query.traversal import rewritten
from arsearch.search.clauses import ScoredClause
from arsearch.search.refining.refinement import Frequency, Refined
from arsearch.search.scored_clauses import ScoredClauseBuilder
from arsearch.search.statistics import StatisticsKey

__all__ = ["PhraseRelaxation"]

_Fields = tuple[str, ...]
_Fails = Callable[[Phrase, _Fields], bool]


@dataclass(frozen=True, slots=True)
class PhraseRelaxation:
    """Relaxes the failing phrases of one query. `words` builds its clauses; `fields` are searched by default."""

    words: ScoredClauseBuilder
    fields: _Fields
    _clauses: dict[tuple[Phrase, _Fields], ScoredClause | None] = field(default_factory=dict, init=False)

    def keys(self, root: Node) -> Iterable[StatisticsKey]:
        """Return the phrases that other words stand beside."""
        keys: list[StatisticsKey] = []

        def passes(phrase: Phrase, fields: _Fields) -> bool:
            clause = self._clause(phrase, fields)
            keys.extend([] if clause is None else [clause])
            return False

        _relax(root, self.fields, passes)
        return keys

    def refine(self, root: Node, frequency: Frequency) -> Refined:
        """Replace each phrase that no article has by its words, with a note."""
        notes: list[str] = []

        def fails(phrase: Phrase, fields: _Fields) -> bool:
            clause = self._clause(phrase, fields)
            failed = clause is not None and frequency(clause) == 0
            if failed:
                notes.append(f"no article has the phrase {phrase}; its words were searched without the quotes")
            return failed

        return Refined(_relax(root, self.fields, fails), tuple(notes))

    def _clause(self, phrase: Phrase, fields: _Fields) -> ScoredClause | None:
        """Return the clause of a phrase; `None` if no word of it can be looked up."""
        key = phrase, fields
        if key not in self._clauses:
            self._clauses[key] = replace(self.words, targets=[], notes=[]).phrase(phrase, fields)
        return self._clauses[key]


def _relax(node: Node, fields: _Fields, fails: _Fails) -> Node:
    """Return a tree with the words of each phrase for which `fails` is true, if the phrase stands beside other words."""
    if isinstance(node, InField):
        fields = (node.field,)
    relaxed = rewritten(node, lambda part: _relax(part, fields, fails))
    if not isinstance(relaxed, Bag) or sum(_has_words(clause, fields) for clause in relaxed.clauses) < 2:
        return relaxed
    clauses: list[Clause] = []
    for clause in relaxed.clauses:
        phrase = clause.node
        if (
            clause.occur == "should"
            and isinstance(phrase, Phrase)
            and phrase.kind != "literal"
            and fails(phrase, fields)
        ):
            clauses += [Clause(Word(word)) for word in phrase.words]
        else:
            clauses.append(clause)
    return Bag(tuple(clauses))


def _has_words(clause: Clause, fields: _Fields) -> bool:
    """Return whether a clause searches words; one in a field beyond `fields` is a condition (source:الأفق)."""
    node = clause.node
    if clause.occur == "must_not" or (isinstance(node, InField) and node.field not in fields):
        return False
    return any(True for _ in iter_words(node))
