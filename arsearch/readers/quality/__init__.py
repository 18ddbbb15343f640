"""Checks of the quality of texts, whatever file they come from.

| module | holds |
|---|---|
| `reversed_text` | Arabic in visual order: found, and turned to logical order |

The functions are pure: they take a text, and change and report nothing.
"""
