"""Wiki text to plain text, with mwparserfromhell. This module runs in the child process of `arsearch.readers.workers`.

Files, categories, notes, templates and comments are not text. Links become their labels, and table rows become lines
whose cells are separated by tabs. Headings keep their levels.
Source: https://www.mediawiki.org/wiki/Help:Formatting and Help:Tables; the names of namespaces in MediaWiki's
MessagesAr.php, MessagesFa.php, MessagesUr.php, MessagesFr.php and MessagesEn.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

__all__ = ["WikiPage", "parse", "wiki_to_text"]

_FILES = "ملف|صورة|File|Image|Media|ميديا|وسائط|پرونده|تصویر|فائل|Fichier|Médias?"
_CATEGORIES = "تصنيف|Category|رده|زمرہ|Catégorie"
_REDIRECT = re.compile(r"\s*#(?:REDIRECT|تحويل)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NOT_TEXT = (
    "ref|gallery|math|chem|syntaxhighlight|source|score|timeline|imagemap|templatestyles|templatedata|mapframe|maplink"
    "|graph"
)
_SELF_CLOSED = re.compile(rf"<(?:{_NOT_TEXT}|references)\b[^<>]*/>", re.IGNORECASE)
_OPENED = re.compile(rf"<({_NOT_TEXT}|references)\b[^<>]*>", re.IGNORECASE)
_LINK = re.compile(rf"\[\[\s*:?\s*(?:({_FILES})|({_CATEGORIES}))\s*:", re.IGNORECASE)
_LANGUAGE_LINK = re.compile(r"^\s*\[\[[a-z]{2,3}(?:-[a-z]+)?:[^\]\n|]+\]\]\s*$", re.MULTILINE)
_BEHAVIOUR = re.compile(r"__[A-Zا-ي_]{3,40}__")
_INVISIBLE = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_HEADING = re.compile(
    rf"^[ \t{_INVISIBLE}]*+(={{1,6}})[ \t{_INVISIBLE}]*(.*?)[ \t{_INVISIBLE}]*\1[ \t{_INVISIBLE}]*$", re.MULTILINE
)
_TAGGED_HEADING = re.compile(r"<h([1-6])\b[^<>]*>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_MARK = "\x01"
"""Stands before the level and the text of a heading until the text is plain. XML cannot have this character."""

_MARKED = re.compile(rf"{_MARK}(\d)")
_LIST_MARK = re.compile(r"^[*#:;]+\s*", re.MULTILINE)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_RULE = re.compile(r"^-{4,}\s*$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_QUOTES = re.compile(r"'{2,5}")
_ROW = re.compile(r"^\s*\|-.*$")
_ATTRIBUTES = re.compile(r"^(?:\s*[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s|\"']+))+\s*\|(?!\|)")


def parse(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """Yield the text, the headings and the categories of one page, whose wiki text is UTF-8."""
    page = wiki_to_text(file.read().decode("utf-8", "replace"))
    yield {"text": page.text, "headings": page.headings, "categories": page.categories}


class WikiPage(NamedTuple):
    """The plain text of a page, its headings with their offsets in it, and the names of its categories in order."""

    text: str
    headings: list[dict[str, Any]]
    categories: list[str]


def wiki_to_text(wiki: str) -> WikiPage:
    """Return the page that wiki text describes. A redirect has no text."""
    import mwparserfromhell

    if _REDIRECT.match(wiki):
        return WikiPage("", [], [])
    wiki = _without_elements(_SELF_CLOSED.sub("", _COMMENT.sub("", wiki.replace(_MARK, ""))))
    wiki, categories = _without_file_links(wiki)
    wiki = _LINE_BREAK.sub("\n", wiki)
    wiki = _BEHAVIOUR.sub("", _LANGUAGE_LINK.sub("", wiki))
    wiki = _without_templates(wiki)
    wiki = _tables_to_lines(wiki)
    wiki = _TAGGED_HEADING.sub(lambda found: _heading(int(found[1]), found[2]), wiki)
    wiki = _HEADING.sub(lambda found: _heading(len(found[1]), found[2]), wiki)
    code = mwparserfromhell.parse(wiki, skip_style_tags=True)
    text = code.strip_code(normalize=True, collapse=False)
    text = _RULE.sub("", _LIST_MARK.sub("", _QUOTES.sub("", text)))
    lines = [line.strip(" \u00a0") for line in text.split("\n")]
    return WikiPage(*_headed(_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()), categories)


def _heading(level: int, text: str) -> str:
    """Return a heading with its mark, on a line of its own; an empty one is no heading."""
    return f"\n{_MARK}{level}{' '.join(text.split())}\n" if text.strip() else "\n"


def _headed(marked: str) -> tuple[str, list[dict[str, Any]]]:
    """Return a text without marks, and the headings before which these stand."""
    headings: list[dict[str, Any]] = []
    lines: list[str] = []
    at = 0
    for line in marked.split("\n"):
        mark = _MARKED.match(line)
        line = _MARKED.sub("", line).strip(" \u00a0") if mark else line.replace(_MARK, "")
        if mark and any(map(str.isalnum, line)):
            headings.append({"heading": " ".join(line.split()), "level": int(mark[1]), "start": at})
        lines.append(line)
        at += len(line) + 1
    return "\n".join(lines), headings


def _without_elements(wiki: str) -> str:
    """Remove the elements whose content is not text, such as notes, with their content."""
    parts: list[str] = []
    at = 0
    folded = wiki.lower()
    while match := _OPENED.search(wiki, at):
        parts.append(wiki[at : match.start()])
        end = folded.find(f"</{match[1].lower()}", match.end())
        if end < 0:  # never closed: only the tag goes
            at = match.end()
        else:
            closed = wiki.find(">", end)
            at = len(wiki) if closed < 0 else closed + 1
    parts.append(wiki[at:])
    return "".join(parts)


def _without_file_links(wiki: str) -> tuple[str, list[str]]:
    """Remove links to files, whose captions may hold links, and category links; return the categories too."""
    parts: list[str] = []
    categories: list[str] = []
    at = 0
    while match := _LINK.search(wiki, at):
        parts.append(wiki[at : match.start()])
        end = _closing(wiki, match.start(), "[[", "]]")
        if end is None:
            parts.append(wiki[match.start() : match.start() + 2])
            at = match.start() + 2
            continue
        if match[2]:
            name = wiki[match.end() : end - 2].partition("|")[0].replace("_", " ").strip()
            if name and name not in categories:
                categories.append(name)
        at = end
    parts.append(wiki[at:])
    return "".join(parts), categories


def _without_templates(wiki: str) -> str:
    """Remove templates, parser functions and parameters, nested ones too; unbalanced braces stay."""
    parts: list[str] = []
    depth = at = 0
    kept = 0
    starts: list[int] = []
    for match in re.finditer(r"\{\{|\}\}", wiki):
        if match[0] == "{{":
            if depth == 0:
                kept = len(parts)
                parts.append(wiki[at : match.start()])
                at = match.start()
            depth += 1
            starts.append(match.start())
        elif depth:
            depth -= 1
            starts.pop()
            if depth == 0:
                at = match.end()
    if depth:  # an opening brace without an end: keep all from there
        parts[kept + 1 :] = []
    parts.append(wiki[at:])
    return "".join(parts)


def _closing(text: str, start: int, opening: str, closing: str, *, furthest: int = 20_000) -> int | None:
    """Return the offset after the bracket that closes the one at `start`, or `None` if it is too far away."""
    depth = 0
    for match in re.compile(f"{re.escape(opening)}|{re.escape(closing)}").finditer(text, start, start + furthest):
        depth += 1 if match[0] == opening else -1
        if depth == 0:
            return match.end()
    return None


def _tables_to_lines(wiki: str) -> str:
    """Write each row of a table as one line of cells separated by tabs."""
    if "{|" not in wiki:
        return wiki
    lines: list[str] = []
    row: list[str] = []
    depth = 0
    for line in wiki.split("\n"):
        stripped = line.strip()
        if stripped.startswith(("{|", ":{|")):
            depth += 1
        elif depth == 0:
            lines.append(line)
            continue
        elif stripped.startswith("|}"):
            depth -= 1
        elif stripped.startswith("|+"):
            row.append(_cell(stripped[2:]))
        elif _ROW.match(stripped):
            pass
        elif stripped.startswith(("|", "!")):
            separator = r"\|\||!!" if stripped.startswith("!") else r"\|\|"
            row += [_cell(cell) for cell in re.split(separator, stripped[1:])]
            continue
        else:
            if row:
                row[-1] = f"{row[-1]} {stripped}".strip()
            elif stripped:
                row.append(stripped)
            continue
        if cells := [cell for cell in row if cell]:
            lines.append("\t".join(cells))
        row = []
    if cells := [cell for cell in row if cell]:
        lines.append("\t".join(cells))
    return "\n".join(lines)


def _cell(text: str) -> str:
    return _ATTRIBUTES.sub("", text).strip()
