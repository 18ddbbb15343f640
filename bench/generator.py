"""As many articles as one wants, made of a corpus: its sentences recombined, its vocabulary growing on.

An article takes title and first half from one article of the corpus and the rest of its sentences from all over it.
That alone would soon bring no new words. In natural text the distinct forms among n words are about K n^b (Heaps' law,
H. S. Heaps, Information Retrieval, 1978, 7.5); K and b are fitted to the corpus, and where the generated text falls
behind, words are given clitics, endings or a slip of the pen until it does not. Half of these go back to the sentences
and come again.

The same corpus and seed give the same articles; the first n are the same however many are asked for. Memory holds the
corpus's sentences and 32 MB, whatever the number.
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
_BEFORE = "و ف ب ل ك س ال وال بال فال كال وب ول وس لل".split()
_AFTER = "ه ها هم نا ي ين ون ات ان ية ته تها كم".split()
_SLIPS = 0.3  # the share of new forms that are slips of the pen
_COMING_AGAIN = 0.5
_MOST = 0.05  # of an article's words are new forms
_TRIES = 4
_BITS = 28


class Growth(NamedTuple):
    """The law of a vocabulary: about `factor * words ** exponent` distinct forms."""

    factor: float
    exponent: float

    def forms(self, words: int) -> float:
        """How many distinct forms that many words have."""
        return self.factor * math.pow(words, self.exponent)

    @classmethod
    def of(cls, texts: Iterable[str], points: int = 200) -> Growth:
        """The law that fits texts best, by least squares of the logarithms over their last nine tenths."""
        curve = [(0, 0)]
        known: set[str] = set()
        words = 0
        for text in texts:
            found = _WORD.findall(text)
            known.update(found)
            words += len(found)
            curve.append((words, len(known)))
        chosen = [point for point in curve if point[0] >= words / 10 > 0]
        chosen = chosen[:: max(1, len(chosen) // points)]
        xs = [math.log(words) for words, _ in chosen]
        ys = [math.log(forms) for _, forms in chosen]
        if len(set(xs)) < 2:
            return cls(1.0, 1.0)
        mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
        slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
        slope /= sum((x - mean_x) ** 2 for x in xs)
        return cls(math.exp(mean_y - slope * mean_x), slope)


class Generator:
    """Iterate it once. `words` and `forms` tell how many there were so far, `growth` the law they follow."""

    def __init__(self, docs: Iterable[Mapping[str, Any]], seed: int = 1) -> None:
        self._chance = random.Random(seed)
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
        self._chance.shuffle(order)  # its order is that of its sources: a law of growth wants none
        self.growth = Growth.of(self._sentences[at] for at in order)
        self._counts = [-1] * len(self._sentences)
        self._seen = bytearray(1 << _BITS - 3)
        self.words = 0
        self.forms = 0

    def articles(self, count: int) -> Iterator[dict[str, str]]:
        """The next `count` articles: id, title and body."""
        order = list(range(len(self._titles)))
        for number in range(count):
            if number % len(order) == 0:
                self._chance.shuffle(order)
            base = order[number % len(order)]
            yield {"id": f"g{number}", "title": self._titles[base], "body": self._body(base)}

    def _body(self, base: int) -> str:
        first, end = self._firsts[base : base + 2]
        own = -(-(end - first) // 2)
        chosen = [*range(first, first + own)]
        chosen += [self._chance.randrange(len(self._sentences)) for _ in range(end - first - own)]
        words = sum(map(self._use, chosen))
        self.words += words
        texts = [self._sentences[at] for at in chosen]
        wanted = min(self.growth.forms(self.words) - self.forms, words * _MOST)
        for _ in range(int(wanted)):
            self._renew(texts, chosen)
        return " ".join(texts)

    def _use(self, at: int) -> int:
        """Count a sentence's words, and those of them that are new; how many words it has."""
        if self._counts[at] < 0:
            found = _WORD.findall(self._sentences[at])
            self._counts[at] = len(found)
            for word in found:
                self._learn(word)
        return self._counts[at]

    def _learn(self, word: str) -> bool:
        """Count a form if it is new; whether it was. One in a hundred new ones goes for known at three millions."""
        place = zlib.crc32(word.encode("utf-8", "surrogatepass")) >> 32 - _BITS
        known = self._seen[place >> 3] >> (place & 7) & 1
        if not known:
            self._seen[place >> 3] |= 1 << (place & 7)
            self.forms += 1
        return not known

    def _renew(self, texts: list[str], chosen: list[int]) -> None:
        """Put a new form for a word of one of the texts, and perhaps for good."""
        chance = self._chance
        for _ in range(_TRIES):
            which = chance.randrange(len(texts))
            words = _WORD.findall(texts[which])
            word = chance.choice(words) if words else ""
            if not 3 <= len(word) <= 12:
                continue
            new = self._slip(word) if chance.random() < _SLIPS else self._inflect(word)
            if self._learn(new):
                texts[which] = re.sub(rf"\b{word}\b", new, texts[which], count=1)
                if chance.random() < _COMING_AGAIN:
                    self._sentences[chosen[which]] = texts[which]
                return

    def _inflect(self, word: str) -> str:
        before = self._chance.choice(_BEFORE) if self._chance.random() < 0.6 else ""
        return before + word + (self._chance.choice(_AFTER) if not before or self._chance.random() < 0.4 else "")

    def _slip(self, word: str) -> str:
        at = self._chance.randrange(len(word) - 1)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return self._chance.choice((swapped, word[:at] + word[at + 1 :], word[: at + 1] + word[at:]))
