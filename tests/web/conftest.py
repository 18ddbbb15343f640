"""Fixtures of the web tests: applications and clients over the sample articles. They import the extra `web` when used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
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


@pytest.fixture
def index(samples: list[dict[str, Any]]) -> Iterator[arsearch.Index]:
    """Yield a new index in memory with the sample articles."""
    with arsearch.open(":memory:", create=True) as index:
        index.add(samples)
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
