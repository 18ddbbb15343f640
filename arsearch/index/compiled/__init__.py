"""Searches of words by the compiled extension (`arsearch.kernel`), with the results of `execution`.

    pages    the best documents of a plan, in one call of the extension
    words    the words and pairs of a plan as objects of the extension, which later searches use again
    commits  the postings of a commit, in which the extension looks up terms

Plans with other clauses or signals, sorted pages, facets and groups are left to `execution`.
"""
