"""Random operations on an index, and the states that the index passes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import arsearch

__all__ = ["COMMON", "Operation", "Session", "State", "backup_folder"]

State = Mapping[str, str]
"""The articles of a commit: the body of each id."""

COMMON = "مشترك"
"""A word of every article."""

_WORDS = (
    "كتاب مدرسة وزير محكمة شركة اقتصاد رياضة بحر جبل طريق مدينة سوق علم شمس قمر نهر سفينة حديقة مكتبة جامعة".split()
)
_IDS = 30
_SOURCES = 3


class Operation(NamedTuple):
    """One or a few calls of the library; they commit `states` in this order, the last one before `run` returns."""

    name: str
    states: tuple[State, ...]
    run: Callable[[Path], None]
    durable: bool = True


def backup_folder(path: Path) -> Path:
    """Return the folder for backups of an index."""
    return path.with_name(path.name + ".backup")


class Session:
    """Draws operations; no two articles are equal. With `loose` some commits are not durable."""

    def __init__(self, random: Random, *, loose: bool = False) -> None:
        self._random = random
        self._loose = loose
        self._serial = 0

    def draw(self, state: State) -> Operation:
        """Draw an operation on an index in `state`."""
        kinds = {
            self._add: 10, self._delete: 3, self._delete_source: 1, _optimize: 2, _reindex: 1, _copy: 1, _look: 1,
        }  # fmt: skip
        (make,) = self._random.choices(list(kinds), list(kinds.values()))
        return make(state)

    def _article(self, id: str) -> dict[str, Any]:
        self._serial += 1
        words = self._random.choices(_WORDS, k=self._random.randint(1, 60))
        body = f"{COMMON} نسخة{self._serial} {' '.join(words)}"
        return {"id": id, "title": words[0], "body": body, "source": _source(id), "date": "2015-07-21"}

    def _add(self, state: State) -> Operation:
        random = self._random
        articles = [self._article(str(random.randrange(_IDS))) for _ in range(random.randint(1, 12))]
        every = random.choice((None, None, 1, 3))
        memory = random.choice((1, 1 << 28))
        durable = not (self._loose and random.random() < 0.7)
        after = dict(state)
        states: list[State] = []
        for count, article in enumerate(articles, 1):
            after[article["id"]] = article["body"]
            if every and count % every == 0:
                states.append(dict(after))

        def run(path: Path) -> None:
            with arsearch.open(path) as index:
                index.add(articles, commit_every=every, memory_limit=memory, durable=durable)

        return Operation("add", (*states, after), run, durable)

    def add_with_workers(self, state: State, disturb: Callable[[], None] = lambda: None) -> Operation:
        """Draw an operation that adds with two worker processes; `disturb` is called before a random article."""
        given = [self._article(str(self._random.randrange(_IDS))) for _ in range(self._random.randint(10, 40))]
        every = self._random.choice((None, 8))
        at = self._random.randrange(len(given))
        after = dict(state)
        states: list[State] = []
        for count, article in enumerate(given, 1):
            after[article["id"]] = article["body"]
            if every and count % every == 0:
                states.append(dict(after))

        def articles() -> Iterator[dict[str, Any]]:
            for number, article in enumerate(given):
                if number == at:
                    disturb()
                yield article

        def run(path: Path) -> None:
            with arsearch.open(path) as index:
                index.add(articles(), commit_every=every, workers=2)

        return Operation("add", (*states, after), run)

    def _delete(self, state: State) -> Operation:
        ids = [str(self._random.randrange(_IDS)) for _ in range(self._random.randint(1, 8))]

        def run(path: Path) -> None:
            with arsearch.open(path) as index:
                index.delete(ids)

        return Operation("delete", ({id: body for id, body in state.items() if id not in ids},), run)

    def _delete_source(self, state: State) -> Operation:
        source = _source(str(self._random.randrange(_IDS)))

        def run(path: Path) -> None:
            with arsearch.open(path) as index:
                index.delete(filters={"source": source})

        return Operation("delete", ({id: body for id, body in state.items() if _source(id) != source},), run)


def _source(id: str) -> str:
    return f"مصدر{int(id) % _SOURCES}"


def _optimize(state: State) -> Operation:
    def run(path: Path) -> None:
        with arsearch.open(path) as index:
            index.optimize()

    return Operation("optimize", (state,), run)


def _look(state: State) -> Operation:
    def run(path: Path) -> None:
        with arsearch.open(path) as index:
            if index.search(COMMON).total != len(state) or {a.id: a.body for a in index} != state or index.check():
                raise RuntimeError("a reader sees something other than the newest commit")

    return Operation("look", (state,), run)


def _reindex(state: State) -> Operation:
    def run(path: Path) -> None:
        arsearch.reindex(path)

    return Operation("reindex", (state,), run)


def _copy(state: State) -> Operation:
    def run(path: Path) -> None:
        with arsearch.open(path) as index:
            index.backup(backup_folder(path), replace=True)
        arsearch.restore(backup_folder(path), path, replace=True)

    return Operation("backup", (state,), run)
