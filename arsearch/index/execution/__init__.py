"""Execute the clauses of a plan on one commit: match, score, filter, sort, explain.

context          `SearchContext`, which one execution shares
evaluation       `evaluate`: the documents and scores of a clause
boolean          boolean clauses, with pruning when only the best documents are needed
scorer           `Scorer`, the protocol of a clause that is looked up
scorers          the scorers, from postings or from the cache
bm25f            the BM25F score of a term clause
match_result     the documents that a plan matches
rescoring        the rescorers of a plan's signals
proximity        the rescorer of neighbouring words
pair_frequencies how often neighbouring words are near each other
top_docs         one page of a result
filters          filters on doc values
sorting          sort keys, and the first document of each value
facets           the counts of a field's values
score_explainer  the parts of one document's score

The package is not for finding terms: `matching` does this. Snippets and pages of hits are made in `arsearch.search`. Where the
extension was built, `compiled` executes most searches.
"""
