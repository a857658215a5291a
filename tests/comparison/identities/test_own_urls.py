"""Own URLs in bodies: the name under which a runtime was reached does not count.

All else of a URL counts.
"""

import base64
import json
from pathlib import Path

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import AnswerComparison, compare_answers
from conformance.comparison.parity import compare_case
from conformance.comparison.rules.loosening import Loosening
from conformance.model.case import CompareLevel
from conformance.model.json_path import parse_path
from conformance.model.observation import Cell
from conformance.model.rule import JoinRule
from tests.comparison.differences import PLACE, answer, text
from tests.comparison.live_runs import case, replay
from tests.miniatures.server import Received, Reply, Service, json_reply

A, B = "http://127.0.0.1:8001", "http://127.0.0.1:8002"


def compared(
    a: str, b: str, bases: tuple[str, str] = (A, B), media: str = "application/json"
) -> AnswerComparison:
    """Compare two bodies by value, each from its own base URL."""
    first, second = (
        read_answer(answer(body, media=media), base_url=base)
        for body, base in zip((a, b), bases, strict=True)
    )
    return compare_answers(first, second, Terms(level=CompareLevel.VALUE))


@pytest.mark.parametrize(
    ("base_a", "a", "base_b", "b"),
    [
        pytest.param(A, f"{A}/x?y=1#z", B, f"{B}/x?y=1#z", id="ports"),
        pytest.param(A, A, B, B, id="nothing-but-it"),
        pytest.param(
            A,
            "http://localhost:8001/x",
            "http://[::1]:8002",
            "HTTP://127.0.0.1:8002/x",
            id="loopback-names",
        ),
        pytest.param(
            "http://a", "http://a:80/x", "https://b", "https://b:443/x", id="default-ports"
        ),
        pytest.param("http://a", "http://a/x", "https://b", "https://B/x", id="no-ports-and-case"),
        pytest.param(
            "http://a", "http://a/x", "http://b/api/v1/", "http://b/api/v1/x", id="base-path"
        ),
        pytest.param(f"{A}/api/v1", "/api/v1/things/3?x=1", B, "/things/3?x=1", id="path-below"),
        pytest.param(f"{A}/api", "/api/x", f"{B}/v2/", "/v2/x", id="two-base-paths"),
        pytest.param(f"{A}/api", "/api", B, "/", id="base-path-alone"),
        pytest.param(
            f"{A}/api",
            "ws://127.0.0.1:8001/api/o",
            f"{B}/v2",
            "ws://127.0.0.1:8002/v2/o",
            id="another-scheme",
        ),
        pytest.param(
            f"{A}/api",
            "//127.0.0.1:8001/api/o",
            B,
            "//127.0.0.1:8002/o",
            id="no-scheme",
        ),
        pytest.param(f"{A}/api", "/api?p=2", B, "/?p=2", id="base-path-with-a-query"),
        pytest.param(f"{A}/api", "/in?to=%2Fapi%2Fx", B, "/in?to=%2Fx", id="path-encoded"),
        pytest.param(
            f"{A}/api",
            "see /api/x, or (/api/y)",
            B,
            "see /x, or (/y)",
            id="paths-in-a-text",
        ),
        pytest.param(A, f"see {A}/x, or {A}.", B, f"see {B}/x, or {B}.", id="in-a-sentence"),
        pytest.param(A, f"{A}/x", "", "http://127.0.0.1:999/x", id="recorded-somewhere"),
        pytest.param(A, "127.0.0.1:8001", "", "localhost:999", id="address-recorded-somewhere"),
        pytest.param(A, "127.0.0.1:8001", B, "127.0.0.1:8002", id="address"),
        pytest.param(
            A, "on 127.0.0.1:8001, up", B, "on 127.0.0.1:8002, up", id="address-in-a-sentence"
        ),
        pytest.param("http://a.x:81", "a.x", "http://b.y:82", "b.y", id="host"),
        pytest.param("http://a.x", "a.x", "http://b.y:82", "b.y", id="host-where-one-has-no-port"),
        pytest.param(
            "http://a.x", "a.x", "http://b.y:82", "b.y:82", id="address-where-one-has-no-port"
        ),
        pytest.param(
            "https://a.x", "a.x:443", "http://b.y:82", "b.y:82", id="address-with-the-default-port"
        ),
        pytest.param(
            A,
            "/in?to=http%3A%2F%2F127.0.0.1%3A8001%2Fx",
            B,
            "/in?to=http%3a%2f%2f127.0.0.1%3a8002%2Fx",
            id="encoded",
        ),
        pytest.param(
            "http://a/p/q",
            r"a: http:\/\/a\/p\/q\/",
            "http://b",
            r"a: http:\/\/b\/",
            id="escaped-in-a-text",
        ),
    ],
)
def test_own_urls_are_equal(base_a: str, a: str, base_b: str, b: str) -> None:
    """What follows the base URL is the same, in JSON, in markup and in text."""
    for body_a, body_b, media in (
        (text({"next": [a]}), text({"next": [b]}), "application/json"),
        (f"<p><a href='{a}'>{a}</a>", f"<p><a href='{b}'>{b}</a>", "text/html"),
        (f"one\n{a}\n", f"one\n{b}\n", "text/plain"),
    ):
        assert not compared(body_a, body_b, (base_a, base_b), media).differences, media


@pytest.mark.parametrize(
    ("base_a", "a", "base_b", "b"),
    [
        pytest.param(A, f"{A}/x", B, f"{B}/y", id="another-path"),
        pytest.param(A, f"{A}/x", B, f"{A}/y", id="one-leads-to-the-other"),
        pytest.param(A, f"{B}/x", B, f"{A}/x", id="each-leads-to-the-other"),
        pytest.param(A, f"{A}/x", B, "/x", id="no-host"),
        pytest.param(A, f"{A}0/x", B, f"{B}0/x", id="longer-port"),
        pytest.param(
            "http://a", "http://a:8080/x", "http://b", "http://b:8080/x", id="another-port"
        ),
        pytest.param(
            "http://a", "http://a.example/x", "http://b", "http://b.example/x", id="longer-host"
        ),
        pytest.param(
            "http://a", "https://a/x", "http://b", "https://b/x", id="another-scheme-and-so-port"
        ),
        pytest.param(A, f"https{A[4:]}/x", B, f"{B}/x", id="another-scheme-at-the-own-port"),
        pytest.param(
            "http://a/api",
            "http://a/apix",
            "http://b/api",
            "http://b/apix",
            id="beside-the-base-path",
        ),
        pytest.param("http://a", "http://c/x", "http://b", "http://d/x", id="neither-is-its-own"),
        pytest.param(
            "http://a.x", "s.a.x:80", "http://b.y", "s.b.y:80", id="address-of-a-host-below"
        ),
        pytest.param("http://a.x", "s.a.x", "http://b.y", "s.b.y", id="host-below"),
        pytest.param("http://a.x", "me@a.x", "http://b.y", "me@b.y", id="mail"),
        pytest.param(
            "http://a.x", "https://a.x/x", "http://b.y", "https://b.y/x", id="host-of-another-url"
        ),
        pytest.param("http://a.x:81", "a.x", "http://b.y:82", "b.y:82", id="with-and-without-port"),
        pytest.param(f"{A}/api", "/apis/x", B, "/s/x", id="another-path"),
        pytest.param(f"{A}/api", "/x/api/y", B, "/x/y", id="base-path-within-a-path"),
        pytest.param(f"{A}/api", "/api/x", B, "/y", id="another-path-below"),
        pytest.param(f"{A}/api", "http://c/api/x", B, "http://c/x", id="path-of-another-host"),
    ],
)
def test_all_else_of_a_url_counts(base_a: str, a: str, base_b: str, b: str) -> None:
    """Another host, port, path or form is seen."""
    assert compared(text([a]), text([b]), (base_a, base_b)).differences


@pytest.mark.parametrize("said", [f"{A}/x", f"{B}/x", "http://localhost:9200/"])
@pytest.mark.parametrize("bases", [(A, B), (A, ""), ("", "")])
def test_what_both_say_is_equal_whatever_differs_beside_it(
    said: str, bases: tuple[str, str]
) -> None:
    """One base URL in the settings of both, or a third service, is no difference.

    This holds in JSON and in text.
    """
    (seen,) = compared(text({"at": said, "n": 1}), text({"at": said, "n": 2}), bases).differences
    assert seen.places == ("$.n", "$.n")
    (line,) = compared(f"{said}\none\n", f"{said}\ntwo\n", bases, "text/plain").differences
    assert (line.occurrences[0].a.shown, line.occurrences[0].b.shown) == ("one", "two")


def token(header: object, claims: object) -> str:
    """Return a token with a header and claims."""
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in (header, claims)
    )
    return ".".join((*parts, "c2ln"))


def test_own_urls_within_a_token() -> None:
    """What a token says of its issuer is compared with the runtime that sent it.

    This holds whatever else differs in the token.
    """

    def issued(base: str, key: str, issuer: str = "") -> str:
        claims = {"iss": issuer or base, "sub": "u1", "aud": [f"{base}/x"]}
        return text({"t": token({"alg": "none", "kid": key}, claims)})

    (seen,) = compared(issued(A, "k1"), issued(B, "k2")).differences
    assert seen.places == ("$.t.header.kid", "$.t.header.kid")
    assert not compared(issued(A, "k"), issued(B, "k")).differences
    (wrong,) = compared(issued(A, "k"), issued(B, "k", f"{A}/")).differences
    assert wrong.places == ("$.t.claims.iss", "$.t.claims.iss")


def test_a_token_of_another_runtime_is_no_own_token() -> None:
    """Runtime b sends what a sends byte by byte, so another issuer than its own.

    C sends its own.
    """
    bases = {"a": A, "b": B, "c": "http://127.0.0.1:8003"}
    issued = {
        name: text({"t": token({"alg": "none"}, {"iss": base})}) for name, base in bases.items()
    }
    issued["b"] = issued["a"]
    cells = [
        Cell(runtime=name, live=True, observations=(answer(issued[name]),), base_url=base)
        for name, base in bases.items()
    ]
    (seen,) = compare_case(case(compare=CompareLevel.VALUE), cells).findings
    assert seen.place == "$.t.claims.iss"
    assert [side.runtimes for side in seen.sides] == [("b",), ("c",)]
    assert (seen.within, seen.not_compared) == (("a",), ())


def test_names_stay_and_what_was_sent_is_shown() -> None:
    """A member's name is no URL.

    A difference elsewhere in a URL is shown as it was sent, own part included.
    """
    assert compared(text({f"{A}/x": 1}), text({f"{B}/x": 1})).differences
    (seen,) = compared(text({"self": f"{A}/x"}), text({"self": f"{B}/y"})).differences
    assert [(sent.a, sent.b) for sent in seen.occurrences] == [(f"{A}/x", f"{B}/y")]


def test_escaped_slashes() -> None:
    """A JSON text with slashes escaped, as PHP writes them, says the same."""
    escaped = text({"self": f"{B}/x"}).replace("/", "\\/")
    assert not compared(text({"self": f"{A}/x"}), escaped).differences


@pytest.mark.parametrize(
    ("media", "written"),
    [
        pytest.param("application/json", '{{"u":"{}/x"}}', id="json"),
        pytest.param("application/x-ndjson", '{{"u":"{}/x"}}\n', id="json-lines"),
        pytest.param("text/event-stream", 'data: {{"u":"{}/x"}}\n\n', id="events"),
    ],
)
def test_escaped_letters(media: str, written: str) -> None:
    """A name is known where a letter of it is written as an escape, in one body or in both."""
    plain, escaped = (
        [written.format(url.replace("127", one)) for url in (A, B)] for one in ("127", "1\\u00327")
    )
    for a, b in (escaped, (escaped[0], plain[1]), (plain[0], escaped[1])):
        assert not compared(a, b, media=media).differences


def test_a_name_that_came_in_pieces() -> None:
    """A name is known in a text that a rule has joined."""
    joins = JoinRule(path=parse_path("$[*].data.t"), why="w", place=PLACE)
    first, second = (
        read_answer(
            answer(
                f'data: {{"t":"{base[:9]}"}}\n\ndata: {{"t":"{base[9:]}/x"}}\n\n',
                media="text/event-stream",
            ),
            base_url=base,
        )
        for base in (A, B)
    )
    terms = Terms(level=CompareLevel.VALUE, loosening=Loosening((joins,)))
    assert not compare_answers(first, second, terms).differences


def test_services_on_two_ports_link_to_themselves(tmp_path: Path) -> None:
    """The links of two live services are equal; the one that leads to another page is found."""

    def linking(page: int) -> Service:
        def links(asked: Received) -> Reply:
            own = f"http://{asked.headers['host']}"
            return json_reply({"self": own + asked.target, "next": f"{own}/orders?page={page}"})

        return links

    def between(*pages: int) -> set[str]:
        services = {name: linking(page) for name, page in zip("abc", pages, strict=False)}
        report = replay(tmp_path, services, case("orders", compare=CompareLevel.VALUE))
        return {
            f"{group.odd}: {signature}" for group in report.groups for signature in group.signatures
        }

    assert between(2, 2, 2) == set()
    assert between(2, 3, 2) == {"('b',): value@$.next (differs | differs)"}
