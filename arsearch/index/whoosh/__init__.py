"""The index as Whoosh sees it: our segments through Whoosh's interfaces, and our score as Whoosh queries.

    articles     segments of articles as Whoosh segments: reading alone, the schema they have is in `schema`
    codec        a complete Whoosh codec on the same arrays, for any schema: `documents` and `terms` write and read
    cursors      one term's postings and a field's terms, as Whoosh walks them
    toc          the table of contents that lets `whoosh.index.open_dir` open the index
    queries      what to look up as Whoosh queries, `weighting` the score; `reference` runs a search with them

The search that users call works in vectors and imports nothing from here.
"""
