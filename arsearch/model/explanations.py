"""Why an article has its place among the answers: its score as a sum, word for word.

Every sum is made of the figures printed beside it: `Explanation.score` is that of its words and pairs, a word's that of
its lists, a list's that of `arsearch.search.ranking`'s formula. A hit's own score is the same to 32-bit precision.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from arsearch.model.spans import Level, Span

__all__ = ["Explanation", "FieldCount", "Listed", "MatchedForm", "Role", "Step", "WordExplanation"]

Role = Literal["wanted", "required", "extra", "excluded"]
"""What a query wants with a word; `extra` are stop words beside others, which only add to the score."""


class Step(NamedTuple):
    """A step of a word's analysis: what it is called, what it gave, and why; an empty `why` where the name says it."""

    name: str
    result: str
    why: str = ""


class MatchedForm(NamedTuple):
    """A written form in the article, the strictest level at which it matched, and how often it stands there."""

    text: str
    level: Level
    times: int


@dataclass(frozen=True, slots=True)
class FieldCount:
    """How often something stands in one field of the article, and what that is worth.

    `length` is the field's in positions, `average` its mean over the articles that have it, `weight` and `b` are the
    field's constants. The frequency of a pair of words is a fraction where others stand between them.
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
        """As JSON values."""
        names = ("field", "frequency", "length", "average", "weight", "b")
        return {name: getattr(self, name) for name in names} | {"tf": self.tf}


@dataclass(frozen=True, slots=True)
class Listed:
    """What one posting list, or a phrase, a pattern or a pair of words made of several, adds to the score.

    `kind` says which: "normalised", "word", "stem", "phrase", "pattern", "fuzzy" or "pair"; `sought` what was looked
    up. It stands in `articles` of all `total`, which gives its `idf`; `fields` are those of this article that have it,
    and without any the score is 0.
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
        """`weight * idf * tf * (k1 + 1) / (k1 + tf)`, with the `tf` of all fields together."""
        tf = math.fsum(field.tf for field in self.fields)
        return self.weight * self.idf * tf * (self.k1 + 1) / (self.k1 + tf) if tf else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        names = ("kind", "sought", "articles", "total", "idf", "weight", "k1", "score")
        return {name: getattr(self, name) for name in names} | {"fields": [field.to_dict() for field in self.fields]}


@dataclass(frozen=True, slots=True)
class WordExplanation:
    """A word, phrase or pattern of the query, and what it does for the article.

    `steps` has the analysis of each word in it, those of one after those of another. `forms` are the written words it
    matched, the strictest and commonest first; `spans` where they stand, field after field, each in order. Values of a
    field with several have forms, but no spans. `counted` is false where it adds nothing whatever it matched: it is
    excluded, or of a part of the query that the article does not satisfy.
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
        """The strictest level at which it matched; `None` if it did not."""
        return max((form.level for form in self.forms), default=None)

    @property
    def score(self) -> float:
        """What it adds to the article's."""
        return math.fsum(listed.score for listed in self.lists) if self.counted else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
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
    """Why one article has its score for one query.

    `matched` tells whether the query finds it at all; its words are explained in any case. `complete` is as in `Hit`.
    `pairs` are neighbouring words of the query that stand near each other in the article.
    """

    query: str
    id: str
    title: str
    matched: bool
    complete: bool
    words: tuple[WordExplanation, ...]
    pairs: tuple[Listed, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The sum of `words` and `pairs`: the hit's score, where the query finds the article."""
        return math.fsum((*(word.score for word in self.words), *(pair.score for pair in self.pairs)))

    def to_dict(self) -> dict[str, Any]:
        """As JSON values, as `arsearch explain --json` prints it."""
        return {
            "query": self.query,
            "id": self.id,
            "title": self.title,
            "matched": self.matched,
            "complete": self.complete,
            "score": self.score,
            "words": [word.to_dict() for word in self.words],
            "pairs": [pair.to_dict() for pair in self.pairs],
            "notes": list(self.notes),
        }
