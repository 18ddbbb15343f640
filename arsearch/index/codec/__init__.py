"""The file format: each structure's writer and reader, over arrays with checksums.

array_file       the container: named arrays, a directory, checksums
checked_array    an array whose blocks are verified on first touch
validators       which values an array may hold
segment_info     what a manifest says of a segment
string_column    strings of documents
term_dictionary  the sorted terms of a field
postings         documents, frequencies and positions of terms
block_max        the bounds of 128 postings
surface_forms    how each occurrence is written
doc_values       values of keyword, number and date fields, by document
stored_fields    compressed articles
minhash          signatures that tell near-duplicates
"""
