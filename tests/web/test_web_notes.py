"""Every note that a search can give has its Arabic sentence. The notes are collected from the source."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_clients import Connect as _Connect  # noqa: F401  skips without the extra

import arsearch
from arsearch.web.pages.notes import arabic_note

ROOT = Path(arsearch.__file__).parent
PACKAGES = ("query", "search", "dates")
_SAMPLES = {
    "calendar": ("Umm al-Qura", "tabular", "solar"),
    "margin": (", with a day before and after,", ""),
    "consequence": ("lines are missing", "counts may be too low"),
    "subject": ("-نووي",),
    "verb": ("excludes", "exclude"),
    "articles": ("all 7 articles", "the only article"),
}
"""The values of placeholders that only some words fit; a number fits all others."""
_NAMES = ("note", "message", "NOTE")
"""A name that contains one of these holds notes, or takes them."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NO_NOTES = ("dates/values.py",)
"""Modules whose notes do not reach searches: the dates of articles."""


def collected() -> Iterator[tuple[str, str]]:
    """Yield the place and the text of each note; a placeholder of the text is its expression in braces."""
    trees = {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }
    for module, tree in trees.items():
        if module in _NO_NOTES:
            continue
        for node in ast.walk(tree):
            for value in noted(node):
                for line, text in strings(value):
                    if text.count(" ") > 1 and text not in itertools.chain(*_SAMPLES.values()):
                        yield f"{module}:{line}", text


def noted(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions that a statement or a call makes notes of."""
    match node:
        case ast.Call(func=func, args=args) if named(func):
            yield from args
        case ast.keyword(arg=str(name), value=value) if named(name):
            yield value
        case ast.Assign(targets=[target], value=value) | ast.AugAssign(target=target, value=value) if named(target):
            yield from (value, target)
        case ast.FunctionDef(name=name, body=body) if named(name):
            yield from (
                inner.value for one in body for inner in ast.walk(one) if isinstance(inner, ast.Return) and inner.value
            )


def named(thing: ast.AST | str) -> bool:
    text = thing if isinstance(thing, str) else ast.unparse(thing)
    return any(name in text for name in _NAMES) or text.startswith("KEPT_")


def strings(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each string of an expression; an f-string is one text."""
    match node:
        case ast.Constant(value=str(text)):
            yield node.lineno, text
        case ast.JoinedStr(values=parts):
            yield (
                node.lineno,
                "".join(
                    str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
                    for part in parts
                    if isinstance(part, ast.Constant | ast.FormattedValue)
                ),
            )
        case _:
            for child in ast.iter_child_nodes(node):
                yield from strings(child)


def examples(text: str) -> Iterator[str]:
    """Yield notes as users get them."""
    names = _PLACEHOLDER.findall(text)
    for values in itertools.product(*(_SAMPLES.get(name, ("7",)) for name in names)):
        filled = iter(values)
        yield _PLACEHOLDER.sub(lambda _, filled=filled: next(filled), text)  # type: ignore[misc]


NOTES = list({note: (where, note) for where, text in collected() for note in examples(text)}.values())


def test_the_notes_are_found() -> None:
    assert len(NOTES) > 45
    texts = {text for _, text in NOTES}
    assert "the query has only stop words; they were searched as they are" in texts
    assert "time ran out after 7 s: lines are missing" in texts


@pytest.mark.parametrize(("where", "note"), NOTES, ids=[f"{where} {note[:50]}" for where, note in NOTES])
def test_every_note_has_its_arabic_sentence(where: str, note: str) -> None:
    arabic = arabic_note(note)
    assert re.search("[\u0621-\u064a]{2}", arabic), f"{where}: {note!r} has no words in arsearch/web/pages/notes.py"
    assert "{" not in arabic


@pytest.mark.parametrize(
    "note",
    [
        "time ran out after 1e-05 s: lines are missing",
        "time ran out after 2.5 s: hits may be missing or in another order, and totals may be too low",
        "'a\nb' is both searched for and excluded",
        "'{0}' is not a field, so it was searched as a word; fields: none",
    ],
)
def test_any_value_fits_its_sentence(note: str) -> None:
    assert arabic_note(note)


def test_another_text_stays_as_it_is() -> None:
    assert arabic_note("a note of a later version") == ""
