"""Looking after an index.

backup    copies of a commit
recovery  back to the last intact commit
check     every array and every article
reindex   a new analyzer or new fields
stats     counts and sizes
"""
