"""Articles generated from a corpus, in any number: the sentences are recombined, and the vocabulary keeps growing.

A generated article takes its title and the first half of its sentences from one article of the corpus. Its other
sentences come from the whole corpus. Recombination alone would soon bring no new word. In natural text n words have
about K n^b distinct forms (Heaps' law, H. S. Heaps, Information Retrieval, 1978, 7.5). K and b are fitted to the
corpus. While the generated text has fewer forms, words get clitics, endings or a typing error. Half of these new forms
stay in the pool of sentences and occur again.

The same corpus and seed give the same articles, and the first n articles do not depend on the number of articles.
Memory holds the sentences of the corpus and 32 MB, independent of the number of articles.
"""

from __future__ import annotations

import math
import random
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["Generator", "Growth"]

_WORD = re.compile(r"[\w\u064b-\u0652]+")
_SENTENCE_END = re.compile(r"(?<=[.!؟\n])\s+")
_PREFIXES = "و ف ب ل ك س ال وال بال فال كال وب ول وس لل".split()
_SUFFIXES = "ه ها هم نا ي ين ون ات ان ية ته تها كم".split()
_TYPO_SHARE = 0.3  # of the new forms
_KEPT_SHARE = 0.5  # of the new forms, kept in the pool of sentences
_MAX_NEW = 0.05  # the maximum share of new forms in an article's words
_TRIES = 4  # to make a new form
_BITS = 28  # of a word's hash


class Growth(NamedTuple):
    """The growth of a vocabulary by Heaps' law: about `factor * words ** exponent` distinct forms."""

    factor: float
    exponent: float

    def forms(self, words: int) -> float:
        """Return the number of distinct forms among `words` words."""
        return self.factor * math.pow(words, self.exponent)

    @classmethod
    def of(cls, texts: Iterable[str], points: int = 200) -> Growth:
        """Return the least-squares fit of the logarithms, over the last nine tenths of the texts."""
        curve = [(0, 0)]
        forms: set[str] = set()
        words = 0
        for text in texts:
            own = _WORD.findall(text)
            forms.update(own)
            words += len(own)
            curve.append((words, len(forms)))
        fitted = [point for point in curve if point[0] >= words / 10 > 0]
        fitted = fitted[:: max(1, len(fitted) // points)]
        xs = [math.log(at) for at, _ in fitted]
        ys = [math.log(distinct) for _, distinct in fitted]
        if len(set(xs)) < 2:
            return cls(1.0, 1.0)
        mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
        slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
        slope /= sum((x - mean_x) ** 2 for x in xs)
        return cls(math.exp(mean_y - slope * mean_x), slope)


class Generator:
    """A generator of articles. `words` and `forms` count the generated text so far; `growth` is the law of the corpus."""

    def __init__(self, docs: Iterable[Mapping[str, Any]], seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._titles: list[str] = []
        self._firsts = [0]
        self._sentences: list[str] = []
        for doc in docs:
            self._titles.append(doc["title"])
            self._sentences += filter(None, _SENTENCE_END.split(doc["body"]))
            self._firsts.append(len(self._sentences))
        if not self._sentences:
            raise ValueError("the corpus has no text")
        order = list(range(len(self._sentences)))
        self._random.shuffle(order)  # the corpus is sorted by source, which would distort the curve
        self.growth = Growth.of(self._sentences[at] for at in order)
        self._counts = [-1] * len(self._sentences)  # the words of each sentence; -1 before its first use
        self._seen = bytearray(1 << _BITS - 3)  # one bit for each hash of a form
        self.words = 0
        self.forms = 0

    def articles(self, count: int) -> Iterator[dict[str, str]]:
        """Yield the next `count` articles with id, title and body."""
        order = list(range(len(self._titles)))
        for number in range(count):
            if number % len(order) == 0:
                self._random.shuffle(order)
            base = order[number % len(order)]
            yield {"id": f"g{number}", "title": self._titles[base], "body": self._body(base)}

    def _body(self, base: int) -> str:
        first, end = self._firsts[base : base + 2]
        own = -(-(end - first) // 2)
        chosen = [*range(first, first + own)]
        chosen += [self._random.randrange(len(self._sentences)) for _ in range(end - first - own)]
        words = sum(map(self._use, chosen))
        self.words += words
        texts = [self._sentences[at] for at in chosen]
        missing = min(self.growth.forms(self.words) - self.forms, words * _MAX_NEW)
        for _ in range(int(missing)):
            self._add_form(texts, chosen)
        return " ".join(texts)

    def _use(self, at: int) -> int:
        """Return the number of words of a sentence; at its first use, count its new forms."""
        if self._counts[at] < 0:
            words = _WORD.findall(self._sentences[at])
            self._counts[at] = len(words)
            for word in words:
                self._count_form(word)
        return self._counts[at]

    def _count_form(self, word: str) -> bool:
        """Count a form if it is new, and return whether it is.

        Hashes collide: with three million forms, about one new form in a hundred counts as seen.
        """
        place = zlib.crc32(word.encode("utf-8", "surrogatepass")) >> 32 - _BITS
        seen = self._seen[place >> 3] >> (place & 7) & 1
        if not seen:
            self._seen[place >> 3] |= 1 << (place & 7)
            self.forms += 1
        return not seen

    def _add_form(self, texts: list[str], chosen: list[int]) -> None:
        """Replace a word of one of the texts by a new form; keep half of the changed texts in the pool."""
        draw = self._random
        for _ in range(_TRIES):
            which = draw.randrange(len(texts))
            words = _WORD.findall(texts[which])
            word = draw.choice(words) if words else ""
            if not 3 <= len(word) <= 12:
                continue
            new = self._misspell(word) if draw.random() < _TYPO_SHARE else self._inflect(word)
            if self._count_form(new):
                texts[which] = re.sub(rf"\b{word}\b", new, texts[which], count=1)
                if draw.random() < _KEPT_SHARE:
                    self._sentences[chosen[which]] = texts[which]
                return

    def _inflect(self, word: str) -> str:
        draw = self._random
        prefix = draw.choice(_PREFIXES) if draw.random() < 0.6 else ""
        return prefix + word + (draw.choice(_SUFFIXES) if not prefix or draw.random() < 0.4 else "")

    def _misspell(self, word: str) -> str:
        at = self._random.randrange(len(word) - 1)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return self._random.choice((swapped, word[:at] + word[at + 1 :], word[: at + 1] + word[at:]))
