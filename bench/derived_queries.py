"""Queries derived from those of a test collection, for the constants that the given queries cannot decide.

given      the queries of the collection
variants   the queries with a word that has other spellings in `variants.txt`, and for each such word a copy of the
           query with one of these spellings, drawn at random
marked     the queries that have vowel marks

A derived query keeps the judgements and the group of its original. Nothing is chosen by hand, and the same seed gives
the same queries. `readings` makes collections of its own from vocalised texts.
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

__all__ = ["DERIVATIONS", "derive", "readings"]

DERIVATIONS = ("given", "variants", "marked")

_CONTEXT_WORDS = 2
"""The number of plain words of the same text that a query of `readings` has besides its vocalised word."""

_FATHATAN = "\u064b"


def derive(collection: Collection, derivation: str, seed: int) -> Collection:
    """Return the collection with its queries derived. Raise `InputError` if no query can be derived."""
    if derivation == "given":
        return collection
    derived: list[tuple[Query, str]] = []
    respell = _Respelling(seed)
    for query in collection.queries:
        marked = [query.text] if any(map(vowels, query.text.split())) else []
        texts = marked if derivation == "marked" else respell(query.text)
        derived += [(Query(f"{query.id}~{at}" if at else query.id, text), query.id) for at, text in enumerate(texts)]
    if not derived:
        raise InputError(f"{collection.name}: no query can be derived as {derivation!r}")
    return dataclasses.replace(
        collection,
        name=f"{collection.name}, {derivation}",
        queries=tuple(query for query, _ in derived),
        qrels={query.id: collection.qrels[original] for query, original in derived},
        groups={query.id: collection.groups[original] for query, original in derived},
    )


class _Respelling:
    """A function from a text to the text and its respelt copies, or to nothing if no word has another spelling."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._analyzer = ArabicAnalyzer()
        self._spellings: dict[str, list[str]] = {}
        for group in Synonyms():
            for typed in group.typed:
                stems = [term.stem for term in self._analyzer.form(typed).terms]
                others = [other for other in group.also if other != typed and " " not in other]
                if " " not in typed and len(stems) == 1 and others:
                    self._spellings[stems[0]] = others

    def __call__(self, text: str) -> list[str]:
        respelt = []
        for start, end in self._analyzer.tokenizer.spans(text):
            terms = self._analyzer.form(text[start:end]).terms
            spellings = self._spellings.get(terms[0].stem) if len(terms) == 1 else None
            if spellings:
                respelt.append(text[:start] + self._random.choice(spellings) + text[end:])
        return [text, *respelt] if respelt else []


class _Reading(NamedTuple):
    """A word with its vowel marks, except those of the ending, and its spelling without marks."""

    letters: Letters
    plain: str

    @property
    def text(self) -> str:
        return "".join(letter + "".join(sorted(marks)) for letter, marks in self.letters)

    def competes(self, other: _Reading) -> bool:
        """Return whether some letter has marks in both readings, and the marks differ."""
        pairs = zip(self.letters, other.letters, strict=True)
        return any(marks and theirs and marks != theirs for (_, marks), (_, theirs) in pairs)


def readings(path: Path, seed: int) -> list[Collection]:
    """Return two collections of the texts in a file of JSON lines with `id`, `plain` and `vocalised`.

    In the first collection all texts are vocalised. In the second a seeded coin decides for each text. A query is a
    word with competing readings, with the marks of one of them, followed by two plain words of a text that has this
    reading. Each reading is the subject of at most one query. Relevant are the texts with this reading and both plain
    words; a text with other clitics or endings is not. Raise `InputError` for a malformed line, or if no word has
    several readings.
    """
    pairs = dict(_read(path))
    analyzer = ArabicAnalyzer()
    words = {id: list(_content_words(vocalised, analyzer)) for id, (_, vocalised) in pairs.items()}
    queries, qrels = _reading_queries(words, random.Random(seed))
    if not queries:
        raise InputError(f"{path}: no word has several readings")
    groups = query_groups(qrels)
    coin = random.Random(seed)
    vocalised = {id: text for id, (_, text) in pairs.items()}
    mixed = {id: coin.choice(pair) for id, pair in pairs.items()}
    return [
        Collection(name, "readings", _docs(texts), tuple(queries), qrels, groups, 0)
        for name, texts in (("readings", vocalised), ("readings, half plain", mixed))
    ]


def _reading_queries(
    words: Mapping[str, Sequence[_Reading]], draw: random.Random
) -> tuple[list[Query], dict[str, dict[str, int]]]:
    """Return the queries and their judgements, from the content words of each text."""
    texts_with: defaultdict[_Reading, dict[str, None]] = defaultdict(dict)
    readings_of: defaultdict[str, dict[_Reading, None]] = defaultdict(dict)
    for id, own in words.items():
        for word in own:
            texts_with[word][id] = None
            readings_of[word.plain][word] = None
    texts_spelling = {
        plain: {id for word in competing for id in texts_with[word]} for plain, competing in readings_of.items()
    }
    queries: list[Query] = []
    qrels = {}
    for plain, competing in readings_of.items():
        for word in competing:
            if not any(map(word.competes, competing)):
                continue
            id = draw.choice(list(texts_with[word]))
            others = list(dict.fromkeys(other.plain for other in words[id] if other.plain != plain))
            if len(others) < _CONTEXT_WORDS:
                continue
            context = draw.sample(others, _CONTEXT_WORDS)
            same_reading = {id for other in competing if not word.competes(other) for id in texts_with[other]}
            relevant = same_reading.intersection(*(texts_spelling[other] for other in context))
            queries.append(Query(f"r{len(queries)}", " ".join([word.text, *context])))
            qrels[queries[-1].id] = dict.fromkeys(sorted(relevant), 1)
    return queries, qrels


def _docs(texts: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    return tuple({"id": id, "title": "", "body": text} for id, text in texts.items())


def _content_words(text: str, analyzer: ArabicAnalyzer) -> Iterator[_Reading]:
    """Yield the words of a text, without stop words, single letters and words that analyse to several terms."""
    for word in analyzer.tokenizer.words(text):
        terms = analyzer.form(word).terms
        marked = letters(word)
        if len(terms) == 1 and not terms[0].stop and len(marked) > 1:
            kept = [(letter, marks - {_FATHATAN}) for letter, marks in marked]
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
            raise InputError(
                f"{path}, line {number}: not an object with `id`, `plain` and `vocalised`: {error!r}"
            ) from error
