"""Queries of every kind that the query language has, cut from the texts of articles."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

__all__ = ["Asked", "Texts"]

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


class Asked(NamedTuple):
    """A query and the parameters of its search."""

    text: str
    options: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.text!r} {json.dumps(self.options, ensure_ascii=False)}"


class Texts:
    """Draws words and queries from the texts of articles."""

    def __init__(self, articles: Sequence[dict[str, Any]], seed: int) -> None:
        self.draw = random.Random(seed)
        self._articles = articles
        sources = Counter(str(article.get("source") or "") for article in articles)
        self._sources = [source for source, _ in sorted(sources.items(), key=lambda one: (-one[1], one[0]))][:5]

    def words(self, most: int = 8) -> list[str]:
        """Cut one to `most` consecutive words from a title or a body."""
        while True:
            article = self.draw.choice(self._articles)
            found = re.findall(r"\w+", str(article.get(self.draw.choice(("title", "title", "body"))) or ""))
            if found:
                at = self.draw.randrange(len(found))
                return found[at : at + self.draw.randint(1, most)]

    def wrong(self, word: str) -> str:
        """Leave out, double, swap or replace a letter of the word."""
        at = self.draw.randrange(len(word))
        before, letter, after = word[:at], word[at], word[at + 1 :]
        return self.draw.choice((before + after, before + letter * 2 + after, before + after[:1] + letter + after[1:],
                                 before + self.draw.choice(_LETTERS) + after)) or word  # fmt: skip

    def marked(self, word: str) -> str:
        """Put vowel marks on some letters of the word."""
        return "".join(letter + self.draw.choice(("", *_MARKS)) for letter in word)

    def query(self, form: str) -> str:
        """Fill the blanks of the `form`."""
        cut = self.words()
        a, b, c = [*cut, *self.words(1), *self.words(1)][:3]
        blanks = {
            "all": " ".join(cut),
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

    def asked(self, count: int) -> list[Asked]:
        """Draw `count` queries and the parameters of their searches."""
        pick, found = self.draw.choice, []
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
            found.append(Asked(self.query(forms[number % len(forms)]), options))
        return found
