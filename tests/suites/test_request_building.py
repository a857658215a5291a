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
    pytest.param("{z: 1, a: {y: [], x: {}}, m: [1, '1']}", b'{"z":1,"a":{"y":[],"x":{}},"m":[1,"1"]}', id="order"),
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
        tmp_path, "suite: s\ncases:\n  - name: x\n    request:\n      PUT: /\n      raw: |\n        a\n\n        b\n"
    )
    assert case.steps[0].request.body == b"a\n\nb\n"


def test_without_body_nothing_is_made_up(tmp_path: Path) -> None:
    """A request without a body has neither body nor headers."""
    request = request_in(tmp_path, "{GET: '/a/../b?x=%zz#f'}")
    assert (request.method, request.target, request.body, request.headers) == ("GET", "/a/../b?x=%zz#f", None, ())


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        pytest.param("{}", (("content-type", "application/json"),), id="default"),
        pytest.param("{Content-TYPE: text/x}", (("Content-TYPE", "text/x"),), id="any-case-counts"),
        pytest.param(
            "{X-b: '2', a: [z, y], X-B: ''}",
            (("X-b", "2"), ("a", "z"), ("a", "y"), ("X-B", ""), ("content-type", "application/json")),
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
    """Headers keep order, case and duplicates; a JSON body gets a content type unless the case gives one."""
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
