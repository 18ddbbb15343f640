"""Queries and judgements are read from the common formats, and an error names the bad line."""

from __future__ import annotations

from pathlib import Path

import pytest

from arsearch.errors import InputError
from arsearch.evaluation import Query, read_qrels, read_queries


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "input"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


QUERIES = [
    pytest.param('{"id": "a", "text": "كتاب"}\n', [Query("a", "كتاب")], id="json"),
    pytest.param('{"id": 7, "text": "كتاب؟ ", "answers": []}', [Query("7", "كتاب؟ ")], id="json_int_id_extra_name"),
    pytest.param(
        '\ufeff{"id": "a", "text": "x"}\r\n\r\n{"id": "b", "text": "y"}\r\n', [("a", "x"), ("b", "y")], id="bom_crlf"
    ),
    pytest.param("a\tكتاب جديد\nb\tقلم\n", [Query("a", "كتاب جديد"), Query("b", "قلم")], id="tsv"),
    pytest.param("a\tone\ttwo\n", [Query("a", "one\ttwo")], id="tsv_text_with_tab"),
    pytest.param("a\tx\u2028y\n", [Query("a", "x\u2028y")], id="line_separator_is_text"),
    pytest.param('{"_id": "a", "text": "x", "metadata": {}}\n', [("a", "x")], id="json_of_beir"),
    pytest.param(
        "<top>\n<num> Number: AR1\n<title> فنون\nالخط\n\n<desc> Description:\nما <b>هي</b>\n</top>\n"
        "<TOP>\n<num>2</num>\n<title>الشعر</title>\n</TOP>\n",
        [Query("AR1", "فنون الخط"), Query("2", "الشعر")],
        id="trec_topics",
    ),
    pytest.param("<top>\n<title> Topic: x\n<num> Number: 1\n</top>\n", [("1", "x")], id="old_trec_topics"),
]


@pytest.mark.parametrize(("text", "expected"), QUERIES)
def test_queries_are_read(tmp_path: Path, text: str, expected: list[Query]) -> None:
    assert read_queries(written(tmp_path, text)) == expected


BAD_QUERIES = [
    pytest.param('{"id": "a", "text": "x"}\n{"id": "b"\n', ["line 2", "not JSON"], id="not_json"),
    pytest.param('{"id": "a", "text": "x"}\n["b", "y"]\n', ["line 2", "not a JSON object"], id="not_object"),
    pytest.param('{"text": "x"}\n', ["line 1", '"id"'], id="no_id"),
    pytest.param('{"id": true, "text": "x"}\n', ["line 1", '"id"'], id="bool_id"),
    pytest.param('{"id": "a", "text": "  "}\n', ["line 1", '"text"'], id="blank_text"),
    pytest.param("a\tx\n\nb y\n", ["line 3", "id<TAB>text", "'b y'"], id="no_tab"),
    pytest.param("a\tx\nb\ty\na\tz\n", ["line 3", "'a'", "line 1"], id="repeated_id"),
    pytest.param(b"a\tx\nb\t\xff\n", ["line 2", "UTF-8"], id="not_utf8"),
    pytest.param("\n \n", ["no queries"], id="empty"),
    pytest.param("<top>\n<num> 1\n<title> x\n</top>\n\nstray\n", ["line 6", "not inside", "'stray'"], id="outside"),
    pytest.param("<top>\n<num> 1\n<title> x\n<top>\n", ["line 4", "on line 1"], id="topic_in_topic"),
    pytest.param("<top>\n<num> 1\n<title> x\n", ["line 1", "no </top>"], id="topic_not_closed"),
    pytest.param("<top>\n</top>\n</top>\n", ["line 1", "no <num>"], id="topic_without_number"),
    pytest.param("<top>\n<num> 1\n<title>\n</top>\n", ["line 1", "no <title>"], id="topic_without_title"),
    pytest.param("<top>\n<num> 1\n<title> x\n</top>\n</top>\n", ["line 5", "without <top>"], id="closed_twice"),
    pytest.param(
        "<top>\n<num> 1\n<title> x\n</top>\n<top>\n<num> 1\n<title> y\n</top>\n",
        ["line 5", "'1'", "line 1"],
        id="topic_twice",
    ),
]


@pytest.mark.parametrize(("text", "reasons"), BAD_QUERIES)
def test_the_error_names_the_bad_query(tmp_path: Path, text: str | bytes, reasons: list[str]) -> None:
    path = written(tmp_path, text)

    with pytest.raises(InputError) as caught:
        read_queries(path)

    for part in [str(path), *reasons]:
        assert part in str(caught.value)


QRELS = [
    pytest.param("q1\td1\t1\nq1\td2\t0\nq2\td1\t2\n", {"q1": {"d1": 1, "d2": 0}, "q2": {"d1": 2}}, id="three_columns"),
    pytest.param("q1 0 d1 1\nq1  0  d2  -1\n", {"q1": {"d1": 1, "d2": -1}}, id="trec"),
    pytest.param("q1\t0\td1\t1\n", {"q1": {"d1": 1}}, id="trec_with_tabs"),
    pytest.param("q 1\td 1\t1\n", {"q 1": {"d 1": 1}}, id="ids_with_spaces"),
    pytest.param("query-id\tcorpus-id\tscore\nq1\td1\t1\n", {"q1": {"d1": 1}}, id="header"),
]


@pytest.mark.parametrize(("text", "expected"), QRELS)
def test_qrels_are_read(tmp_path: Path, text: str, expected: dict[str, dict[str, int]]) -> None:
    assert read_qrels(written(tmp_path, text)) == expected


BAD_QRELS = [
    pytest.param("q1 d1\n", ["line 1", "query document grade"], id="two_columns"),
    pytest.param("q1\td1\t1\nq1\t0\td2\t1\n", ["line 2", "4 columns where line 1 has 3"], id="mixed_columns"),
    pytest.param("q1\td1\tyes\n", ["line 1", "'yes'", "whole number"], id="grade_is_a_word"),
    pytest.param("q1\td1\t0.5\n", ["line 1", "'0.5'"], id="grade_is_a_fraction"),
    pytest.param("q1\td1\t1\n\td2\t1\n", ["line 2", "empty"], id="empty_id"),
    pytest.param("q1\td1\t1\nq1\td1\t0\n", ["line 2", "'d1'", "twice"], id="judged_twice"),
    pytest.param("", ["no judgements"], id="empty_file"),
    pytest.param("query-id\tcorpus-id\tscore\n", ["no judgements"], id="only_a_header"),
]


@pytest.mark.parametrize(("text", "reasons"), BAD_QRELS)
def test_the_error_names_the_bad_judgement(tmp_path: Path, text: str, reasons: list[str]) -> None:
    path = written(tmp_path, text)

    with pytest.raises(InputError) as caught:
        read_qrels(path)

    for part in [str(path), *reasons]:
        assert part in str(caught.value)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere.*cannot be read"):
        read_qrels(tmp_path / "nowhere")
