"""The text of rich text that editors store as JSON, as paragraphs.

Sources: Draft.js and Editor.js (`blocks`), ProseMirror and Tiptap (`content`), Slate and Portable Text of Sanity (`children`),
Lexical (`root`).
"""

from __future__ import annotations

from typing import Any

__all__ = ["paragraphs"]

_DEEPEST = 60
_CONTAINERS = ("blocks", "root", "document", "children", "content", "nodes", "leaves", "items", "data")


def paragraphs(value: Any) -> list[str]:
    """Return the paragraphs of rich text, in order and not blank; an empty list if no text is found.

    The texts beside each other in one node are one paragraph. Pictures and other nodes without text are left out.
    """
    return [text for part in _children(value, 0, top=True) if (text := part.strip())]


def _parts(node: Any, depth: int) -> list[str]:
    if isinstance(node, str):
        return [node]
    if depth > _DEEPEST:
        return []
    if isinstance(node, list):
        return _children(node, depth)
    if not isinstance(node, dict):
        return []
    if isinstance(text := node.get("text"), str) and text:
        return [text]
    container = next((name for name in _CONTAINERS if isinstance(node.get(name), (list, dict))), None)
    return _children(node[container], depth + 1, top=container in ("blocks", "items")) if container else []


def _children(nodes: Any, depth: int, *, top: bool = False) -> list[str]:
    """Return the paragraphs of nodes beside each other: one if a text stands among them, unless they are blocks (`top`)."""
    if not isinstance(nodes, list):
        return _parts(nodes, depth)
    if not top and any(_is_text(node) for node in nodes):
        return ["".join("".join(_parts(node, depth + 1)) or _line_end(node) for node in nodes)]
    return [part for node in nodes for part in _parts(node, depth + 1)]


def _is_text(node: Any) -> bool:
    return isinstance(node, dict) and isinstance(node.get("text"), str)


def _line_end(node: Any) -> str:
    return "\n" if isinstance(node, dict) and node.get("type") in ("hardBreak", "hard_break", "linebreak") else ""
