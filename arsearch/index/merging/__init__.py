"""Merging: several segments rewritten as one, without their deleted documents.

policy                which segments to merge
segment_merger        the merged segment
postings_merger       its terms and postings
surface_forms_merger  its surface forms

The package is not for the layout of the arrays, which is in `codec`, nor for when to merge, which is in `writing.index_writer`.
"""
