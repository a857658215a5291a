"""Suites made of curl commands and HAR files: what is kept, what not, and never any secret."""

import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import BadFileError, UsageError
from conformance.model.case import Case
from conformance.suites.document import parse_document
from conformance.suites.importers.curl import read_curl
from conformance.suites.importers.har import read_har
from conformance.suites.importers.imported import Import, ImportedRequest, LeftOut
from conformance.suites.importers.suite_text import SuiteText, suite_text
from conformance.suites.suite_file import cases_of

SECRET = "s3cr3t-Zk9"  # noqa: S105 - what must not be found
JSON = (("content-type", "application/json"),)


def written(found: Iterable[Import]) -> tuple[SuiteText, list[Case]]:
    """Return the suite made of what was found, and the cases that the reader makes of it."""
    made = suite_text(found, "imported/x", "x")
    return made, list(cases_of(parse_document(made.text.encode(), "x"))) if made.cases else []


def request(body: bytes | None = None, **changed: Any) -> ImportedRequest:
    """Return a request."""
    plain = {
        "origin": "x:1",
        "host": "h",
        "method": "POST",
        "target": "/a",
        "headers": JSON,
        "body": body,
    }
    return ImportedRequest(**{**plain, **changed})


def entry(url: str = "https://h/a", method: str = "GET", **more: Any) -> dict[str, Any]:
    """Return an entry of a HAR file."""
    outside: dict[str, Any] = {
        name: more.pop(name) for name in ("response", "_resourceType") if name in more
    }
    return {"request": {"method": method, "url": url, **more}, **outside}


def har(*entries: object) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param(b'{"a":1.50,"b":[1e400,-0,12345678901234567890]}', "json", id="digits"),
        pytest.param('{"ä":"é${x}$${y}","":null}'.encode(), "json", id="names-and-references"),
        pytest.param(
            json.dumps({"long": ["x" * 200, {"y": ["z" * 90]}], "e": []}).replace(" ", "").encode(),
            "json",
            id="block",
        ),
        pytest.param(b'"no"', "json", id="word"),
        pytest.param(b'{"a": 1}', "raw", id="blanks"),
        pytest.param(b'{"a":1,"a":2}', "raw", id="twice"),
        pytest.param(b'{"a":"\\u00e9"}', "raw", id="escape"),
        pytest.param(b'"\\ud800"', "raw", id="lone-surrogate"),
        pytest.param(b'{"a":NaN}', "raw", id="no-json"),
        pytest.param(b"[" * 40 + b"]" * 40, "raw", id="deep"),
        pytest.param(b"[" * 100_000, "raw", id="bomb"),
        pytest.param(b'{"' + b"k" * 2000 + b'":1}', "raw", id="long-name"),
        pytest.param(b"a=1&b=${c}\r\n\x00\xef\xbb\xbf", "raw", id="text"),
        pytest.param(b"", "raw", id="empty"),
    ],
)
def test_a_body_is_json_where_nothing_is_lost(body: bytes, field: str) -> None:
    """`json` is written only where the same bytes come of it; any other text is `raw`."""
    made, (case,) = written([request(body)])

    assert case.steps[0].request.body == body
    assert re.findall(r"^      (json|raw):", made.text, re.MULTILINE) == [field]


def test_json_without_a_content_type_stays_without() -> None:
    """A field of the grammar that would add a header is not used where none was sent."""
    _, (case,) = written([request(b'{"a":1}', headers=())])
    assert (case.steps[0].request.headers, case.steps[0].request.body) == ((), b'{"a":1}')


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=12,
)
_BODIES = st.none() | _TEXT.map(str.encode) | _JSON.map(
    lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
)  # fmt: skip
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "X-A", "x-a", "Content-Type", "1", "no"]),
        st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=8),
    ),
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.builds(
            request,
            body=_BODIES,
            method=st.sampled_from(["GET", "POST", "M-SEARCH", "ON"]),
            target=st.from_regex(r"/[!-~]{0,20}", fullmatch=True),
            headers=_HEADERS.map(tuple),
            notes=st.lists(_TEXT, max_size=2).map(tuple),
        ),
        max_size=4,
    )
)
def test_whatever_is_imported_is_sent_again(requests: list[ImportedRequest]) -> None:
    """Any written request is read back as it was (the writer proves it, or is defective)."""
    made, cases = written(requests)
    assert len(cases) == made.cases
    assert len({case.id for case in cases}) == len(cases)


@pytest.mark.parametrize(
    "command",
    [
        f"curl http://h/a -H 'Authorization: Bearer {SECRET}'",
        f"curl http://h/a -H 'X-Custom: Bearer {SECRET}'",
        (
            f"curl http://h/a -H 'X-Api-Key: {SECRET}' -H 'x-csrf-token: {SECRET}' -H "
            f"'X-Amz-Signature: {SECRET}'"
        ),
        f"curl http://h/a -b 'session={SECRET}' -H 'Cookie: a={SECRET}'",
        f"curl -u me:{SECRET} http://h/a",
        f"curl -u{SECRET} http://h/a",
        f"curl --user={SECRET} http://h/a",
        f"curl http://me:{SECRET}@h/a",
        f"curl ftp://me:{SECRET}@h/a",
        f"curl --oauth2-bearer {SECRET} http://h/a",
        (
            f"curl -x http://p:{SECRET}@proxy http://h/a --proxy-user p:{SECRET} --proxy-header "
            f"'a: {SECRET}'"
        ),
        f"curl 'http://h/a?access_token={SECRET}&api_key={SECRET}&X-Amz-Signature={SECRET}'",
        f"curl 'http://h/a?key={SECRET}{SECRET}'",
        f"curl -G http://h/a -d password={SECRET}",
        f"TOKEN={SECRET} curl http://h/a",
        f"TOKEN={SECRET}",
        f"curl --pass {SECRET} --key {SECRET} --cert a:{SECRET} http://h/a",
        f"curl http://h/a -H 'Referer: http://x/?t={SECRET}'",
    ],
)
def test_no_secret_is_written(command: str) -> None:
    """No credential of a command is in the suite, nor in what is said about it."""
    made, _ = written(read_curl(command, "c"))
    assert SECRET not in made.text
    assert SECRET not in str(made.left_out)


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


def test_what_is_about_the_client_is_dropped() -> None:
    """Hop-by-hop and browser headers go, by name.

    The others stay as they were spelled and ordered.
    """
    kept = [
        ("X-Tenant", "acme"),
        ("accept", "application/json"),
        ("if-none-match", '"1"'),
        ("X-Tenant", "b"),
    ]
    noise = [
        "Host",
        "Connection",
        "Content-Length",
        "User-Agent",
        "sec-ch-ua",
        "Sec-Fetch-Mode",
        "Origin",
        "Referer",
    ]
    _, (case,) = written(
        [
            request(
                None,
                headers=(*((name, "x") for name in noise), *kept, ("Accept", "*/*")),
                of_browser=True,
            )
        ]
    )
    assert case.steps[0].request.headers == (
        ("X-Tenant", "acme"), ("X-Tenant", "b"), ("accept", "application/json"), ("if-none-match",
            '"1"'),
    )  # fmt: skip


def test_hosts_are_in_a_comment_and_names_are_unique() -> None:
    """Hosts are counted in a comment; cases are named by method and path.

    Requests that are alike are one case.
    """
    urls = (
        "https://b/v1/Items/1?x=1",
        "https://b/v1/items/1?x=2",
        "https://a/",
        "https://a/",
        "https://a/%C3%A9/x",
    )
    made, cases = written(read_har(har(*map(entry, urls)), "h"))

    assert "#   a (3)\n#   b (2)\n" in made.text
    assert [case.name for case in cases] == [
        "get-v1-items-1",
        "get-v1-items-1-2",
        "get-root",
        "get-x",
    ]


HOSTILE = "\n# x\nsuite: evil/suite\n\x1b[31m\u202e\ud800"


def test_values_from_files_are_data() -> None:
    """Line ends, escapes and markup stay inside their comment or value.

    They may be in hosts, paths, names and reasons.
    """
    hostile = HOSTILE.replace("\ud800", "")
    entries = [
        entry(f"https://h{hostile}/a"),
        entry(f"https://h/a{hostile}", f"GET{hostile}"),
        entry(f"https://h/a{hostile}", headers=[{"name": f"x{hostile}", "value": hostile}]),
        entry(
            "https://h/b", "POST", headers=[{"name": "x", "value": "€"}], postData={"text": hostile}
        ),
        entry("https://h/c", "POST", postData={"text": "\ud800"}),
    ]
    made, cases = written(read_har(har(*entries), f"file{hostile}"))

    assert [case.id for case in cases] == ["imported/x/get-a", "imported/x/post-b"]
    assert all(line.isprintable() for line in made.text.split("\n"))
    assert "\nsuite: evil" not in made.text
    assert [item.why.split(" ")[1] for item in made.left_out] == ["URL", "method", "body"]


def test_entries_that_are_no_exchange() -> None:
    """One bad entry leaves the others, and each that is left out has its reason."""
    incomplete = [{"name": "Content-Length", "value": "9"}]
    entries = [
        7,
        {"request": {"method": "GET", "url": 1}},
        entry("https://h/socket", _resourceType="websocket"),
        entry("https://h:443", "CONNECT"),
        entry("https://h/blocked", response={"status": 0}),
        {**entry("https://h/cached"), "_fromCache": "disk"},
        entry("https://h/cut", "POST", headers=incomplete, postData={"text": "x"}),
        entry("https://h/lost", "POST", bodySize=5),
        entry("https://h/whole", "POST", bodySize=1, postData={"text": "x"}),
    ]
    made, (case,) = written(read_har(har(*entries), "h"))

    assert case.steps[0].request.target == "/whole"
    assert (made.read, made.cases, len(made.left_out)) == (9, 1, 8)
    assert [item.why for item in made.left_out] == [
        "it is no entry of HAR: Expected `object`, got `int`",
        "it is no entry of HAR: Expected `str`, got `int` - at `$.request.url`",
        "WebSocket is out of scope: a request is HTTP/1.1",
        "it opens a tunnel through a proxy",
        "it was blocked, or never answered: its status is 0",
        "it was answered by the cache of the browser",
        "its body is incomplete: content-length says 9 bytes, the file has 1",
        "its body is incomplete: bodySize says 5 bytes, the file has 0",
    ]


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
    ("item", "why"),
    [
        (
            entry(method="POST", postData={"text": "x", "encoding": "base64"}),
            "its body cannot be read: ",
        ),
        (
            entry(
                method="POST",
                postData={"mimeType": "multipart/form-data", "params": [{"name": "f"}]},
            ),
            "its body was not kept, only the fields of its form",
        ),
        (entry(method="a b"), "its method 'a b' is none of HTTP"),
        (entry("/relative"), "its URL is not one of HTTP"),
    ],
)
def test_what_no_suite_can_hold_is_left_out(item: dict[str, Any], why: str) -> None:
    """A request the grammar cannot express is named with its reason, in suite and to the caller."""
    made, _ = written(read_har(har(item, entry()), "h"))
    (left_out,) = made.left_out
    assert left_out.origin == "h, entry 0"
    assert left_out.why.startswith(why)
    assert f"# Not imported:\n#   h, entry 0: {why}" in made.text


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


def test_a_suite_that_would_be_too_long_is_refused() -> None:
    """More than a suite file may hold is refused before it is written, with what to do."""
    with pytest.raises(UsageError, match="the suite would have more than"):
        written(request(b"x" * 100_000, target=f"/{number}") for number in range(12))


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("curl http://h/a -d @body.json", "its data is in a file, 'body.json'"),
        ("curl http://h/a --data-urlencode name@f", "its data is in a file, 'f'"),
        ("curl http://h/a -F f=@photo.png", "its form field 'f' is the content of a file"),
        ("curl http://h/a -T f", ("its option 'upload-file' is not known here, or is about a "
                                  "file; "
                                                                                               "leave it away")),
        ("curl http://h/a --next http://h/b", "its option 'next' is not known here"),
        ("curl http://h/a --frobnicate", "its option 'frobnicate' is not known here"),
        ("curl http://h/a -%", "its option '-%' is not known here"),
        ("curl http://h/a -H", "option header has no value"),
        ("curl http://h/a -H @headers", "its headers are in a file, 'headers'"),
        ("curl -s", "it names no URL"),
        ("curl http://h/{a,b}", "its URL is a pattern for several"),
        ('curl http://h/a -d "$(cat f)"', "it runs another command for a part of it"),
        ("curl http://h/a -d `cat f`", "it runs another command for a part of it"),
        ("curl 'http://h/a", "a quote is not closed"),
        ('curl "http://h/a" ^\n  -H "a: b"', "it is written for the command prompt of Windows"),
        ("curl -X 'p t' http://h/a", "its method 'p t' is none of HTTP"),
        ("curl \u201chttp://h/a\u201d -H \u2018it's: y\u2019", "it has typographic quotes"),
        ("curl http://h/a \u2013H 'x: y'", "it has a typographic dash"),
        ("curl http://h/a\u00a0-H 'x: y'", "it has a space that no shell reads as one"),
        ("curl http://h/a `\n  -H 'a: b'", "it is written for PowerShell"),
        ("curl 'http://h/a\ncurl 'http://h/b'", "a quote is not closed before the next curl"),
        ("curl -d @- http://h/a <<EOF\n$x\nEOF", "its here-document is filled in by the shell"),
        ("curl -d @- http://h/a <<EOF\nx", "its here-document has no end, 'EOF'"),
        ("curl -d @- http://h/a", "its data is on its standard input"),
        ("curl ws://h/a", "WebSocket is out of scope"),
        ("curl http://h/a?b=1&c=2", "it has & outside quotes, which ends a command"),
        ("curl http://h/a -H 'Upgrade: websocket'", "WebSocket is out of scope"),
        ("curl http://h/a -H 'content-type: application/grpc' -d x", "gRPC is out of scope"),
        ("curl http://h/a -H 'transfer-encoding: chunked' -d x", "its body is sent in chunks"),
        ("Invoke-WebRequest -Uri http://h/a", "Invoke-WebRequest is not curl"),
    ],
)  # fmt: skip
def test_commands_that_are_left_out(command: str, why: str) -> None:
    """What a command line alone does not show, or no suite can hold, is skipped with its reason."""
    made, _ = written(read_curl(command, "c"))
    assert made.left_out[0].origin == "c:1"
    assert made.left_out[0].why.startswith(why)


def test_a_broken_command_leaves_the_next_one() -> None:
    """Whatever is wrong with a command, the next line that starts with curl is read."""
    broken = (
        "curl \u201cx\u201d \u2018it's\u2019",
        'curl "http://h/1',
        'curl ^"http://h/1^" ^\n -H ^"a: b^"',
    )
    for command in broken:
        made, cases = written(read_curl(f"{command}\ncurl http://h/next\n", "c"))
        assert [case.steps[0].request.target for case in cases] == ["/next"]
        assert [item.origin for item in made.left_out] == ["c:1"]


def test_pasted_forms() -> None:
    """A byte order mark, Windows line ends, a prompt and hosts of IPv6 change nothing."""
    text = "\ufeffcurl http://[::1]:8/a\r\n$ curl.exe \"http://h/b\" \\\r\n -H 'x: y'\r\n"
    _, cases = written(read_curl(text, "c"))
    assert [case.steps[0].request.target for case in cases] == ["/a", "/b"]
    assert cases[1].steps[0].request.headers == (("x", "y"),)


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("curl --data-binary @- http://h/a <<'EOF'\n{\"a\": $1}\n\nEOF", b'{"a": $1}\n\n'),
        ("curl -d @- http://h/a <<-EOF\n\ta\n\tb\n\tEOF", b"ab"),
        ("cat <<EOF | curl --data-binary @- http://h/a\na\nEOF", b"a\n"),
        ("curl --data-binary @- http://h/a <<< 'a b'", b"a b\n"),
        ("printf %s 'a' | curl --data-binary @- http://h/a", b"a"),
        ("echo -n a | curl --data-binary @- http://h/a", b"a"),
    ],
)
def test_here_documents(command: str, body: bytes) -> None:
    """What a command reads from its text is its body, and the next command is read."""
    _, (case, following) = written(read_curl(f"{command}\ncurl http://h/next\n", "c"))
    assert case.steps[0].request.body == body
    assert following.steps[0].request.target == "/next"


def test_credentials_keep_requests_apart() -> None:
    """Requests that differ by their credential alone are cases of their own, each named."""
    commands = [
        f"curl http://h/a -H 'authorization: Bearer {SECRET}'",
        f"curl http://h/a -u ann:{SECRET}",
        "curl http://h/a",
        f"curl http://h/a -u ann:{SECRET}",
        f"curl 'http://h/b?token={SECRET}'",
        f"curl 'http://h/b?token={SECRET}2'",
    ]
    made, cases = written(read_curl("\n".join(commands), "c"))

    assert (made.read, made.cases, len(cases)) == (6, 5, 5)
    assert [(item.origin, item.same_as) for item in made.merged] == [("c:4", "c:2")]
    assert re.findall("# sent (.*)\n", made.text) == [
        "with credential 1: authorization",
        "with credential 2: authorization",
        "without credentials",
        "with credential 3: ?token",
        "with credential 4: ?token",
    ]
    assert SECRET not in made.text


def test_passwords_in_bodies_are_named() -> None:
    """A short password has no look; the name of its member says what it is, in JSON and forms."""
    commands = [
        'curl http://h/a -H \'content-type: application/json\' -d \'{"user": {"password": "x"}}\'',
        "curl http://h/b -d 'user=ann&client_secret=y'",
    ]
    made, _ = written(read_curl("\n".join(commands), "c"))
    assert re.findall("# what looks like a credential is in (.*)\n", made.text) == [
        "the body, at $.user.password",
        "the body, at client_secret",
    ]


def test_what_a_person_wrote_stays() -> None:
    """Fields about a client are dropped where a browser sent them, and kept where a person did."""
    written_by_hand = "-H 'accept-encoding: gzip' -H 'origin: http://x' -H 'host: other'"
    _, (by_hand,) = written(read_curl(f"curl http://h/a -A me/1 {written_by_hand}", "c"))
    _, (copied,) = written(read_curl(f"curl http://h/a -A Mozilla/5.0 {written_by_hand}", "c"))

    assert [name for name, _ in by_hand.steps[0].request.headers] == [
        "accept-encoding", "origin", "host", "User-Agent",
    ]  # fmt: skip
    assert copied.steps[0].request.headers == ()


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


@pytest.mark.parametrize("token", [JWT, "ghp_" + "a1B2" * 9, "sk_" + "live_" + "x" * 24])
def test_tokens_are_known_by_their_look(token: str) -> None:
    """A token is taken out of any field and parameter, and named in a path and a body."""
    body = json.dumps({"a": [{"b": token}], "session_key": "0" * 40, "colour": "0" * 40})
    commands = f"curl 'http://h/{token}?x={token}' -H 'x-plain: {token}' -H 'x-kept: 1' -d '{body}'"
    made, (case,) = written(read_curl(commands, "c"))

    assert case.steps[0].request.target == f"/{token}?x=REDACTED"
    assert dict(case.steps[0].request.headers).keys() == {"x-kept", "Content-Type"}
    assert re.findall("# what looks like a credential is in (.*)\n", made.text) == [
        "the path",
        "the body, at $.a[0].b",
        "the body, at $.session_key",
    ]


def test_what_reads_an_answer_is_no_command_of_its_own() -> None:
    """A program behind a pipe is passed over; one after `;` is named."""
    made, cases = written(read_curl("curl http://h/a | jq .\ncurl http://h/b; jq .", "c"))
    assert [case.name for case in cases] == ["get-a", "get-b"]
    assert [(item.origin, item.why) for item in made.left_out] == [("c:2", "jq is not curl")]


def test_variables_are_noted() -> None:
    """A variable outside single quotes is sent as it is written, and a comment says so.

    Inside it is text.
    """
    made, cases = written(read_curl("curl http://h/$ID -d \"${A}\" -d '$B'", "c"))
    assert (cases[0].steps[0].request.target, cases[0].steps[0].request.body) == (
        "/$ID",
        b"${A}&$B",
    )
    assert "# $ID is written as it stands: it was a variable\n" in made.text
    assert "$B is written" not in made.text


@settings(max_examples=200, deadline=None)
@given(st.text("cur l'\"\\$-HXdF@=:;&|<>(){}[]`^#\n\t http://h/aé\x00", max_size=60))
def test_arbitrary_commands(text: str) -> None:
    """Any text gives requests or reasons."""
    for item in read_curl(f"curl {text}", "c"):
        assert isinstance(item, ImportedRequest | LeftOut)
    written(read_curl(f"curl http://h/ {text}", "c"))
