"""The score of one article for one query, as a sum over the words of the query.

Each score is the sum of the scores below it: an explanation's over its words and bonuses, a word's over its posting lists.
The score of a posting list is the formula of `arsearch.search.ranking`. The hit's own score is the same to 32-bit
precision.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from arsearch.model.spans import Level, Span

__all__ = [
    *("Bonus", "Explanation", "FieldCount", "Listed", "MatchedForm", "Recency", "Role", "Step", "WordExplanation"),
]

Role = Literal["wanted", "required", "extra", "excluded"]
"""The role of a word in the query; `extra` words are stop words next to other words, and only add to the score."""


class Step(NamedTuple):
    """A step of a word's analysis: its name, its result, and the reason, which is empty if the name says it."""

    name: str
    result: str
    why: str = ""


class MatchedForm(NamedTuple):
    """A written form that matches, the strictest level at which it does, and how often it occurs in the article."""

    text: str
    level: Level
    times: int


@dataclass(frozen=True, slots=True)
class FieldCount:
    """The frequency of a term, phrase or pair in one field of the article, and the figures that normalise it.

    `length` is the length of the field in positions, `average` the mean length over the articles that have the field;
    `weight` and `b` are the constants of the field. The frequency of a pair is a fraction if other words come between
    its words.
    """

    field: str
    frequency: float
    length: int
    average: float
    weight: float
    b: float

    @property
    def tf(self) -> float:
        """The frequency, weighted and normalised by length."""
        return self.weight * self.frequency / (1 - self.b + self.b * self.length / self.average)

    def to_dict(self) -> dict[str, Any]:
        """Return the field's figures as JSON values."""
        names = ("field", "frequency", "length", "average", "weight", "b")
        return {name: getattr(self, name) for name in names} | {"tf": self.tf}


@dataclass(frozen=True, slots=True)
class Listed:
    """The score of one posting list, or of the several lists of a phrase, a pattern or a pair of words.

    `kind` is "normalised", "word", "stem", "phrase", "pattern", "fuzzy" or "pair", and `sought` is the term or text that
    was looked up. It occurs in `articles` of all `total` articles, which gives its `idf`. `fields` are the fields of this
    article in which it occurs; without any the score is 0.
    """

    kind: str
    sought: str
    articles: int
    total: int
    idf: float
    weight: float
    k1: float
    fields: tuple[FieldCount, ...]

    @property
    def score(self) -> float:
        """The score `weight * idf * tf * (k1 + 1) / (k1 + tf)`, where `tf` is the sum over the fields."""
        tf = math.fsum(field.tf for field in self.fields)
        return self.weight * self.idf * tf * (self.k1 + 1) / (self.k1 + tf) if tf else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the figures and the score as JSON values."""
        names = ("kind", "sought", "articles", "total", "idf", "weight", "k1", "score")
        return {name: getattr(self, name) for name in names} | {"fields": [field.to_dict() for field in self.fields]}


@dataclass(frozen=True, slots=True)
class Recency:
    """The bonus of a recent article, in a search that asks for recency.

    `date` is the article's date in ISO 8601, in UTC if it has a time zone. `age` counts days from the newest article of
    the index to this one; the bonus is `weight` at age 0 and halves in each `half_life`, in days.
    """

    date: str
    age: float
    half_life: float
    weight: float

    @property
    def score(self) -> float:
        """The bonus `weight * 2 ** (-age / half_life)`."""
        return self.weight * math.exp2(-self.age / self.half_life)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures and the bonus as JSON values."""
        return {name: getattr(self, name) for name in ("date", "age", "half_life", "weight", "score")}


Bonus = Listed | Recency
"""The part of a score that a signal adds."""


@dataclass(frozen=True, slots=True)
class WordExplanation:
    """A word, phrase or pattern of the query, and its share of the article's score.

    `steps` has the analysis of each of its words, one word after another. `forms` are the written words that match, the
    strictest first and then the most frequent. `spans` are their offsets, field by field and in order; a field with
    several values has forms but no spans. If `counted` is false, the word adds nothing, whatever it matches: it is
    excluded, or belongs to a part of the query that the article does not satisfy.
    """

    text: str
    role: Role
    counted: bool
    steps: tuple[Step, ...]
    forms: tuple[MatchedForm, ...]
    spans: tuple[Span, ...]
    lists: tuple[Listed, ...]

    @property
    def level(self) -> Level | None:
        """The strictest level at which the word matches; `None` if it does not match."""
        return max((form.level for form in self.forms), default=None)

    @property
    def score(self) -> float:
        """The share of the article's score."""
        return math.fsum(listed.score for listed in self.lists) if self.counted else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the word's explanation as JSON values."""
        return {
            "text": self.text,
            "role": self.role,
            "counted": self.counted,
            "level": self.level.label if self.level else None,
            "score": self.score,
            "steps": [step._asdict() for step in self.steps],
            "forms": [form._asdict() | {"level": form.level.label} for form in self.forms],
            "spans": [span._asdict() | {"level": span.level.label} for span in self.spans],
            "lists": [listed.to_dict() for listed in self.lists],
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one article's score for one query.

    `matched` tells whether the query finds the article; its words are explained in either case. `complete` is as in
    `Hit`. `pairs` are neighbouring words of the query that occur close to each other in the article. `recency` is the
    bonus of the article's date; `None` if the search does not ask for it, or the article has no date. If `partial`, time
    ran out: words, their forms and pairs may be missing, the score may be too low, and `matched` wrong; `notes` say so.
    """

    query: str
    id: str
    title: str
    matched: bool
    complete: bool
    words: tuple[WordExplanation, ...]
    pairs: tuple[Listed, ...] = ()
    notes: tuple[str, ...] = ()
    recency: Recency | None = None
    partial: bool = False

    @property
    def score(self) -> float:
        """The sum over all parts; if the query finds the article, the score of the hit."""
        return math.fsum(part.score for part in self.parts)

    @property
    def parts(self) -> tuple[WordExplanation | Bonus, ...]:
        """The parts of the score: `words`, `pairs` and `recency`."""
        return (*self.words, *self.pairs, *([] if self.recency is None else [self.recency]))

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON values, as `arsearch explain --json` prints it."""
        return {
            "query": self.query,
            "id": self.id,
            "title": self.title,
            "matched": self.matched,
            "complete": self.complete,
            "partial": self.partial,
            "score": self.score,
            "words": [word.to_dict() for word in self.words],
            "pairs": [pair.to_dict() for pair in self.pairs],
            "recency": None if self.recency is None else self.recency.to_dict(),
            "notes": list(self.notes),
        }
