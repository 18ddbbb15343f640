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
packed_array          numbers in two bits each, and the larger ones apart
doc_values            values of keyword, number and date fields, by document
term_dictionary       the sorted terms of a field and level
postings              documents, frequencies and positions of terms
root_postings         documents and frequencies of root families
root_postings_writer  the arrays that `root_postings` reads
block_max             the highest frequency and the shortest field among 128 postings
surface_forms         how each occurrence is written
surface_forms_writer  the arrays that `surface_forms` reads
ranges                arithmetic with ranges of an array

The package neither evaluates queries (`execution`) nor lists the files of an index (`commits`). Inverting
documents is in `writing`, and merging is in `merging`: a new format changes the modules above, and the steps that
produce its arrays stay in those two packages.
"""
