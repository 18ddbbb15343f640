"""Books with pages and headings, as one article each.

| module | holds |
|---|---|
| `openiti` | books of the OpenITI corpus |
| `openiti_text` | the marks of OpenITI mARkdown: text, pages and headings with offsets |
"""
