"""Find where the terms, patterns and phrases of a query occur.

lookup    `TermLookup`: the postings and positions of term clauses
fuzzy     the terms of a dictionary within an edit distance
wildcard  the terms of a dictionary that match a pattern
phrases   the positions where phrases start
known_words  the places of a query's words in one long stored body
body_positions  the positions of terms in the bodies of a work
long_text    the words of a long text that contain some letters; `compiled_text` and `prepared_text` find them
text_cache   the long texts that were read last

The package is not for scores: `execution` computes them.
"""
