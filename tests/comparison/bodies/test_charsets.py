"""Charsets: what names one first, and what is said of bytes that are not of it."""

import codecs

import pytest

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, between

META = '<meta charset="{}">'
HTTP_EQUIV = '<meta http-equiv=Content-Type content="text/html; charset={}">'


@pytest.mark.parametrize(
    ("media", "start", "charset"),
    [
        pytest.param("text/html", META.format("windows-1252"), "cp1252", id="meta"),
        pytest.param("text/html", META.format("Shift_JIS"), "shift_jis", id="of-several-bytes"),
        pytest.param("text/html", HTTP_EQUIV.format("ISO-8859-1"), "latin-1", id="http-equiv"),
        pytest.param("text/html", "<META CHARSET=koi8-r >", "koi8-r", id="bare"),
        pytest.param(
            "text/html", f"<!-- {META.format('koi8-r')} -->{META.format('cp1252')}", "utf-8",
            id="unknown-behind-a-comment",
        ),
        pytest.param(
            "text/html", '<meta name=a content="charset=koi8-r">', "utf-8", id="another-content"
        ),
        pytest.param("text/html", META.format("utf-16"), "utf-8", id="wide-in-ascii"),
        pytest.param("text/html; charset=utf-8", META.format("koi8-r"), "utf-8", id="label-first"),
        pytest.param("text/html", META.format("koi8-r"), "utf-8-sig", id="mark-first"),
        pytest.param("text/html", "", "utf-16", id="utf-16-by-its-mark"),
        pytest.param("text/plain", "", "utf-16", id="text-by-its-mark"),
        pytest.param("text/csv", "a\n", "utf-32", id="table-by-its-mark"),
        pytest.param(
            "application/xml", '<?xml version="1.0" encoding="Shift_JIS"?>', "shift_jis",
            id="declared",
        ),
        pytest.param("application/xml", "", "utf-16", id="xml-by-its-mark"),
    ],
)  # fmt: skip
def test_what_names_the_charset(media: str, start: str, charset: str) -> None:
    """A byte order mark, the label, the document itself, UTF-8: the first one counts."""
    text = "あ" if charset.startswith(("shift", "utf")) else "Я" if charset == "koi8-r" else "é"
    body = read_body(f"{start}<p>{text}</p>".encode(charset), read_label(media))
    assert text in body.as_text
    assert not {"another-charset", "invalid-xml"}.intersection(body.notes)
    assert (text in str(body.value)) is body.structured


@pytest.mark.parametrize(
    ("label", "start"),
    [
        ("text/html", META.format("shift_jis")),
        ("text/html; charset=shift_jis", ""),
        ("text/html; charset=shift_jis", META.format("utf-8")),
    ],
)
def test_bytes_that_are_not_of_a_named_charset_are_a_note(label: str, start: str) -> None:
    """What is read in another charset than the first one that is named is never silent."""
    body = read_body(f"{start}<p>é😀".encode(), read_label(label))
    assert body.notes == ("another-charset",)
    assert body.value["p"] == "é😀"


def test_a_page_is_the_same_in_two_charsets() -> None:
    """Two pages that differ in their charset alone differ in what names it, and in nothing else."""
    pages = [
        answer(f"{META.format(name)}<p>é".encode(codec), media="text/html")
        for name, codec in (("iso-8859-1", "latin-1"), ("utf-8", "utf-8"))
    ]
    rows = between(pages[0], pages[1], CompareLevel.VALUE)
    assert [row[:2] for row in rows] == [("value", "$.meta['@charset']")]


def test_a_mark_of_utf_16_is_no_text_of_latin_1() -> None:
    """A byte order mark says more than the label, as the standards say."""
    raw = codecs.BOM_UTF16_LE + "<p>é".encode("utf-16-le")
    assert read_body(raw, read_label("text/html; charset=iso-8859-1")).value == {"p": "é"}
