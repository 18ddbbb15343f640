"""Corrections and completions.

did_you_mean     likelier queries
candidates       words that a misspelt one may stand for
edit_costs       the cost of a misspelling
spelling_index   the terms of a segment, compared by letters
keyboard_layout  text typed on the wrong keyboard
completer        the end of a query that is being typed
"""
