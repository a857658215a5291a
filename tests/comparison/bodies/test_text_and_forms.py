"""Text by lines, bytes by their digest, forms by their pairs."""

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.difference import Difference
from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, between, seen
from tests.comparison.laws import findings_of

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
FORM = "application/x-www-form-urlencoded"


def first_difference(a: str | bytes, b: str | bytes, media: str) -> Difference:
    """Return the first difference of two bodies by value."""
    first, second = (read_answer(answer(body, media=media)) for body in (a, b))
    return compare_answers(first, second, Terms(level=VALUE)).differences[0]


@pytest.mark.parametrize(
    ("texts", "detail", "sent"),
    [
        pytest.param(("a\nb\nc\n", "a\nx\nc\n"), "line 2 of 3 in a, b", ("b", "x"), id="one-line"),
        pytest.param(
            ("a\nb", "a\nx\ny\nb"),
            "no line of 2 in a; lines 2 to 3 of 4 in b",
            ("", "x\ny"),
            id="more",
        ),
        pytest.param(
            ("a", "b\r\nc"), "line 1 of 1 in a; lines 1 to 2 of 2 in b", ("a", "b\nc"), id="all"
        ),
        pytest.param(
            ("a\nb\nc\nd\n", "a\nX\nc\nd\n", "a\nb\nc\nY\nZ\n"),
            "lines 2 to 4 of 4 in a, b; lines 2 to 5 of 5 in c",
            ("b\nc\nd", "X\nc\nd", "b\nc\nY\nZ"),
            id="of-three",
        ),
    ],
)
def test_text_is_compared_by_lines(
    texts: tuple[str, ...], detail: str, sent: tuple[str, ...]
) -> None:
    """The finding says which lines, and shows the same lines of every runtime."""
    given = {
        name: answer(body, media="text/plain") for name, body in zip("abc", texts, strict=False)
    }
    (finding,) = findings_of(given, list(given), VALUE)
    assert (finding.name, finding.detail) == ("text", detail)
    assert tuple(value for _, value in finding.sent[0]) == sent
    assert findings_of(given, list(given), SHAPE) == ()


def test_other_line_ends_are_told_beside_another_text() -> None:
    """Lines that end in another way are a difference of their own, whatever else differs."""
    assert seen("a\r\nb\r\n", "a\nc\n", "text/plain") == [("line-ends", "$"), ("text", "$")]
    assert seen("a", "b\nc", "text/plain") == [("text", "$")]


@pytest.mark.parametrize(
    ("a", "b", "facts"),
    [
        pytest.param("a\nb\n", "a\r\nb\r\n", ("LF", "CRLF"), id="crlf"),
        pytest.param("a\n", "a", ("LF", "none"), id="last"),
        pytest.param("a\nb\n", "a\nb", ("LF", "LF, none at the end"), id="last-of-several"),
    ],
)
def test_line_ends_are_an_idiom(a: str, b: str, facts: tuple[str, str]) -> None:
    """The same lines with other ends are told by their cause."""
    difference = first_difference(a, b, "text/plain")
    assert (difference.name, *difference.facts) == ("line-ends", *facts)
    assert first_difference(a, b + "c", "text/plain").name == "text"


def test_bytes_are_shown_by_length_and_digest() -> None:
    """What is no text is never shown as text."""
    difference = first_difference(b"\xff\x00", b"\xff", "image/png")
    assert difference.name == "bytes"
    assert str(difference.occurrences[0].b).startswith(
        "1 byte, sha256 a8100ae6aa1940d0b663bb31cd466142"
    )


def test_a_declared_charset_is_read() -> None:
    """The same text in two charsets is one text; only the charset differs."""
    first = answer("é".encode("latin-1"), media="text/plain; charset=iso-8859-1")
    second = answer("é", media="text/plain; charset=utf-8")
    assert [row[0] for row in between(first, second, VALUE)] == ["charset-parameter"]


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252"])
@pytest.mark.parametrize(
    ("media", "text", "name"),
    [
        pytest.param("text/plain", "é", "text", id="text"),
        pytest.param("text/html", "<p>é</p>", "decoded-twice", id="html"),
        pytest.param("text/csv", "id,name\n1,é\n2,e\n", "decoded-twice", id="table"),
        pytest.param("text/tab-separated-values", "id\tname\n1\té\n", "decoded-twice", id="tabs"),
        pytest.param(FORM, "a=é", "decoded-twice", id="form"),
    ],
)
def test_bytes_are_read_in_the_charset_of_their_label(
    charset: str, media: str, text: str, name: str
) -> None:
    """UTF-8 under the label of another charset is what callers read: other characters."""
    label = f"{media}; charset={charset}"
    sent, mislabelled = answer(text.encode("latin-1"), media=label), answer(text, media=label)
    assert [row[0] for row in between(sent, mislabelled, VALUE)] == [name]
    assert between(sent, sent, VALUE) == between(mislabelled, mislabelled, VALUE) == []
    right = answer(text, media=f"{media}; charset=utf-8")
    assert [row[0] for row in between(sent, right, VALUE)] == ["charset-parameter"]
    assert len(between(mislabelled, right, VALUE)) > 1


def test_a_part_is_read_in_its_own_charset() -> None:
    """The label of a part says how its bytes are read."""
    head = b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
    head += b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    first, second = (head + "é".encode(each) + b"\r\n--x--\r\n" for each in ("latin-1", "utf-8"))
    media = "multipart/form-data; boundary=x"
    assert len(between(answer(first, media=media), answer(second, media=media), VALUE)) == 1


@pytest.mark.parametrize("media", ["text/plain", "text/html", "text/csv", FORM])
def test_bytes_that_are_not_of_their_charset_are_told(media: str) -> None:
    """Where the label's charset cannot be read, UTF-8 is, and that is a note."""
    label = f"{media}; charset=windows-1252"
    first, second = (answer("a=Á".encode(each), media=label) for each in ("latin-1", "utf-8"))
    assert [row[:2] for row in between(first, second, VALUE)] == [("note", "note another-charset")]


@pytest.mark.parametrize("media", ["text/plain", "application/octet-stream", "text/csv"])
def test_bytes_that_a_suite_names_are_bytes_though_they_are_printable(media: str) -> None:
    """What a suite says is no text is not compared line by line, and has no line ends."""
    a, b = (read_answer(answer(body, media=media), read_as="binary") for body in ("x\n", "y\r\n"))
    (found,) = compare_answers(a, b, Terms(level=VALUE)).differences
    assert (found.name, found.places) == ("bytes", ("$", "$"))
    assert compare_answers(a, b, Terms(level=CompareLevel.SHAPE)).unread == "binary"


@pytest.mark.parametrize(
    ("charset", "a", "b", "wanted"),
    [
        pytest.param("iso-8859-1", "a=%E9", b"a=\xe9", [], id="beside-the-byte"),
        pytest.param("iso-8859-1", "a=%C3%A9", b"a=\xe9", [], id="utf-8-beside-the-byte"),
        pytest.param("shift_jis", "a=%83A", b"a=\x83A", [], id="two-bytes"),
        pytest.param("iso-8859-1", "a=%E9", b"a=\xe8", [("value", "$.a[*]")], id="another-byte"),
        pytest.param("utf-8", "a=%E9", b"a=\xc3\xa9",
            [("note", "note not-utf-8"), ("value", "$.a[*]")], id="no-charset-for-it"),
        pytest.param("utf-16", "a=%E9".encode("utf-16"), "a=%C3%A9".encode("utf-16"),
            [("note", "note not-utf-8"), ("value", "$.a[*]")], id="wide"),
    ],
)  # fmt: skip
def test_escaped_bytes_of_a_form_are_of_its_charset(
    charset: str, a: str | bytes, b: bytes, wanted: list[tuple[str, str]]
) -> None:
    """Escaped or not, a byte of the label's charset is the same character."""
    assert seen(a, b, f"{FORM}; charset={charset}") == wanted


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("a=1&b=x+y", "b=x%20y&a=1", [], id="order-and-escapes"),
        pytest.param("a=1", "a=2", [("value", "$.a[*]")], id="value"),
        pytest.param("a=1&a=2", "a=1", [("length", "$.a")], id="repeated"),
        pytest.param("a=1&b=", "a=1", [("member", "$.b")], id="missing"),
    ],
)
def test_forms_are_compared_by_pairs(a: str, b: str, wanted: list[tuple[str, str]]) -> None:
    """A form is an object of lists."""
    assert seen(a, b, FORM) == wanted


PARTS = "multipart/form-data; boundary=x"


def parts(*names: str) -> str:
    """Return a form of parts with these names."""
    heads = (f'--x\r\ncontent-disposition: form-data; name="{name}"' for name in names)
    return "".join(f"{head}\r\n\r\n1\r\n" for head in heads) + "--x--\r\n"


@pytest.mark.parametrize("level", [SHAPE, VALUE])
@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("a", "b", "media"),
    [
        ("accessToken=x&tokenType=y&expiresIn=3", "access_token=x&token_type=y&expires_in=3", FORM),
        (parts("accessToken", "tokenType"), parts("access_token", "token_type"), PARTS),
    ],
)
def test_the_names_of_a_form_by_another_convention_are_one_cause(
    a: str, b: str, media: str, status: int, level: CompareLevel
) -> None:
    """They are named as members are; a value that differs too is a difference of its own."""
    first, second = answer(a, status, media=media), answer(b, status, media=media)
    assert between(first, second, level) == [("key-case", "$", "camelCase", "snake_case")]
    other = answer(b.replace("=3", "=4"), status, media=media)
    values = [name for name, *_ in between(first, other, VALUE) if name != "key-case"]
    assert values == (["value"] if media == FORM else [])


@pytest.mark.parametrize("level", [SHAPE, VALUE])
def test_a_form_with_an_error_beside_one_with_a_result_is_one_cause(level: CompareLevel) -> None:
    """Where both have the status of an error, neither is a result; an empty error is none."""
    bodies = ("error=invalid_grant&error_description=no", "access_token=x&token_type=y", "error=")
    refused, granted, empty = (answer(body, media=FORM) for body in bodies)
    assert between(refused, granted, level) == [("result-vs-error", "$", "error", "result")]
    refused, granted = (answer(body, 400, media=FORM) for body in bodies[:2])
    assert "result-vs-error" not in {name for name, *_ in between(refused, granted, level)}
    granted = answer(bodies[1], media=FORM)
    assert "result-vs-error" not in {name for name, *_ in between(empty, granted, level)}
