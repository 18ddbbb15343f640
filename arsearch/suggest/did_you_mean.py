"""Propose likelier queries: more likely words of the index, spaces added or removed, the other keyboard."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest

from arsearch.analyzers import ArabicAnalyzer, Term
from arsearch.analyzers.stemming.lexicon import lexicon
from arsearch.model import Correction
from arsearch.query import InField, Node, iter_words, parse
from arsearch.query.traversal import parts
from arsearch.suggest.candidates import Candidate, CandidateGenerator
from arsearch.suggest.keyboard_layout import retype_on_other_layout
from arsearch.suggest.replacements import (
    MAX_COMBINATIONS,
    Correctable,
    Replacements,
    combinations,
    replaced,
    score_of,
)
from arsearch.suggest.term_source import TermSource

__all__ = ["Corrector", "iter_text_words"]

_MARGIN = 1.0
"""The margin by which a word must outscore a word that articles have, in a query without missing words."""

_MARGIN_BESIDE_MISSING = 3.0
"""The same margin in a query with missing words."""

_MAX_LEXICON_COST = 1.0
"""A word of the lexicon is corrected only at less than this cost: expensive mistakes rarely leave a word behind."""

_MAX_RESPELLING_COST = 1.25
_RESPELLING_COST_OF_A_LETTER = 0.2
"""A search itself corrects a word at no more than this cost, and at no more than this cost for each letter of the word.

The short names of people and places that no article has are near other words by chance.
"""

_MARGIN_OF_CHANCE = 5.8
"""A search itself corrects a word only if the sum of its score and its letters is no further than this below the logarithm
of the number of articles.

More articles have more words, so more words are near a missing one by chance, and most are near a short one.
"""

_MAX_DEFICIT = 4.0
"""The largest difference between the scores of the best proposal and another one."""

_MAX_CHARACTERS = 1_000
"""The number of characters that may change, at the beginning of a query; each proposal is analysed as a whole."""

_MAX_WORDS = 16
"""The number of words that may change, at the beginning of a query."""

_MAX_CHOICES = 3
"""The maximum number of candidates for a word that articles have."""

_MAX_RANKED = 40
"""The maximum number of combinations whose words are looked up together."""


_read_head = re.compile(rf".{{0,{_MAX_CHARACTERS}}}(?<!\S)", re.DOTALL).match


class Corrector:
    """Corrects queries on one commit."""

    def __init__(self, source: TermSource, analyzer: ArabicAnalyzer) -> None:
        self._kinds = source.schema.kinds
        self._docs = source.documents
        self._analyzer = analyzer
        self._generator = CandidateGenerator(source, analyzer)

    def correct(self, text: str, limit: int) -> Correction:
        """Correct a query; see `arsearch.Index.correct`."""
        parsed = parse(text, fields=self._kinds, words=self._analyzer.tokenizer.words)
        words = list(dict.fromkeys(iter_text_words(parsed.root, self._kinds))) if parsed.root else []
        missing = [word for word, occurs in zip(words, self._generator.occur(words), strict=True) if not occurs]
        head = _head(text)
        retyped = self._retyped(head) if missing else None
        queries = [retyped] if retyped else self._proposals(head, words, missing, limit)
        rest = text[len(head) :]
        relaxed = self._relaxed(text, [word for word in words if word not in missing])
        return Correction(text, tuple(missing), tuple(query + rest for query in queries[:limit]), relaxed)

    def respell(self, words: Sequence[str], missing: Collection[str]) -> dict[str, str]:
        """Return a likelier spelling of each of the missing words that has one; see `CorrectView.respell`."""
        text, missing = _head(" ".join(words)), [*missing]

        def cheap(word: str) -> list[Candidate]:
            if word not in missing or not self._terms(word):
                return []
            letters = len(self._terms(word)[0].word)
            most = min(_MAX_RESPELLING_COST, _RESPELLING_COST_OF_A_LETTER * letters)
            least = math.log1p(self._docs) - _MARGIN_OF_CHANCE - letters
            return [one for one in self._candidates(word, True, 0.0) if one.cost <= most and one.score >= least]

        ranked = self._ranked(text, self._correctables(text, words, missing, cheap), 1)
        return {
            word: self._generator.surface_form(candidate.terms)
            for span, candidate in (ranked[0] if ranked else ())
            for word in self._analyzer.tokenizer.words(text[span.start : span.end])
            if word in missing
        }

    def _relaxed(self, text: str, words: list[str]) -> str | None:
        """Return the words that articles have as a query; `None` for stop words alone, or if the text has no other words."""
        significant = any(not term.stop for word in words for term in self._terms(word))
        return " ".join(words) if significant and words != text.split() else None

    def _retyped(self, text: str) -> str | None:
        """Return the text as typed on the other keyboard, if all its words then occur; else retype the pieces whose words do."""
        self._generator.occur(self._analyzer.tokenizer.words(f"{text} {retype_on_other_layout(text) or ''}"))
        retyped = self._retyped_piece(text)
        if retyped is None:
            pieces = re.split(r"(\s+)", text)
            retyped = "".join(self._retyped_piece(piece) or piece for piece in pieces)
        return retyped if retyped != text else None

    def _retyped_piece(self, piece: str) -> str | None:
        if self._all_occur(self._analyzer.tokenizer.words(piece)):
            return None
        retyped = retype_on_other_layout(piece)
        words = self._analyzer.tokenizer.words(retyped) if retyped else []
        return retyped if words and self._all_occur(words) else None

    def _all_occur(self, words: Sequence[str]) -> bool:
        return all(self._generator.occur(words))

    def _correctables(
        self, text: str, words: Sequence[str], missing: Sequence[str], candidates_of: Callable[[str], list[Candidate]]
    ) -> list[Correctable]:
        """Return the spans of the query that have candidates: single words by `candidates_of`, and two words as one."""
        spans = [span for span in self._analyzer.tokenizer.spans(text) if text[slice(*span)] in words]
        self._look_up_joined(text, spans[:_MAX_WORDS])
        correctables: list[Correctable] = []
        for (start, end), following in zip_longest(spans[:_MAX_WORDS], spans[1:_MAX_WORDS]):
            if correctables and correctables[-1].end > start:
                continue
            word = text[start:end]
            joined = self._joined(text, (start, end), following, missing) if following else None
            if joined and following:
                correctables.append(Correctable(start, following[1], missing=True, candidates=(joined,)))
            elif candidates := candidates_of(word):
                correctables.append(Correctable(start, end, word in missing, tuple(candidates)))
        return correctables

    def _look_up_joined(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        """Ask for the frequencies of neighbouring words as one, and of single words, all at once."""
        single = [text[slice(*span)] for span in spans]
        words = [*single, *map("".join, pairwise(single))]
        self._generator.look_up(term.normalised for word in words for term in self._terms(word))

    def _joined(
        self, text: str, span: tuple[int, int], following: tuple[int, int], missing: Sequence[str]
    ) -> Candidate | None:
        """Return two neighbouring words as one, if that is more likely."""
        first, second = text[slice(*span)], text[slice(*following)]
        terms = [self._terms(word) for word in (first, second, first + second)]
        if (
            {*map(len, terms)} != {1}
            or text[span[1] : following[0]].strip()
            or (missing and not {first, second} & {*missing})
        ):
            return None
        left, right, whole = (one[0].normalised for one in terms)
        if not self._generator.frequency(whole):
            return None
        joined = self._generator.joined(whole)
        minimum = -math.inf if missing else math.log1p(self._generator.adjacent([(left, right)])[0]) + _MARGIN
        return joined if joined.score > minimum else None

    def _candidates(self, word: str, missing: bool, margin: float) -> list[Candidate]:
        """Return the candidates for a word; for a word that articles have, scores are relative to its own.

        A word of the lexicon or the dictionary has only the candidates of cheap mistakes. زلازل is more likely than زال to be
        meant, even if articles have only زلزال.
        """
        terms = self._terms(word)
        if len(terms) != 1 or terms[0].stop or terms[0].normalised.isdigit():
            return []
        candidates = self._generator.candidates(terms[0].normalised, MAX_COMBINATIONS)
        known, own_words = lexicon().entries, self._analyzer.dictionary
        if any(form in known or form in own_words for form in (terms[0].word, terms[0].normalised)):
            candidates = [one for one in candidates if one.cost < _MAX_LEXICON_COST]
        if missing:
            return candidates
        own = math.log1p(self._generator.frequency(terms[0].normalised)) + margin
        # The query finds other forms of the same stem as it is.
        others = [one for one in candidates if len(one.terms) > 1 or self._terms(one.terms[0])[0].stem != terms[0].stem]
        return [one._replace(score=one.score - own) for one in others[:_MAX_CHOICES]]

    def _terms(self, word: str) -> Sequence[Term]:
        return self._analyzer.form(word).terms

    def _proposals(self, text: str, words: Sequence[str], missing: Sequence[str], limit: int) -> list[str]:
        """Return at most `limit` proposals, best first."""
        margin = _MARGIN_BESIDE_MISSING if missing else _MARGIN

        def likelier(word: str) -> list[Candidate]:
            return self._candidates(word, word in missing, margin)

        ranked = self._ranked(text, self._correctables(text, words, missing, likelier), limit)
        return [replaced(text, replacements, self._generator.surface_form) for replacements in ranked]

    def _ranked(self, text: str, correctables: Sequence[Correctable], limit: int) -> list[Replacements]:
        """Return the replacements of at most `limit` proposals, best first.

        A proposal replaces all missing words, and at most one word that articles have. It scores higher if its words occur
        together. If no word is missing, it must score higher than the text itself.
        """
        likeliest = sorted(combinations(correctables), key=score_of, reverse=True)[:_MAX_RANKED]
        chosen = [replacements for replacements in likeliest if replacements]
        if not chosen:
            return []
        texts = [text, *(replaced(text, replacements, " ".join) for replacements in chosen)]
        own, *together = self._generator.pointwise_mutual_information(texts)
        scores = {one: score_of(one) + bonus for one, bonus in zip(chosen, together, strict=True)}
        minimum = max(scores.values()) - _MAX_DEFICIT
        if not any(one.missing for one in correctables):
            minimum = max(minimum, own)
        ranked = sorted((one for one in scores if scores[one] > minimum), key=lambda one: -scores[one])
        best: dict[tuple[str, ...], Replacements] = {}  # of proposals that find the same articles, the best one
        for replacements in ranked:
            best.setdefault(self._stems(replaced(text, replacements, " ".join)), replacements)
        return [*best.values()][:limit]

    def _stems(self, text: str) -> tuple[str, ...]:
        return tuple(token.term.stem for token in self._analyzer.analyze(text))


def iter_text_words(node: Node, kinds: Mapping[str, str]) -> Iterator[str]:
    """Yield the words that a query searches in analysed text, in order; `kinds` maps fields to their kinds.

    Exclusions, patterns and the words of keyword fields are left out.
    """
    if isinstance(node, InField) and kinds.get(node.field) != "text":
        return
    clauses = parts(node)
    if not clauses:
        yield from iter_words(node)
    for clause in clauses:
        if clause.occur != "must_not":
            yield from iter_text_words(clause.node, kinds)


def _head(text: str) -> str:
    """Return the text or, if it has more than `_MAX_CHARACTERS`, its start up to the last white space among these."""
    head = _read_head(text) if len(text) > _MAX_CHARACTERS else None
    return head[0] if head else text
