"""Zip archives within limits: what is read, and what bombs, forged directories and cut files get."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest

from arsearch.errors import InputError
from arsearch.readers.archives import Archive, member_names

TEXT = "نص طويل من كلمات كثيرة ".encode() * 2000


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of the members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def opened(data: bytes, max_bytes: int | None = None) -> Archive:
    return Archive(io.BytesIO(data), max_bytes)


def encrypted(data: bytes) -> bytes:
    """Return an archive of one member whose flag says that it is encrypted."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def test_members_are_found_by_name_and_by_name_in_other_case() -> None:
    with opened(packed({"word/document.xml": TEXT, "folder/": b"", "a.txt": b"x"})) as archive:
        assert archive.names == ("word/document.xml", "a.txt")
        assert archive.find("Word/Document.XML") == "word/document.xml"
        assert archive.find("nothing") is None
        assert b"".join(archive.chunks("WORD/document.xml")) == TEXT
        assert archive.read("a.txt") == b"x"


def test_backslashes_separate_folders() -> None:
    with opened(packed({"word\\document.xml": b"x"})) as archive:
        assert archive.names == ("word/document.xml",)


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "C:/a", "c:a", "..\\..\\a", "\\a", ".."])
def test_names_that_lead_out_are_left_out_and_named(name: str) -> None:
    with opened(packed({name: b"x", "good": b"y"})) as archive:
        assert archive.names == ("good",)
        assert len(archive.left_out) == 1
        assert all(text.isprintable() for text in archive.left_out)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "not a zip archive", id="empty"),
        pytest.param(b"PK\x03\x04", "not a zip archive", id="magic_only"),
        pytest.param(packed({"a": TEXT})[:-30], "cut short", id="cut_in_the_directory"),
        pytest.param(packed({"a": TEXT})[:100], "cut short", id="cut_in_a_member"),
        pytest.param(packed({str(n): b"" for n in range(20_001)}), "20,001 members", id="members"),
        pytest.param(
            packed({"a": b"x"})[:-10] + struct.pack("<LLH", 1 << 31, 0, 0), "not a zip archive", id="forged_size"
        ),
    ],
)
def test_what_is_no_archive_is_an_error(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        opened(data)


def test_a_forged_directory_of_gigabytes_is_not_read() -> None:
    size = 64 << 20
    data = bytes(size) + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, size, 0, 0)
    with pytest.raises(InputError, match="directory is damaged or too long"):
        opened(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(packed({"b": TEXT}), "no such member", id="missing"),
        pytest.param(encrypted(packed({"a": TEXT})), "a: encrypted with a password", id="encrypted"),
        pytest.param(packed({"a": TEXT}, zipfile.ZIP_LZMA), "a: packed by method 14", id="lzma"),
        pytest.param(packed({"a": TEXT}, zipfile.ZIP_BZIP2), "a: packed by method 12", id="bzip2"),
    ],
)
def test_a_member_that_is_not_read_is_named(data: bytes, reason: str) -> None:
    with opened(data) as archive, pytest.raises(InputError, match=reason):
        list(archive.chunks("a"))


def test_a_damaged_member_is_read_up_to_the_damage() -> None:
    good = bytes(range(256)) * 2000
    data = bytearray(packed({"a": good}, zipfile.ZIP_STORED))
    data[300_000] ^= 1
    got: list[bytes] = []
    with opened(bytes(data)) as archive, pytest.raises(InputError, match="a: damaged or cut short"):
        got.extend(archive.chunks("a"))
    assert good.startswith(b"".join(got)[:200_000])


@pytest.mark.parametrize(
    ("members", "max_bytes", "reason"),
    [
        pytest.param({"a": bytes(80 << 20)}, None, "a: .* unpack to more than 67,108,864", id="ratio"),
        pytest.param({"a": bytes(1 << 20)}, 100_000, "a: .* unpack to more than 100,000", id="max_bytes"),
        pytest.param({"b": bytes(90_000), "a": bytes(90_000)}, 100_000, "the archive unpacks to more than", id="total"),
    ],
)
def test_a_bomb_stops_at_the_limit(members: dict[str, bytes], max_bytes: int | None, reason: str) -> None:
    data = packed(members)
    tracemalloc.start()
    try:
        with opened(data, max_bytes) as archive, pytest.raises(InputError, match=reason):
            _ = sum(len(chunk) for name in archive.names for chunk in archive.chunks(name))
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_max_bytes_lets_a_large_member_pass() -> None:
    with opened(packed({"a": bytes(80 << 20)}), 100 << 20) as archive:
        assert sum(map(len, archive.chunks("a"))) == 80 << 20


def test_read_refuses_a_long_member() -> None:
    with opened(packed({"a": TEXT})) as archive, pytest.raises(InputError, match="a: more than 100 bytes"):
        archive.read("a", 100)


def test_the_names_of_members_are_in_the_first_bytes() -> None:
    data = packed({"mimetype": b"application/epub+zip", "META-INF/container.xml": TEXT})
    assert member_names(data) == ["mimetype", "META-INF/container.xml"]
    assert member_names(data[:40]) == ["mimetype"]
    assert member_names(b"x" + data) == []
