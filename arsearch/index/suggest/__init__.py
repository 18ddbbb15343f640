"""The terms and texts of a commit, for corrections and completions.

spelling_index   the terms of a segment's field, laid out to be compared with one word
indexed_terms    `IndexedTerms`: the answers of a commit to `arsearch.suggest`
"""
