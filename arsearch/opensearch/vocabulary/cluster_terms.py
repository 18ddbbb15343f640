"""The answers of a commit on a cluster to corrections and completions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from arsearch.model.schema import NORMALISED, STEM, Schema
from arsearch.opensearch.documents import stored_article
from arsearch.opensearch.expansions import Expansions, common_terms, escaped
from arsearch.opensearch.filters import Query, all_of, any_of, terms_query
from arsearch.opensearch.matching import any_field, match_query
from arsearch.opensearch.paging import BY_ADDING, page
from arsearch.opensearch.statistics import Search, Statistics
from arsearch.opensearch.terms import token
from arsearch.opensearch.vocabulary.close_terms import close_terms
from arsearch.opensearch.vocabulary.term_counts import SAMPLED
from arsearch.search.clauses import PhraseClause, TermsClause
from arsearch.suggest.term_source import CloseTerm, Words

__all__ = ["ClusterTerms"]


class ClusterTerms:
    """Asks one commit by `search`; see `arsearch.suggest.term_source.TermSource`."""

    def __init__(self, search: Search, statistics: Statistics, schema: Schema) -> None:
        self.schema = schema
        self._search = search
        self._statistics = statistics
        self._fields = [field.name for field in schema if field.default]

    @property
    def documents(self) -> int:
        """The number of documents."""
        return self._statistics.basics_by(self._search).documents

    def frequencies(self, level: str, terms: Sequence[str]) -> list[int]:
        """Return the number of articles with each term of a level, in the default field where most have it."""
        keys = [[(TermsClause(level, (term,)), (field,)) for field in self._fields] for term in terms]
        known, _ = self._statistics.frequencies([key for some in keys for key in some], Expansions(), [], self._search)
        return [max((known[key] for key in some), default=0) for some in keys]

    def close_terms(self, word: str, max_cost: int, cost_weight: float, limit: int) -> list[CloseTerm]:
        """Return the terms of default fields within `max_cost` of a word, at most `limit` of each field."""
        return close_terms(word, self._fields, self._search, max_cost=max_cost, cost_weight=cost_weight, limit=limit)

    def phrase_frequencies(self, phrases: Sequence[PhraseClause], fields: Sequence[str]) -> list[int]:
        """Return the number of articles with each phrase, in the field where most have it."""
        expansions = Expansions()
        queries = [match_query(phrase, field, expansions) for phrase in phrases for field in fields]
        counts = self._counts(queries)
        return [max(counts[at : at + len(fields)]) for at in range(0, len(counts), len(fields))]

    def stem_counts(self, stems: Sequence[str], groups: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
        """Return the number of articles with each stem in any default field, and with all stems of each group."""
        fields, expansions = tuple(self._fields), Expansions()
        keys = [(TermsClause(STEM, (stem,)), fields) for stem in stems]
        matching = {stem: any_field(*key, expansions) for stem, key in zip(stems, keys, strict=True)}
        queries = [all_of([matching[stem] for stem in group]) for group in groups]
        known, counts = self._statistics.frequencies(keys, expansions, queries, self._search)
        return [known[key] for key in keys], counts

    def prefixed_terms(self, prefix: str, field: str, limit: int) -> Mapping[str, int]:
        """Return at most `limit` of the most common normalised terms with a prefix, and the number of their articles."""
        sampled = SAMPLED if self.documents > SAMPLED else None
        expression = f"{escaped(prefix)}.*"
        return common_terms(f"vocabulary.{field}", [expression], limit, self._search, sampled=sampled)

    def counts(self, needed: Sequence[Words], choices: Sequence[Words]) -> list[int]:
        """Return the number of articles with everything in `needed` and each of the `choices`."""
        always = list(map(_query, needed))
        return self._counts([all_of([*always, _query(choice)]) for choice in choices])

    def newest_titles(self, needed: Sequence[Sequence[Words]], limit: int) -> Iterator[str]:
        """Yield the titles of the newest articles with everything in any item of `needed`, at most `limit` for each item."""
        newest = {"top_hits": {"size": limit, "sort": [{"seq": "desc"}], "_source": ["title"]}}
        groups = {
            str(at): {"filter": all_of(map(_query, words)), "aggs": {"newest": newest}}
            for at, words in enumerate(needed)
        }
        found = self._search({"size": 0, "aggs": groups})["aggregations"]
        hits = (hit for group in found.values() for hit in group["newest"]["hits"]["hits"])
        titles = {hit["sort"][0]: hit["_source"]["title"] for hit in hits}
        return (titles[seq] for seq in sorted(titles))

    def texts(self, term: str, field: str, limit: int) -> Iterator[str]:
        """Yield the field of the first articles that have a normalised term there, at most `limit`."""
        query = _query(Words((term,), (field,)))
        source = ["title"] if field == "title" else ["article"]
        for found in page(self._search, query, BY_ADDING, offset=0, limit=limit, source=source):
            if field == "title":
                yield found.source["title"]
                continue
            article = stored_article(found.source)
            yield article.body if field == "body" else str(article.extra.get(field) or "")

    def _counts(self, queries: Sequence[Query]) -> list[int]:
        return self._statistics.article_counts(queries, self._search)


def _query(words: Words) -> Query:
    tokens = [token(NORMALISED, term) for term in words.terms]
    return any_of(terms_query(f"t.{field}", tokens) for field in words.fields)
