"""The bytes of a request: exactly what the suite says, and nothing decided twice."""

from pathlib import Path

import pytest

from tests.suites.reading import cases_in, request_in

JSON_BODIES = [
    pytest.param("null", b"null", id="null"),
    pytest.param("1.10", b"1.10", id="trailing-zero"),
    pytest.param("1e400", b"1e400", id="past-double"),
    pytest.param("12345678901234567890", b"12345678901234567890", id="past-64-bits"),
    pytest.param("-0", b"-0", id="minus-zero"),
    pytest.param("1E+5", b"1E+5", id="exponent"),
    pytest.param("+1", b"1", id="plus"),
    pytest.param(".5", b"0.5", id="no-whole"),
    pytest.param("-.5e3", b"-0.5e3", id="negative-no-whole"),
    pytest.param("1.", b"1", id="no-fraction"),
    pytest.param("1.e5", b"1e5", id="no-fraction-exponent"),
    pytest.param("007", b'"007"', id="leading-zeros-are-text"),
    pytest.param("True", b"true", id="boolean"),
    pytest.param("~", b"null", id="tilde"),
    pytest.param("no", b'"no"', id="word"),
    pytest.param("2020-01-01", b'"2020-01-01"', id="date"),
    pytest.param(
        "{z: 1, a: {y: [], x: {}}, m: [1, '1']}",
        b'{"z":1,"a":{"y":[],"x":{}},"m":[1,"1"]}',
        id="order",
    ),
    pytest.param('"ä€😀"', '"ä€😀"'.encode(), id="non-ascii"),
    pytest.param(r'"a\nb\t\"\\\0"', rb'"a\nb\t\"\\\u0000"', id="escapes"),
    pytest.param('"</script>"', b'"</script>"', id="markup"),
    pytest.param("'$${name}'", b'"${name}"', id="literal-reference"),
    pytest.param("{'$${k}': '$$${v}'}", b'{"${k}":"$${v}"}', id="literal-key"),
    pytest.param("'$5 {x}'", b'"$5 {x}"', id="no-reference"),
]


@pytest.mark.parametrize(("written", "body"), JSON_BODIES)
def test_json_bodies(tmp_path: Path, written: str, body: bytes) -> None:
    """A JSON body is compact UTF-8 with members in file order and every digit as written."""
    assert request_in(tmp_path, f"{{POST: /, json: {written}}}").body == body


@pytest.mark.parametrize(
    ("written", "body"),
    [
        pytest.param("'{bad'", b"{bad", id="broken-json"),
        pytest.param("''", b"", id="empty"),
        pytest.param(r'"a\r\n\0€"', b"a\r\n\0\xe2\x82\xac", id="controls"),
        pytest.param("'$${x} $y'", b"${x} $y", id="literal-reference"),
    ],
)
def test_raw_bodies(tmp_path: Path, written: str, body: bytes) -> None:
    """A raw body is the text as UTF-8, and no header is made up for it."""
    request = request_in(tmp_path, f"{{POST: /, raw: {written}}}")
    assert (request.body, request.headers) == (body, ())


def test_raw_block_keeps_its_lines(tmp_path: Path) -> None:
    """A literal block is sent with its line ends."""
    (case,) = cases_in(
        tmp_path,
        "suite: s\ncases:\n  - name: x\n    request:\n      PUT: /\n      raw: |\n        a\n\n   "
        "     b\n",
    )
    assert case.steps[0].request.body == b"a\n\nb\n"


def test_without_body_nothing_is_made_up(tmp_path: Path) -> None:
    """A request without a body has neither body nor headers."""
    request = request_in(tmp_path, "{GET: '/a/../b?x=%zz#f'}")
    assert (request.method, request.target, request.body, request.headers) == (
        "GET",
        "/a/../b?x=%zz#f",
        None,
        (),
    )


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        pytest.param("{}", (("content-type", "application/json"),), id="default"),
        pytest.param("{Content-TYPE: text/x}", (("Content-TYPE", "text/x"),), id="any-case-counts"),
        pytest.param(
            "{X-b: '2', a: [z, y], X-B: ''}",
            (
                ("X-b", "2"),
                ("a", "z"),
                ("a", "y"),
                ("X-B", ""),
                ("content-type", "application/json"),
            ),
            id="order-case-duplicates",
        ),
        pytest.param(
            "{a: '$${x} é', content-type: b}",
            (("a", "${x} é"), ("content-type", "b")),
            id="literal-and-latin-1",
        ),
    ],
)
def test_headers(tmp_path: Path, headers: str, sent: tuple[tuple[str, str], ...]) -> None:
    """Headers keep order, case and duplicates.

    A JSON body gets a content type unless the case gives one.
    """
    assert request_in(tmp_path, f"{{POST: /, headers: {headers}, json: 1}}").headers == sent


@pytest.mark.parametrize("method", ["GET", "QUERY", "M-SEARCH", "VERSION_CONTROL", "X1"])
def test_any_method_token(tmp_path: Path, method: str) -> None:
    """Any upper-case token is a method."""
    assert request_in(tmp_path, f"{{{method}: '*'}}").method == method


def test_digest_tells_requests_apart(tmp_path: Path) -> None:
    """Requests that differ in any part have another digest; equal ones the same."""
    written = [
        "{POST: /}",
        "{PUT: /}",
        "{POST: /a}",
        "{POST: /, raw: ''}",
        "{POST: /, raw: a}",
        "{POST: /, headers: {a: b}}",
        "{POST: /, headers: {A: b}}",
        "{POST: /, headers: {a: [b, c]}}",
        "{POST: /, headers: {a: [c, b]}}",
    ]
    digests = [request_in(tmp_path, request).digest() for request in written]
    assert len(set(digests)) == len(written)
    assert digests == [request_in(tmp_path, request).digest() for request in written]


BODIES = [
    pytest.param("base64: 'aGk/ \n'", b"hi?", None, id="base64"),
    pytest.param("base64: '//8='", b"\xff\xff", None, id="base64-binary"),
    pytest.param("base64: ''", b"", None, id="base64-empty"),
    pytest.param("file: ../fixture.bin", b"\x00\xff${x}", None, id="file"),
    pytest.param("form: {}", b"", "application/x-www-form-urlencoded", id="form-empty"),
    pytest.param(
        "form: {b: 'x y', a: ['1', '&='], 'k é': ''}",
        b"b=x+y&a=1&a=%26%3D&k+%C3%A9=",
        "application/x-www-form-urlencoded",
        id="form",
    ),
]


@pytest.mark.parametrize(("written", "body", "content_type"), BODIES)
def test_other_bodies(tmp_path: Path, written: str, body: bytes, content_type: str | None) -> None:
    """Bytes in base64, in a file or as a form are sent unchanged, in the order written."""
    (tmp_path / "fixture.bin").write_bytes(b"\x00\xff${x}")
    (tmp_path / ".git").mkdir()
    (tmp_path / "cases").mkdir()
    request = request_in(tmp_path / "cases", f"{{POST: /, {written}}}".replace("\n", " "))
    assert (request.body, dict(request.headers).get("content-type")) == (body, content_type)


def test_multipart(tmp_path: Path) -> None:
    """Parts are sent in order between boundaries that depend on nothing but the parts."""
    written = (
        "{POST: /, multipart: [{name: 'a\"b', value: one}, "
        "{name: f, base64: '/w==', filename: 'x.bin', type: image/png}]}"
    )
    request = request_in(tmp_path, written)
    boundary = dict(request.headers)["content-type"].removeprefix("multipart/form-data; boundary=")
    assert (
        request.body
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\none\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="x.bin"\r\n'
            "Content-Type: image/png\r\n\r\n"
        ).encode()
        + b"\xff\r\n"
        + f"--{boundary}--\r\n".encode()
    )
    assert request_in(tmp_path, written) == request
    assert request_in(tmp_path, written.replace("one", "two")).headers != request.headers


def test_a_method_beside_its_target(tmp_path: Path) -> None:
    """A method that is no field's name is written beside its target."""
    request = request_in(tmp_path, "{method: m-search!, target: '*'}")
    assert (request.method, request.target) == ("m-search!", "*")


def test_the_digest_is_that_of_the_unsubstituted_request(tmp_path: Path) -> None:
    """A recorded answer is found by the request as written, and a name differs from its literal."""
    steps = (
        "    steps: [{{request: {{GET: /a}}, capture: {{id: $.id}}}}, {{request: {{GET: "
        "'/{}'}}}}]\n"
    )
    head = "suite: s\ncases:\n  - name: x\n"
    (named,), (literal,) = (
        cases_in(tmp_path, head + steps.format(text)) for text in ("${id}", "$${id}")
    )
    assert named.steps[1].request == literal.steps[1].request
    assert named.steps[1].digest() != literal.steps[1].digest()
    assert named.steps[0].digest() == named.steps[0].request.digest()
