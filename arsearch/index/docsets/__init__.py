"""Sets of documents, with scores and without.

scored  rising documents with their scores, and the algebra of them
bitset  sets of many documents as bits
"""
