"""From articles to segments and commits.

bulk_add              an iterable of articles, with a report
index_writer          the lock, upserts, commits
documents_writer      articles to segments, within a memory limit
segment_writer        one segment in memory
vocabulary            each distinct word, analysed once
pretokenizer          texts to units, in vectors
hash_table            the numbers of known units
field_inverter        the tokens of one field
inverter              occurrences to postings
stored_fields_writer  articles, compressed in a thread
"""
