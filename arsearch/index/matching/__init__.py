"""Where terms, patterns and phrases stand.

postings_queries  documents and frequencies of terms, phrases and expansions
fuzzy             terms within an edit distance
wildcard          terms that fit a pattern
"""
