"""Write an index: turn articles into segments, and segments into commits.

index_writer          adds, deletes, flushes, merges and commits under the write lock
bulk_add              the loop of `Index.add`, which commits and reports
documents_writer      buffers articles and flushes them within the memory limit
segment_writer        collects the articles of one segment and writes its file
stored_fields_writer  compresses stored articles in a background thread
pretokenizer          splits texts into pre-tokens with array operations
hash_table            finds the tokens of pre-tokens, whole arrays at once
vocabulary            analyses each distinct pre-token once
token_groups          the tokens that are not one term at one position
field_inverter        buffers the tokens of a field and makes its arrays
inverter              sorts occurrences into postings
parallel              the same work in several processes

The formats of the arrays belong to `codec`, and the choice of segments to merge to `merging`. Nothing here is needed to
search.
"""
