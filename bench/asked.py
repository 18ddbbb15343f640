"""Queries asked in another way than a test set has them, for the constants that do not matter to it as it is.

None is chosen by hand, judgements and groups stay the set's, and the same seed makes the same queries:

- `root`: all of them, at the root level
- `variants`: those with a word of which `variants.txt` has other spellings, and for each such word once more with
  another spelling, drawn, in its place
- `marked`: those that have vowel marks

`readings` makes sets of their own out of vocalised texts.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from arsearch import ArabicAnalyzer, Synonyms
from arsearch.errors import InputError
from arsearch.evaluation import Query, query_groups
from arsearch.snippets.vocalisation import Letters, letters, vowels
from bench.collection import Collection

__all__ = ["ASKED", "ask", "readings"]

ASKED = ("given", "root", "variants", "marked")

_BESIDE = 2
"""Words of the same text beside the one whose reading is asked for."""

_FATHATAN = "\u064b"


def ask(collection: Collection, asked: str, seed: int) -> Collection:
    """The collection with its queries asked that way. Raises `InputError` if none can be."""
    if asked in ("given", "root"):
        return collection
    made: list[tuple[Query, str]] = []
    respell = _Respelling(seed)
    for query in collection.queries:
        marked = [query.text] if any(map(vowels, query.text.split())) else []
        texts = marked if asked == "marked" else respell(query.text)
        made += [(Query(f"{query.id}~{at}" if at else query.id, text), query.id) for at, text in enumerate(texts)]
    if not made:
        raise InputError(f"{collection.name}: no query can be asked as {asked!r}")
    return dataclasses.replace(
        collection,
        name=f"{collection.name}, {asked}",
        queries=tuple(query for query, _ in made),
        qrels={query.id: collection.qrels[id] for query, id in made},
        groups={query.id: collection.groups[id] for query, id in made},
    )


class _Respelling:
    """A text, and it with other spellings; nothing where there are none."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._analyzer = ArabicAnalyzer()
        self._others: dict[str, list[str]] = {}
        for group in Synonyms():
            for typed in group.typed:
                stems = [term.stem for term in self._analyzer.form(typed).terms]
                others = [other for other in group.also if other != typed and " " not in other]
                if " " not in typed and len(stems) == 1 and others:
                    self._others[stems[0]] = others

    def __call__(self, text: str) -> list[str]:
        found = []
        for start, end in self._analyzer.tokenizer.spans(text):
            terms = self._analyzer.form(text[start:end]).terms
            others = self._others.get(terms[0].stem) if len(terms) == 1 else None
            if others:
                found.append(text[:start] + self._draw.choice(others) + text[end:])
        return [text, *found] if found else []


class _Reading(NamedTuple):
    """A word with its vowel marks but for the ending's, and as it is written without any."""

    letters: Letters
    plain: str

    @property
    def text(self) -> str:
        return "".join(letter + "".join(sorted(marks)) for letter, marks in self.letters)

    def competes(self, other: _Reading) -> bool:
        """Whether a letter that has marks in both has others."""
        pairs = zip(self.letters, other.letters, strict=True)
        return any(marks and there and marks != there for (_, marks), (_, there) in pairs)


def readings(path: Path, seed: int) -> list[Collection]:
    """Two sets out of JSON lines of `id`, `plain` and `vocalised`: all texts vocalised, and each by a toss of a coin.

    A query is a word of which the texts have several readings, with the marks of one of them, and two others of a text
    that has it, plain; each reading is asked for once. Relevant are the texts that have the three so, in that reading
    (with other clitics or endings they count as not relevant). Raises `InputError` for a malformed line or no query.
    """
    pairs = dict(_read(path))
    analyzer = ArabicAnalyzer()
    words = {id: list(_content(vocalised, analyzer)) for id, (_, vocalised) in pairs.items()}
    queries, qrels = _asked_readings(words, random.Random(seed))
    if not queries:
        raise InputError(f"{path}: no word has several readings")
    groups = query_groups(qrels)
    coins = random.Random(seed)
    vocalised = {id: both for id, (_, both) in pairs.items()}
    mixed = {id: coins.choice(both) for id, both in pairs.items()}
    return [
        Collection(name, "readings", _docs(texts), tuple(queries), qrels, groups, 0)
        for name, texts in (("readings", vocalised), ("readings, half plain", mixed))
    ]


def _asked_readings(
    words: Mapping[str, Sequence[_Reading]], draw: random.Random
) -> tuple[list[Query], dict[str, dict[str, int]]]:
    """Queries and judgements out of the words of each text."""
    having: defaultdict[_Reading, dict[str, None]] = defaultdict(dict)
    spelt: defaultdict[str, dict[_Reading, None]] = defaultdict(dict)
    for id, found in words.items():
        for word in found:
            having[word][id] = None
            spelt[word.plain][word] = None
    texts = {plain: {id for word in ways for id in having[word]} for plain, ways in spelt.items()}
    queries: list[Query] = []
    qrels = {}
    for plain, ways in spelt.items():
        for word in ways:
            if not any(map(word.competes, ways)):
                continue
            id = draw.choice(list(having[word]))
            others = list(dict.fromkeys(other.plain for other in words[id] if other.plain != plain))
            if len(others) < _BESIDE:
                continue
            beside = draw.sample(others, _BESIDE)
            meant = {id for other in ways if not word.competes(other) for id in having[other]}
            queries.append(Query(f"r{len(queries)}", " ".join([word.text, *beside])))
            qrels[queries[-1].id] = dict.fromkeys(sorted(meant.intersection(*(texts[other] for other in beside))), 1)
    return queries, qrels


def _docs(texts: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    return tuple({"id": id, "title": "", "body": text} for id, text in texts.items())


def _content(text: str, analyzer: ArabicAnalyzer) -> Iterator[_Reading]:
    """The words of a text but stop words and those that are several."""
    for word in analyzer.tokenizer.words(text):
        terms = analyzer.form(word).terms
        found = letters(word)
        if len(terms) == 1 and not terms[0].stop and len(found) > 1:
            kept = [(letter, marks - {_FATHATAN}) for letter, marks in found]
            kept[-1] = (kept[-1][0], frozenset())
            yield _Reading(tuple(kept), "".join(letter for letter, _ in kept))


def _read(path: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            yield str(row["id"]), (str(row["plain"]), str(row["vocalised"]))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}, line {number}: not a text plain and vocalised: {error!r}") from error
