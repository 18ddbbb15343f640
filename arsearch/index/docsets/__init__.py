"""Sets of documents.

scored  documents with scores, as sorted arrays or as one score for every document; union, intersection, difference
bitset  documents as bits, for large sets

The package is not for computing scores, which is in `execution`, nor for the set of deleted documents, which is in `reader`.
"""
