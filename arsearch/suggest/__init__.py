"""Corrections of a whole query, and completions of an unfinished query.

term_source      the protocol by which this package asks a commit of any back-end for its terms and texts
did_you_mean     more likely queries, for `Index.correct`, and more likely words, for searches
replacements     combinations of replaced words
candidates       the words of the index for which a word may be misspelt
edit_costs       the cost of the edits between two words
keyboard_layout  text retyped as on the other keyboard layout
completer        words and phrases that continue a query, for `Index.suggest`

This package is not for fuzzy queries, whose words the back-ends find. A search never runs a proposal in place of the query as
typed.
"""
