"""Bodies of several parts are compared by names and ranges."""

from itertools import combinations

import pytest

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, between, seen

VALUE = CompareLevel.VALUE


def form(
    boundary: str, *, name: str = "x", meta: str = '{"a":1}', image: bytes = b"\x89PNG\x00"
) -> bytes:
    """Return a form with a field, a JSON part and a file."""
    lines = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="field"\r\n\r\n{name}'.encode(),
        f'--{boundary}\r\nContent-Disposition: form-data; name="meta"\r\n'.encode()
        + f"Content-Type: application/json\r\n\r\n{meta}".encode(),
        f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="p.png"\r\n'.encode()
        + b"Content-Type: image/png\r\n\r\n" + image,
        f"--{boundary}--\r\n".encode(),
    ]  # fmt: skip
    return b"\r\n".join(lines)


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        pytest.param({}, [], id="same"),
        pytest.param({"name": "y"}, [("value", "$.field.body")], id="field"),
        pytest.param({"meta": '{"a": 1}'}, [], id="spelling-of-a-part"),
        pytest.param({"meta": '{"a":2}'}, [("value", "$.meta.body.a")], id="within-a-part"),
        pytest.param(
            {"image": b"\x89PNG\x01"}, [("value", "$.file.body.sha256")], id="bytes-of-a-part"
        ),
    ],
)
def test_parts_by_their_names(
    changed: dict[str, str | bytes], wanted: list[tuple[str, str]]
) -> None:
    """The boundary is no difference; each part is read by its own kind."""
    first = answer(form("one"), media='multipart/form-data; boundary="one"')
    second = answer(form("two", **changed), media="multipart/form-data; boundary=two")  # type: ignore[arg-type]
    assert [(name, place) for name, place, _, _ in between(first, second, VALUE)] == wanted


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        ("form-data; name=f; filename*=UTF-8''a.txt", "form-data; name=f; filename*=UTF-8''b.exe",
         "$.f.filename"),
        ("form-data; name=f; filename*=UTF-8''%E9", "form-data; name=f; filename*=UTF-8''%E8",
         "$.f.parameters['filename*']"),
        ("form-data; name=f; filename=e; filename*=UTF-8''%C3%A9",
         "form-data; name=f; filename=a; filename*=UTF-8''%C3%A9", "$.f.parameters.filename"),
        ("form-data; name=f; size=1", "form-data; name=f; size=2", "$.f.parameters.size"),
    ],
)  # fmt: skip
def test_each_parameter_of_a_part_counts(first: str, second: str, place: str) -> None:
    """By value no parameter of a part is left out."""
    part = "--b\r\nContent-Disposition: {}\r\n\r\nx\r\n--b--"
    both = part.format(first), part.format(second)
    assert seen(*both, "multipart/form-data; boundary=b") == [("value", place)]


@pytest.mark.parametrize(
    "written",
    ["filename*=UTF-8''%C3%A9.txt", "filename*=utf-8'fr'%c3%a9.txt",
     "filename*=iso-8859-1''%E9.txt", 'filename="é.txt"; filename*=UTF-8\'\'%C3%A9.txt'],
)  # fmt: skip
def test_two_ways_to_write_the_name_of_a_file_hold_the_same(written: str) -> None:
    """A name with its charset is the name that readers see."""
    part = "--b\r\nContent-Disposition: form-data; name=f; {}\r\n\r\nx\r\n--b--"
    both = part.format(written), part.format('filename="é.txt"')
    assert seen(*both, "multipart/form-data; boundary=b") == []


def test_the_length_of_a_part_follows_from_its_body() -> None:
    """It is left out wherever it stands; any other field of a part counts."""
    part = "--b\r\nContent-Disposition: form-data; name=f\r\n{}\r\n\r\n{}\r\n--b--"
    media = "multipart/form-data; boundary=b"
    lengths = part.format("Content-Length: 1", "x"), part.format("Content-Length: 2", "yz")
    assert seen(*lengths, media) == [("value", "$.f.body")]
    others = part.format("X-Length: 1", "x"), part.format("X-Length: 2", "x")
    assert seen(*others, media) == [("value", "$.f.headers.x-length")]


def test_a_part_without_a_type_has_no_charset() -> None:
    """That one part has no type is one difference; beside a type, another charset is one, too."""
    part = "--b\r\nContent-Disposition: form-data; name=f{}\r\n\r\nx\r\n--b--"
    media = "multipart/form-data; boundary=b"
    plain, with_charset = (
        part.format(f"\r\nContent-Type: text/plain{charset}") for charset in ("", "; charset=utf-8")
    )
    assert seen(part.format(""), with_charset, media) == [("member", "$.f.type")]
    assert seen(part.format(""), plain, media) == [("member", "$.f.type")]
    assert seen(plain, with_charset, media) == [("member", "$.f.charset")]


@pytest.mark.parametrize("body", ["a,b\r\n1,2\r\n", "hello", "<p>x</p>", "[1]"])
def test_a_part_under_two_types_differs_in_these_alone(body: str) -> None:
    """The same bytes are one body, however either side reads them."""
    part = '--X\r\nContent-Disposition: form-data; name="f"{}\r\n\r\n' + body + "\r\n--X--\r\n"
    media = 'multipart/form-data; boundary="X"'
    labels = ("text/csv", "text/html", "text/plain", "application/json", "application/xml")
    for first, second in combinations(labels, 2):
        a, b = (part.format(f"\r\nContent-Type: {label}") for label in (first, second))
        found = [each for each in seen(a, b, media) if each[0] != "note"]
        assert found == [("value", "$.f.type")], (first, second)


def test_byte_ranges_go_by_their_ranges() -> None:
    """Two ranges in another order are the same; a range with other bytes is a difference there."""
    part = "--b\r\nContent-Range: bytes {}/9\r\n\r\n{}\r\n"
    one = part.format("0-2", "abc") + part.format("6-8", "ghi") + "--b--"
    other = part.format("6-8", "ghi") + part.format("0-2", "abc") + "--b--"
    media = "multipart/byteranges; boundary=b"
    assert seen(one, other, media) == []
    assert seen(one, other.replace("abc", "abd"), media) == [("value", "$.parts[*].body")]


@pytest.mark.parametrize(
    ("media", "first", "second", "wanted"),
    [
        pytest.param("text/xml", "<a><b>1</b></a>", "<a><b>1</b><b>2</b></a>",
                     [("length", "$.p.body.a.b")], id="elements"),
        pytest.param("text/csv", "n,m\n1,x\n2,x", "n,m\n1,x\nz,x",
                     [("type", "$.p.body.rows[*].n")], id="columns"),
    ],
)  # fmt: skip
def test_parts_are_laid_out_as_bodies_are(
    media: str, first: str, second: str, wanted: list[tuple[str, str]]
) -> None:
    """A second element is a length, and one bad cell one difference, in a part as in a body."""
    head = f'--b\r\ncontent-disposition: form-data; name="p"\r\ncontent-type: {media}\r\n\r\n'
    a, b = (f"{head}{body}\r\n--b--\r\n" for body in (first, second))
    assert seen(a, b, "multipart/form-data; boundary=b") == wanted


@pytest.mark.parametrize(
    ("text", "document", "wanted"),
    [
        pytest.param("x", '{"n": 1}', [], id="the-boundary-of-a-part"),
        pytest.param("y", '{"n":1}', [("value", "$.p.body.parts[*].body")], id="a-text"),
        pytest.param("x", '{"n":2}', [("value", "$.p.body.parts[*].body.n")], id="a-document"),
        pytest.param(
            "x",
            "<n/>",
            [("body-not-its-label", "$.p.body.parts[*].body"), ("note", "note invalid-json")],
            id="no-document",
        ),
    ],
)
def test_parts_of_a_part_are_parts(text: str, document: str, wanted: list[tuple[str, str]]) -> None:
    """A part that has parts is read as a body of parts is, whatever its boundary."""
    both = (_parts_of_a_part("one", "x", '{"n":1}'), _parts_of_a_part("two", text, document))
    assert seen(*both, "multipart/form-data; boundary=b") == wanted


def _parts_of_a_part(boundary: str, text: str, document: str) -> str:
    return (
        '--b\r\ncontent-disposition: form-data; name="p"\r\n'
        f"content-type: multipart/mixed; boundary={boundary}\r\n\r\n"
        f"--{boundary}\r\n\r\n{text}\r\n"
        f"--{boundary}\r\ncontent-type: application/json\r\n\r\n{document}\r\n"
        f"--{boundary}--\r\n--b--\r\n"
    )


def test_parts_of_parts_end_at_some_depth() -> None:
    """What is nested deeper than any writer nests it is a text, and no more work."""
    body = "x"
    for depth in range(60):
        head = f"--b{depth}\r\ncontent-type: multipart/mixed; boundary=b{depth - 1}"
        body = f"{head}\r\n\r\n{body}\r\n--b{depth}--"
    value = read_body(body.encode(), read_label("multipart/mixed; boundary=b59")).value
    depth = 0
    while isinstance(value, dict):
        value = value["parts"][0]["body"]
        depth += 1
    assert depth == 21
    assert value.startswith("--b38")


@pytest.mark.parametrize("body", [b"--b\r\n\r\nx", b"", b"x", b"--b\r\nA: b\r\n", b"--b--x"])
def test_parts_without_an_end_are_no_parts(body: bytes) -> None:
    """A torn body of parts is text, with the reason."""
    read = read_body(body, read_label("multipart/mixed; boundary=b"))
    assert read.kind in {"text", "empty"}
    assert bool(read.misfit) == bool(body)
