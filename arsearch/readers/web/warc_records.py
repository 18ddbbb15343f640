"""The HTML pages of a web archive (WARC), with warcio. This module runs in the child process of `arsearch.readers.workers`.

Sources: ISO 28500 (WARC 1.0 and 1.1); the ARC format of the Internet Archive, which warcio converts.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from arsearch.errors import InputError

__all__ = ["parse"]

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_LONGEST_PAGE = 16 << 20
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def parse(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """Yield for each record that is a page its url, date, charset and bytes; for others, the reason to leave it out.

    A mapping has `number`, from 1, and either `page` (base64), `left_out` or `problem`. A record that is cut or damaged
    has a problem; reading ends where no next record can be found.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    records = ArchiveIterator(file, no_record_parse=False, ensure_http_headers=False, arc2warc=True)
    while True:
        try:
            record = next(records, None)
        except (ArchiveLoadFailed, EOFError, ValueError, KeyError, AttributeError, TypeError) as error:
            reason = " ".join(str(error).split())[:120]
            if number == 0:
                raise InputError(f"not a web archive: {reason}") from None
            yield {"number": number + 1, "problem": f"the archive is damaged or cut here ({reason})"}
            return
        if record is None:
            return
        number += 1
        yield {"number": number, **_described(record)}


def _described(record: Any) -> dict[str, Any]:
    kind = record.rec_type or "unknown"
    if kind not in ("response", "resource"):
        return {"left_out": f"{kind} records"}
    headers = record.http_headers
    type_line = (headers.get_header("Content-Type") if headers else record.content_type) or ""
    type_name = type_line.partition(";")[0].strip().lower()
    if type_name not in _HTML_TYPES:
        return {"left_out": "records of other types than HTML"}
    if headers and not (headers.get_statuscode() or "").startswith("2"):
        return {"left_out": "responses without a page (status other than 2xx)"}
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    found: dict[str, Any] = {"url": url.strip("<>"), "captured": record.rec_headers.get_header("WARC-Date") or ""}
    try:
        page = record.content_stream().read(_LONGEST_PAGE + 1)
    except Exception as error:  # damaged chunks or compression, in errors of zlib, brotli and warcio
        return found | {"problem": f"the page cannot be unpacked ({type(error).__name__}: {str(error)[:80]})"}
    if len(page) > _LONGEST_PAGE:
        return found | {"problem": f"not read: a page of more than {_LONGEST_PAGE:,} bytes"}
    if record.rec_headers.get_header("WARC-Truncated"):
        found["truncated"] = True
    declared = record.rec_headers.get_header("Content-Length") or ""
    left = getattr(record.raw_stream, "limit", 0)
    if declared.isdigit() and isinstance(left, int) and left > 0:
        return found | {"problem": "the record is cut short; its page was left out"}
    charset = _CHARSET.search(type_line)
    return found | {"charset": charset[1] if charset else None, "page": base64.b64encode(page).decode()}
