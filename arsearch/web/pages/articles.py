"""The pages of one article: its text for reading, why a search found it, and similar articles."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from arsearch.model import Article, Fragment, Snippet
from arsearch.model.citations import citation
from arsearch.model.parts import lay_out, whole_text
from arsearch.model.places import PARTS, part_id, part_of
from arsearch.search.backend import Capability
from arsearch.search.request import DUPLICATES
from arsearch.web.indexes import Commit, ServedIndex
from arsearch.web.pages.explanations import explanation_rows
from arsearch.web.pages.links import article_path
from arsearch.web.pages.outline import headings_of, pages_of, place_of_part
from arsearch.web.pages.reading import joined_spans, marked_paragraphs, read_article
from arsearch.web.pages.site import Page, readable_dates, unknown_article

__all__ = ["article_page", "explanation_page", "similar_page"]

_ISO_DATE = re.compile(r"(\d{4}-\d\d-\d\d)")


def article_page(page: Page, name: str, id: str, part: int, at: int | None) -> str:
    """Return the page of an article. Raises ProblemError (404) for an unknown index or id.

    A long text is shown in parts: `part` counts from 1, and `at` is an offset in the text, whose part is shown instead.
    """
    served, commit, article = _article(page, name, id)
    spans = page.site.marks.find(served, commit, page.state, article.id, page.site.context.settings.deadline)
    ui, links = page.ui, page.links
    parts, cut = lay_out(article.body, article.extra.get(PARTS))
    text = whole_text(article.body, parts, cut)
    reading = read_article(
        text,
        joined_spans(text, spans, "body"),
        part,
        part_url=links.article(name, article.id),
        names={key: ui(f"match_{key}") for key in ("previous", "next", "place", "bar")},
        headings=headings_of(article, parts, text),
        pages=pages_of(article, parts, ui.language),
        at=at,
    )
    others = [
        (field, marked_paragraphs(value, joined_spans(value, spans, field)))
        for field, kind in served.index.fields.items()
        if kind == "text" and isinstance(value := article.extra.get(field), str) and value.strip()
    ]
    whole = Fragment(0, len(article.title))
    place = place_of_part(article)
    return page.render(
        "article.html",
        language_url=_language_url(page, "a", name, id),
        article=article,
        served_name=name,
        reading=reading,
        partial=spans.partial,
        title=Snippet("title", article.title, (whole,), tuple(joined_spans(article.title, spans, "title"))),
        place=place,
        work_url=f"{links.article(name, place.work)}&at={place.start}#at" if place else "",
        neighbours=_neighbours(page, name, commit, article),
        others=others,
        original=_web_address(article.url),
        citation=_ISO_DATE.split(citation(article, place, language=ui.language)),
    )


def _neighbours(page: Page, name: str, commit: Commit, article: Article) -> list[tuple[str, str, str]]:
    """Return the relation, the words and the link of the parts before and after a part of a work."""
    part = part_of(article)
    if part is None:
        return []
    beside = [("prev", "previous_part", int(part["number"]) - 1), ("next", "next_part", int(part["number"]) + 1)]
    return [
        (relation, page.ui(key), page.links.article(name, part_id(str(part["work"]), number)))
        for relation, key, number in beside
        if number > 0 and part_id(str(part["work"]), number) in commit.searchable
    ]


def explanation_page(page: Page, name: str, id: str, *, fragment: bool) -> str:
    """Return the explanation of an article's score, as a page or as the table alone."""
    served, commit, article = _article(page, name, id)
    near = Capability.NEAR_DUPLICATES in served.index.capabilities
    state, _ = readable_dates(page.state)
    arguments = state.arguments(served.index.fields, near_duplicates=near)
    chosen = {key: arguments[key] for key in ("filters", "mode", "match", "recency")}
    explanation = commit.searchable.explain(
        page.state.q, article.id, **chosen, timeout=page.site.context.settings.deadline
    )
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
    settings = page.site.context.settings
    results = commit.searchable.more_like(
        article.id, limit=settings.default_limit, collapse=collapse, timeout=settings.deadline
    )
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
