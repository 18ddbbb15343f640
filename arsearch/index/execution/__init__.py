"""The execution of a compiled query: scores, filters, top documents.

queries       the nodes of a compiled query
boolean       AND and OR of scored queries
scorers       documents and scores of one query
bm25f         the BM25F score
proximity     the bonus for neighbouring words
match_result  what a query matched
top_docs      the page of hits
filters       filters, sorting and facets
"""
