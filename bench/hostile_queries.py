"""Queries of a fixed length that cost as much as they can, in every form of the query language.

A query repeats one to three forms with a few words. The words are the most frequent of the corpus, so that each part
matches most articles: stop words, and the letters, beginnings and endings that most words have. The same corpus and seed
give the same queries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from random import Random
from typing import Any

__all__ = ["FORMS", "frequent_words", "hostile_queries"]

_WORD = re.compile("[ء-ي]{2,}")
_SAMPLE = 2_000
"""The articles whose words are counted."""

_FREQUENT = 400
"""The most frequent words, stop words among them, that queries are made of."""

_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def frequent_words(articles: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the most frequent words of the first articles, the most frequent first."""
    counts: Counter[str] = Counter()
    for article in islice(articles, _SAMPLE):
        counts.update(_WORD.findall(f"{article.get('title', '')} {article.get('body', '')}"))
    return [word for word, _ in counts.most_common(_FREQUENT)]


class _Words:
    """The words of one query: a few of the frequent ones."""

    def __init__(self, random: Random, frequent: list[str]) -> None:
        self.random = random
        # Half of the queries have stop words alone: the first words are the most frequent.
        pool = frequent[:30] if random.random() < 0.5 else frequent
        self._own = random.sample(pool, min(random.randint(1, 12), len(pool)))

    def one(self) -> str:
        return self.random.choice(self._own)

    def some(self, most: int) -> str:
        return " ".join(self.one() for _ in range(self.random.randint(2, most)))

    def letters(self, most: int) -> str:
        return "".join(self.random.choices(_LETTERS[:12] if self.random.random() < 0.3 else _LETTERS, k=most))


def _phrase(words: _Words) -> str:
    return f'"{words.some(5)}"'


def _near(words: _Words) -> str:
    return f'"{words.some(4)}"~{words.random.choice((1, 2, 5, 20, 100, 999, 1000))}'


def _of_letters(pattern: str) -> Callable[[_Words], str]:
    return lambda words: "".join(words.letters(1) if sign == "x" else sign for sign in pattern)


FORMS: dict[str, Callable[[_Words], str]] = {
    "word": _Words.one,
    "as written": lambda words: f"={words.one()}",
    "by root": lambda words: f"root:{words.one()}",
    "phrase": _phrase,
    "phrase as written": lambda words: f"={_phrase(words)}",
    "phrase of stems": lambda words: f"~{_phrase(words)}",
    "near": _near,
    "near as written": lambda words: f"={_near(words)}",
    "near of stems": lambda words: f"~{_near(words)}",
    "long phrase": lambda words: f'"{words.some(30)}"~1000',
    "beginning": lambda words: f"{words.one()[: words.random.randint(1, 3)]}*",
    "letter and star": _of_letters("x*"),
    "ending": _of_letters("*x"),
    "ending of two": _of_letters("*xx"),
    "inside": _of_letters("*x*"),
    "inside of two": _of_letters("*xx*"),
    "gap": _of_letters("*x*x*"),
    "any letter": lambda words: f"?*{words.letters(1)}?*",
    "middle": _of_letters("x*x"),
    "one letter": lambda words: f"{words.one()[:2]}?{words.letters(1)}",
    "misspelt": lambda words: f"{words.one()}~{words.random.randint(1, 2)}",
    "three letters misspelt": lambda words: f"{words.letters(3)}~2",
    "required": lambda words: f"+{words.one()}",
    "excluded": lambda words: f"NOT {words.one()}",
    "excluded phrase": lambda words: f"NOT {_near(words)}",
    "excluded pattern": lambda words: f"NOT *{words.letters(1)}*",
    "either": lambda words: f"({words.one()} OR {_near(words)})",
    "both": lambda words: f"({words.one()} AND {words.one()})",
    "nested": lambda words: f"({words.one()} ({words.one()} OR ({words.one()} AND *{words.letters(1)})))",
    "title": lambda words: f"title:{words.one()}",
    "group in a field": lambda words: f"body:({words.some(4)} OR {words.one()}*)",
    "phrase in a field": lambda words: f"body:{_near(words)}",
    "value": lambda words: f"source:{words.one()}",
    "values from to": lambda words: f"author:{words.letters(1)}..{words.letters(1)}",
    "dates": lambda words: f"date:{words.random.randint(2000, 2015)}..{words.random.randint(2015, 2020)}",
    "any value": lambda words: words.random.choice(("source:*", "author:*", "*", "date:2015")),
    "unknown word": lambda words: words.letters(words.random.randint(5, 12)),
    "joined words": lambda words: words.one() + words.one(),
    "hashtag": lambda words: f"#{words.one()}_{words.one()}_{words.one()}",
    "question": lambda words: f"من هو {words.one()}؟",
}
"""The forms of the query language, each a function from the words of a query to one part of the query."""


def hostile_queries(frequent: list[str], *, length: int = 200, seed: int = 1) -> Iterator[str]:
    """Yield queries of at most `length` characters without end; each word of `frequent` has at least two letters."""
    random = Random(seed)
    while True:
        words = _Words(random, frequent)
        forms = random.sample(sorted(FORMS), random.choice((1, 1, 1, 2, 3)))
        if all(form.startswith("excluded") for form in forms):
            forms.append("any value")
        parts: list[str] = []
        left = length
        joint = random.choice((" ", " ", " ", " OR "))
        while True:
            part = FORMS[random.choice(forms)](words)
            left -= len(part) + (len(joint) if parts else 0)
            if left < 0:
                break
            parts.append(part)
        yield joint.join(parts)
