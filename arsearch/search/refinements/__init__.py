"""The changes of a plan that depend on which terms the index has; `Planner.refine` applies them.

scored_words     the words of a plan, and a plan with other words
foreign_names    other spellings of foreign names, beside the typed one
"""
