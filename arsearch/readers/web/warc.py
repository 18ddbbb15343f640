"""Web archives (WARC, ARC) to records: one article for each response that is an HTML page.

One child process splits the archive, another parses its pages: a page that takes too long costs only itself.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.reader import Reader
from arsearch.readers.web.html import HTML_PARSER, WHOLE_PAGE, parsed_page
from arsearch.readers.workers import Parser

__all__ = ["WARC"]

_PARSER = Parser(
    "arsearch.readers.web.warc_records:parse",
    name="a web archive",
    extra="html",
    modules=("warcio",),
    seconds=60,
    megabytes=512,
)


def _read(content: Content) -> Iterator[Record]:
    """Yield one record for each page, at the number of its record, and tell what was left out."""
    left_out: Counter[str] = Counter()
    whole = 0
    content.worker(HTML_PARSER)  # names the extra before anything is read
    for found in content.worker(_PARSER).mappings(content.stream):
        where = f"{content.name}:record {found['number']}"
        if "problem" in found:
            yield Record(where, None, found["problem"])
        elif "left_out" in found:
            left_out[found["left_out"]] += 1
        else:
            try:
                data, is_whole = _page(content, where, found)
            except InputError as problem:
                yield Record(where, None, f"{found['url']}: {problem}")
            else:
                whole += is_whole
                yield Record(where, data)
    if whole:
        content.tell(f"{WHOLE_PAGE} ({whole:,} pages)")
    if left_out:
        content.tell(f"left out: {', '.join(f'{count:,} {kind}' for kind, count in sorted(left_out.items()))}")


def _page(content: Content, where: str, found: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    url = found["url"]
    told = {"charset": found["charset"], "url": url}
    data, whole = parsed_page(content, told, base64.b64decode(found["page"]))
    further = {name: found[name] for name in ("captured", "truncated") if found.get(name)}
    return {"id": url or where} | data | further, whole


def _sniff(content: Content) -> float:
    if content.stream.head.startswith((b"WARC/1.", b"WARC/0.")):
        return 0.95
    return 0.2 if content.is_named(".warc", ".arc") else 0.0


WARC = Reader(
    name="warc",
    label="web archive (WARC)",
    suffixes=(".warc", ".arc"),
    binary=True,
    sniff=_sniff,
    read=_read,
)
