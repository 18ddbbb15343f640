"""Find where the terms, patterns and phrases of a query occur.

lookup    `TermLookup`: the postings and positions of term clauses
fuzzy     the terms of a dictionary within an edit distance
wildcard  the terms of a dictionary that match a pattern
phrases   the positions where phrases start
known_words  the places of a query's words in one long stored body
long_text    a long text in bytes that its words are looked for in, and a cache of such texts

The package is not for scores: `execution` computes them.
"""
