"""`arsearch serve`: the search page and the HTTP API."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

import arsearch
from arsearch.cli.group import CommandError
from arsearch.cli.location import find_index, read_synonyms
from arsearch.cli.options import NumberRange, checked_by, synonyms_options
from arsearch.cli.output import print_json, print_message, print_text
from arsearch.errors import InputError

if TYPE_CHECKING:
    from arsearch.web.settings import AccessLog

__all__ = ["command", "read_indexes", "read_tokens"]

_NAMED = re.compile(r"([\w-]{1,50})=(.+)", re.DOTALL)
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_NEEDED = ("starlette", "uvicorn", "jinja2")


def _check_hosts(names: Iterable[str]) -> None:
    """Raise ValueError for a name that the header `Host` of no request has."""
    from arsearch.web.settings import is_host

    for name in names:
        if not is_host(name):
            raise ValueError(f"{name!r} is not a host without scheme, port and path, such as example.org")


def _check_origins(urls: Iterable[str]) -> None:
    """Raise ValueError for a URL that is no origin."""
    from arsearch.web.settings import is_origin

    for url in urls:
        if not is_origin(url):
            raise ValueError(
                f"{url!r} is not a scheme and a host, such as https://example.org, without a slash at its end"
            )


def _check_root_path(path: str) -> None:
    """Raise ValueError for a text that is no path."""
    if path and not re.fullmatch(r"(/[\w.~-]+)+", path):
        raise ValueError(f"{path!r} is not a path such as /search, without a slash at its end")


@click.command("serve")
@click.option("-i", "--index", "indexes", metavar="[NAME=]DIR", multiple=True,
              help="An index to serve, by a name or by that of its folder. Repeatable: the first is the default, and those of "
              "one NAME are searched as one. Default: $ARSEARCH_INDEX, else the nearest .arsearch/.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free port.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="The number of processes.")
@click.option("--allow-host", "hosts", metavar="NAME", multiple=True, callback=checked_by(_check_hosts),
              help="Also answer requests for this host name; *.example.org is all its subdomains, * any name.")  # fmt: skip
@click.option("--allow-origin", "origins", metavar="URL", multiple=True, callback=checked_by(_check_origins),
              help="Let the scripts of another site read the API: https://example.org.")  # fmt: skip
@click.option("--root-path", default="", metavar="PATH", callback=checked_by(_check_root_path),
              help="The path at which a proxy offers this server.")  # fmt: skip
@click.option("--proxy-headers", is_flag=True,
              help="Take the addresses of clients from a proxy on this machine, or at $FORWARDED_ALLOW_IPS.")  # fmt: skip
@click.option("--token-file", type=click.Path(dir_okay=False), metavar="FILE",
              help="Allow changes with the tokens in this file, one a line. Without it, with the token in "
              "$ARSEARCH_TOKEN; without both, the server is read-only.")  # fmt: skip
@click.option("--rate", type=NumberRange(min=0), default=50, show_default=True, metavar="N",
              help="The requests in a second of one client, in each process; 0 is no limit.")  # fmt: skip
@click.option("--deadline", type=NumberRange(min=0, min_open=True), default=5, show_default=True, metavar="SECONDS",
              help="The time after which a search answers with the hits found so far.")  # fmt: skip
@click.option("--access-log", type=click.Choice(["off", "paths", "queries"]), default="off", show_default=True,
              help="Log each request on standard error: its path, or also the words of its search.")  # fmt: skip
@synonyms_options
@click.option("--title", default="", help="The title of the page.")
@click.option("--json", "as_json", is_flag=True, help="Print the address and the indexes as one JSON object.")
def command(
    indexes: tuple[str, ...],
    host: str,
    port: int,
    workers: int,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    root_path: str,
    proxy_headers: bool,
    token_file: str | None,
    rate: float,
    deadline: float,
    access_log: AccessLog,
    synonyms: str | None,
    no_variants: bool,
    title: str,
    as_json: bool,
) -> None:
    """Serve a search page and an HTTP API.

    The server runs until Ctrl-C, and needs `pip install "arsearch[web]"`. It listens on this machine only, unless --host names
    another address; it then answers for the names of --allow-host.

    \b
    Examples:
      arsearch serve
      arsearch serve -i news -i books=/srv/books.arsearch --port 8080
      arsearch serve -i all=archive -i all=opensearch://host/news
      ARSEARCH_TOKEN=... arsearch serve --host 0.0.0.0 --allow-host search.example.org
    """
    _check_packages()
    from arsearch.web.server import ServerOptions, address_of, listen, run_server
    from arsearch.web.settings import WebSettings, is_host

    locations = read_indexes(indexes)
    groups = read_synonyms(synonyms, variants=not no_variants)
    articles = {}
    for name, location in locations.items():
        with arsearch.open(location) as index:
            articles[name] = len(index)
            if limits := _limits(index):
                print_message(f"{name}: {limits}")
    settings = WebSettings(
        title=title,
        tokens=read_tokens(token_file),
        allowed_hosts=tuple(dict.fromkeys((*_LOCAL_HOSTS, *filter(is_host, (host, *hosts))))),
        origins=origins,
        rate=rate,
        deadline=deadline,
        access_log=access_log,
    )
    options = ServerOptions(locations, settings, workers, root_path, proxy_headers, groups)
    try:
        bound = listen(host, port)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandError(
            f"cannot listen on {host}, port {port}: {reason}; choose another one with --host or --port"
        ) from error
    with bound:
        url = f"{address_of(bound, host)}{root_path}/"
        if as_json:
            print_json({"url": url, "indexes": articles})
        else:
            print_text(f"serving {', '.join(locations)} at {url} (Ctrl-C stops)")
        if host not in _LOCAL_HOSTS and not hosts:
            print_message("other machines need a name for this one: add it with --allow-host NAME")
        run_server(options, bound)


def _limits(index: arsearch.Index) -> str:
    """Return what an index cannot do of the abilities that a server offers, as one line; "" if it can do all."""
    from arsearch.search.backend import Capability

    wanted = (Capability.SUGGEST, Capability.CORRECT, Capability.NEAR_DUPLICATES)
    missing = ", ".join(one.value for one in wanted if one not in index.capabilities)
    limits = [f"the page and the API leave out what it cannot do: {missing}"] if missing else []
    if Capability.OCCURRENCES not in index.capabilities:
        limits.append("concordances and frequencies read all its articles, which is slow")
    return "; ".join(limits)


def read_indexes(values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the locations of each index by name: `NAME=DIR`, or a folder under its own name without its suffix.

    The locations that are given with one name are searched as one index. Without values, the index of $ARSEARCH_INDEX or
    the nearest one is served as "default". Raises click.UsageError for a folder under its own name that is already used.
    """
    locations: dict[str, tuple[str, ...]] = {}
    unnamed: set[str] = set()
    for value in values:
        # a name that is too long does not exist: `Path.exists` raises its error, until Python 3.13
        match = None if os.path.exists(value) else _NAMED.fullmatch(value)  # noqa: PTH110
        name, location = match.groups() if match else (_name_of(value), value)
        if not match:
            unnamed.add(name)
        if name in locations and name in unnamed:
            raise click.UsageError(
                f"two indexes are called {name!r}; name one of them, as in -i other={location}, or give both one name "
                f"with an equals sign, as in -i {name}={location}, to search them as one"
            )
        locations[name] = (*locations.get(name, ()), location)
    return locations or {"default": (str(find_index(os.environ.get("ARSEARCH_INDEX"))),)}


def _name_of(location: str) -> str:
    """Return the name of a folder as a name of an index: letters, digits, `-` and `_`."""
    stem = Path(location.rstrip("/")).name.removesuffix(".arsearch")
    return re.sub(r"[^\w-]+", "-", stem).strip("-")[:50] or "default"


def read_tokens(file: str | None) -> tuple[str, ...]:
    """Return the tokens of a file, one a line, or of $ARSEARCH_TOKEN. Raises InputError for a token that is too short."""
    from arsearch.web.settings import TOKEN_LENGTH, is_token

    if file is None:
        tokens = [os.environ.get("ARSEARCH_TOKEN", "").strip()]
        place = "$ARSEARCH_TOKEN"
    else:
        place = repr(file)
        try:
            tokens = [line.strip() for line in Path(file).read_text("utf-8").splitlines()]
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot read the tokens of {file!r}: {error}") from error
    tokens = [token for token in tokens if token]
    for token in tokens:
        if not is_token(token):
            raise InputError(
                f"a token of {place} is too short or has other characters than ASCII letters, digits and signs; it needs "
                f"{TOKEN_LENGTH} at least: python -c 'import secrets; print(secrets.token_urlsafe())' makes one"
            )
    if file is not None and not tokens:
        raise InputError(f"{file!r} has no token; write one a line")
    return tuple(tokens)


def _check_packages() -> None:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise CommandError(f'the server needs {", ".join(missing)}: run pip install "arsearch[web]"')
