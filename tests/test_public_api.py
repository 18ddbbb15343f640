"""The public API: every listed name exists, and the whole library works from indexing to searching."""

from __future__ import annotations

import importlib
import logging
import pkgutil
import sys
from pathlib import Path

import pytest

import arsearch
import arsearch.errors
from arsearch.errors import ArsearchError

MODULES = sorted(
    info.name for info in pkgutil.walk_packages(arsearch.__path__, "arsearch.") if not info.name.endswith("__main__")
)


ADAPTERS = [name for name in MODULES if name.startswith("arsearch.integrations.") and name.count(".") == 2]


@pytest.mark.parametrize(
    "name", ["arsearch", *(name for name in MODULES if not name.startswith("arsearch.integrations."))]
)
def test_listed_names_exist_and_modules_have_docstrings(name: str) -> None:
    if f"{name}.".startswith("arsearch.web."):
        pytest.importorskip("starlette")
        pytest.importorskip("jinja2")
    module = importlib.import_module(name)

    assert (module.__doc__ or "").strip(), f"{name} has no docstring"
    for public in getattr(module, "__all__", []):
        assert hasattr(module, public), f"{name}.{public}"


@pytest.mark.parametrize("name", ADAPTERS)
def test_an_adapter_without_its_framework_names_the_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for framework in (
        "langchain_core",
        "langchain_core.callbacks",
        "haystack",
        "mcp",
        "mcp.server.mcpserver",
        "django",
    ):
        monkeypatch.setitem(sys.modules, framework, None)
    monkeypatch.delitem(sys.modules, name, raising=False)

    with pytest.raises(ImportError, match=rf"arsearch\[{name.rpartition('.')[2]}\]"):
        importlib.import_module(name)


def test_the_server_without_its_framework_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import arsearch.web

    for name in [name for name in sys.modules if name.startswith("arsearch.web.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.partition(".")[0] == "starlette"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "starlette", None)

    with pytest.raises(ImportError, match=r"arsearch\[web\]"):
        _ = arsearch.web.create_app


def test_the_public_names() -> None:
    assert arsearch.__all__ == sorted(arsearch.__all__)
    assert {"open", "Index", "Article", "ArabicAnalyzer", "reindex", "read_articles", "Level"} <= set(arsearch.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = arsearch.nothing


def test_all_errors_are_in_one_tree_that_the_docstring_shows() -> None:
    docstring = arsearch.errors.__doc__ or ""
    for name in arsearch.errors.__all__:
        error = getattr(arsearch.errors, name)
        assert issubclass(error, ArsearchError)
        assert name in docstring
        assert error.__doc__


def test_the_logger_arsearch_is_silent_by_default() -> None:
    assert any(isinstance(handler, logging.NullHandler) for handler in logging.getLogger("arsearch").handlers)


def test_an_index_is_created_reopened_and_searched(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "news.arsearch", create=True) as index:
        index.add([{"id": "1", "title": "«الحرس الثوري» يعلن", "body": "أعلن الحرسُ الثوريُّ أمس بدء المناورات."}])
        index.add([{"id": "2", "title": "خبر آخر", "body": "لا شيء عن ذلك هنا."}])
    with arsearch.open(tmp_path / "news.arsearch") as index:
        results = index.search("للحرس الثوري؟", mode="all")

        assert [hit.id for hit in results] == ["1"]
        assert "<mark>الحرسُ</mark> <mark>الثوريُّ</mark>" in results[0].snippet.html
        assert index.check() == []
