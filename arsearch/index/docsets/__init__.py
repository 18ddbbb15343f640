"""Sets of documents.

scored  documents with scores, as sorted arrays or as one score for every document; union, intersection, difference
bitset  documents as bits, for large sets

The package neither computes scores (`execution`) nor holds the set of deleted documents (`reader`).
"""
