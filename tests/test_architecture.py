"""The house: rooms import from the rooms below them and from nowhere else, and stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import arsearch

PACKAGE = Path(arsearch.__file__).parent

# Each room and the rooms below it.
BELOW: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "analyzers": {"model", "errors"},
    "snippets": {"analyzers", "model", "errors"},
    "query": {"snippets", "analyzers", "model", "errors"},
    "index": {"query", "snippets", "analyzers", "model", "errors"},
    "readers": {"index", "query", "snippets", "analyzers", "model", "errors"},
    "evaluation": {"index", "query", "snippets", "analyzers", "model", "errors"},
    "__init__": {"readers", "evaluation", "index", "query", "snippets", "analyzers", "model", "errors"},
    "cli": {"__init__", "readers", "evaluation", "index", "query", "snippets", "analyzers", "model", "errors"},
    "__main__": {"cli"},
}
# model names AddReport for the type of AddError.report only: see the end of this file's test.
TYPE_ONLY = {("errors", "model")}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """The modules a file imports, and whether only for type checking."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or "", id(node) in typing_only
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in typing_only


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_point_down(path: Path) -> None:
    room = room_of(path)
    for module, typing_only in imports(path):
        parts = module.split(".")
        if parts[0] != "arsearch":
            assert parts[0] not in ("analyzers", "index"), f"{path} imports through a link at the root"
            continue
        other = parts[1] if len(parts) > 1 else "__init__"
        if other != room and not (typing_only and (room, other) in TYPE_ONLY):
            assert other in BELOW[room], f"{room} must not import {other}"


def test_every_room_has_its_place() -> None:
    assert {room_of(path) for path in MODULES} <= set(BELOW)


def test_whoosh_is_met_in_two_places_only() -> None:
    users = {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        for module, _ in imports(path)
        if module.split(".")[0] == "whoosh"
    }
    assert all(user.startswith("index/") or user == "analyzers/whoosh_adapter.py" for user in users), users
    assert "index/whoosh/articles.py" in users


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_can_be_held_in_the_head(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 430, f"{path.name}: split it by noun"


def test_the_links_at_the_root_lead_to_the_real_rooms() -> None:
    root = PACKAGE.parent
    if not (root / "pyproject.toml").exists():
        pytest.skip("installed, not a checkout")
    for name in ("analyzers", "index"):
        assert (root / name).is_symlink()
        assert (root / name).resolve() == PACKAGE / name
