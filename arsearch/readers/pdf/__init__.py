"""PDF: one article for a file, with the offsets of its pages. Needs the extra `[pdf]`, pypdfium2.

| module | holds |
|---|---|
| `reader` | `PDF`, the reader |
| `document` | a parsed document as records |
| `metadata` | title, author, date and tags of the document information |
| `body` | lines joined to paragraphs, and the offsets of pages |
| `running` | running headers and footers |
| `parser` | pages as lines of text; it runs in a child process |
| `reading_order` | columns and rows |
| `lines` | baselines, marks, gaps |
| `clusters` | letters and marks of one glyph |
| `glyphs` | the characters and places that pdfium reports |

pdfium gives the characters of a page with their places. Their order is our own: pdfium's and that of other programs
breaks Arabic words, numbers and marks.
"""
