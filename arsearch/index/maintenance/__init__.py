"""Maintain an index: back it up, verify it, recover it, rebuild it.

backup    copies a commit to another folder, and restores it
recovery  makes the last intact commit the newest again
check     verifies every array and every stored article
reindex   rebuilds an index with another analyzer or other fields
stats     counts articles, terms and bytes

The package is not for daily writes: `writing` adds, deletes and merges.
"""
