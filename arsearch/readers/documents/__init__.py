"""Documents of word processors and e-books, read with the standard library, and rtf with the extra `[office]`.

| module | holds |
|---|---|
| `docx` | Word documents |
| `ooxml` | names, relationships and properties of Office Open XML packages |
| `kinds` | the kind of a zip archive or compound file, told by its members |
| `document` | a document as it is collected, and its record |
| `flow` | text in reading order: paragraphs, rows, notes, headings |
"""
