"""Refine the tree of a query by the words that the articles have.

    refinement    the protocol of a refinement, and `refine`, which applies several with statistics from one call
    field_values  reads a value of a keyword field that no article has as words
    phrases       reads a quoted phrase that no article has as words
    spellings     adds a likelier spelling to a word that no article has

A refinement changes the tree before its clauses are built, so that every back-end executes the same clauses.
"""
