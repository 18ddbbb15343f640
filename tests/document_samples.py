"""Small documents, books, messages and subtitles, built from strings, for the tests of readers and for the fuzzing."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

__all__ = ["SAMPLES", "book", "compound", "docx", "odt", "package", "pptx", "relations", "slide"]

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_POWER_POINT = "http://schemas.openxmlformats.org/presentationml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_DC = "http://purl.org/dc/elements/1.1/"


def package(members: Mapping[str, str | bytes], *, stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    """Return a zip archive of the members, in their order; those of `stored` are not compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """Return relationships `rId1`, `rId2`, ... of the kinds and targets."""
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE_RELATIONS}">{rows}</Relationships>'


def properties(values: Mapping[str, str]) -> str:
    """Return core properties by their names, such as `title` and `creator`."""
    terms = "http://purl.org/dc/terms/"
    rows = "".join(
        f"<t:{name}>{value}</t:{name}>" if name in ("created", "modified") else f"<dc:{name}>{value}</dc:{name}>"
        for name, value in values.items()
    )
    return f'<p:coreProperties xmlns:p="u:p" xmlns:dc="{_DC}" xmlns:t="{terms}">{rows}</p:coreProperties>'


STYLES = f"""<w:styles xmlns:w="{_WORD}">
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="Heading 2"/><w:basedOn w:val="1"/></w:style>
<w:style w:type="paragraph" w:styleId="mine"><w:name w:val="باب"/><w:basedOn w:val="a2"/></w:style>
<w:style w:type="paragraph" w:styleId="lvl"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="loop"><w:name w:val="y"/><w:basedOn w:val="loop"/></w:style>
<w:style w:type="character" w:styleId="secret"><w:name w:val="z"/><w:rPr><w:vanish/></w:rPr></w:style>
</w:styles>"""


def docx(
    body: str,
    *,
    notes: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> bytes:
    """Return a Word document with the content of `w:body`, of `w:footnotes`, and further or changed parts."""
    spaces = f'xmlns:w="{_WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:r="{_RELATIONS}"'
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "docProps/core.xml": properties(metadata or {}),
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(("styles", "styles.xml"), ("footnotes", "footnotes.xml")),
        "word/styles.xml": STYLES,
        "word/footnotes.xml": f"<w:footnotes {spaces}>{notes}</w:footnotes>",
    }
    return package({**members, **(parts or {})})


def odt(
    body: str, *, styles: str = "", kind: str = "text", parts: Mapping[str, str | bytes] | None = None, meta: str = ""
) -> bytes:
    """Return an OpenDocument file with the content of `office:text`, of its styles and of its metadata."""
    names = "office text table draw style meta presentation fo"
    own = {"draw": "drawing", "fo": "xsl-fo-compatible"}
    spaces = " ".join(f'xmlns:{name}="{_ODF}{own.get(name, name)}:1.0"' for name in names.split())
    members: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        "meta.xml": f'<office:document-meta {spaces} xmlns:dc="{_DC}"><office:meta>{meta}</office:meta></office:document-meta>',
        "META-INF/manifest.xml": "<manifest/>",
    }
    return package({**members, **(parts or {})})


def slide(shapes: str, attributes: str = "") -> str:
    """Return a slide with shapes in short form: `(title) text` or `(body) text`, one a line, or XML."""
    rows = []
    for line in shapes.split("\n"):
        if line.startswith("("):
            kind, _, text = line[1:].partition(") ")
            rows.append(
                f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
                f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
            )
        else:
            rows.append(line)
    spaces = f'xmlns:p="{_POWER_POINT}" xmlns:a="{_DRAWING}"'
    return f"<p:sld {spaces} {attributes}><p:cSld><p:spTree>{''.join(rows)}</p:spTree></p:cSld></p:sld>"


def pptx(
    slides: list[str],
    *,
    order: list[int] | None = None,
    notes: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return a presentation of slides, shown in the order of their numbers from 1; `notes` belong to the first slide."""
    order = order or list(range(1, len(slides) + 1))
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in order)
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{_POWER_POINT}" xmlns:r="{_RELATIONS}">'
        f"<p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            *(("slide", f"slides/slide{n}.xml") for n in range(1, len(slides) + 1))
        ),
        **{f"ppt/slides/slide{n}.xml": text for n, text in enumerate(slides, 1)},
    }
    if notes:
        members["ppt/slides/_rels/slide1.xml.rels"] = relations(("notesSlide", "../notesSlides/notesSlide1.xml"))
        members["ppt/notesSlides/notesSlide1.xml"] = notes
    return package({**members, **(parts or {})})


def book(
    chapters: Mapping[str, str], *, nav: str = "", ncx: str = "", spine: str = "", metadata: str = "", guide: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:  # fmt: skip
    """Return an e-book of chapters, by file names, with the items of a `nav` list or an `ncx` map."""
    items = "".join(
        f'<item id="i{n}" href="text/{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters)
    )
    refs = spine or "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        **{f"OPS/text/{name}": text for name, text in chapters.items()},
    }
    if nav:
        items += '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        members["OPS/nav.xhtml"] = f'<html><body><nav epub:type="toc"><ol>{nav}</ol></nav></body></html>'
    if ncx:
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        members["OPS/toc.ncx"] = (
            '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
            f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{ncx}</navMap></ncx>'
        )
    members["OPS/book.opf"] = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="{_DC}">{metadata}</metadata>'
        f'<manifest>{items}</manifest><spine toc="ncx">{refs}</spine><guide>{guide}</guide></package>'
    )
    return package({**members, **(parts or {})})


def compound(*streams: str) -> bytes:
    """Return the beginning of a compound file (OLE) whose directory names the streams."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    entries = b""
    for name in ("Root Entry", *streams):
        text = name.encode("utf-16-le") + b"\0\0"
        entries += text.ljust(64, b"\0") + struct.pack("<H", len(text)) + bytes(62)
    return header + entries.ljust(1024, b"\0")


_RTF = (
    r"{\rtf1\ansi\ansicpg1256\deff0{\fonttbl{\f0\fcharset178 Arial;}{\f1\fcharset0 Times;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}"  # noqa: E501
    r"{\info{\title \'da\'e4\'e6\'c7\'e4}{\author x}{\creatim\yr2015\mo7\dy21}}\pard\s1 \u1576?\u1575?\u1576?\par"
    r"\pard \f0 \'e4\'d5{\footnote \pard \'ca}\par\trowd\pard\intbl a\cell b\cell\row\pard c\par}"
)
_MAIL = (
    b"From: =?windows-1256?B?0+Hj7A==?= <a@example.org>\nTo: b@example.org\nSubject: =?utf-8?Q?=D8=AE=D8=A8=D8=B1?=\n"
    b"Date: Tue, 21 Jul 2015 02:51:32 +0300\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: multipart/alternative; boundary=C\n\n--C\n'
    b"Content-Type: text/plain; charset=windows-1256; format=flowed\nContent-Transfer-Encoding: quoted-printable\n\n=E4=D5 \nb\n"
    b"--C\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+eDwvcD4=\n--C--\n--B\n"
    b'Content-Type: application/pdf; name="a.pdf"\nContent-Disposition: attachment; filename="a.pdf"\n\nJVBERi0=\n--B--\n'
)

SAMPLES: dict[str, tuple[str, bytes]] = {
    "docx": (
        "a.docx",
        docx(
            '<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr><w:r><w:t>باب</w:t></w:r></w:p><w:p><w:r><w:t>نص</w:t></w:r><w:r>'
            '<w:footnoteReference w:id="2"/></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>خلية</w:t></w:r></w:p></w:tc>'
            "<w:tc><w:p><w:r><w:t>أخرى</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:txbxContent><w:p><w:r><w:t>إطار"
            '</w:t></w:r></w:p></w:txbxContent></w:r><w:del><w:r><w:delText>x</w:delText></w:r></w:del><w:r><w:fldChar w:fldCharType="begin"/>'  # noqa: E501
            '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>٣</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',  # noqa: E501
            notes='<w:footnote w:id="2"><w:p><w:r><w:t>حاشية</w:t></w:r></w:p></w:footnote>',
            metadata={"title": "عنوان", "creator": "سلمى"},
        ),
    ),
    "odt": (
        "a.odt",
        odt(
            '<text:h text:outline-level="1">باب</text:h><text:p>نص<text:s text:c="2"/><text:note><text:note-citation>1'
            "</text:note-citation><text:note-body><text:p>حاشية</text:p></text:note-body></text:note></text:p><table:table>"
            "<table:table-row><table:table-cell><text:p>خلية</text:p></table:table-cell><table:table-cell><text:p>أخرى</text:p>"
            '</table:table-cell></table:table-row></table:table><text:p><draw:frame><draw:text-box><text:p text:style-name="T">إطار'  # noqa: E501
            "</text:p></draw:text-box></draw:frame></text:p>",
            styles='<style:style style:name="T" style:parent-style-name="T"><style:text-properties/></style:style>',
            meta="<dc:title>عنوان</dc:title><dc:creator>سلمى</dc:creator>",
        ),
    ),
    "fodt": (
        "a.fodt",
        f'<office:document xmlns:office="{_ODF}office:1.0" xmlns:text="{_ODF}text:1.0" xmlns:dc="{_DC}"><office:meta>'
        "<dc:title>عنوان</dc:title></office:meta><office:body><office:text><text:p>نص</text:p></office:text></office:body>"
        "</office:document>".encode(),
    ),
    "pptx": (
        "a.pptx",
        pptx(
            [slide("(title) باب\n(body) نص"), slide("(sldNum) 2\n(body) آخر", 'show="1"')],
            notes=slide("(body) ملاحظة"),
        ),
    ),
    "epub": (
        "a.epub",
        book(
            {"a.xhtml": "<html><body><h1 id='x'>باب</h1><p>نص<br/>ثان</p></body></html>", "b.xhtml": "<p>آخر</p>"},
            nav='<li><a href="text/a.xhtml#x">باب</a><ol><li><a href="text/b.xhtml">فصل</a></li></ol></li>',
            metadata="<dc:title>كتاب</dc:title><dc:creator>سلمى</dc:creator><dc:language>ar</dc:language>",
        ),
    ),
    "rtf": ("a.rtf", _RTF.encode("ascii")),
    "eml": ("a.eml", _MAIL),
    "mbox": (
        "a.mbox",
        b"From a@example.org Tue Jul 21 02:51:32 2015\n" + _MAIL + b"\nFrom b\n" + _MAIL.replace(b"<1@", b"<2@"),
    ),
    "srt": ("a.srt", "1\n00:00:01,500 --> 00:00:02,000\n<i>نص</i>\n\n2\n00:00:03,000 --> 00:00:04,000\nآخر\n".encode()),
    "vtt": ("a.vtt", "WEBVTT - فيلم\n\nNOTE x\n\nid\n00:01.500 --> 00:02.000 align:start\n<v سلمى>نص</v>\n".encode()),
}
"""A name and the content of a small file of each format, with most of what the format can have."""
