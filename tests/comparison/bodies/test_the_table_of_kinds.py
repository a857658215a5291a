"""Each row of the table of kinds, as a YAML suite against two services on ports.

The tests cover what is equal and what is named.

The table is that of docs/suites.md, `Bodies`.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.model.decision import Ledger
from conformance.model.report import RunReport
from conformance.model.runtime import AttachedRuntime
from conformance.model.verdict import Verdict
from conformance.pipeline import RunPlan, run
from tests.comparison.differences import seen
from tests.comparison.live_runs import header, runtime
from tests.miniatures.server import Received, Reply, Service, serve
from tests.suites.reading import cases_in

AMZ = "application/x-amz-json-1.0"
EVENTS = "text/event-stream"
Named = set[tuple[str, str]]


@dataclass(frozen=True)
class Row:
    """What two services answer under one media type, and what is named.

    It also has further lines of the case and of the suite.
    """

    media: str
    a: str
    b: str
    named: Named
    case: str = ""
    suite: str = ""
    status: int = 200
    headers: tuple[str, str] = ("", "")


def _coded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _token(**claims: object) -> str:
    return f"{_coded({'alg': 'HS256'})}.{_coded(claims)}.c2ln"


def _delta(*texts: str) -> str:
    return "".join(
        f'data: {{"choices":[{{"delta":{{"content":"{text}"}}}}]}}\n\n' for text in texts
    )


def _ranges(boundary: str, *parts: tuple[str, str]) -> str:
    written = "".join(
        f"--{boundary}\r\ncontent-range: bytes {at}/9\r\n\r\n{text}\r\n" for at, text in parts
    )
    return f"{written}--{boundary}--"


JOINED = (
    'rules: [{path: "$[*].data.choices[*].delta.content", as: concatenated, why: cut elsewhere}]\n'
)
BAG = "rules: [{path: $.r, order: any, why: a bag}]\n"
FIRST, SECOND = ("0-2", "abc"), ("6-8", "ghi")
ROWS = {
    "amz-json": Row(AMZ, '{"ok":true}', '{"error":"boom"}', {("result-vs-error", "$")}),
    "text-json-order": Row("text/json", '{"a":1,"b":2}', '{"b":2,"a":1}', set()),
    "json-rpc": Row("application/json-rpc", '{"id":1}', '{"id":"1"}',
        {("number-as-string", "$.id")}),
    "json-under-no-label": Row("text/plain", '{"a":1}', '{"a":2}', {("value", "$.a")}),
    "json-seq": Row("application/json-seq", '\x1e{"a":1}\n\x1e{"a":2}\n',
        '\x1e{"a":1}\n\x1e{"a":3}\n',
                    {("value", "$[*].a")}),
    "several-documents": Row("application/json", '{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":3}\n',
        {("value", "$[*].a")}),
    "done": Row(EVENTS, "data: {}\n\ndata: [DONE]\n\n", "data: {}\n\n",
        {("note", "note ends-with-done")}),
    "event-comments": Row(EVENTS, ": x\n\ndata: {}\n\n", "data: {}\n\n", set()),
    "concatenated": Row(EVENTS, _delta("Hel", "lo"), _delta("H", "ello"), set(), suite=JOINED),
    "concatenated-other": Row(EVENTS, _delta("Hel", "lo"), _delta("H", "elp"),
                              {("value", "$[*].data.choices[*].delta.content")}, suite=JOINED),
    "column-type": Row("text/csv", "id,n\n1,2\n3,4\n", "id,n\n01,2\n03,4\n",
        {("type", "$.rows[*].id")}),
    "column-of-tsv": Row("text/tab-separated-values", "id\tn\n1\tx\n", "id\tn\n1\ty\n",
        {("value", "$.rows[*].n")}),
    "xml-prefixes": Row("application/xml", '<D:a xmlns:D="DAV:"><D:b/></D:a>',
        '<a xmlns="DAV:"><b/></a>', set()),
    "xml-unused-namespace": Row("application/xml", "<a/>", '<a xmlns:z="urn:z"/>', set()),
    "xml-text": Row("application/soap+xml", "<r><name>x</name></r>", "<r><name>y</name></r>",
        {("value", "$.r.name")}),
    "xml-document-type": Row("application/xml", "<!DOCTYPE a><a>1</a>", "<a>2</a>",
        {("value", "$.a")}),
    "xml-entities": Row("application/xml", '<!DOCTYPE a [<!ENTITY e "x">]><a>1</a>', "<a>1</a>",
                        {("body-kind", "kind")}),
    "xml-any-order": Row("application/xml", "<r><b/><c/></r>", "<r><c/><b/></r>", set(), suite=BAG),
    "xml-order": Row("application/xml", "<r><b/><c/></r>", "<r><c/><b/></r>",
        {("element-order", "$.r")}),
    "error-page": Row("text/html", "<h1>404</h1><p>x", "<html><hr>nginx",
        {("another-error-page", "$")}, status=404),
    "form": Row("application/x-www-form-urlencoded", "a=1&b=x+y", "b=x%20y&a=2",
        {("value", "$.a[*]")}),
    "byteranges": Row("multipart/byteranges; boundary=b", _ranges("b", FIRST, SECOND), _ranges("b",
        SECOND, FIRST),
                      set()),
    "byteranges-other": Row("multipart/byteranges; boundary=b", _ranges("b", FIRST), _ranges("b",
        ("0-2", "abd")),
                            {("value", "$.parts[*].body")}),
    "token-clock": Row(AMZ, json.dumps({"t": _token(iat=1)}), json.dumps({"t": _token(iat=2)}),
        set()),
    "token-claim": Row(AMZ, json.dumps({"t": _token(sub="u")}), json.dumps({"t": _token(sub="v")}),
                       {("value", "$.t.claims.sub")}),
    "token-in-a-header": Row(AMZ, "{}", "{}", set(), suite="headers: [x-auth]\n",
                             headers=(f"x-auth: Bearer {_token(iat=1)}",
                                 ("x-auth: Bearer "
                                  f"{_token(iat=2)}"))),
    "token-in-a-cookie": Row(AMZ, "{}", "{}", {("header", "header set-cookie;t;value")},
                             suite="headers: [set-cookie]\n",
                             headers=(f"set-cookie: t={_token(sub='u')}",
                                 ("set-cookie: "
                                  f"t={_token(sub='v')}"))),
    "cookie-attribute": Row(AMZ, "{}", "{}", {("header", "header set-cookie;sid")},
                            suite="headers: [set-cookie]\n",
                            headers=("set-cookie: sid=1; HttpOnly", "set-cookie: sid=1")),
    "body-on-a-step": Row("text/html", '{"a":1}', '{"a":2}', {("value", "$.a")},
                          case="    steps:\n      - {request: {GET: /}, body: json}\n"),
    "body-on-a-case": Row("image/png", '{"a":1}', '{"a":2}', {("value", "$.a")},
        case="    body: json\n"),
    "body-on-a-suite": Row("text/css", "data: 1\n\n", "data: 2\n\n", {("value", "$[*].data")},
        suite="body: events\n"),
    "body-of-the-case-counts": Row("text/css", '{"a":1}', '{"a":2}', {("value", "$.a")},
        case="    body: json\n",
                                   suite="body: events\n"),
    "text": Row("text/plain", "one\ntwo\n", "one\nthree\n", {("text", "$")}),
    "binary": Row("image/png", "\x00a", "\x00b", {("bytes", "$")}),
}  # fmt: skip


def _service(row: Row, side: int) -> Service:
    name, _, value = row.headers[side].partition(": ")
    fields = {"content-type": row.media, **({name: value} if name else {})}
    body = (row.a, row.b)[side].encode()
    return lambda _: Reply(status=row.status, headers=fields, body=body)


def replay(folder: Path, services: tuple[Service, Service], suite: str) -> RunReport:
    """Run the suite, written as YAML, against two services."""
    cases = cases_in(folder, suite)
    with serve(services[0]) as first, serve(services[1]) as second:
        runtimes = tuple(
            runtime(name, AttachedRuntime(url=url)) for name, url in (("a", first), ("b", second))
        )
        plan = RunPlan(
            header=header(), cases=cases, runtimes=runtimes, ledger=Ledger(), folder=folder
        )
        return run(plan, environment={})


def named(report: RunReport) -> Named:
    """Return the names and places of all that differs."""
    assert not report.counts[Verdict.ERRORED], report.cases
    return {
        (signature.name, signature.path)
        for group in report.groups
        for signature in group.signatures
    }


@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_the_table(tmp_path: Path, name: str) -> None:
    """What is no difference is none, and what differs is named at its place."""
    row = ROWS[name]
    asked = row.case if "steps:" in row.case else f"    request: {{GET: /}}\n{row.case}"
    suite = f"suite: s\ncompare: value\n{row.suite}cases:\n  - name: x\n{asked}"
    assert named(replay(tmp_path, (_service(row, 0), _service(row, 1)), suite)) == row.named


CAPTURED = {
    "regex-into-text": ("text/plain", "id=%s;", "{regex: 'id=([0-9a-z]+)'}"),
    "events": (EVENTS, 'data: {"id":"%s"}\n\n', "$[0].data.id"),
    "lines": ("application/x-ndjson", '{"id":"%s"}\n', "$[0].id"),
    "table": ("text/csv", "id,n\n%s,1\n", "$.rows[0].id"),
    "xml": ("application/xml", "<r><id>%s</id></r>", "$.r.id"),
    "form": ("application/x-www-form-urlencoded", "id=%s", "$.id[0]"),
    "multipart": ("multipart/form-data; boundary=b",
                  "--b\r\ncontent-disposition: form-data; name=id\r\n\r\n%s\r\n--b--", "$.id.body"),
}  # fmt: skip


def _remembering(media: str, body: str, own: str) -> Service:
    """Return a service that gives out its own id in a body of some kind and knows it later.

    It knows the id when it is asked for it.
    """

    def answer(asked: Received) -> Reply:
        if asked.target == "/":
            return Reply(headers={"content-type": media}, body=(body % own).encode())
        return Reply(status=200 if asked.target == f"/{own}" else 404)

    return answer


@pytest.mark.parametrize("name", CAPTURED)
def test_captures_from_every_kind(tmp_path: Path, name: str) -> None:
    """A path leads into every structured kind, and a pattern into any text.

    The value is an identity.
    """
    media, body, how = CAPTURED[name]
    written = how if how.startswith("{") else f"{{path: '{how}'}}"
    suite = (
        "suite: s\ncompare: value\ncases:\n  - name: x\n    steps:\n"
        f"      - {{request: {{GET: /}}, capture: {{id: {written[:-1]}, identity: thing}}}}}}\n"
        "      - {request: {GET: '/${id}'}, expect: {status: 200}}\n"
    )
    services = tuple(_remembering(media, body, own) for own in ("a1b2c3d4e5", "f6g7h8i9j0"))
    report = replay(tmp_path, (services[0], services[1]), suite)
    assert (named(report), report.counts[Verdict.PASSED]) == (set(), 1)


def _tenant(make: Callable[[str], str]) -> Service:
    def answer(asked: Received) -> Reply:
        name = json.loads(asked.body)["name"]
        return Reply(
            status=201, headers={"location": make(name), "content-type": "application/json"}
        )

    return answer


def test_a_fresh_name_in_the_host_of_a_location(tmp_path: Path) -> None:
    """Each runtime sends where its own tenant is: the fresh name is equal, another host is not."""
    suite = (
        "suite: s\ncompare: value\nisolate: names\ncases:\n  - name: x\n"
        "    request: {POST: /, json: {name: '${fresh:tenant}'}}\n"
    )
    right = _tenant(lambda name: f"https://{name}.example.com/x")
    wrong = _tenant(lambda name: f"https://{name}.example.org/x")
    assert named(replay(tmp_path, (right, right), suite)) == set()
    assert {place for _, place in named(replay(tmp_path, (right, wrong), suite))} == {
        "header location"
    }


@pytest.mark.parametrize(
    ("media", "nothing", "something"),
    [
        ("application/x-ndjson", "\n", "1\n"),
        ("text/event-stream", ": ping\n\n", "data: 1\n\n"),
        ("application/x-www-form-urlencoded", "&", "a=1"),
    ],
)
def test_an_empty_body_holds_nothing_of_its_kind(media: str, nothing: str, something: str) -> None:
    """What is no difference beside nothing is none; what is there is one."""
    assert seen("", nothing, media) == []
    assert [name for name, _ in seen("", something, media)] in (["length"], ["member"])


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ("application/vnd.pypi.simple.v1+html", "HTML"),
        ("application/xhtml+xml", "XML"),
        ("text/html", "HTML"),
    ],
)
def test_html_by_its_suffix(media: str, kind: str) -> None:
    """A type with the suffix `+html` is HTML, and XHTML is XML: a title is a place in both."""
    one, other = "<html><title>a</title></html>", "<html><title>b</title></html>"
    assert read_body(one.encode(), read_label(media)).kind == kind
    assert seen(one, other, media) == [("value", "$.html.title")]
