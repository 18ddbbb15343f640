"""Refine a query by the words that the articles have.

    refinement     the protocol of a refinement of trees, and `refine`, which applies several with statistics from one call
    field_values   reads a value of a keyword field that no article has as words
    phrases        reads a quoted phrase that no article has as words
    spellings      adds a likelier spelling to a word that no article has
    foreign_names  adds the other spellings of a foreign name to it
    plain_words    the words of a query that count for it and have no level of their own

Refinements change the tree before its clauses are built. Every back-end therefore executes the same clauses.
"""
