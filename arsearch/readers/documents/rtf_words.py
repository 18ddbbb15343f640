"""The control words of RTF that name characters, encodings and destinations.

Source: Rich Text Format Specification 1.9.1 (Microsoft, 2008): character sets and code pages of fonts, special characters,
and the table of destinations.
"""

from __future__ import annotations

__all__ = ["CHARACTERS", "CODE_PAGES", "KEPT", "SKIPPED", "codec_of_charset"]

CHARACTERS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "softline": "", "emdash": "\u2014", "endash": "\u2013", "lquote": "\u2018",
    "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d", "bullet": "\u2022", "emspace": " ", "enspace": " ",
    "qmspace": " ", "zwj": "\u200d", "zwnj": "\u200c", "zwbo": "", "zwnbo": "", "rtlmark": "\u200f", "ltrmark": "\u200e",
    "nestrow": " ",
}  # fmt: skip

CODE_PAGES = {
    437: "cp437", 708: "iso8859_6", 720: "cp720", 850: "cp850", 852: "cp852", 862: "cp862", 864: "cp864", 866: "cp866",
    874: "cp874", 932: "cp932", 936: "gbk", 949: "cp949", 950: "cp950", 1250: "cp1250", 1251: "cp1251", 1252: "cp1252",
    1253: "cp1253", 1254: "cp1254", 1255: "cp1255", 1256: "cp1256", 1257: "cp1257", 1258: "cp1258", 10000: "mac_roman",
    10004: "mac_arabic", 65001: "utf-8",
}  # fmt: skip
"""Python's codecs of the code pages, for fonts and for the whole document."""

_CHARSETS = {
    77: 10000, 84: 10004, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256,
    179: 1256, 180: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850,
}  # fmt: skip

KEPT = frozenset("shpinst shptxt result shprslt fldrslt".split())
"""Destinations whose text is part of the document although programs may not know them."""

SKIPPED = frozenset(
    "colortbl info pict object header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc ftncn aftnsep"
    " aftnsepc aftncn fldinst bkmkstart bkmkend annotation atnid atnauthor atntime atnicn atnref atndate atnparent listtext"
    " pntext pntxtb pntxta listtable listoverridetable rsidtbl nonshppict sp sn sv xe tc rxe txe operator subject comment"
    " buptim printim manager company category hlinkbase filetbl revtbl xmlnstbl generator themedata colorschememapping"
    " datastore latentstyles template private objdata objclass".split()
)
"""Destinations whose text is not part of the document."""


def codec_of_charset(charset: int) -> str | None:
    """Return Python's codec of a font's character set; `None` for that of the document (0, 1) and for unknown ones."""
    page = _CHARSETS.get(charset)
    return None if page is None else CODE_PAGES[page]
