"""Fixtures of the web tests: applications and clients over the sample articles. They import the extra `web` when used."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import arsearch

if TYPE_CHECKING:
    from starlette.testclient import TestClient
    from web_clients import Connect


@pytest.fixture
def token() -> str:
    """Return the token of the writable applications."""
    return "a-token-of-the-tests"


@pytest.fixture(scope="session")
def _built(samples: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "samples"
    with arsearch.open(folder, create=True) as index:
        index.add(samples)
    return folder


@pytest.fixture
def index(_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[arsearch.Index]:
    """Yield an index of the sample articles for one test: a copy, which takes a thirtieth of the time of adding them."""
    with arsearch.open(shutil.copytree(_built, tmp_path_factory.mktemp("copy") / "samples")) as index:
        yield index


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Yield a function that makes clients, and close them at the end."""
    from starlette.testclient import TestClient

    from arsearch.web import WebSettings, create_app

    with ExitStack() as stack:

        def make(indexes: Any, **settings: Any) -> TestClient:
            app = create_app(indexes, WebSettings(**settings))
            return stack.enter_context(TestClient(app, base_url="http://testserver"))

        yield make


@pytest.fixture
def client(index: arsearch.Index, connect: Connect, token: str) -> TestClient:
    """Return a client of a server that allows changes with `token`."""
    return connect(index, tokens=(token,))


@pytest.fixture(scope="module")
def shared_client(samples: list[dict[str, Any]]) -> Iterator[TestClient]:
    """Yield a client of a read-only server over the sample articles, which the tests of a module share."""
    from starlette.testclient import TestClient

    from arsearch.web import create_app

    with arsearch.open(":memory:", create=True) as index:
        index.add(samples)
        with TestClient(create_app(index)) as client:
            yield client
