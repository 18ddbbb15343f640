"""Wrong types and extreme values of every parameter of the public calls raise errors of the tree, or are answered."""

from __future__ import annotations

import contextlib
import datetime as dt
import inspect
import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import arsearch
from arsearch.errors import ArsearchError, QueryError, shown


class NoRepr:
    """A value that cannot even be printed."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


WRONG: dict[str, Any] = {
    "none": None,
    "true": True,
    "negative": -1,
    "zero": 0,
    "five thousand digits": 10**5000,
    "minus five thousand digits": -(10**5000),
    "four hundred digits": 10**400,
    "more than 64 bits": 2**63,
    "not a number": float("nan"),
    "infinity": float("inf"),
    "largest float": 1.7e308,
    "numpy integer": np.int64(3),
    "numpy array": np.arange(3),
    "decimal": Decimal("sNaN"),
    "huge decimal": Decimal("1e999999"),
    "fraction": Fraction(7, 2),
    "empty": "",
    "word": "نص",
    "nul": "\0",
    "surrogate": "\ud800",
    "long": "ا" * 20_000,
    "bytes": b"x",
    "object": NoRepr(),
    "list": [],
    "list of none": [None],
    "list of lists": [["n"]],
    "list of huge": [10**5000, NoRepr()],
    "deep list": nested(2000),
    "pair": (NoRepr(), 10**5000),
    "pair of huge": (10**5000, -(10**5000)),
    "three": (1, 2, 3),
    "mapping": {},
    "mapping of huge": {"n": 10**5000, "نص": NoRepr()},
    "mapping of none": {None: None, 3: 4},
    "set": {1, "x"},
    "first day": dt.date.min,
    "last second": dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-14))),
    "longest time": dt.timedelta.max,
    "function": lambda *_: None,
    "excluded": arsearch.Not(10**5000),
}
FIELDS = {"n": "int", "f": "float", "c": "keyword", "t": "text", "d": "date"}
ARTICLE = {"id": "1", "title": "نص", "body": "نص المقال", "date": "2015-07-01", "n": 5, "f": 2.5, "c": "س", "t": "نص"}
Call = Callable[[Any, dict[str, Any]], object]


def method(name: str, **usual: Any) -> Call:
    """Return a call of a method with the usual arguments, replaced by those given."""
    return lambda target, given: getattr(target, name)(**{**usual, **given})


def positional(name: str, first: str, **usual: Any) -> Call:
    """Return a call of a method whose first parameter has no name."""

    def call(target: Any, given: dict[str, Any]) -> object:
        arguments = {**usual, **given}
        return getattr(target, name)(arguments.pop(first), **arguments)

    return call


SEARCH = inspect.signature(arsearch.Index.search).parameters
READING: dict[str, Call] = {
    "search": method("search", text="نص"),
    "search_many": method("search_many", texts=["نص", "مقال"]),
    "passages": method("passages", query="نص"),
    "select": method("select"),
    "explain": method("explain", text="نص", id="1"),
    "correct": method("correct", text="مقلا"),
    "suggest": method("suggest", prefix="ن"),
    "more_like": method("more_like", id="1"),
    "stats": method("stats"),
    "concordance": method("concordance", text="نص"),
    "frequencies": method("frequencies", text="نص"),
    "spans": method("spans", id="1", text="نص"),
    "get": method("get", id="1"),
}
FLAGS = {"create", "recover", "replace", "durable", "strict", "strict_dates", "correct", "exact", "snippets"}
"""Parameters of which the truth counts: an array of NumPy has none, and says so itself."""
COROUTINES = {"asearch": "search", "apassages": "passages"}
"""The methods that hand their parameters to another one, in a thread."""
CHANGING: dict[str, Call] = {
    "snapshot": method("snapshot"),
    "add": method("add", articles=[{"id": "2", "body": "نص"}]),
    "update": positional("update", "changes", changes={"1": {"category": "أدب"}}),
    "delete": method("delete", ids="1"),
    "optimize": method("optimize"),
    "check": method("check"),
    "close": method("close"),
}
OWN_FOLDER = {"backup"}
"""Methods that write files; they are tested with a folder."""


def public_methods(owner: type) -> set[str]:
    return {name for name in dir(owner) if not name.startswith("_") and callable(getattr(owner, name))}


def parameters(owner: type, name: str) -> list[str]:
    """Return the names of the parameters of a method; those of `search` for the methods that take its options."""
    own = [one for one in inspect.signature(getattr(owner, name)).parameters.values() if one.name != "self"]
    options = [] if all(one.kind is not one.VAR_KEYWORD for one in own) or name == "update" else list(SEARCH)[2:]
    return [one.name for one in own if one.kind is not one.VAR_KEYWORD] + options


def values_for(parameter: str) -> list[Any]:
    return [value for name, value in WRONG.items() if parameter not in FLAGS or name != "numpy array"]


def tried(call: Callable[[], object]) -> None:
    """Make a call and read all that it returns. Another error than those of the tree fails the test."""
    with contextlib.suppress(ArsearchError), short_messages():
        found = call()
        if isinstance(found, Iterator):
            found = list(found)
        if hasattr(found, "to_dict"):
            json.dumps(found.to_dict())


@contextlib.contextmanager
def short_messages() -> Iterator[None]:
    try:
        yield
    except ArsearchError as error:
        message = str(error)
        if len(message) > 2000 or "\n" in message:
            raise AssertionError(f"too long for a message: {message[:3000]}") from error
        raise


def cases(owner: type, calls: Iterable[str]) -> list[Any]:
    return [
        pytest.param(name, parameter, id=f"{name}-{parameter}")
        for name in calls
        for parameter in parameters(owner, name)
    ]


@pytest.fixture(scope="module")
def shared() -> Iterator[arsearch.Index]:
    with arsearch.open(":memory:", create=True, fields=FIELDS) as index:
        index.add([ARTICLE, {"id": "2", "body": "مقال آخر"}])
        yield index


def test_every_public_method_is_tried() -> None:
    assert public_methods(arsearch.Index) == {*READING, *COROUTINES, *CHANGING, *OWN_FOLDER}
    assert public_methods(arsearch.Snapshot) == {*READING, *COROUTINES, "close"}


@pytest.mark.parametrize(("name", "parameter"), cases(arsearch.Snapshot, READING))
def test_reading_calls(name: str, parameter: str, shared: arsearch.Index) -> None:
    with shared.snapshot() as snapshot:
        for value in values_for(parameter):
            tried(partial(READING[name], snapshot, {parameter: value}))


@pytest.mark.parametrize("field", ["id", "source", "date", "hijri_year", *FIELDS, "work"])
def test_filters_of_every_field(field: str, shared: arsearch.Index) -> None:
    for value in WRONG.values():
        for wrapped in (value, [value], (value, None), (None, value), (value, value), [value, arsearch.Not("x")]):
            tried(partial(shared.search, "نص", filters={field: wrapped}))
            tried(partial(shared.search, "نص", filters={field: wrapped, "n": arsearch.Not(4)}))


@pytest.mark.parametrize(("name", "parameter"), cases(arsearch.Index, CHANGING))
def test_changing_calls(name: str, parameter: str, no_hang: None) -> None:
    with arsearch.open(":memory:", create=True, fields=FIELDS) as empty:
        for value in values_for(parameter):
            if "1" not in empty:
                empty.add([ARTICLE], strict=True)
            tried(partial(CHANGING[name], empty, {parameter: value}))
            assert empty.search("نص", filters={"id": "1"}).total <= 1
        empty.add([ARTICLE], strict=True)  # no call has left a lock or a half-made change behind


FUNCTIONS: dict[str, Callable[[Path, dict[str, Any]], object]] = {
    "open": lambda path, given: arsearch.open(**{"location": path / "new", "create": True, **given}),
    "backup": lambda path, given: arsearch.backup(**{"location": path / "index", "folder": path / "copy", **given}),
    "restore": lambda path, given: arsearch.restore(**{"backup": path / "index", "location": path / "copy", **given}),
    "reindex": lambda path, given: arsearch.reindex(**{"location": path / "index", **given}),
    "fuse": lambda path, given: arsearch.fuse(**{"lexical": [("1", 2.0)], "vectors": [("2", 1.0)], **given}),
    "Index.backup": lambda path, given: arsearch.open(path / "index").backup(**{"folder": path / "copy", **given}),
}
SIGNATURES = {
    **{name: getattr(arsearch, name) for name in FUNCTIONS if "." not in name},
    "Index.backup": partial(arsearch.Index.backup, None),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        (name, parameter)
        for name, function in SIGNATURES.items()
        for parameter in inspect.signature(function).parameters
    ],
)
def test_functions(name: str, parameter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_hang: None) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")  # some values are paths
    for value in values_for(parameter):
        with arsearch.open(tmp_path / "index", create=True) as index:
            if len(index) == 0:
                index.add([{"id": "1", "body": "نص"}])
        tried(partial(FUNCTIONS[name], tmp_path, {parameter: value}))
    with arsearch.open(tmp_path / "index") as index:
        assert [article.id for article in index] == ["1"]


@pytest.mark.parametrize(
    "field", [*ARTICLE, "author", "source", "url", "category", "tags", "parts", "pages", "further"]
)
@pytest.mark.parametrize(
    "wrap", [lambda value: value, lambda value: [value], lambda value: {"name": value}], ids=["value", "list", "object"]
)
def test_an_article_with_a_wrong_value_costs_no_other_article(field: str, wrap: Callable[[Any], Any]) -> None:
    rows: list[Any] = [{**ARTICLE, "id": f"wrong {name}", field: wrap(value)} for name, value in WRONG.items()]
    with arsearch.open(":memory:", create=True, fields=FIELDS) as index:
        report = index.add([{**ARTICLE, "id": "first"}, *rows, {**ARTICLE, "id": "last"}])

        assert {"first", "last"} <= {article.id for article in index}
        assert report.added + report.updated + report.failures == len(rows) + 2
        assert all(len(failure.reason) < 500 for failure in report.failed)
        assert index.check() == []


@pytest.mark.parametrize("item", [None, 5, "x", b"x", [], NoRepr(), {}, {3: 4}, {"id": "x"}, 10**5000], ids=shown)
def test_an_item_that_is_no_article_costs_no_other_article(item: Any, index: arsearch.Index) -> None:
    report = index.add([ARTICLE, item, {**ARTICLE, "id": "2"}])

    assert (report.added, report.failures) == (2, 1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda index: index.search("نص", timeout=10**400), "timeout <int of 1,329 bits> is not a number of seconds"),
        (lambda index: index.search("نص", facets=[["n"]]), r"no field \"\['n'\]\" to count by; known: .*source"),
        (lambda index: index.correct(None), "the query None is not a string"),
        (lambda index: index.suggest(None), "the prefix None is not a string"),
        (lambda index: index.suggest("ن", limit=-1), "limit -1 is not a whole number, or is negative"),
        (lambda index: index.get(None), "None is not the id of an article; give a string or a whole number"),
        (lambda index: index.delete(b"17"), "b'17' is not an id or a list of ids"),
        (lambda index: index.delete(filters=[["n"]]), r"filters \[\['n'\]\] is not a mapping"),
        (lambda index: index.add([], workers=0), "workers is 0; it must be at least 1, a whole number"),
        (lambda index: index.add([], timeout=float("nan")), "timeout nan is not a number of seconds"),
        (lambda index: index.search_many(5), "the texts 5 are not a list of queries"),
        (
            lambda index: index.search("نص", filters={"source": None}),
            "filtered by a value or a list of values, not by None",
        ),
        (
            lambda index: index.search("نص", filters={"source": [None]}),
            "filtered by strings and whole numbers, not by None",
        ),
        (lambda index: index.search("نص", sort=["date"]), r"no field \"\['date'\]\" to sort by; known: .*date"),
    ],
)
def test_messages(call: Callable[[Any], object], words: str, shared: arsearch.Index) -> None:
    with pytest.raises(QueryError, match=words):
        call(shared)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("قلم", "'قلم'"),
        ("ا" * 200, f"'{'ا' * 80}'..."),
        (10**5000, "<int of 16,610 bits>"),
        ([10**5000], "[<int of 16,610 bits>]"),
        (NoRepr(), "<NoRepr>"),
        ([NoRepr()], "[<NoRepr>]"),
        (dt.date(2015, 7, 1), "datetime.date(2015, 7, 1)"),
        (list(range(100)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...]"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_messages_show_a_value_shortly(value: object, expected: str) -> None:
    assert shown(value) == expected


def test_numbers_are_ids_as_in_articles(index: arsearch.Index) -> None:
    index.add([{"id": 17, "body": "نص"}, {"id": 18.0, "body": "نص"}])

    for id in (17, 17.0, "17", np.int64(17)):
        article = index.get(id)  # type: ignore[arg-type]
        assert article is not None
        assert article.id == "17"
    assert index.search("نص", filters={"id": [17, 18.0]}).total == 2
    assert index.update({17: {"category": "أدب"}}).updated == 1  # type: ignore[arg-type]
    assert index.delete(17) == 1  # type: ignore[arg-type]
    assert index.delete([18.0]) == 1  # type: ignore[list-item]
