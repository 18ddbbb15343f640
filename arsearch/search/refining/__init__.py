"""Refine the tree of a query by the words that the articles have.

    field_values  reads a value of a keyword field that no article has as words

A refinement changes the tree before its clauses are built, so that every back-end executes the same clauses.
"""
