"""Rules for header fields, cookies by name, and identities and own addresses in fields."""

import pytest
from msgspec.structs import replace

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.by_itself.excusing import excusing_rule
from conformance.comparison.parity import compare_case
from conformance.comparison.rules.rule_text import rule_line
from conformance.model.case import CompareLevel
from conformance.model.observation import Answer, Cell
from conformance.model.rule import RuleKind
from conformance.model.template import KnownName
from conformance.suites.document import parse_document
from conformance.suites.suite_file import cases_of
from tests.comparison.answers.header_fields import about, compared, headers, places
from tests.comparison.live_runs import case

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
DATES = ("Mon, 23 Nov 2026 10:00:00 GMT", "Tue, 24 Nov 2026 11:00:00 GMT")


@pytest.mark.parametrize(
    ("values", "kind", "hidden"),
    [
        pytest.param(DATES, RuleKind.TIMESTAMP, True, id="dates"),
        pytest.param((DATES[0], "2026-11-24T11:00:00Z"), RuleKind.TIMESTAMP, False, id="two-forms"),
        pytest.param((DATES[0], "soon"), RuleKind.TIMESTAMP, False, id="no-date"),
        pytest.param(("1", "2"), RuleKind.INTEGER, True, id="integers"),
        pytest.param(("1", "x"), RuleKind.INTEGER, False, id="no-integer"),
        pytest.param(("one", "two"), RuleKind.STRING, True, id="texts"),
        pytest.param(("one", None), RuleKind.STRING, False, id="absent"),
        pytest.param(("one", None), RuleKind.ANY, True, id="any-is-absence-too"),
    ],
)
def test_a_rule_for_a_field(
    values: tuple[str, str | None], kind: RuleKind, *, hidden: bool
) -> None:
    """A field may differ as a rule says; such a rule is counted as needed."""
    a, b = (headers() if value is None else headers(("X-It", value)) for value in values)
    assert places(compared(a, b, ["x-it"]))
    it = about("x-it", kind)
    outcome = compared(a, b, ["x-it"], [it])
    assert (not outcome.differences, outcome.rule_hits[it]) == (hidden, int(hidden))


def test_a_rule_for_a_field_that_is_always_compared() -> None:
    """Such a rule is about an ETag, a Location or a media type as well."""
    a, b = headers(("ETag", "1"), ("Location", "http://x/1")), headers(("Location", "http://y/1"))
    assert len(places(compared(a, b))) == 2
    assert (
        places(compared(a, b, [], [about("etag", RuleKind.ANY), about("location", RuleKind.ANY)]))
        == []
    )


SID = "sid=a1; Path=/; HttpOnly; SameSite=Lax; Expires=Mon, 23 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("second", "wanted"),
    [
        pytest.param([("sid=a1; path=/; samesite=lax; httponly; expires=Tue, 24 Nov 2026 10:00:00 "
                       "GMT")], [],
                     id="spelling"),
        pytest.param([SID.replace("a1", "b2")],
            [("header set-cookie;sid;value", "differs", "differs")], id="value"),
        pytest.param([SID.replace(" HttpOnly;", "")],
                     [("header set-cookie;sid", "Expires, HttpOnly, Path=/, SameSite=Lax",
                       "Expires, Path=/, SameSite=Lax")], id="http-only"),
        pytest.param([SID.replace("23 Nov 2026 10", "01-Jan-1970 00")],
                     [("header set-cookie;sid", "Expires, HttpOnly, Path=/, SameSite=Lax",
                       "HttpOnly, Path=/, SameSite=Lax, removed")], id="removed"),
        pytest.param(["sid=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"],
                     [("header set-cookie;sid", "Expires, HttpOnly, Path=/, SameSite=Lax",
                       "HttpOnly, Path=/, SameSite=Lax, removed")], id="removed-without-a-value"),
        pytest.param([SID, "theme=dark"], [("header set-cookie;theme", "absent", "present")],
            id="one-more"),
        pytest.param([], [("header set-cookie;sid", "present", "absent")], id="none"),
        pytest.param(["b=1", SID], [("header set-cookie;b", "absent", "present")], id="order"),
        pytest.param(["sid=; Max-Age=0; Path=/", SID],
                     [("header set-cookie;sid", "Expires, HttpOnly, Path=/, SameSite=Lax",
                       "set 2 times, Path=/, removed and Expires, HttpOnly, Path=/, SameSite=Lax")],
                       id="removed-first"),
    ],
)  # fmt: skip
def test_cookies_are_compared_by_name(
    second: list[str], wanted: list[tuple[str, str, str]]
) -> None:
    """If a case names `set-cookie`, each cookie counts: that and how it is set.

    By value its value counts, too.
    """
    a, b = headers(("Set-Cookie", SID)), headers(*(("Set-Cookie", field) for field in second))
    assert places(compared(a, b, ["set-cookie"])) == wanted
    assert places(compared(a, b)) == []
    at_shape = [row for row in wanted if not row[0].endswith(";value")]
    assert places(compared(a, b, ["set-cookie"], level=SHAPE)) == at_shape


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        pytest.param(["a=1; Path=/x", "a=2; Path=/"], ["a=2; Path=/", "a=1; Path=/x"], [],
            id="paths-in-any-order"),
        pytest.param(["a=1; Path=/x", "a=2"], ["a=9; Path=/x", "a=2"],
                     [("header set-cookie;a;value", "differs", "differs")],
                     id="value-of-the-first"),
        pytest.param(["a=1; Path=/", "a=2; Path=/"], ["a=2; Path=/", "a=1; Path=/"],
                     [("header set-cookie;a;value", "differs", "differs")], id="last-one-counts"),
        pytest.param(["a=1; Path=/x", "a=2; Path=/"], ["a=3; Path=/"],
                     [("header set-cookie;a", "set 2 times, Path=/ and Path=/x", "Path=/"),
                      ("header set-cookie;a;value", "differs", "differs")], id="one-line-less"),
        pytest.param(["a=1; Domain=X.org", "a=1; domain=y.org"], ["a=1; domain=x.org",
            "a=1; domain=y.org"], [],
                     id="domains"),
        pytest.param(["a=1", "a=1"], ["a=1"],
                     [("header set-cookie;a", "set 2 times, no attributes", "no attributes")],
                     id="twice"),
        pytest.param(["a=; Max-Age=0"], [], [("header set-cookie;a", "present", "absent")],
            id="removal"),
        pytest.param(["a=; Max-Age=0"], ["a=deleted; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], [],
            id="removed-by-another-attribute"),
        pytest.param(["a=; Max-Age=0"],
            ['a=""; max-age=-1; expires=Thu, 01-Jan-1970 00:00:00 GMT'], [],
            id="removed-by-both"),
        pytest.param(["a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
            ["a=1; Max-Age=60; Expires=Fri, 01 Jan 2100 00:00:00 GMT"], [],
            id="the-age-counts-before-the-time"),
        pytest.param(["a=1; Max-Age=soon; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], ["a=; Max-Age=0"],
            [], id="an-age-that-is-none"),
        pytest.param(["a=; Max-Age=0; Path=/"], ["a=; Max-Age=0; Path=/; Secure"],
            [("header set-cookie;a", "Path=/, removed", "Path=/, Secure, removed")],
            id="removed-with-other-attributes"),
    ],
)  # fmt: skip
def test_each_line_of_a_cookie_counts(
    first: list[str], second: list[str], wanted: list[tuple[str, str, str]]
) -> None:
    """A name may be set several times: for other paths, or to remove it before it is set."""
    a, b = (headers(*(("Set-Cookie", field) for field in fields)) for fields in (first, second))
    assert places(compared(a, b, ["set-cookie"])) == wanted


@pytest.mark.parametrize(
    ("line", "same"),
    [
        pytest.param("back=http://{}:1/x; Path=/", True, id="url"),
        pytest.param("back=http%3A%2F%2F{}%3A1%2Fx; Path=/", True, id="encoded"),
        pytest.param("sid=1; Path=/; Domain={}", True, id="domain"),
        pytest.param("sid=1; Path=/; Domain=not-{}", False, id="another-domain"),
        pytest.param("back=http://{}:2/x", False, id="another-port"),
    ],
)
def test_own_addresses_in_a_cookie(line: str, *, same: bool) -> None:
    """The address of the runtime that sets a cookie is no difference in value or domain."""
    a, b = (headers(("Set-Cookie", line.format(name))) for name in "ab")
    assert (places(compared(a, b, ["set-cookie"])) == []) is same


def test_a_rule_for_a_cookie_frees_its_value_alone() -> None:
    """The value of a session is any; a missing `HttpOnly` is found all the same."""
    free = about("set-cookie", RuleKind.ANY, "sid")
    a = headers(("Set-Cookie", "sid=a1; HttpOnly"), ("Set-Cookie", "x=1"))
    b = headers(("Set-Cookie", "sid=b2; HttpOnly"), ("Set-Cookie", "x=1"))
    c = headers(("Set-Cookie", "sid=b2"), ("Set-Cookie", "x=2"))
    assert places(compared(a, b, ["set-cookie"], [free])) == []
    assert [place for place, _, _ in places(compared(a, c, ["set-cookie"], [free]))] == [
        "header set-cookie;sid",
        "header set-cookie;x;value",
    ]


def test_own_addresses_in_named_fields() -> None:
    """A field that a case names may hold the runtime's own URL."""
    a, b = (headers(("Link", f'<http://{name}:1/x>; rel="next"')) for name in "ab")
    assert places(compared(a, b, ["link"])) == []
    other = headers(("Link", '<http://b:1/y>; rel="next"'))
    assert places(compared(a, other, ["link"])) == [("header link", "differs", "differs")]


@pytest.mark.parametrize("level", [SHAPE, VALUE])
def test_identities_in_fields(level: CompareLevel) -> None:
    """A fresh name in a Location's host, a named field or a cookie is each runtime's own."""
    fresh = {"a": "fr0123456789abcd", "b": "frfedcba98765432"}

    def answer(name: str, tail: str = "") -> Answer:
        own = fresh[name]
        return headers(
            ("Location", f"https://{own}.example.com/files/{own}{tail}"),
            ("X-Bucket", f"bucket={own}"),
            ("Set-Cookie", f"b={own}"),
            status=201,
        )

    def between(tail: str) -> list[str]:
        first, second = (
            read_answer(
                answer(name, tail if name == "b" else ""),
                [
                    KnownName(
                        name="fresh:x", text=fresh[name], json=f'"{fresh[name]}"', identity="fresh"
                    )
                ],
                f"http://{name}:1",
                ("set-cookie", "x-bucket"),
            )
            for name in "ab"
        )
        return [
            each.places[0]
            for each in compare_answers(first, second, Terms(level=level)).differences
        ]

    assert between("") == []
    assert between("/other") == (["header location"] if level is VALUE else [])


@pytest.mark.parametrize(
    ("fields", "named", "proposed"),
    [
        pytest.param([("Last-Modified", each) for each in DATES], "last-modified",
                     "{header: last-modified, is: timestamp}", id="date"),
        pytest.param([("X-Count", each) for each in "12"], "x-count",
            "{header: x-count, is: integer}", id="integer"),
        pytest.param([("X-Id", each) for each in "ab"], "x-id", "{header: x-id, is: string}",
            id="text"),
        pytest.param([("Set-Cookie", f"sid={each}; HttpOnly") for each in "ab"], "set-cookie",
                     "{header: set-cookie, cookie: sid, value: string}", id="cookie"),
    ],
)  # fmt: skip
def test_the_rule_that_would_excuse_a_field(
    fields: list[tuple[str, str]], named: str, proposed: str
) -> None:
    """The rule proposed for a field that differs by itself is valid in a suite and helps."""
    cells = [Cell(runtime=name, live=True, observations=(headers(field),)) for name, field in
             zip("ab", fields, strict=True)]  # fmt: skip
    asked = replace(case(compare=VALUE), headers=(named,))
    (finding,) = compare_case(asked, cells).findings
    rule = excusing_rule(finding)
    assert rule is not None
    assert rule_line(rule) == proposed
    suite = (
        f"suite: a/b\nrules: [{proposed[:-1]}, why: w}}]\ncases: [{{name: x, request: {{GET: "
        "/}}]\n"
    )
    (read,) = cases_of(parse_document(suite.encode(), "s.yaml"))
    assert compare_case(replace(asked, rules=read.rules), cells).findings == ()


def test_what_is_shown_of_a_cookie_is_what_was_sent() -> None:
    """A cookie value with an identity is compared as the other side spells it.

    It is shown as it was sent.
    """
    fresh = {"a": "fr0123456789abcd", "b": "frfedcba98765432"}
    first, second = (
        read_answer(
            headers(("Set-Cookie", f"b={fresh[name]}-{name}")),
            [
                KnownName(
                    name="fresh:x", text=fresh[name], json=f'"{fresh[name]}"', identity="fresh"
                )
            ],
            fields=("set-cookie",),
        )
        for name in "ab"
    )
    (found,) = compare_answers(first, second, Terms(level=VALUE)).differences
    assert [(seen.a, seen.b) for seen in found.occurrences] == [
        (f"{fresh['a']}-a", f"{fresh['b']}-b")
    ]


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        pytest.param("text/plain", "text/html; charset=x",
            [("header content-type", "text/plain", "text/html")], id="media-type"),
        pytest.param("text/plain; charset=latin1", "text/plain",
            [("header content-type;charset", "latin1", "absent")], id="charset"),
        pytest.param('Text/Plain;charset="UTF-8"', "text/plain; charset=utf-8", [], id="spelling"),
        pytest.param("multipart/x; boundary=a", "multipart/x; boundary=b", [], id="boundary"),
        pytest.param("text/plain; v=1", "text/plain; v=2",
            [("header content-type", "differs", "differs")], id="another-parameter"),
    ],
)  # fmt: skip
def test_a_label_that_is_named_is_said_once(
    first: str, second: str, wanted: list[tuple[str, str, str]]
) -> None:
    """What its facts say is not said again as its value; how it is spelled is no difference."""
    a, b = (headers(("Content-Type", label)) for label in (first, second))
    assert places(compared(a, b, ["content-type"])) == wanted


@pytest.mark.parametrize("name", ["Access-Control-Allow-Origin", "Timing-Allow-Origin"])
@pytest.mark.parametrize(("origin", "alike"), [("http://b:1", True), ("http://c:1", False)])
def test_an_own_origin_has_no_base_path(name: str, origin: str, *, alike: bool) -> None:
    """A runtime behind a base path may name its origin without it."""
    first, second = (
        read_answer(headers((name, field)), base_url=base, fields=(name.lower(),))
        for field, base in (("http://a:1", "http://a:1"), (origin, "http://b:1/api"))
    )
    found = compare_answers(first, second, Terms(level=CompareLevel.VALUE))
    assert bool(found.differences) != alike
