"""HTML to text, for whole pages of books and mail and for fragments in other files.

| module | holds |
|---|---|
| `text` | the text of a page or fragment |
| `tokens` | tags and texts, in linear time |
| `encoding` | the bytes of a page or feed decoded |

Saved pages, with menus around the text, need `arsearch.readers.web.html` instead.
"""
