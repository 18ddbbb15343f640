"""The built-in readers, one module for each format.

| module | holds |
|---|---|
| `json` | JSON and JSON lines |
| `json_scanner` | the top-level values of JSON text |
| `delimited` | CSV and TSV: the layout, and rows as records |
| `delimited_rows` | the rows of CSV and TSV |
| `plain_text` | one article a file |

The formats of indexes are not here: `arsearch.readers.whoosh` reads a native Whoosh index.
"""
