"""A range of bytes is bytes: it is no document, whatever the label says of the whole."""

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.differences import Row, answer, between, seen

VALUE = CompareLevel.VALUE
RANGES = "multipart/byteranges; boundary=b"
FRAGMENTS = [
    pytest.param("text/html", "</b>x", "</i>x", id="end-of-an-element"),
    pytest.param("text/html", "<b>x", "<b >x", id="blank-in-a-tag"),
    pytest.param("text/html", "x<!-- a -->", "x<!-- b -->", id="comment"),
    pytest.param("text/csv", "1.0,a", "1.00,a", id="number-of-a-table"),
    pytest.param("text/csv", '"a"', "a", id="quotes-of-a-table"),
    pytest.param("application/json", '{"a":1}', '{"a": 1}', id="blank-in-json"),
    pytest.param("application/json", '[{"a":1},', '[{"a":2},', id="no-whole-json"),
    pytest.param("application/xml", "<a> 1 </a>", "<a>1</a>", id="blanks-in-xml"),
    pytest.param("application/xml", " 1 ", "1", id="no-whole-xml"),
    pytest.param("text/plain", "Yes", "yes", id="letter-case"),
]


@pytest.mark.parametrize(("media", "first", "second"), FRAGMENTS)
def test_a_range_differs_where_its_bytes_do(media: str, first: str, second: str) -> None:
    """No spelling of a fragment is another's, and it is not said to be malformed."""
    both = [
        answer(body, 206, media=media, Content_Range="bytes 9-19/99") for body in (first, second)
    ]
    assert between(both[0], both[1], VALUE) == [("text", "$", "differs", "differs")]
    assert between(both[0], both[0], VALUE) == []


@pytest.mark.parametrize(("media", "first", "second"), FRAGMENTS)
def test_a_part_of_a_range_differs_where_its_bytes_do(media: str, first: str, second: str) -> None:
    """So does a range that is one part of several, by its text, whatever idiom would name it."""
    head = f"--b\r\nContent-Type: {media}\r\nContent-Range: bytes 9-19/99\r\n\r\n"
    a, b = (f"{head}{body}\r\n--b--\r\n" for body in (first, second))
    assert seen(a, b, RANGES) == [("value", "$.parts[*].body")]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        pytest.param("bytes 0-2/3", [], id="the-whole"),
        pytest.param("rows 0-2/9", [], id="rows-of-a-table"),
        pytest.param("bytes 0-2/9", [("text", "$", "differs", "differs")], id="a-part"),
        pytest.param("Bytes 0-2/*", [("text", "$", "differs", "differs")], id="of-no-known-length"),
    ],
)
def test_what_is_a_fragment(given: str, wanted: list[Row]) -> None:
    """All bytes are the document, and a range of rows is one of its own."""
    both = [answer(body, 206, Content_Range=given) for body in ("[1]", "[ 1 ]")]
    assert between(both[0], both[1], VALUE) == wanted


def test_a_fragment_beside_a_document_is_bytes_beside_bytes() -> None:
    """A success with other content is no body of another kind."""
    part = answer('{"a": 1}', 206, Content_Range="bytes 0-7/99")
    assert between(part, answer('{"a":1}'), VALUE) == [
        ("status", "status", "206", "200"),
        ("text", "$", "differs", "differs"),
    ]


def test_the_length_of_the_whole_is_one_fact_of_all_ranges() -> None:
    """Ranges are known by their bytes; who does not know the length says so once."""
    body = "".join(f"--b\r\nContent-Range: bytes {at}/4\r\n\r\nab\r\n" for at in ("0-1", "2-3"))
    a = f"{body}--b--\r\n"
    assert seen(a, a.replace("/4", "/*"), RANGES) == [("value", "$.complete_length")]


def test_a_range_that_ends_within_a_letter_is_of_no_other_kind() -> None:
    """Beside a text it is other bytes, which is no difference of shape."""
    both = [
        answer(body, 206, media="text/plain", Content_Range="bytes 0-0/9")
        for body in (b"\xc3", b"a")
    ]
    assert between(both[0], both[1]) == []
    assert between(both[0], both[1], VALUE) == [("bytes", "$", "differs", "differs")]
