"""The results of a search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from arsearch.errors import QueryError
from arsearch.model.articles import Article
from arsearch.model.places import PART_OF, PARTS, without_ties
from arsearch.model.snippets import Snippet
from arsearch.model.spans import Language, Level, Span

if TYPE_CHECKING:
    from arsearch.model.explanations import Explanation
    from arsearch.model.locating import Locator
    from arsearch.model.places import Place

__all__ = ["Answers", "Hit", "Marks", "SearchResults"]

_Answer = TypeVar("_Answer")

Marks = tuple[Snippet, Snippet, Level | None]
"""The snippets of the title and of the article, and the strictest level of all matches."""

_PAGES = "pages"


class Hit:
    """One article of the results: its rank (from 1), id, title, score, strictest level and snippets.

    Scores are comparable within one search only. `complete` is false if the article lacks a word that the query needs,
    or has it by its root alone; such hits come after the complete ones.
    `similar` counts the near-duplicates of this article that were left out, if the search collapses them. If it collapses
    a field, `inner_hits` has the next hits with the same value, such as further parts of the same work, and `inner_total`
    counts all hits with this value, this one included. `location` is that of its index, which tells several indexes that
    are searched as one apart. The article is loaded, and the snippets are made, on first use. A pickled hit has both, and is
    independent of the index.
    """

    __slots__ = (
        "_article",
        "_explain",
        "_load",
        "_mark",
        "_marked",
        "complete",
        "id",
        "inner_hits",
        "inner_total",
        "location",
        "rank",
        "score",
        "similar",
        "title",
    )

    def __init__(
        self,
        rank: int,
        id: str,
        title: str,
        score: float,
        complete: bool,
        load: Callable[[], Article],
        mark: Callable[[bool, Article], Marks],
        explain: Callable[[str, bool], Explanation],
        similar: int = 0,
        inner_hits: tuple[Hit, ...] = (),
        inner_total: int = 1,
        location: str = "",
        marks: Marks | None = None,
    ) -> None:
        self.rank = rank
        self.id = id
        self.title = title
        self.score = score
        self.complete = complete
        self.similar = similar
        self.inner_hits = inner_hits
        self.inner_total = inner_total
        self.location = location
        self._load = load
        self._mark = mark
        self._explain = explain
        self._article: Article | None = None
        self._marked = marks

    @property
    def article(self) -> Article:
        """The stored article, as it was added."""
        if self._article is None:
            self._article = self._load()
        return self._article

    @property
    def snippet(self) -> Snippet:
        """The best passages of the body; of the title when there is no body."""
        return self._marks()[1]

    @property
    def title_snippet(self) -> Snippet:
        """The whole title with its matches highlighted."""
        return self._marks()[0]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The highlighted spans of title and body that the snippets show."""
        return tuple(dict.fromkeys((*self.title_snippet.spans, *self.snippet.spans)))

    @property
    def page(self) -> str | None:
        """The page of the first match that the snippet shows; of the whole part, if its work names no other.

        It is `None` if the article has no pages, or no match in its body. An article has pages if its field `pages` lists,
        in order, mappings with the name of a page under `page` and the offset of its first character in the body under
        `start`.
        """
        if not any(name in self.article.extra for name in (_PAGES, PART_OF)):
            return None
        return self._locator().page(self._offset())

    @property
    def place(self) -> Place | None:
        """The place of the hit in its work; `None` if the article has no parts and is no part of a work."""
        if not any(name in self.article.extra for name in (PARTS, PART_OF)):
            return None
        return self._locator().place(self._offset())

    def _locator(self) -> Locator:
        from arsearch.model.locating import Locator  # few hits have pages or places

        return Locator(self.article)

    def citation(self, language: Language = "ar") -> str:
        """Return a citation line: the author, the work, the headings, volume and page (see `model.citations`)."""
        from arsearch.model.citations import citation  # few hits are cited

        return citation(self.article, self.place, self.page, language)

    def _offset(self) -> int | None:
        """Return the offset in the body of the first match that the snippet shows, else of its first passage, or `None`."""
        snippet = self.snippet
        if snippet.field != "body" or not snippet.passages:
            return None
        return snippet.spans[0].start if snippet.spans else snippet.passages[0].start

    @property
    def marks(self) -> Marks | None:
        """The snippets and the level, if they were made."""
        return self._marked

    @property
    def level(self) -> Level | None:
        """The strictest level at which a query word matches; `None` if the query has no words."""
        return self._marks()[2]

    def prepare(self) -> None:
        """Make the snippets now, also those of `inner_hits`, and keep no article for them.

        `Index.search_many` calls it, so that a large batch holds snippets alone; `article` loads the article again.
        """
        if self._marked is None:
            self._set_marks(self._mark(self.complete, self._load() if self._article is None else self._article))
        for hit in self.inner_hits:
            hit.prepare()

    def _marks(self) -> Marks:
        return self._set_marks(self._mark(self.complete, self.article)) if self._marked is None else self._marked

    def _set_marks(self, marks: Marks) -> Marks:
        self._marked = marks
        self._mark = _made  # lets go of the highlighter
        return marks

    def explain(self) -> Explanation:
        """Explain the score: the analysis, the matches and the share of each query word. Every call computes it anew.

        Raises QueryError for a hit that was pickled: it has no index.
        """
        return self._explain(self.id, self.complete)

    def to_dict(self, *, body: bool = False) -> dict[str, Any]:
        """Return the hit as JSON values, as `arsearch query --json` prints it; the article without its body, unless `body`."""
        article = without_ties(self.article, self.article.to_dict())
        if not body:
            del article["body"]
        place = self.place
        return {
            "rank": self.rank,
            "id": self.id,
            "score": self.score,
            "level": self.level.label if self.level else None,
            "complete": self.complete,
            "similar": self.similar,
            "page": self.page,
            "place": None if place is None else place.to_dict(),
            "title": self.title,
            "title_html": self.title_snippet.html,
            "snippet": {
                "text": self.snippet.text,
                "html": self.snippet.html,
                "spans": [span._asdict() | {"level": span.level.label} for span in self.spans],
            },
            "article": article,
            "inner_hits": [hit.to_dict(body=body) for hit in self.inner_hits],
            "inner_total": self.inner_total,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        marks = self._marks()
        values = (self.rank, self.id, self.title, self.score, self.complete, self.article, marks, self.similar)
        return _unpickled, (*values, self.inner_hits, self.inner_total, self.location)

    def __repr__(self) -> str:
        return f"<Hit {self.rank}: {self.id!r} {self.score:.3f}>"


def _made(complete: bool, article: Article) -> NoReturn:  # noqa: ARG001
    raise AssertionError("snippets are made once")


def _unpickled(
    rank: int,
    id: str,
    title: str,
    score: float,
    complete: bool,
    article: Article,
    marks: Marks,
    similar: int,
    inner_hits: tuple[Hit, ...],
    inner_total: int,
    location: str,
) -> Hit:
    """Make a hit again from what it was pickled with."""

    def explain(id: str, complete: bool) -> Explanation:  # noqa: ARG001
        raise QueryError(
            f"the hit {id!r} was pickled and has no index to explain it; use `index.explain(text, {id!r})`"
        )

    return Hit(
        rank,
        id,
        title,
        score,
        complete,
        lambda: article,
        lambda complete, article: marks,  # noqa: ARG005
        explain,
        similar,
        inner_hits,
        inner_total,
        location,
    )


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of hits, in order. `total` counts the articles that pages of this length reach, after collapsing.

    `total_complete` counts the complete articles among them (see `Hit`), which facets count and fields sort; if there
    are none, facets and sorts use all. `took` is in seconds. `facets` maps a field to its values and their counts, the
    most frequent first. If `partial`, time ran out and hits may be missing, with a note.
    """

    query: str
    hits: tuple[Hit, ...]
    total: int
    total_complete: int
    took: float
    notes: tuple[str, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    partial: bool = False

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __getitem__(self, position: int) -> Hit:
        return self.hits[position]

    def to_dict(self, *, hits: bool = True, body: bool = False) -> dict[str, Any]:
        """Return the results as JSON values, as `arsearch query --json` prints them.

        `body` is as in `Hit.to_dict`; without `hits`, their list is empty.
        """
        return {
            "query": self.query,
            "total": self.total,
            "total_complete": self.total_complete,
            "partial": self.partial,
            "took": round(self.took, 6),
            "notes": list(self.notes),
            "facets": {name: dict(values) for name, values in self.facets.items()},
            "hits": [hit.to_dict(body=body) for hit in self.hits] if hits else [],
        }


class Answers(tuple[_Answer, ...]):
    """Passages, suggestions or spans; they equal a tuple.

    If `partial`, time ran out: some may be missing, but none is wrong.
    """

    partial: bool

    def __new__(cls, answers: Iterable[_Answer] = (), *, partial: bool = False) -> Answers[_Answer]:
        made = super().__new__(cls, answers)
        made.partial = partial
        return made
