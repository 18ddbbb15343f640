"""Imports point down only, no modules import each other in a cycle, and packages and modules stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import arsearch

PACKAGE = Path(arsearch.__file__).parent

# The layers of the package, the lowest first. Packages of one layer may not import each other.
LAYERS = (
    ("concurrency", "errors", "garbage", "kernel"),
    ("dates", "minhash"),
    ("model",),
    ("analyzers",),
    ("query", "snippets"),
    ("works",),
    ("search",),
    ("suggest",),
    ("federation",),
    ("index", "opensearch"),
    ("opening",),
    ("readers", "evaluation"),
    ("writers", "syncing", "copying", "fusion"),
    ("__init__",),
    ("integrations",),
    ("web",),
    ("cli",),
    ("__main__",),
)
# The layers inside `index`, the lowest first.
INDEX_LAYERS = (
    ("store",),
    ("codec",),
    ("commits",),
    ("docsets",),
    ("reader",),
    ("merging",),
    ("matching",),
    ("execution",),
    ("compiled",),
    ("suggest",),
    ("writing",),
    ("maintenance",),
    ("whoosh",),
    ("view",),
    ("member",),
    ("backend",),
    ("joined",),
    ("__init__",),
)
# errors names AddReport for the type of AddError.report only.
TYPE_ONLY = {("errors", "model")}
LONGEST_MODULE = 430
MOST_MODULES = 20

MODULES = {
    path: ".".join(("arsearch", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    for path in sorted(PACKAGE.rglob("*.py"))
}
NAMES = {name: path for path, name in MODULES.items()}


def by_path(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@cache
def imported(path: Path) -> frozenset[str]:
    """Return the modules that a file imports. Imports for type checking and inside functions count too: both tie modules."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            wholes = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {whole if whole in NAMES else node.module or "" for whole in wholes}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return frozenset(found)


def levels(layers: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    return {name: level for level, names in enumerate(layers) for name in names}


def package_of(module: str, depth: int = 1) -> str:
    parts = module.split(".")
    return parts[depth] if len(parts) > depth else "__init__"


def upward(path: Path, prefix: str, levels: Mapping[str, int], depth: int) -> Iterator[str]:
    package = package_of(MODULES[path], depth)
    for module in sorted(imported(path)):
        if module != prefix and not module.startswith(prefix + "."):
            continue
        other = package_of(module, depth)
        if other != package and (package, other) not in TYPE_ONLY and levels[other] >= levels[package]:
            yield f"{by_path(path)}: {package} must not import {module}"


def test_imports_between_packages_point_down() -> None:
    assert [problem for path in MODULES for problem in upward(path, "arsearch", levels(LAYERS), 1)] == []


def test_imports_between_the_packages_of_the_index_point_down() -> None:
    inside = [path for path, name in MODULES.items() if package_of(name) == "index"]
    assert [problem for path in inside for problem in upward(path, "arsearch.index", levels(INDEX_LAYERS), 2)] == []


def test_every_package_has_a_layer() -> None:
    assert {package_of(name) for name in NAMES} == set(levels(LAYERS))
    assert {package_of(name, 2) for name in NAMES if name.startswith("arsearch.index.")} <= set(levels(INDEX_LAYERS))


def test_no_modules_import_each_other_in_a_cycle() -> None:
    # The `__init__` modules are left out: they only re-export names, lazily.
    imports = {
        name: {module for module in imported(path) if module in NAMES and module != name}
        for path, name in MODULES.items()
        if path.name != "__init__.py"
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, "a cycle: " + " -> ".join((*trail[trail.index(name) :], name))
        if name in done or name not in imports:
            return
        for other in sorted(imports[name]):
            visit(other, (*trail, name))
        done.add(name)

    for name in imports:
        visit(name, ())


def test_nothing_is_imported_through_the_links_at_the_root() -> None:
    links = {"analyzers", "index"}
    assert [by_path(path) for path in MODULES if {name.split(".")[0] for name in imported(path)} & links] == []


def test_whoosh_is_imported_in_two_places_only() -> None:
    users = {by_path(path) for path in MODULES for module in imported(path) if module.split(".")[0] == "whoosh"}
    assert "index/whoosh/segments.py" in users
    assert all(user.startswith("index/whoosh/") or user == "analyzers/whoosh_adapter.py" for user in users), users


def test_a_module_is_short() -> None:
    lines = {by_path(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}, "split them by noun"


def test_a_package_has_at_most_twenty_modules() -> None:
    for folder in {path.parent for path in MODULES} - {PACKAGE / "cli"}:
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= MOST_MODULES, f"{by_path(folder)} has {len(modules)} modules"


def test_the_links_at_the_root_lead_to_the_packages() -> None:
    root = PACKAGE.parent
    if not (root / "pyproject.toml").exists():
        pytest.skip("installed, not a checkout")
    for name in ("analyzers", "index"):
        assert (root / name).is_symlink()
        assert (root / name).resolve() == PACKAGE / name
