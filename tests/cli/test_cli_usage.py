"""Tests of the exit code of wrong usage: a value that an option cannot have, whatever the index and the files hold, is 2."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from cli_articles import Run

from arsearch.cli import main
from arsearch.cli.group import COMMANDS

ANY_TEXT = {
    *(
        "--index",
        "--output",
        "--synonyms",
        "--dictionary",
        "--token-file",
        "--file",
        "--against-run",
        "--run-to",
    ),  # paths
    *("--id", "--query", "--title", "--sql", "--table", "--host", "--allow-host"),
    *("--sort", "--facet", "--collapse", "--by", "--group-by"),  # fields of the index
    "--fields",  # an article may have any field
}
"""The options that may have the value `nope`."""


def _options() -> list[tuple[str, str]]:
    context = click.Context(main)
    return [
        (name, max(param.opts, key=len))
        for name in COMMANDS
        if (command := main.get_command(context, name)) is not None
        for param in command.params
        if isinstance(param, click.Option) and not param.is_flag
    ]


@pytest.mark.parametrize(("name", "option"), [pair for pair in _options() if pair[1] not in ANY_TEXT])
def test_a_value_that_an_option_cannot_have_is_wrong_usage(name: str, option: str, run: Run, tmp_path: Path) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    arguments = ["x" for param in command.params if isinstance(param, click.Argument) and param.required]
    more = ["--id", "x"] if name == "explain" else []
    result = run(name, *arguments, *more, option, "nope", code=2)
    assert "'nope'" in result.stderr
    assert option in result.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["index", "x", "--format", "csv,tsv"], "unknown format 'csv,tsv'"),
        (["index", "x", "--encoding", "hex"], "unknown encoding 'hex'"),
        (["index", "x", "--encoding", "\0"], "unknown encoding"),
        (["index", "x", "--field", "x=number"], "field 'x' has kind 'number'; known: text"),
        (["index", "x", "--field", "title=text"], "field 'title' is built in"),
        (["index", "x", "--field", "a b=int"], "field name 'a b' must begin with a letter"),
        (["index", "x", "--field", "x=int", "--field", "x=text"], "field 'x' is declared twice"),
        (["reindex", "--add-field", "x=int", "--add-field", "x=int"], "field 'x' is declared twice"),
        (["reindex", "--stemmer", "khoja"], "no stemmer 'khoja'"),
        (["query", "x", "--timeout", "nan"], "'nan' is not a number"),
        (["serve", "--rate", "nan"], "'nan' is not a number"),
        (["serve", "--allow-origin", "https://example.org/"], "is not a scheme and a host"),
        (["serve", "--allow-origin", "example.org"], "is not a scheme and a host"),
        (["serve", "--allow-host", "https://example.org"], "is not a host without scheme, port and path"),
        (["serve", "--allow-host", "example.org:80"], "is not a host without scheme, port and path"),
        (["serve", "--root-path", "/a/"], "is not a path such as /search"),
        (["query", "x", "--recency", "0d"], "recency '0d' is not a period above 0"),
        (["query", "x", "--to", "2015-13"], "'2015-13' is not a date"),
        (["query", "x", "--json", "--fields", "id,"], "has an empty name"),
        (["eval", "q", "r", "--set", "colour=1"], "no setting 'colour'"),
        (["eval", "q", "r", "--set", "k1=-1"], "it must be a number, 0 or more"),
        (["eval", "d", "q", "r", "--against", "stemmer=khoja"], "no stemmer 'khoja'"),
        (["eval", "q", "r", "--against", "stemmer=light10"], "stemmer=light10 needs DOCS to index"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_values_are_refused_before_anything_is_read(
    args: list[str], message: str, run: Run, tmp_path: Path
) -> None:
    assert message in run(*args, code=2).stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("filter", "message"),
    [
        ("date=nope", "'nope' is not a date"),
        ("date!=nope", "'nope' is not a date"),
        ("hijri_year=nope", "is not a Hijri year"),
        ("volume=nope", "field 'volume' is int; 'nope' is not a number"),
        ("volume!=1..x", "field 'volume' is int; 'x' is not a number"),
    ],
)
@pytest.mark.parametrize("command", ["query", "like", "export", "delete", "concordance"])
def test_values_of_filters_that_their_fields_cannot_have(
    command: str, filter: str, message: str, run: Run, articles_file: Path
) -> None:
    run("index", str(articles_file), "--field", "volume=int")
    text = {"like": ["guard-1"], "delete": ["--yes"]}.get(command, ["الحرس"])
    assert message in run(command, *text, "--filter", filter, code=2).stderr


@pytest.mark.parametrize(
    "args",
    [
        *(["index", "x"], ["update", "1", "--set", "a=b"], ["delete", "1"], ["optimize"], ["reindex"], ["check"]),
        *(["backup", "copy"], ["restore", "copy"], ["analyze", "كتاب"]),
    ],
    ids=lambda args: args[0],
)
def test_a_command_for_one_index_refuses_two(args: list[str], run: Run, tmp_path: Path) -> None:
    assert "this command takes one index, not 2" in run(*args, "-i", "a", "-i", "b", code=2).stderr
    assert list(tmp_path.iterdir()) == []


def test_a_field_that_the_index_lacks_is_a_failure(run: Run, news: str) -> None:
    for option in ("--filter=nope=1", "--sort=nope", "--facet=nope", "--collapse=nope"):
        assert run("query", "x", "-i", news, option, code=1).stderr.startswith("arsearch: no field 'nope' to ")
