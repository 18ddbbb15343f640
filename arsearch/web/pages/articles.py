"""The pages of one article: its text for reading, why a search found it, and similar articles."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from arsearch.model import Article, Passage, Snippet
from arsearch.search.backend import Capability
from arsearch.search.request import DUPLICATES
from arsearch.web.indexes import Commit, ServedIndex
from arsearch.web.pages.explanations import explanation_rows
from arsearch.web.pages.links import article_path
from arsearch.web.pages.reading import article_spans, joined_spans, marked_paragraphs, read_article
from arsearch.web.pages.site import Page, unknown_article

__all__ = ["article_page", "explanation_page", "similar_page"]


def article_page(page: Page, name: str, id: str, part: int) -> str:
    """Return the page of an article. Raises ProblemError (404) for an unknown index or id."""
    served, commit, article = _article(page, name, id)
    spans = article_spans(commit.searchable, page.state, article.id)
    ui, links = page.ui, page.links
    whole = Passage(0, len(article.title))
    part_of = getattr(article, "place", None)
    names = {key: ui(f"match_{key}") for key in ("previous", "next", "place", "bar")} | {"page": ui("page_number")}
    text = getattr(article, "text", article.body)
    reading = read_article(
        article,
        text,
        joined_spans(text, spans, "body"),
        part,
        part_url=links.article(name, article.id),
        names=names,
    )
    others = [
        (field, marked_paragraphs(value, joined_spans(value, spans, field)))
        for field, kind in served.index.fields.items()
        if kind == "text" and isinstance(value := article.extra.get(field), str) and value.strip()
    ]
    return page.render(
        "article.html",
        language_url=_language_url(page, "a", name, id),
        article=article,
        served_name=name,
        reading=reading,
        title=Snippet("title", article.title, (whole,), tuple(joined_spans(article.title, spans, "title"))),
        part_of=part_of if part_of is not None and part_of.work != article.id else None,
        others=others,
        original=_web_address(article.url),
        citation=_citation(page, article),
    )


def explanation_page(page: Page, name: str, id: str, *, fragment: bool) -> str:
    """Return the explanation of an article's score, as a page or as the table alone."""
    served, commit, article = _article(page, name, id)
    near = Capability.NEAR_DUPLICATES in served.index.capabilities
    arguments = page.state.arguments(served.index.fields, near_duplicates=near)
    chosen = {key: arguments[key] for key in ("filters", "mode", "match", "recency")}
    explanation = commit.searchable.explain(page.state.q, article.id, **chosen)
    return page.render(
        "why_table.html" if fragment else "why.html",
        language_url=_language_url(page, "why", name, id),
        article=article,
        served_name=name,
        explanation=explanation,
        rows=explanation_rows(explanation, page.ui),
    )


def similar_page(page: Page, name: str, id: str) -> str:
    """Return the page of the articles most similar to an article."""
    served, commit, article = _article(page, name, id)
    collapse = DUPLICATES if Capability.NEAR_DUPLICATES in served.index.capabilities else None
    results = commit.searchable.more_like(article.id, limit=page.site.context.settings.default_limit, collapse=collapse)
    url = _language_url(page, "similar", name, id)
    return page.render("similar.html", language_url=url, article=article, served_name=name, results=results)


def _article(page: Page, name: str, id: str) -> tuple[ServedIndex, Commit, Article]:
    """Return the index of a name, its newest commit, and the article of an id; the page then searches in this index."""
    served = page.site.context.indexes.select(name)
    page.state = replace(
        page.state, i=page.state.i or (name if served is not page.site.context.indexes.default else "")
    )
    commit = served.commit()
    for candidate in (id, id.removeprefix("/") if id in ("/.", "/..") else id):
        if (article := commit.searchable.get(candidate)) is not None:
            return served, commit, article
    raise unknown_article(id)


def _language_url(page: Page, view: str, name: str, id: str) -> str:
    return page.links.other_language(page.ui.other, article_path(view, name, id))


def _web_address(url: str) -> str:
    """Return an address that a link may have, an empty text for any other: a script is no address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def _citation(page: Page, article: Article) -> list[str]:
    """Return the parts of a citation: author, title in quotes, source, dates, id."""
    ui = page.ui
    dates = []
    if article.date is not None:
        hijri = ui.hijri_date(article.date)
        dates = [f"{ui.date(article.date)} ({hijri})" if hijri else ui.date(article.date)]
    title = ui("quoted", article.title.strip() or ui("untitled"))
    return [part for part in (article.author, title, article.source, *dates, ui("retrieved", id=article.id)) if part]
