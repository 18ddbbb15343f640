"""From a location to a back-end: schemes, entry points, and modules that are not imported."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

import arsearch
import arsearch.search
from arsearch import opening
from arsearch.errors import IndexNotFoundError, IndexOpenError, NotAnIndexError


def install(folder: Path, entry_points: str) -> None:
    """Write a distribution with entry points to a folder."""
    metadata = folder / "other_distribution-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: other-distribution\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[{opening.GROUP}]\n{entry_points}\n")


def test_an_entry_point_opens_its_scheme(toy_scheme: str) -> None:
    with arsearch.open(f"{toy_scheme}://opened", create=True) as index:
        index.add([{"id": "1", "title": "كتاب"}])
        assert index.search("كتاب").total == 1
        assert repr(index) == "<arsearch.Index 'toy://opened'>"
    with arsearch.open(f"{toy_scheme.upper()}://other", create=True) as index:
        assert len(index) == 0


def test_an_unknown_scheme_names_the_known_ones(toy_scheme: str) -> None:
    with pytest.raises(NotAnIndexError, match=r"'abc'.*installed: .*toy"):
        arsearch.open("abc://news", create=True)


@pytest.mark.parametrize("value", ["no_such_module_anywhere:open", "contract.toy:no_such_name", "contract.toy"])
def test_a_broken_entry_point_is_an_error(value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, f"broken = {value}")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(IndexOpenError, match="broken://") as caught:
        arsearch.open("broken://news")
    assert value in str(caught.value)


@pytest.mark.parametrize("value", ["other_package:Server.open", "other_package : Server.open [extra]"])
def test_an_entry_point_may_be_an_attribute_of_a_class_and_have_extras(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, f"other = {value}")
    (tmp_path / "other_package.py").write_text(
        "from contract.toy import ToyServer\n\n\nclass Server:\n    open = ToyServer().open\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "other_package", raising=False)

    with arsearch.open("other://news", create=True) as index:
        assert len(index) == 0


RARELY_NEEDED = (
    *("importlib.metadata", "arsearch.search.explainer", "arsearch.search.more_like_this"),
    *("arsearch.suggest", "arsearch.index.suggest", "arsearch.index.writing", "arsearch.index.maintenance"),
)


def test_opening_an_index_in_a_folder_imports_nothing_that_few_searches_need() -> None:
    assert loaded(["arsearch.opening", "arsearch.index.backend"], *RARELY_NEEDED) == ""


def test_a_folder_looks_for_no_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scan(**_: object) -> None:
        pytest.fail("entry points were scanned")

    monkeypatch.setattr(importlib.metadata, "entry_points", scan)
    for location in (":memory:", tmp_path / "path", str(tmp_path / "text"), str(tmp_path / "a:b")):
        arsearch.open(location, create=True).close()


def test_a_failing_back_end_raises_its_own_error(toy_scheme: str) -> None:
    with pytest.raises(IndexNotFoundError, match="toy://missing"):
        arsearch.open(f"{toy_scheme}://missing")


SHARED = sorted(Path(arsearch.search.__file__).parent.glob("*.py"))
TOY = sorted(Path(__file__).parent.glob("toy*.py"))


def test_the_shared_modules_need_no_back_end() -> None:
    names = [f"arsearch.search.{path.stem}" for path in SHARED if path.stem != "__init__"]

    assert loaded([*names, "contract.toy"], "arsearch.index", "whoosh") == ""


def loaded(imports: list[str], *prefixes: str) -> str:
    """Return the modules with a prefix that importing others loads, in a process of its own."""
    program = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent.parent)!r})\n"
        f"import {', '.join(imports)}\n"
        f"print(*(name for name in sys.modules if name.startswith({prefixes!r})))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("path", [*SHARED, *TOY], ids=lambda path: path.name)
def test_neither_the_shared_modules_nor_the_toy_import_numpy(path: Path) -> None:
    # The processes above have NumPy all the same: the highlighter uses it.
    assert not re.search(r"^\s*(import|from) numpy", path.read_text(encoding="utf-8"), re.MULTILINE)
