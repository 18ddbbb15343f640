"""What all back-ends do to rebuild an index: read the options, and add each stored article again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import AnalyzerError, ArticleError, QueryError, shown
from arsearch.model import AddReport, Article
from arsearch.model.places import is_part_id
from arsearch.model.schema import Schema
from arsearch.search.backend.writers import AddOptions, WriterOptions

__all__ = ["ReindexOptions", "put_again"]


@dataclass(frozen=True, slots=True)
class ReindexOptions:
    """The options of `arsearch.reindex`. Raises QueryError or AnalyzerError for a wrong value."""

    analyzer: ArabicAnalyzer | None
    options: Mapping[str, Any] | None
    fields: Mapping[str, str] | None
    progress: Callable[[AddReport], None] | None
    memory_limit: int
    timeout: float

    def __post_init__(self) -> None:
        WriterOptions(self.timeout, self.memory_limit), AddOptions(progress=self.progress)  # check their values
        for name, value in (("options", self.options), ("fields", self.fields)):
            if value is not None and not isinstance(value, Mapping):
                raise QueryError(f"{name} {shown(value)} is not a mapping")
        if self.analyzer is not None and not isinstance(self.analyzer, ArabicAnalyzer):
            raise AnalyzerError(f"{shown(self.analyzer)} is not an analyzer; give an arsearch.ArabicAnalyzer")

    def new_analyzer(self, stored: Mapping[str, Any]) -> ArabicAnalyzer:
        """Return the analyzer of the new index, where `stored` is the configuration of the old one."""
        analyzer = self.analyzer or _as_this_version_makes_it(stored)
        return ArabicAnalyzer.from_config({**analyzer.config(), **self.options}) if self.options else analyzer

    def new_schema(self, stored: Mapping[str, str]) -> Schema:
        """Return the fields of the new index, where the old one declares the `stored` ones."""
        try:
            return Schema(stored if self.fields is None else self.fields)
        except ValueError as error:
            raise QueryError(str(error)) from None


def put_again(
    articles: Iterable[Article], schema: Schema, put: Callable[[Article], object], report: AddReport
) -> Iterator[None]:
    """Call `put` with each article, fitted to the fields, and yield after each article that `put` took.

    `report` counts articles, values that do not fit, and failures. A part of a work has the same values as its work, which
    alone is reported.
    """
    for article in articles:
        where, whole = f"article {article.id}", not is_part_id(article.id)
        remarks: list[tuple[str, str]] = []
        try:
            put(schema.fitted(article, remarks))
        except ArticleError as error:
            if whole:
                report.fail(where, article.id, str(error))
            continue
        for kind, text in remarks:
            report.remark(where, kind, text)
        report.added += whole
        report.characters += len(article.title) + len(article.body)
        yield


def _as_this_version_makes_it(stored: Mapping[str, Any]) -> ArabicAnalyzer:
    """Return the analyzer of a configuration, or the default one if this version cannot make it."""
    options = dict(stored)
    if "version" not in options and isinstance(options.get("normalizer"), dict):
        # Before analysis version 2, `uthmani` was off by default and stored as such.
        options["normalizer"] = {name: on for name, on in options["normalizer"].items() if name != "uthmani"}
    try:
        return ArabicAnalyzer.from_config(options)
    except AnalyzerError:
        return ArabicAnalyzer()
