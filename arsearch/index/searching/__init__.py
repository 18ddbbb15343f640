"""From a query text to results.

searcher        a query to its results
compiler        a query tree to nodes and highlight targets
explainer       why a document has its score
more_like_this  articles like another
"""
