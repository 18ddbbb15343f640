"""Every occurrence of a query, not only the best: concordances, frequencies, and the spans of one article.

    view          the protocol of views that find and count occurrences themselves
    planning      plans a query for its occurrences, and names the clauses that are counted
    deadline      the time after which both end early
    finding       finds the occurrences in the texts of articles
    concordance   occurrences in their lines, streamed or sorted
    sorting       sorts lines in a temporary file, with light keys in memory
    grouping      the value of an article that a table of frequencies counts by
    frequencies   counts occurrences by value
    spans         the spans of one article, or of a work with all its parts

A back-end with `Capability.OCCURRENCES` counts by the positions of its index; for others the stored articles are read, which
is slow. The results are the same.
"""
