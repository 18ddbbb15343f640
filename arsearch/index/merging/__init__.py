"""Merging: several segments rewritten as one, without their deleted documents.

policy                which segments to merge
segment_merger        the merged segment
postings_merger       its terms and postings
surface_forms_merger  its surface forms
roots_merger          its postings of roots

The package defines neither the layout of the arrays (`codec`) nor the time of a merge (`writing.index_writer`).
"""
