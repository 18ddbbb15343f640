"""One segment of several.

segment_merger        which segments to merge, and the merged arrays
postings_merger       terms and postings
surface_forms_merger  surface forms
"""
