"""Suites made of HAR files: which entries are cases, and what is left out with its reason."""

from typing import Any

import pytest

from conformance.errors import BadFileError
from conformance.suites.importers.har import read_har
from tests.suites.importers.imported_suites import SECRET, entry, har, written


def test_no_secret_of_a_har_is_written() -> None:
    """Cookies, tokens and URL credentials of a HAR file are dropped, each named in a comment."""
    headers = [
        {"name": name, "value": SECRET}
        for name in ("Cookie", "authorization", "X-Auth-Token", ":authority")
    ]
    url = f"https://u:{SECRET}@h/a?id_token={SECRET}&page=2"
    made, (case,) = written(
        read_har(har(entry(url, headers=headers, cookies=[{"name": "a", "value": SECRET}])), "h")
    )

    assert SECRET not in made.text
    assert case.steps[0].request.target == "/a?id_token=REDACTED&page=2"
    assert (
        "#   authorization: ${env:AUTHORIZATION}\n#   cookie: ${env:COOKIE}\n"
        "#   x-auth-token: ${env:X_AUTH_TOKEN}\n"
    ) in made.text
    assert "# the value of id_token in the query is left out for secrecy\n" in made.text


def test_entries_that_are_no_exchange() -> None:
    """One bad entry leaves the others, and each that is left out has its reason."""
    incomplete = [{"name": "Content-Length", "value": "9"}]
    entries = [
        7,
        {"request": {"method": "GET", "url": 1}},
        entry("https://h/socket", _resourceType="websocket"),
        entry("http://h/socket", headers=[{"name": "Upgrade", "value": "websocket"}]),
        entry("https://h/socket", response={"status": 101}),
        entry("blob:https://h/made"),
        entry("https://h:443", "CONNECT"),
        entry("https://h/blocked", response={"status": 0}),
        {**entry("https://h/cached"), "_fromCache": "disk"},
        entry("https://h/cut", "POST", headers=incomplete, postData={"text": "x"}),
        entry("https://h/lost", "POST", bodySize=5),
        entry("https://h/whole", "POST", bodySize=1, postData={"text": "x"}),
    ]
    made, (case,) = written(read_har(har(*entries), "h"))

    assert case.steps[0].request.target == "/whole"
    assert (made.read, made.cases, len(made.left_out)) == (12, 1, 11)
    assert [item.why for item in made.left_out] == [
        "it is no entry of HAR: Expected `object`, got `int`",
        "it is no entry of HAR: Expected `str`, got `int` - at `$.request.url`",
        "WebSocket is out of scope: a request is HTTP/1.1",
        "WebSocket is out of scope: a request is HTTP/1.1",
        "it goes on in another protocol: its status is 101",
        "its URL is not one of HTTP",
        "it opens a tunnel through a proxy",
        "it was blocked, or never answered: its status is 0",
        "it was answered by the cache of the browser",
        "its body is incomplete: content-length says 9 bytes, the file has 1",
        "its body is incomplete: bodySize says 5 bytes, the file has 0",
    ]


def test_a_body_that_may_be_another_is_named() -> None:
    """A text with the sign for lost bytes is imported as it is, and a comment says so."""
    made, _ = written(
        read_har(har(entry("http://h/a", "POST", postData={"text": "a\ufffdb"})), "h")
    )
    assert "# its body may be different: it has U+FFFD" in made.text


def test_assets_are_left_out_unless_asked_for() -> None:
    """Scripts, styles, images, fonts and preflights are no cases; a host narrows further."""
    entries = [
        entry("https://h/app.js"),
        entry("https://h/logo?x=.png", response={"content": {"mimeType": "image/png"}}),
        entry("https://h/x", "OPTIONS", _resourceType="preflight"),
        entry("https://h/data.json", response={"content": {"mimeType": "application/json"}}),
        entry("https://h/upload.png", "POST"),
        entry("https://other/data", response=None),
        entry("data:image/png;base64,AA=="),
        entry("wss://h/socket"),
    ]

    def targets(**options: Any) -> list[str]:
        return [
            case.steps[0].request.target
            for case in written(read_har(har(*entries), "h", **options))[1]
        ]

    assert targets() == ["/data.json", "/upload.png", "/data"]
    assert targets(hosts=("h",)) == ["/data.json", "/upload.png"]
    assert targets(hosts=("h",), static=True) == [
        "/app.js",
        "/logo?x=.png",
        "/x",
        "/data.json",
        "/upload.png",
    ]


@pytest.mark.parametrize(
    ("data", "body", "content_type"),
    [
        ({"mimeType": "application/json", "text": '{"a":1}'}, b'{"a":1}', "application/json"),
        ({"mimeType": "text/plain", "text": "aGk=", "encoding": "base64"}, b"hi", "text/plain"),
        (
            {
                "mimeType": "application/x-www-form-urlencoded",
                "params": [{"name": "a b", "value": "c&d"}],
            },
            b"a+b=c%26d",
            "application/x-www-form-urlencoded",
        ),
        ({"mimeType": "image/png", "text": "/w==", "encoding": "base64"}, b"\xff", "image/png"),
        ({"mimeType": "", "text": ""}, b"", None),
    ],
)
def test_bodies_of_har_files(data: dict[str, Any], body: bytes, content_type: str | None) -> None:
    """A body is its text, what base64 stands for, or the fields of a form.

    A content type is not lost.
    """
    _, (case,) = written(read_har(har(entry(method="POST", postData=data)), "h"))
    assert case.steps[0].request.body == body
    assert dict(case.steps[0].request.headers).get("content-type") == content_type


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"log": {}}',
        b'{"log": {"entries": {}}}',
        b'{"log": {"entries": ' + b"[" * 200_000,
        b'{"x": ' + b'{"y":' * 200_000,
        b'{"log": {"entries": [{"request": {"method": "\xff", "url": ""}}]}}',
        b'{"log": {"entries": [' + b"1," * 200_000 + b"1]}}",
    ],
)
def test_hostile_har_files(raw: bytes) -> None:
    """What is no HAR file is one problem with its place in the data, never a traceback."""
    with pytest.raises(BadFileError) as caught:
        list(read_har(raw, "h"))
    assert str(caught.value).startswith("h: no HAR file: ")
    assert len(str(caught.value)) < 300
