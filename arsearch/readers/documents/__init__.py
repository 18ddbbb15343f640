"""Documents of word processors, presentations and e-books, read with the standard library.

| module | holds |
|---|---|
| `docx` | Word documents |
| `pptx` | PowerPoint presentations |
| `drawings` | shapes, tables, diagrams and charts of both |
| `ooxml` | names, relationships and properties of Office Open XML packages |
| `odt` | OpenDocument texts and presentations |
| `epub` | e-books |
| `rtf` | Rich Text Format |
| `rtf_words` | its control words for characters, encodings and destinations |
| `rtf_groups`, `rtf_pages` | its open groups, and where its pages end |
| `kinds` | the kind of a zip archive or compound file, told by its members |
| `members` | XML members as events with short names |
| `document` | a document as it is collected, and its record |
| `flow` | text in reading order: paragraphs, rows, notes, headings |
"""
