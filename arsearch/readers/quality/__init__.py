"""Checks of the quality of texts, whatever file they come from.

| module | holds |
|---|---|
| `checks` | all checks of one record, cheap for clean text, with a remark for each repair |
| `markup` | HTML in the texts of a source: detected, and turned into text |
| `reversed_text` | Arabic in visual order: found, and turned to logical order |
| `presentation_forms` | letters written by their shapes, turned into letters |
| `spaced_letters` | words whose letters stand apart, joined where that is certain |
| `lost_letters` | texts whose letters became ASCII signs; they cannot be repaired |
| `places` | the places of headings and pages in a text whose lines were repaired |

The functions on texts are pure: they take a text, and change and report nothing.
"""
