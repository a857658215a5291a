"""Tables by columns, bodies of several parts by names and ranges, tokens by their claims."""

import base64
import json

import pytest

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, between, seen

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
CSV = "text/csv"
TABLE = "id,name,price,ok\n1,a,1.50,true\n2,,2.5,false\n"


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        pytest.param(TABLE, [], id="same"),
        pytest.param(TABLE.replace("\n", "\r\n"), [], id="line-ends"),
        pytest.param(TABLE.rstrip(), [], id="no-last-line-end"),
        pytest.param(TABLE.replace("a,", '"a",'), [], id="quotes"),
        pytest.param(TABLE.replace("1.50", "1.5"), [], id="number-spelled-otherwise"),
        pytest.param(TABLE.replace(",", ";"), [], id="semicolons"),
        pytest.param(TABLE.replace("a,", "b,"), [("value", "$.rows[*].name")], id="value"),
        pytest.param(TABLE.replace("2,,", "x,,"), [("type", "$.rows[*].id")], id="type"),
        pytest.param(TABLE.replace("2,,", "02,,"), [("type", "$.rows[*].id")], id="leading-zero"),
        pytest.param(TABLE.replace("true", "yes"), [("type", "$.rows[*].ok")], id="boolean"),
        pytest.param(TABLE + "3,c,1,true\n", [("length", "$.rows")], id="one-more"),
    ],
)
def test_tables(changed: str, wanted: list[tuple[str, str]]) -> None:
    """A cell, a type and a row are each one difference; how a table is written is none."""
    assert seen(TABLE, changed, CSV) == wanted


def test_another_column_is_a_difference_of_shape() -> None:
    """A column that only one side has is a member of the rows."""
    assert seen("a,b\n1,2\n", "a\n1\n", CSV, SHAPE) == [("member", "$.rows[*].b")]


def test_how_tables_are_read() -> None:
    """The header names the members; a table without one has lists.

    What has no column has a number.
    """

    def read(text: str, media: str = CSV) -> object:
        return read_body(text.encode(), read_label(media)).value

    assert read("a\tb\n1\tx\n", "text/tab-separated-values") == {
        "header": ["a", "b"],
        "rows": [{"a": 1, "b": "x"}],
    }
    assert (
        read("1,2\n3,4\n")
        == read("1,2\n3,4\n", "text/csv; header=absent")
        == {"rows": [[1, 2], [3, 4]]}
    )
    assert read("a,a\n3,4\n") == {"rows": [["a", "a"], ["3", "4"]]}
    assert read("a\n1,x\n\n2\n") == {"header": ["a"], "rows": [{"a": 1, "#2": "x"}, {"a": 2}]}
    assert read("a,b\n1,\n2,\n") == {
        "header": ["a", "b"],
        "rows": [{"a": 1, "b": ""}, {"a": 2, "b": ""}],
    }
    assert read('a\n"1\n2"\n') == {"header": ["a"], "rows": [{"a": "1\n2"}]}
    assert read('a\n"1,2"\n') == {"header": ["a"], "rows": [{"a": "1,2"}]}
    assert read("a\n007\nnull\n") == {"header": ["a"], "rows": [{"a": "007"}, {"a": "null"}]}
    assert read_body(b'a\n"torn', read_label(CSV)).kind == "text"


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


def test_byte_ranges_go_by_their_ranges() -> None:
    """Two ranges in another order are the same; a range with other bytes is a difference there."""
    part = "--b\r\nContent-Range: bytes {}/9\r\n\r\n{}\r\n"
    one = part.format("0-2", "abc") + part.format("6-8", "ghi") + "--b--"
    other = part.format("6-8", "ghi") + part.format("0-2", "abc") + "--b--"
    media = "multipart/byteranges; boundary=b"
    assert seen(one, other, media) == []
    assert seen(one, other.replace("abc", "abd"), media) == [("value", "$['bytes 0-2/9'].body")]


@pytest.mark.parametrize("body", [b"--b\r\n\r\nx", b"", b"x", b"--b\r\nA: b\r\n", b"--b--x"])
def test_parts_without_an_end_are_no_parts(body: bytes) -> None:
    """A torn body of parts is text, with the reason."""
    read = read_body(body, read_label("multipart/mixed; boundary=b"))
    assert read.kind in {"text", "empty"}
    assert bool(read.misfit) == bool(body)


def token(signature: str = "c2ln", header: object = None, **claims: object) -> str:
    """Return a token with these claims."""
    parts = [header or {"alg": "HS256", "typ": "JWT"}, claims]
    coded = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    ]
    return ".".join((*coded, signature))


@pytest.mark.parametrize(
    ("second", "wanted"),
    [
        pytest.param(token(sub="u1", iat=1763856001, exp=1763859601, jti="y"), [],
            id="clocks-and-ids"),
        pytest.param(token("b3RoZXI", sub="u1", iat=1, exp=2, jti="z"), [], id="signature"),
        pytest.param(token("", sub="u1", iat=1, exp=2, jti="z"), [("value", "$.t.signature")],
            id="unsigned"),
        pytest.param(token(sub="u2", iat=1, exp=2, jti="z"), [("value", "$.t.claims.sub")],
            id="claim"),
        pytest.param(token(sub="u1", iat=1, jti="z"), [("member", "$.t.claims.exp")], id="no-end"),
        pytest.param(token(sub="u1", iat=1, exp="2", jti="z"),
            [("number-as-string", "$.t.claims.exp")], id="type"),
        pytest.param(token(header={"alg": "none"}, sub="u1", iat=1, exp=2, jti="z"),
                     [("member", "$.t.header.typ"), ("value", "$.t.header.alg")], id="header"),
        pytest.param("opaque", [("value", "$.t")], id="no-token"),
    ],
)  # fmt: skip
def test_tokens_are_compared_by_their_claims(second: str, wanted: list[tuple[str, str]]) -> None:
    """When a token was made is no difference; what it says is, at its place within the token."""
    first = token(sub="u1", iat=1763856000, exp=1763859600, jti="x")
    assert seen(json.dumps({"t": first}), json.dumps({"t": second}), "application/json") == wanted
