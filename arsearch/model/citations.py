"""Citation lines: the author, the work, and the place in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from arsearch.errors import QueryError

if TYPE_CHECKING:
    from arsearch.model.articles import Article
    from arsearch.model.places import Place
    from arsearch.model.spans import Language

__all__ = ["citation", "page_words"]

_COMMA: Mapping[str, str] = {"ar": "، ", "en": ", "}
_VOLUME: Mapping[str, str] = {"ar": "ج {}", "en": "vol. {}"}
_PAGE: Mapping[str, str] = {"ar": "ص {}", "en": "p. {}"}


def page_words(volume: str | None, page: str | None, language: Language = "ar") -> str:
    """Return a volume and a page in words, such as `ج 1، ص 23`; an empty string if both are unknown."""
    words = [form[language].format(name) for form, name in ((_VOLUME, volume), (_PAGE, page)) if name]
    return _COMMA[language].join(words)


def citation(article: Article, place: Place | None, page: str | None = None, language: Language = "ar") -> str:
    """Return the citation line of an article, or of a place in a work.

    For a place: the author, the title of the work, the headings, the volume and the page. For an article: the author, the
    title, the source, the date as it is stored, and `page`. Unknown values are left out, and an article without author,
    title and source is cited by its id. Raises QueryError for another language than "ar" and "en".
    """
    if language not in _COMMA:
        raise QueryError(f"language {language!r} of a citation is unknown; known: {', '.join(_COMMA)}")
    if place is not None:
        names = [place.author, place.title or place.work, place.heading, page_words(place.volume, place.page, language)]
    else:
        date = article.date.isoformat()[:10] if article.date else ""
        names = [article.author, article.title, article.source, date, page_words(None, page, language)]
        if not any((article.author, article.title, article.source)):
            names.insert(0, article.id)
    return _COMMA[language].join(" ".join(name.split()) for name in names if name.strip())
