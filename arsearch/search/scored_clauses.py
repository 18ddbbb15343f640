"""Build the scored clauses of words, phrases and patterns, each with the recipe of its highlights.

A word of the query is analysed like the words of the articles. It is looked up at the normalised, the stem and the root
level, and as written if it has vowel marks. An article that has the word by its root alone is not complete (see
`ScoredClause.related`). Function words and the words of a named field have no root level. A compound (عبدالله) is looked
up as a phrase. A quoted phrase is looked up at the normalised level, and its first word also with proclitics;
`spellings_of_phrase` has the other spellings that count. Patterns are normalised, never stemmed.

The synonyms of a word are looked up by their stems, together with the word's own stem. A share of the weight may stay
with the word's own stem. Of two articles that differ in one word, the article with the typed word then scores at least
as high.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.analyzers.root_families import is_function_word, stems_of_named_root
from arsearch.analyzers.tokens import Term
from arsearch.model import Level
from arsearch.model.schema import NORMALISED, STEM
from arsearch.query import tree
from arsearch.query.questions import is_frame_word
from arsearch.search.clauses import (
    FuzzyClause,
    Origin,
    PatternClause,
    PhraseClause,
    RootClause,
    ScoredClause,
    SurfaceFormClause,
    TermClause,
    TermsClause,
    UnionClause,
    WordClause,
)
from arsearch.search.highlighting import (
    FuzzyTarget,
    PatternTarget,
    PhraseTarget,
    StemTarget,
    TargetRecipe,
    WordTarget,
)
from arsearch.search.ranking import Ranking
from arsearch.snippets import AnyMatcher, SetMatcher, TermMatcher, WordMatcher
from arsearch.snippets.vocalisation import vowels

if TYPE_CHECKING:
    from arsearch.model.explanations import Step

__all__ = ["ScoredClauseBuilder", "WordPart"]

_LONGEST_PATTERN = 256
_LONGEST_FUZZY = 64  # letters; the work grows with the square of their number

_Fields = tuple[str, ...]
_Single = TypeVar("_Single", TermsClause, WordClause, SurfaceFormClause)


class WordPart(NamedTuple):
    """One position of a word, with the written word and the term at the position."""

    position: int
    word: str
    term: Term


@dataclass(frozen=True, slots=True)
class ScoredClauseBuilder:
    """Builds the scored clauses of one query; a clause without anything to look up is `None`.

    `floor` is the loosest level that words match at; if they are `related`, their roots are looked up beside the stem
    level. `forms` caches analysed words, and the words of the query are added. A pattern expands to at most
    `max_expansions` terms. In a `question`, frame words weigh less. `targets` and `notes` collect the recipes of highlights
    and the notes for the user, in the order of the query.
    """

    analyzer: ArabicAnalyzer
    ranking: Ranking
    floor: Level
    forms: MutableMapping[str, Form]
    max_expansions: int | None
    question: bool = False
    targets: list[TargetRecipe] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    related: bool = False

    def word(self, node: tree.Word, fields: _Fields) -> ScoredClause | None:
        """Return the clause of a word: the weighted sum of its levels."""
        text, level = node.text, node.level
        floor = self.floor if level is None else _floor_of(level)
        parts = self.parts([text], exact=floor > Level.NORMALISED)
        if not parts:
            return None
        if node.correction is not None:
            return self._corrected(node, node.correction, floor, fields)
        terms = tuple(part.term for part in parts)
        stop = level is None and all(term.stop for term in terms)
        frame = not stop and self.is_frame_word(text)
        weight = self.ranking.stop_weight if stop else self.ranking.frame_weight if frame else 1.0
        roots = self._named_roots(terms, text) if level == Level.ROOT else ()
        by_root = (self.related or floor == Level.ROOT) and level is None and not _is_function_word(terms)
        named = len(terms) > 1 or bool(node.spellings)
        related = self.related and by_root and not named
        target = self._mark(WordTarget(terms, text, floor, roots, fields, weight, related))
        levels, synonyms = self._levels(node, parts, floor, roots, fields)
        if by_root:
            _add_root_level(levels, self.ranking.root_weight, "" if named else terms[0].stem)
        if node.spellings:
            synonyms = (*synonyms, *self._add_spellings(levels, node.spellings, fields))
        vocalised = self.ranking.vocalised_weight
        if vocalised and floor <= Level.NORMALISED and vowels(text):
            levels.insert(0, (vocalised, _as_written(parts, Level.VOCALISED)))
        weighed = tuple((weight * share, clause) for share, clause in levels)
        reasons = (_step("weight", f"{weight:g}", "a word of the question's frame"),) if frame else ()
        return ScoredClause(weighed, fields, stop, Origin(node, (text,), target, synonyms, reasons), related)

    def is_frame_word(self, text: str) -> bool:
        """Return whether a word belongs to the frame of the query's question."""
        return self.question and is_frame_word(text)

    def _corrected(self, node: tree.Word, correction: str, floor: Level, fields: _Fields) -> ScoredClause | None:
        """Return the clause of the likelier spelling of a word that no article has."""
        words = self.analyzer.tokenizer.words(correction)
        parts = self.parts(words)
        if not parts:
            return None
        target = self._mark(StemTarget(tuple(part.term.stem for part in parts), Level.CORRECTION, fields))
        levels, _ = self._levels(node, parts, floor, (), fields)
        if self.related and not _is_function_word([part.term for part in parts]):
            weight, stems = levels.pop()  # its stems count for its root too, as those of a compound do
            levels.append((weight + self.ranking.root_weight, stems))
        weighed = tuple((self.ranking.correction_weight * share, clause) for share, clause in levels)
        reason = _step("corrected", correction, f"no article has {node.text}")
        return ScoredClause(weighed, fields, origin=Origin(node, (node.text,), target, reasons=(reason,)))

    def _levels(
        self, node: tree.Word, parts: Sequence[WordPart], floor: Level, roots: Sequence[_Fields], fields: _Fields
    ) -> tuple[list[tuple[float, TermClause]], tuple[TargetRecipe, ...]]:
        """Return the weighted levels of a word, and the targets of its synonyms."""
        ranking = self.ranking
        if floor > Level.NORMALISED:
            return [(1.0, _as_written(parts, floor))], ()
        normalised = _terms(parts, NORMALISED)
        if floor == Level.NORMALISED:
            return [(1.0, normalised)], ()
        levels: list[tuple[float, TermClause]] = [(ranking.normalised_weight, normalised)]
        if floor == Level.WORD:
            words = [(part.position, WordClause(part.term.stem, part.term.word)) for part in parts]
            return [*levels, (ranking.stem_weight, _in_row(words))], ()
        stems, synonyms = self._stems(_terms(parts, STEM), node.also, fields)
        levels += stems
        if node.level == Level.ROOT:
            own = [(part.position, TermsClause(STEM, stems)) for part, stems in zip(parts, roots, strict=True)]
            levels.append((ranking.root_weight, _in_row(own)))
        return levels, synonyms

    def _named_roots(self, terms: Sequence[Term], text: str) -> tuple[tuple[str, ...], ...]:
        stems = tuple(stems_of_named_root(text, term.stem) for term in terms)
        if all(own == (term.stem,) for own, term in zip(stems, terms, strict=True)):
            self.notes.append(f"no root of {text!r} is known; it was looked up by its stem")
        return stems

    def _stems(
        self, own: TermsClause | PhraseClause, also: Sequence[str], fields: _Fields
    ) -> tuple[list[tuple[float, TermClause]], tuple[TargetRecipe, ...]]:
        """Return the stem level of a word and its synonyms `also`, and the targets of the synonyms."""
        weight = self.ranking.stem_weight
        others = [parts for text in also if (parts := self.parts(self.analyzer.tokenizer.words(text)))]
        if not others:
            return [(weight, own)], ()
        targets = tuple(
            self._mark(StemTarget(tuple(part.term.stem for part in parts), Level.SYNONYM, fields)) for parts in others
        )
        together = UnionClause((own, *(_terms(parts, STEM) for parts in others)))
        share = self.ranking.synonym_share
        if share < 1:
            return [(weight * (1 - share), own), (weight * share, together)], targets
        return [(weight, together)], targets

    def _add_spellings(
        self, levels: list[tuple[float, TermClause]], stems: Sequence[str], fields: _Fields
    ) -> tuple[TargetRecipe, ...]:
        """Add other spellings of a foreign name to a share of its last level, and return their targets."""
        (weight, own), share = levels.pop(), self.ranking.variant_share
        alternatives = own.clauses if isinstance(own, UnionClause) else (own,)
        together = UnionClause((*alternatives, TermsClause(STEM, tuple(stems))))
        levels += [(weight * (1 - share), own), (weight * share, together)]
        return tuple(self._mark(StemTarget((stem,), Level.SYNONYM, fields)) for stem in stems)

    def phrase(self, node: tree.Phrase, fields: _Fields) -> ScoredClause | None:
        """Return the clause of a quoted phrase in any of its spellings."""
        from arsearch.query.spellings import spellings_of_phrase  # few searches have phrases

        words, slop, kind = node.words, node.slop, node.kind
        floor = Level.STEM if kind == "stemmed" else Level.VOCALISED if kind == "literal" else Level.NORMALISED
        if kind == "normal" and self.floor > Level.NORMALISED:
            kind, floor = "literal", self.floor
        exact = kind == "literal"
        if not self.parts(words, exact=exact):
            return None
        clauses: list[TermsClause | SurfaceFormClause | PhraseClause] = []
        targets: list[TargetRecipe] = []
        for spelling in spellings_of_phrase(words, self.form, exact=exact):
            parts = list(self._phrase_words(self.parts(spelling, exact=exact), slop, kind, floor))
            in_row = tuple((position, word) for position, word, _ in parts)
            clauses.append(PhraseClause(in_row, slop) if len(in_row) > 1 else in_row[0][1])
            targets.append(self._mark(PhraseTarget(tuple(matcher for *_, matcher in parts), slop, fields)))
        clause: TermClause = clauses[0] if len(clauses) == 1 else UnionClause(tuple(clauses), "phrase")
        origin = Origin(node, words, targets[0], tuple(targets[1:]))
        return ScoredClause(((1.0 + self.ranking.normalised_weight, clause),), fields, origin=origin)

    def _phrase_words(
        self, parts: Sequence[WordPart], slop: int, kind: tree.PhraseKind, floor: Level
    ) -> Iterator[tuple[int, TermsClause | SurfaceFormClause, WordMatcher]]:
        """Yield the position, the clause and the matcher of each word of a phrase."""
        from arsearch.analyzers.phrase_spellings import word_spellings  # few searches have phrases

        for number, (position, word, term) in enumerate(parts):
            exact = TermMatcher.of(term, word, floor)
            if kind == "literal":
                yield position, SurfaceFormClause(exact), exact
                continue
            if kind == "stemmed":
                yield position, TermsClause(STEM, (term.stem,)), exact
                continue
            following = parts[number + 1].term if number + 1 < len(parts) else None
            free = number == 0 or slop > 0
            spellings = word_spellings(term, following, proclitics=free, names=self.analyzer.names)
            matcher: WordMatcher = exact
            if len(spellings) > 1:
                matcher = AnyMatcher((exact, SetMatcher(frozenset(spellings[1:]), Level.WORD)))
            yield position, TermsClause(NORMALISED, spellings), matcher

    def pattern(self, node: tree.Prefix | tree.Wildcard, pattern: str, fields: _Fields) -> ScoredClause | None:
        """Return the clause of the words that match a pattern of letters, `*` and `?`."""
        normalise = self.analyzer.normalizer.normalise
        normal = "".join(piece if piece in ("*", "?") else normalise(piece) for piece in re.split(r"([*?])", pattern))
        if not normal.strip("*"):
            self.notes.append(f"the pattern {pattern!r} has no letters and was left out")
            return None
        if len(normal) > _LONGEST_PATTERN:
            self.notes.append(f"a pattern of {len(normal):,} letters was left out; the longest has {_LONGEST_PATTERN}")
            return None
        clause = PatternClause(normal, self.max_expansions)
        origin = Origin(node, (), self._mark(PatternTarget(normal, fields)))
        return ScoredClause(((1.0, clause),), fields, origin=origin)

    def fuzzy(self, node: tree.Fuzzy, fields: _Fields) -> ScoredClause | None:
        """Return the clause of the words within an edit distance."""
        text, distance = node.text, node.distance
        parts = self.parts([text])
        if not parts:
            return None
        term = parts[0].term
        if len(term.normalised) > _LONGEST_FUZZY:
            self.notes.append(f"a word of {len(term.normalised):,} letters was not matched loosely")
            return self.word(tree.Word(text, Level.NORMALISED), fields)
        if len(parts) > 1:
            self.notes.append(f"{text!r} is several words; only the first was matched loosely")
        exact = TermsClause(NORMALISED, (term.normalised,))
        near = FuzzyClause(term.normalised, distance, self.max_expansions)
        origin = Origin(node, (text,), self._mark(FuzzyTarget(term.normalised, distance, fields)))
        return ScoredClause(((1.0, exact), (self.ranking.fuzzy_weight, near)), fields, origin=origin)

    def _mark(self, recipe: TargetRecipe) -> TargetRecipe:
        self.targets.append(recipe)
        return recipe

    def form(self, word: str) -> Form:
        """Return the analysis of a word, from `forms` if it is there."""
        form = self.forms.get(word)
        if form is None:
            form = self.forms[word] = self.analyzer.form(word)
        return form

    def parts(self, words: Sequence[str], *, exact: bool = False) -> list[WordPart]:
        """Return one part for each position of `words`.

        If several terms share a position, as a hashtag and its first part do, the last term counts: the part. If
        `exact`, the whole hashtag counts, and none of its parts.
        """
        if len(words) == 1 and len((form := self.form(words[0])).terms) == 1:  # nearly every word
            term = form.terms[0]
            return [WordPart(term.offset, words[0], term)]
        parts: dict[int, WordPart] = {}
        start = 0
        for word in words:
            form = self.form(word)
            for term in (form.tag,) if exact and form.tag else form.terms:
                parts[start + term.offset] = WordPart(start + term.offset, word, term)
            start += form.width
        return list(parts.values())


def _step(name: str, result: str, reason: str) -> Step:
    from arsearch.model.explanations import Step  # few searches need it

    return Step(name, result, reason)


def _is_function_word(terms: Sequence[Term]) -> bool:
    return all(term.stop or is_function_word(term.normalised) for term in terms)


def _add_root_level(levels: list[tuple[float, TermClause]], weight: float, stem: str) -> None:
    """Add the root of a stem to a word's levels, the last of which is the stem level with its synonyms.

    A compound or a foreign name has no root, and its `stem` is empty: its stem level counts once more instead.
    """
    stem_weight, stems = levels[-1]
    if not stem:
        levels[-1] = stem_weight + weight, stems
        return
    root = RootClause(stem)
    levels.append((weight, UnionClause((root, *stems.clauses[1:])) if isinstance(stems, UnionClause) else root))


def _floor_of(level: Level) -> Level:
    """Return the loosest match level of a word with its own level; `=` needs the word as written, marks included."""
    return Level.VOCALISED if level is Level.SURFACE else level


def _terms(parts: Sequence[WordPart], level: str) -> TermsClause | PhraseClause:
    return _in_row(
        [
            (part.position, TermsClause(level, (part.term.normalised if level == NORMALISED else part.term.stem,)))
            for part in parts
        ]
    )


def _as_written(parts: Sequence[WordPart], floor: Level) -> SurfaceFormClause | PhraseClause:
    return _in_row([(part.position, SurfaceFormClause(TermMatcher.of(part.term, part.word, floor))) for part in parts])


def _in_row(clauses: Sequence[tuple[int, _Single]]) -> _Single | PhraseClause:
    """Return the only clause, or the phrase of several."""
    return clauses[0][1] if len(clauses) == 1 else PhraseClause(tuple(clauses))
