"""Reading one commit.

segment   one segment
snapshot  all segments of a commit as one
opening   a location to the reader of its latest commit
cache     a bounded cache
budget    the bounds of one search
"""
