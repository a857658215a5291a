"""XML in the charset of its label, which counts before what the document declares (RFC 7303)."""

import pytest

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body

DECLARED = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    ("charset", "declared", "encoded", "read"),
    [
        pytest.param("iso-8859-1", "", "latin-1", "é", id="by-the-label-alone"),
        pytest.param("iso-8859-1", DECLARED.format("utf-8"), "latin-1", "é", id="not-as-declared"),
        pytest.param("utf-8", DECLARED.format("ISO-8859-1"), "utf-8", "é", id="utf-8"),
        pytest.param("utf-8", DECLARED.format("utf-16"), "utf-8", "é", id="wide-by-declaration"),
        pytest.param("iso-8859-1", "", "utf-8", "Ã©", id="mislabelled"),
        pytest.param("shift_jis", "", "shift_jis", "あ", id="of-several-bytes"),
        pytest.param("iso-8859-1", "", "utf-8-sig", "é", id="a-byte-order-mark"),
        pytest.param("utf-16", "", "utf-16", "é", id="utf-16"),
        pytest.param("", DECLARED.format("ISO-8859-1"), "latin-1", "é", id="as-declared"),
    ],
)
def test_the_label_says_the_charset(charset: str, declared: str, encoded: str, read: str) -> None:
    """The charset of the label is the document's, but for a byte order mark."""
    label = read_label(f"application/xml; charset={charset}" if charset else "application/xml")
    text = "é" if read == "Ã©" else read
    body = read_body(f"{declared}<a>{text}</a>".encode(encoded), label)
    assert (body.value, body.notes) == ({"a": read}, ())


def test_bytes_that_are_not_of_the_label_are_read_as_declared() -> None:
    """A label that cannot be true is a note, and the document says how it is read."""
    raw = f"{DECLARED.format('ISO-8859-1')}<a>é</a>".encode("latin-1")
    body = read_body(raw, read_label("text/xml; charset=utf-8"))
    assert (body.value, body.notes) == ({"a": "é"}, ("another-charset",))
