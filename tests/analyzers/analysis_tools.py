"""The shipped data files, and the scripts that make them."""

from __future__ import annotations

import importlib.util
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest

DATA = files("arsearch.analyzers").joinpath("data")
TOOLS = Path(__file__).parents[2] / "tools"
HUNSPELL = Path("/usr/share/hunspell")


def tool(name: str) -> ModuleType:
    """A script of the tools folder, as a module; skips where there is none, as beside an installed wheel."""
    path = TOOLS / f"{name}.py"
    if not path.is_file():
        pytest.skip("the tools are not beside the tests")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def arramooz() -> Path:
    """The folder of Arramooz' tables; skips where the package is not installed."""
    found = pytest.importorskip("arramooz", reason="needs arramooz-pysqlite, of which the data files are made")
    return Path(found.__file__).parent / "data"


def ayaspell() -> Path:
    """The folder of Ayaspell's dictionary; skips where Debian's hunspell-ar is not installed."""
    if not (HUNSPELL / "ar.dic").is_file():
        pytest.skip("needs Debian's hunspell-ar, of which the lexicon is made")
    return HUNSPELL
