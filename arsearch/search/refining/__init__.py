"""Refine a query by the words that the articles have.

    refinement     the protocol of a refinement of trees, and `refine`, which applies several with statistics from one call
    field_values   reads a value of a keyword field that no article has as words
    phrases        reads a quoted phrase that no article has as words
    spellings      adds a likelier spelling to a word that no article has
    foreign_names  adds other spellings of foreign names to a plan, beside the typed one
    scored_words   the clauses of plain words in a plan

The first three change the tree before its clauses are built, and the fourth changes the plan. Every back-end therefore
executes the same clauses.
"""
