"""The file format: the writer and the reader of each structure, over arrays with checksums.

array_file            the container: named arrays, their directory and checksums
checked_array         an array whose blocks are verified when they are first read
validators            rules for the values of arrays
names                 the names of all arrays
features              the versions of the format, and optional structures
segment_info          the description of a segment in a commit, and the look-up of ids
deletions             the deleted documents of a segment
string_column         strings by document or ordinal
stored_fields         compressed articles
doc_values            values of keyword, number and date fields, by document
term_dictionary       the sorted terms of a field and level
postings              documents, frequencies and positions of terms
block_max             the highest frequency and the shortest field among 128 postings
surface_forms         how each occurrence is written
surface_forms_writer  the arrays that `surface_forms` reads
minhash               signatures that find near-duplicates
ranges                arithmetic with ranges of an array

Not for what a search makes of the arrays, which is in `execution`, nor for which files an index has, which is in
`commits`. Inverting documents is in `writing`, and merging in `merging`: a new format touches the modules above, but the
steps that produce its arrays stay there.
"""
