"""XML as events and elements within limits: what is read, and what entities, endless parts and cut files get."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import pytest

from arsearch.errors import InputError
from arsearch.readers.safe_xml import DEEPEST, End, Start, XmlEvent, xml_elements, xml_events


def collected(chunks: Iterable[bytes], doctype: bool = False) -> tuple[list[XmlEvent], str]:
    """Return the events with joined text, and the error after them, or ""."""
    events: list[XmlEvent] = []
    try:
        for event in xml_events(chunks, doctype=doctype):
            if isinstance(event, str) and events and isinstance(events[-1], str):
                events[-1] += event
            else:
                events.append(event)
    except InputError as error:
        return events, str(error)
    return events, ""


def test_events_have_clark_names_attributes_and_text() -> None:
    data = (
        '<a xmlns="u:1" xmlns:w="u:2" k="v" w:n="م"><!-- x --><w:b>نص &amp; &#1578;</w:b><![CDATA[<c>]]></a>'.encode()
    )
    expected = [
        Start("{u:1}a", {"k": "v", "{u:2}n": "م"}), Start("{u:2}b", {}), "نص & ت", End("{u:2}b"), "<c>", End("{u:1}a")
    ]  # fmt: skip
    for size in (1, 3, 1000):
        assert collected(data[at : at + size] for at in range(0, len(data), size)) == (expected, "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1256", "iso-8859-6"])
def test_the_declared_encoding_is_read(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><a>كتاب</a>'.encode(encoding)
    assert collected([data]) == ([Start("a", {}), "كتاب", End("a")], "")


LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
EXTERNAL = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
PUBLIC = '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'


@pytest.mark.parametrize("doctype", [False, True])
@pytest.mark.parametrize("data", [LAUGHS, EXTERNAL, '<!DOCTYPE a [<!ATTLIST a b CDATA "c">]><a/>'])
def test_declarations_are_refused(data: str, doctype: bool) -> None:
    events, error = collected([data.encode()], doctype)
    assert events == []
    assert "DOCTYPE" in error
    assert "line 1" in error


def test_a_doctype_without_declarations_is_read_where_it_is_expected() -> None:
    data = f"{PUBLIC}<a>x&nbsp;y&unknown;</a>".encode()
    assert "DOCTYPE" in collected([data])[1]
    assert collected([data], doctype=True) == ([Start("a", {}), "x\xa0y\ufffd", End("a")], "")


@pytest.mark.parametrize(
    ("data", "events", "reason"),
    [
        pytest.param(b"", 0, "the file is empty", id="empty"),
        pytest.param(b"<a><b>x</b>", 4, "cut short at line 1, column 12", id="cut_between_tags"),
        pytest.param(b"<a><b>x</b><c k='", 4, "cut short", id="cut_in_a_tag"),
        pytest.param(b"<a>\n<b>x</c></a>", 4, "not well-formed XML: mismatched tag at line 2", id="mismatched"),
        pytest.param(b"<a>&lt;&nbsp;</a>", 2, "undefined entity", id="undefined_entity"),
        pytest.param(b"<a>x\0y</a>", 2, "not well-formed", id="nul"),
        pytest.param(b"<?xml version='1.0' encoding='klingon'?><a/>", 0, "encoding is unknown", id="encoding"),
        pytest.param(b"<a>" * (DEEPEST + 1), DEEPEST, f"more than {DEEPEST} elements inside", id="depth"),
    ],
)
def test_bad_xml_yields_what_came_before_and_then_the_reason(data: bytes, events: int, reason: str) -> None:
    got, error = collected([data])
    assert len(got) == events
    assert reason in error


def endless(start: bytes, part: bytes) -> Iterator[bytes]:
    yield start
    for _ in range((128 << 20) // len(part)):
        yield part


@pytest.mark.parametrize(
    ("start", "part", "reason"),
    [
        pytest.param(b"<a b='", b"x" * (1 << 16), "a tag or comment of more than", id="attribute"),
        pytest.param(b"<a><!--", b"x" * (1 << 16), "a tag or comment of more than", id="comment"),
        pytest.param(b"<a><", b"n" * (1 << 16), "a tag or comment of more than", id="name"),
    ],
)
def test_an_endless_token_is_refused(start: bytes, part: bytes, reason: str) -> None:
    assert reason in collected(endless(start, part))[1]


def test_endless_names_are_refused() -> None:
    chunks = ("<a>" if n < 0 else "".join(f"<n{n}x{m}/>" for m in range(1000)) for n in range(-1, 1000))
    assert "different names" in collected(chunk.encode() for chunk in chunks)[1]


def test_the_failure_of_the_source_comes_after_its_events() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"<a>x"
        raise InputError("the gzip data is cut short here")

    events, error = collected(chunks())
    assert events[0] == Start("a", {})
    assert error.startswith("the gzip data is cut short here")


def test_elements_are_complete_and_one_at_a_time() -> None:
    data = b"<r><page><t>1</t><page/></page>x<page k='v'>2<b/>3</page><other/><page>"
    pages = xml_elements([data], {"page"})
    got = [(page.get("k"), "".join(page.itertext()), len(page), problem) for page, problem in islice(pages, 2)]
    with pytest.raises(InputError, match="cut short"):
        next(pages)
    assert got == [(None, "1", 2, None), ("v", "23", 1, None)]


def test_an_element_too_large_comes_with_a_problem_and_the_next_one_is_read() -> None:
    part = b"x" * (1 << 20)
    chunks = [b"<r><page>", *[part] * 66, b"</page><page>y</page></r>"]
    elements = [(len(element.text or "") >> 20, problem) for element, problem in xml_elements(chunks, {"page"})]
    assert [length for length, _ in elements] == [64, 0]
    assert "an element page of more than 67,108,864 bytes" in (elements[0][1] or "")
    assert elements[1][1] is None


def test_an_element_of_endless_children_stays_bounded() -> None:
    chunks = [b"<r><page>", *[b"<b/>" * (1 << 14)] * 25, b"</page></r>"]
    [(page, problem)] = xml_elements(chunks, {"page"})
    assert problem
    assert 300_000 < len(page) < 350_000
