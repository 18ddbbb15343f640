"""Read one commit.

opening           opens the directory of a location, and the reader of its newest commit
snapshot          `IndexReader`: all segments of a commit as one
joining           the readers of several indexes as one, or each as a member of several
segment           `SegmentReader`: one segment
segment_postings  the live postings and occurrences of a segment's terms
keywords          the values of a keyword field in all segments
root_families     the live postings of root families in a segment
read_ahead        the stored articles of a page
cache             caches of values that take long to compute
budget            the bounds of one search

The package is not for matching or scoring: `matching` looks up clauses, `execution` scores them.
"""
