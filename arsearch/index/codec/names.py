"""The names of the arrays in a segment's files.

Every writer, reader, merger and check takes them from here. They are part of the file format: a name that changes, or
whose array comes to mean something else, is a new format version (see `features`).

A name is built in up to three steps. `STORED_IDS` and the like are whole names. `field_array` names an array of one
field, such as "body/length". Structures of several arrays share a prefix, their key, and `part` names an array of theirs: the
terms of the key "body/stem" are in "body/stem.blob". The keys of terms and postings end with the level, "normalised" or
"stem".
"""

from __future__ import annotations

__all__ = [
    "BLOB",
    "BLOCK_MAX_FREQ",
    "BLOCK_MIN_LENGTH",
    "DELETED",
    "DOCS",
    "ENDS",
    "EXCEPTIONS",
    "FORM_EXCEPTIONS",
    "FORM_IDS",
    "FORM_TERMS",
    "FREQS",
    "HEADS",
    "ID_DOCS",
    "ID_HASHES",
    "KEYWORDS",
    "LENGTHS",
    "NUMBERS",
    "ORDINALS",
    "ORDINAL_OFFSETS",
    "PACKED",
    "POSITIONS",
    "POSITION_OFFSETS",
    "POSTING_OFFSETS",
    "ROOT_FREQS",
    "ROOT_ORDINALS",
    "ROOT_POSTINGS",
    "SIGNATURES",
    "STARTS",
    "STEM_ORDINALS",
    "STORED_DICTIONARY",
    "STORED_FRAMES",
    "STORED_IDS",
    "STORED_TITLES",
    "SURFACE_FORMS",
    "field_array",
    "part",
]

# Of a segment. Frames, ids and titles are keys of string columns; the postings of roots are a key of terms.
STORED_FRAMES = "stored/frames"
STORED_DICTIONARY = "stored/dictionary"
STORED_IDS = "stored/id"
STORED_TITLES = "stored/title"
ID_HASHES = "id/hash"
ID_DOCS = "id/doc"
ROOT_POSTINGS = "root/postings"

# Of a file of deletions.
DELETED = "deleted"

# Of a field, for `field_array`. Surface forms and keywords are keys.
LENGTHS = "length"
STEM_ORDINALS = "stem_of"
ROOT_ORDINALS = "root_of"
ROOT_FREQS = "root_freqs"
SIGNATURES = "sketches"
SURFACE_FORMS = "written"
KEYWORDS = "values"
NUMBERS = "numbers"

# Of a key, for `part`. String columns have a blob and ends; term dictionaries a blob, heads and starts.
BLOB = "blob"
ENDS = "ends"
HEADS = "heads"
STARTS = "starts"
# Postings, under the key of their terms.
POSTING_OFFSETS = "first"
DOCS = "docs"
FREQS = "freqs"
POSITION_OFFSETS = "places"
POSITIONS = "positions"
BLOCK_MAX_FREQ = "most"
BLOCK_MIN_LENGTH = "least"
# Packed arrays, under their own name.
PACKED = "packed"
EXCEPTIONS = "exceptions"
# Surface forms.
FORM_TERMS = "terms"
FORM_EXCEPTIONS = "at"
FORM_IDS = "which"
# Keywords.
ORDINAL_OFFSETS = "first"
ORDINALS = "ordinals"


def field_array(field: str, array: str) -> str:
    """Return the name, or the key, of an array of a field; `array` may be a level."""
    return f"{field}/{array}"


def part(key: str, array: str) -> str:
    """Return the name of one of the arrays that a structure keeps under `key`."""
    return f"{key}.{array}"
