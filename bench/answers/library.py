"""The answers of the library: searches, explanations, corrections, suggestions, similar articles, analyses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import arsearch
from bench.answers.files import add_index
from bench.answers.queries import Search, Texts
from bench.answers.rows import Answers

__all__ = ["add_analysis", "add_answers", "add_fields", "add_searches"]

_FIELDS = {"topic": "text", "section": "keyword", "volume": "int", "price": "float", "printed": "date"}
_FIELD_QUERIES = ("{a}", "topic:{a}", "section:s1 {a}", "volume:3", "volume:٣..٧ {a}", "price:>2.5", "printed:2015-02",
                  "printed:..2015-03 {a}", "volume:7..3", "-section:s1 {a}", "section:* {a}", "volume:many {a}")  # fmt: skip
_FIELD_OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"sort": "price", "facets": ("section", "volume")},
    {"sort": "-printed", "filters": {"volume": (2, None)}},
    {"collapse": "section", "filters": {"section": ["s0", "s2"]}},
    {"sort": "section", "mode": "any"},
    {"sort": "volume", "filters": {"printed": ("2015-01", "2015-02")}, "facets": ("year",)},
)


def add_results(answers: Answers, row: str, item: str, results: arsearch.SearchResults) -> None:
    """Add all results of a search except the time that it took."""
    hits, snippets = results.hits, [(hit.title_snippet, hit.snippet) for hit in results]
    answers.add(f"{row}, hits", item, [(hit.rank, hit.id, hit.complete, hit.similar) for hit in hits])
    answers.add(f"{row}, scores", item, [hit.score for hit in hits])
    answers.add(f"{row}, levels", item, [hit.level.label if hit.level else None for hit in hits])
    answers.add(f"{row}, totals", item, [results.query, len(results), results.total, results.total_complete])
    answers.add(f"{row}, facets", item, {name: list(values.items()) for name, values in results.facets.items()})
    answers.add(f"{row}, notes", item, results.notes)
    for at, part in enumerate(("titles", "snippets")):
        own = [pair[at] for pair in snippets]
        answers.add(f"{row}, {part}", item, [(one.field, one.text, one.html, one.ansi) for one in own])
        answers.add(f"{row}, {part}' spans", item, [(one.passages, one.spans) for one in own])


def add_searches(
    answers: Answers, row: str, index: arsearch.Index, searches: Iterable[Search], prefix: str = ""
) -> list[tuple[str, str]]:
    """Add the results of searches, and the error of each search with `strict`.

    Return the queries with hits, each with the id of its last hit.
    """
    matches = []
    for number, one in enumerate(searches):
        item = f"{prefix}{number}: {one}"
        try:
            results = index.search(one.text, **one.options)
            add_results(answers, row, item, results)
            matches += [(one.text, hit.id) for hit in results.hits[-1:]]
            index.search(one.text, limit=0, strict=True)
        except arsearch.ArsearchError as error:
            answers.add(f"{row}, errors", item, f"{type(error).__name__}: {error}")
    return matches


def add_answers(answers: Answers, index: arsearch.Index, texts: Texts, matches: Sequence[tuple[str, str]]) -> None:
    """Add explanations, corrections, suggestions, similar articles and articles by id.

    `matches` are queries with the id of a hit, as `add_searches` returns them.
    """
    ids = sorted(dict.fromkeys(id for _, id in matches))
    for number, (text, id) in enumerate(matches[:300]):
        other = texts.draw.choice(ids) if number % 5 == 0 else id
        options: dict[str, Any] = {
            "mode": texts.draw.choice(("auto", "all", "any")),
            "match": texts.draw.choice((None, None, "word")),
        }
        item = f"{number}: {Search(text, options)} {other}"
        explanation = index.explain(text, other, **options)
        answers.add_explanation("explain", item, explanation.to_dict())
        answers.add("explain, repr", item, [str(explanation), repr(explanation)])
    for number in range(300):
        words = texts.words(4)
        at = texts.draw.randrange(len(words))
        if number % 2:
            words[at] = texts.wrong(words[at])
        text, last = " ".join(words), texts.words(1)[0]
        correction = index.correct(text, limit=1 + number % 5)
        answers.add("correct", f"{number}: {text!r}", correction.to_dict() | {"true": bool(correction)})
        start = " ".join([*words[: number % 3], last[: 1 + number % 4]]) if number % 5 else f"{last} "
        suggestions = index.suggest(start, limit=1 + number % 12)
        answers.add("suggest", f"{number}: {start!r}", [one.to_dict() for one in suggestions])
    for id in texts.draw.sample(ids, min(100, len(ids))):
        for collapse in (None, "duplicates"):
            add_results(answers, "like", f"{id} {collapse}", index.more_like(id, collapse=collapse))
    for id in (*texts.draw.sample(ids, min(300, len(ids))), "no such id"):
        article = index.get(id)
        answers.add("get", id, [id in index, article.to_dict() if article else None])


def add_analysis(answers: Answers, analyzer: arsearch.ArabicAnalyzer, texts: Texts, count: int) -> None:
    """Add the analysis of `count` runs of words, every third one with vowel marks."""
    for number in range(count):
        words = texts.words(12)
        text = texts.marked(" ".join(words)) if number % 3 == 0 else " ".join(words)
        tokens = [(*token[:4], *token.term) for token in analyzer.analyze(text)]
        answers.add("analyze, tokens", f"{number}: {text!r}", tokens)
        answers.add("analyze, steps", f"{number}: {text!r}", analyzer.steps(words[0]))


def add_fields(answers: Answers, articles: Sequence[dict[str, Any]], texts: Texts) -> None:
    """Add the state of an in-memory index with declared fields, after each of several additions, deletions and merges."""
    rows = [_with_fields(number, article, texts) for number, article in enumerate(articles)]
    half, ids = len(rows) // 2, [str(row["id"]) for row in rows]
    wrong: list[Any] = [{"id": "", "body": "x"}, {"id": "empty"}, {"id": "number", "body": "x", "volume": "many"}]
    with arsearch.open(":memory:", create=True, fields=_FIELDS) as index:
        steps: dict[str, Callable[[], object]] = {
            "added": lambda: index.add(rows[:half]),
            "added in commits": lambda: index.add(rows[half:], commit_every=max(1, len(rows) // 7)),
            "replaced, some wrong": lambda: index.add([*({**row, "title": "عنوان آخر"} for row in rows[::9]), *wrong]),
            "deleted": lambda: index.delete(ids[::7]),
            "deleted by filters": lambda: index.delete(filters={"volume": (8, None), "section": "s1"}),
            "optimized": index.optimize,
            "added again": lambda: index.add(rows[::5]),
        }
        for number, (step, act) in enumerate(steps.items()):
            result = act()
            if isinstance(result, arsearch.AddReport):
                report = result.to_dict() | {"took": None}
                answers.add("fields, failures", step, report.pop("failed"))
                result = report
            answers.add("fields, reports", step, result)
            add_index(answers, "fields", index, f"{number}. {step}")
            searches = [Search(texts.query(form), options) for form in _FIELD_QUERIES for options in _FIELD_OPTIONS]
            add_searches(answers, "fields, search", index, searches, f"{number}. {step}, ")


def _with_fields(number: int, article: dict[str, Any], texts: Texts) -> dict[str, Any]:
    """Return the article with values in most of the declared fields."""
    draw = texts.draw
    values = {
        "topic": " ".join(texts.words(3)),
        "section": [f"s{draw.randrange(4)}", f"s{draw.randrange(4)}"],
        "volume": draw.randrange(10),
        "price": draw.randrange(40) / 8,
        "printed": f"2015-0{draw.randrange(1, 5)}-{draw.randrange(10, 29)}",
    }
    return article | {name: value for at, (name, value) in enumerate(values.items()) if (number + at) % 11}
