"""Commit points: which segments an index has.

manifest  the commit point and its file
publish   a commit, whole or absent
"""
