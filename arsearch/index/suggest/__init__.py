"""Corrections of a whole query, and completions of an unfinished query.

did_you_mean     more likely queries, for `Index.correct`, and more likely words, for searches
replacements     combinations of replaced words
candidates       the words of the index for which a word may be misspelt
spelling_index   the terms of a segment's field, laid out to be compared with one word
edit_costs       the cost of the edits between two words
keyboard_layout  text retyped as on the other keyboard layout
completer        words and phrases that continue a query, for `Index.suggest`

This package is not for fuzzy queries (`matching.fuzzy`). A search never runs a proposal in place of the query as typed.
"""
