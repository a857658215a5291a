"""Requests as the text of a suite: what is kept of them, and what no suite can hold."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import UsageError
from conformance.suites.importers.curl import read_curl
from conformance.suites.importers.har import read_har
from conformance.suites.importers.imported import ImportedRequest
from tests.suites.importers.imported_suites import entry, har, request, written


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
        (entry(method="a b"), "its method 'a b' is no HTTP method"),
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


def test_a_suite_that_would_be_too_long_is_refused() -> None:
    """More than a suite file may hold is refused before it is written, with what to do."""
    with pytest.raises(UsageError, match="the suite would have more than"):
        written(request(b"x" * 100_000, target=f"/{number}") for number in range(12))


def test_what_a_person_wrote_stays() -> None:
    """Fields about a client are dropped where a browser sent them, and kept where a person did."""
    written_by_hand = "-H 'accept-encoding: gzip' -H 'origin: http://x' -H 'host: other'"
    _, (by_hand,) = written(read_curl(f"curl http://h/a -A me/1 {written_by_hand}", "c"))
    _, (copied,) = written(read_curl(f"curl http://h/a -A Mozilla/5.0 {written_by_hand}", "c"))

    assert [name for name, _ in by_hand.steps[0].request.headers] == [
        "accept-encoding", "origin", "host", "User-Agent",
    ]  # fmt: skip
    assert copied.steps[0].request.headers == ()
