"""Queries of every kind in the query language, made of words of the articles."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

__all__ = ["Search", "Texts"]

_MARKS = "\u064b\u064e\u064f\u0650\u0651\u0652"
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_MATCHES = (None, None, None, None, "stem", "word", "normalised", "surface", "vocalised", "root")
_FORMS = """
{all}|{all}|{all}|{all}|{all}|ما هو {all}؟|من {a} {b}؟|متى {all}؟|"{a} {b}"|«{a} {b}» {c}|"{a} {b} {c}"|"{a} {c}"~2
="{a} {b}"|~"{a} {b}"|={a}|={a} {b}|={marked}|{marked}|{marked} {b}|{begin}*|{begin}* {b}|{gap}|{gap} {b}|{a}~1
{a}~ {b}|{wrong}~2|{wrong}|{wrong} {b}|{wrong} {b} {c}|+{a} {b}|{a} -{b}|+{a} +{b} -{c}|{a} | {b}|{a} OR {b} {c}
{a} AND ({b} OR {c})|{a} NOT {b}|* -{a}|-{a}|عنوان:{a}|عنوان:{a} {b}|title:({a} OR {b}) {c}|نص:"{a} {b}"|كاتب:{a}
مصدر:{source}|مصدر:{source} {a}|-source:{source} {a}|date:2015-08 {a}|date:2015-08-01..2015-10 {a}|{a} date:>2015-09
تاريخ:٢١-٧-٢٠١٥ {a}|date:"21 تموز 2015"|date:"رمضان 1436"|date:1436هـ {a}|date:1436 {a}|جذر:{a}|root:({a} {b})
"{a} {b}|({a} {b}|{a})|{a} OR|{a}: {b}|{a}~5|+{a} -{a}|"{begin}* {b}"|{a} - {b} -{c}|{a}، {b}؛ {c}!|hgpvs {a}
"""  # separated by | without spaces


class Search(NamedTuple):
    """A query and the options of its search."""

    text: str
    options: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.text!r} {json.dumps(self.options, ensure_ascii=False)}"


class Texts:
    """A random source of words and queries from the texts of articles."""

    def __init__(self, articles: Sequence[dict[str, Any]], seed: int) -> None:
        self.draw = random.Random(seed)
        self._articles = articles
        sources = Counter(str(article.get("source") or "") for article in articles)
        self._sources = [source for source, _ in sorted(sources.items(), key=lambda one: (-one[1], one[0]))][:5]

    def words(self, limit: int = 8) -> list[str]:
        """Draw one to `limit` consecutive words of a title or a body."""
        while True:
            article = self.draw.choice(self._articles)
            words = re.findall(r"\w+", str(article.get(self.draw.choice(("title", "title", "body"))) or ""))
            if words:
                at = self.draw.randrange(len(words))
                return words[at : at + self.draw.randint(1, limit)]

    def wrong(self, word: str) -> str:
        """Return the word with a letter left out, doubled, swapped or replaced."""
        at = self.draw.randrange(len(word))
        before, letter, after = word[:at], word[at], word[at + 1 :]
        return self.draw.choice((before + after, before + letter * 2 + after, before + after[:1] + letter + after[1:],
                                 before + self.draw.choice(_LETTERS) + after)) or word  # fmt: skip

    def marked(self, word: str) -> str:
        """Return the word with vowel marks on some letters."""
        return "".join(letter + self.draw.choice(("", *_MARKS)) for letter in word)

    def query(self, form: str) -> str:
        """Return the `form` with its blanks filled."""
        words = self.words()
        a, b, c = [*words, *self.words(1), *self.words(1)][:3]
        blanks = {
            "all": " ".join(words),
            "a": a,
            "b": b,
            "c": c,
            "begin": a[:3],
            "source": self.draw.choice(self._sources),
        }
        blanks |= {
            "wrong": self.wrong(a),
            "marked": self.marked(a),
            "gap": f"{a[:2]}{self.draw.choice('?*')}{a[3:] or b}",
        }
        return form.format(**blanks)

    def searches(self, count: int) -> list[Search]:
        """Draw `count` queries and the options of their searches."""
        pick, searches = self.draw.choice, []
        forms = re.split(r"(?<! )\||\n", _FORMS.strip())
        for number in range(count):
            source, other = pick(self._sources), pick(self._sources)
            filters: Sequence[Any] = ({"source": source}, {"source": [source, other]}, {"date": "2015-08"},
                                      {"date": ("2015-08", None), "source": source})  # fmt: skip
            options = {
                "mode": pick(("auto", "auto", "auto", "all", "any")),
                "match": pick(_MATCHES),
                "limit": pick((10, 10, 10, 10, 1, 25, 0)),
                "offset": pick((0, 0, 0, 0, 5, 20)),
                "filters": pick((None, None, None, None, *filters)),
                "sort": pick((None, None, None, None, "date", "-date", "source")),
                "facets": pick(((), (), ("source",), ("month", "source"), ("year", "category"))),
                "collapse": pick((None, None, None, "source", "duplicates")),
                "max_expansions": pick((10_000, 10_000, 20, None)),
            }
            searches.append(Search(self.query(forms[number % len(forms)]), options))
        return searches
