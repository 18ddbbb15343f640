"""What a query may have meant: likelier words out of the index's own, the other keyboard, spaces put in or left out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product, zip_longest
from typing import NamedTuple

from arsearch.analyzers import ArabicAnalyzer, Term
from arsearch.analyzers.stemming.lexicon import lexicon
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.suggest.candidates import Candidate, CandidateGenerator
from arsearch.index.suggest.keyboard_layout import retype_on_other_layout
from arsearch.model import Correction
from arsearch.query import And, Bag, InField, Node, Or, Phrase, Word, parse

__all__ = ["Corrector"]

_MARGIN = 1.0
_MARGIN_BESIDE = 3.0
"""By how much likelier a word must be than one that articles have; the second beside words that none has."""

_FAR = 1.0
"""What the mistake may not take that made a word of the lexicon out of another: few far ones leave a word behind."""

_BEHIND = 4.0
"""By how much a proposal may be less likely than the best."""

_READ = 1_000
"""Characters of a query that may change, its first: each of up to `_COUNTED` proposals is analysed whole."""

_WORDS = 16
"""Words of a query that are looked at, its first."""

_TRIED = 24
_TRIED_KNOWN = 3
"""Combinations for the words that no article has, and words for each one that some have."""

_COUNTED = 40
"""Combinations for which the articles are counted that have all the words."""


class _Correctable(NamedTuple):
    """A stretch of the query and what may stand there, likeliest first; `missing` if no article has what does."""

    start: int
    end: int
    missing: bool
    choices: tuple[Candidate, ...]


_Change = tuple[_Correctable, Candidate]
_read = re.compile(rf".{{0,{_READ}}}(?<!\S)", re.DOTALL).match


class Corrector:
    """Makes proposals for one query on one snapshot."""

    def __init__(self, reader: IndexReader, analyzer: ArabicAnalyzer) -> None:
        self._kinds = reader.schema.kinds
        self._analyzer = analyzer
        self._words = CandidateGenerator(reader, analyzer)

    def correct(self, text: str, limit: int) -> Correction:
        """See `arsearch.Index.correct`."""
        parsed = parse(text, fields=self._kinds, words=self._analyzer.tokenizer.words)
        words = list(dict.fromkeys(self._wanted(parsed.root) if parsed.root else ()))
        missing = [word for word in words if not self._words.known(word)]
        head = _head(text)
        other = self._other_keyboard(head) if missing else None
        queries = [other] if other else self._likelier(head, self._slots(head, words, missing), limit)
        kept = [word for word in words if word not in missing]
        meant = any(not term.stop for word in kept for term in self._analyzer.form(word).terms)
        relaxed = " ".join(kept) if meant and kept != text.split() else None
        rest = text[len(head) :]
        return Correction(text, tuple(missing), tuple(query + rest for query in queries[:limit]), relaxed)

    def _wanted(self, node: Node) -> Iterator[str]:
        """The words looked for in texts, in order."""
        match node:
            case Word(text):
                yield text
            case Phrase(words):
                yield from words
            case Bag(clauses):
                for clause in clauses:
                    if clause.occur != "must_not":
                        yield from self._wanted(clause.node)
            case And(children) | Or(children):
                for child in children:
                    yield from self._wanted(child)
            case InField(field, child) if self._kinds.get(field) == "text":
                yield from self._wanted(child)

    def _other_keyboard(self, text: str) -> str | None:
        """The text as on the other keyboard, if all its words are there that way; else its pieces of which that is so."""
        meant = self._meant(text)
        if meant is None:
            pieces = re.split(r"(\s+)", text)
            meant = "".join(self._meant(piece) or piece for piece in pieces)
        return meant if meant != text else None

    def _meant(self, piece: str) -> str | None:
        words = self._analyzer.tokenizer.words
        meant = retype_on_other_layout(piece) if not all(map(self._words.known, words(piece))) else None
        return meant if meant and words(meant) and all(map(self._words.known, words(meant))) else None

    def _slots(self, text: str, words: Sequence[str], missing: Sequence[str]) -> list[_Correctable]:
        """The stretches of the query that others may stand in the place of."""
        spans = [span for span in self._analyzer.tokenizer.spans(text) if text[slice(*span)] in words]
        slots: list[_Correctable] = []
        for (start, end), following in zip_longest(spans[:_WORDS], spans[1:_WORDS]):
            if slots and slots[-1].end > start:
                continue
            word = text[start:end]
            joined = self._joined(text, (start, end), following, missing) if following else None
            if joined and following:
                slots.append(_Correctable(start, following[1], missing=True, choices=(joined,)))
            elif choices := self._choices(word, word in missing, _MARGIN_BESIDE if missing else _MARGIN):
                slots.append(_Correctable(start, end, word in missing, tuple(choices)))
        return slots

    def _joined(
        self, text: str, span: tuple[int, int], following: tuple[int, int], missing: Sequence[str]
    ) -> Candidate | None:
        """Two neighbouring words as one, if that is likelier."""
        first, second = text[slice(*span)], text[slice(*following)]
        parts = [self._terms(word) for word in (first, second, first + second)]
        if (
            {*map(len, parts)} != {1}
            or text[span[1] : following[0]].strip()
            or (missing and not {first, second} & {*missing})
        ):
            return None
        left, right, whole = (terms[0].normalised for terms in parts)
        if not self._words.frequency(whole):
            return None
        joined = self._words.joined(whole)
        least = -math.inf if missing else math.log1p(self._words.adjacent((left, right))) + _MARGIN
        return joined if joined.score > least else None

    def _choices(self, word: str, missing: bool, margin: float) -> list[Candidate]:
        """What may stand in a word's place; where articles have the word, with scores above or below its own.

        For what the lexicon knows as a word (زلازل, be it that articles have زلزال alone) only the mistakes that people
        make most: it is likelier to be meant than زال is.
        """
        terms = self._terms(word)
        if len(terms) != 1 or terms[0].stop or terms[0].normalised.isdigit():
            return []
        found = self._words.candidates(terms[0].normalised, _TRIED)
        if terms[0].word in lexicon().entries or terms[0].normalised in lexicon().entries:
            found = [one for one in found if one.cost < _FAR]
        if missing:
            return found
        own = math.log1p(self._words.frequency(terms[0].normalised)) + margin
        # Another form of the same stem is found without being proposed.
        others = [one for one in found if len(one.terms) > 1 or self._terms(one.terms[0])[0].stem != terms[0].stem]
        return [one._replace(score=one.score - own) for one in others[:_TRIED_KNOWN]]

    def _terms(self, word: str) -> Sequence[Term]:
        return self._analyzer.form(word).terms

    def _likelier(self, text: str, slots: Sequence[_Correctable], limit: int) -> list[str]:
        """The text with something likely in the place of all that is missing, and of at most one word that is not.

        Words that keep company are likelier. Where nothing is missing, the text itself must be outdone.
        """
        doubtful = [slot for slot in slots if slot.missing]
        wide = max(1, int(_TRIED ** (1 / max(1, len(doubtful)))))
        bases: list[tuple[_Change, ...]] = [
            tuple(zip(doubtful, chosen, strict=True)) for chosen in product(*(slot.choices[:wide] for slot in doubtful))
        ]
        single: list[_Change] = [(slot, choice) for slot in slots if not slot.missing for choice in slot.choices]
        changes = [*bases, *((*base, one) for base in bases for one in single)]
        changes.sort(key=lambda changed: -_score(changed))
        scores = {
            changed: _score(changed) + self._words.pointwise_mutual_information(_filled(text, changed, " ".join))
            for changed in changes[:_COUNTED]
            if changed
        }
        least = -math.inf if doubtful else self._words.pointwise_mutual_information(text)
        least = max(least, max(scores.values(), default=0.0) - _BEHIND)
        ranked = sorted((one for one in scores if scores[one] > least), key=lambda one: -scores[one])
        # Of queries that find the same, the likeliest.
        distinct = {self._stems(_filled(text, changed, " ".join)): changed for changed in reversed(ranked)}
        chosen = [changed for changed in ranked if changed in distinct.values()][:limit]
        return [_filled(text, changed, self._words.written) for changed in chosen]

    def _stems(self, text: str) -> tuple[str, ...]:
        return tuple(token.term.stem for token in self._analyzer.analyze(text))


def _head(text: str) -> str:
    """Return the text, or of one longer than `_READ` characters what stands in them up to their last white space."""
    found = _read(text) if len(text) > _READ else None
    return found[0] if found else text


def _score(changes: Sequence[_Change]) -> float:
    return sum(choice.score for _, choice in changes)


def _filled(text: str, changes: Sequence[_Change], write: Callable[[tuple[str, ...]], str]) -> str:
    for slot, choice in sorted(changes, key=lambda change: -change[0].start):
        text = text[: slot.start] + write(choice.terms) + text[slot.end :]
    return text
