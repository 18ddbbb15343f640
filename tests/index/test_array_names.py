"""The names of the arrays of the file format are in one module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded import reader_of

import arsearch
from arsearch.index.codec import names
from arsearch.model.schema import NORMALISED, STEM

PACKAGE = Path(arsearch.__file__).parent
MODULES = sorted(set(PACKAGE.rglob("*.py")) - {Path(names.__file__)})

WHOLE = {
    names.STORED_FRAMES,
    names.STORED_DICTIONARY,
    names.STORED_IDS,
    names.STORED_TITLES,
    names.ID_HASHES,
    names.ID_DOCS,
    names.ROOT_POSTINGS,
}
OF_FIELDS = {
    *(names.LENGTHS, names.STEM_ORDINALS, names.SIGNATURES, names.SURFACE_FORMS, names.KEYWORDS, names.NUMBERS),
    *(NORMALISED, STEM, names.ROOT_ORDINALS, names.ROOT_FREQS),
}
PARTS = {getattr(names, name) for name in names.__all__ if name.isupper()} - WHOLE - OF_FIELDS - {names.DELETED}
NAME = re.compile(
    rf"({'|'.join(sorted(WHOLE))})\b|^/({'|'.join(sorted(OF_FIELDS))})\b|^\.({'|'.join(sorted(PARTS))})$"
    rf"|^/({NORMALISED}|{STEM})\.$"
)


def literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the strings of a module, those inside f-strings included, but for its docstrings."""
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements:
            yield node


def test_no_other_module_spells_out_the_name_of_an_array() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}, line {node.lineno}: {node.value!r}"
        for path in MODULES
        for node in literals(ast.parse(path.read_text(encoding="utf-8")))
        if NAME.search(str(node.value))
    ]
    assert found == []


@pytest.mark.parametrize("literal", ["stored/id", "id/hash", "/length", ".blob", "/stem", "/written", "/normalised."])
def test_the_test_recognises_names(literal: str) -> None:
    assert NAME.search(literal)


def test_every_array_of_a_segment_has_one_of_the_names(index: arsearch.Index) -> None:
    index.add([{"id": str(n), "title": "عنوان", "body": "كِتَاب وكتاب " * 20, "tags": ["أ"]} for n in range(120)])
    (segment,) = reader_of(index).segments

    for name in segment.file.names():
        key, _, part = name.partition(".")
        assert key in WHOLE or key.partition("/")[2] in OF_FIELDS, name
        assert set(part.split(".")) <= PARTS | {""}, name
