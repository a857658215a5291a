"""What was wrong once, each with the right answer, and its whole kind beside it."""

from pathlib import Path

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.rules.loosening import Loosening
from conformance.model.case import CompareLevel
from conformance.model.json_path import parse_path
from conformance.model.rule import AlignRule, NumberRule, RuleKind
from conformance.model.template import KnownName
from conformance.reporting.run_phrases import headline
from conformance.verdicts.counts import HeadlineTally
from tests.comparison.differences import PLACE, answer, between, rule, seen
from tests.comparison.live_runs import case, replay
from tests.miniatures.server import Reply, Service, json_reply

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE

BOOM = {
    "application/x-amz-json-1.0": ('{"ok":true}', '{"error":"boom"}'),
    "text/json": ('{"ok":true}', '{"error":"boom"}'),
    "application/json-rpc": ('{"ok":true}', '{"error":"boom"}'),
    "application/x-ndjson": ('{"ok":true}', '{"error":"boom"}'),
    "text/event-stream": ('data: {"ok":true}\n\n', 'data: {"error":"boom"}\n\n'),
    "text/csv": ("ok\ntrue\n", "error\nboom\n"),
    "application/vnd.unknown": ('{"ok":true}', '{"error":"boom"}'),
    "application/problem+xml": ("<ok>true</ok>", "<error>boom</error>"),
}


def sending(media: str, body: str) -> Service:
    """Return a service that answers everything with one body."""
    return lambda _: Reply(headers={"content-type": media}, body=body.encode())


@pytest.mark.parametrize("media", BOOM)
def test_a_success_beside_an_error_is_no_parity(tmp_path: Path, media: str) -> None:
    """At the default level, through a real port, the shapes of the two diverge."""
    first, second = BOOM[media]
    report = replay(tmp_path, {"a": sending(media, first), "b": sending(media, second)}, case())
    assert report.red
    assert "1/1 body shapes diverge" in headline(report.headline)


PART = '--b\r\n\r\n%s\r\n--b\r\ncontent-type: application/json\r\n\r\n{"a":1}\r\n--b--\r\n'
NESTED = (
    "--b\r\ncontent-type: multipart/alternative; boundary=c\r\n\r\n"
    "--c\r\n\r\n%s\r\n--c--\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("media", "a", "b"),
    [
        ("text/plain", "hello", "world"),
        ("image/png", "\x00a", "\x00b"),
        ("text/csv", '"torn', '"also torn'),
        ("multipart/mixed; boundary=b", PART % "hello", PART % "world"),
        ("multipart/mixed; boundary=b", PART % "hello", PART % ""),
        ("multipart/mixed; boundary=b", NESTED % "hello", NESTED % "world"),
    ],
)
def test_what_no_kind_reads_is_not_compared(tmp_path: Path, media: str, a: str, b: str) -> None:
    """Bodies without a shape are said not to be compared, and never to match.

    By value they differ.
    """
    services = {"a": sending(media, a), "b": sending(media, b)}
    report = replay(tmp_path, services, case())
    said = headline(report.headline)
    assert "body shapes match" not in said
    assert "1 case with bodies or parts not compared" in said
    assert replay(tmp_path, services, case(compare=VALUE)).red
    same = replay(tmp_path, {"a": sending(media, a), "b": sending(media, a)}, case())
    assert "1/1 body shapes match" in headline(same.headline)
    assert HeadlineTally().headline().bodies_unread == 0


def test_text_json_does_not_differ_by_the_order_of_members() -> None:
    """JSON is JSON under this label, too."""
    assert seen('{"a":1,"b":2}', '{"b":2,"a":1}', "text/json") == []


def test_a_line_that_differs_has_a_path_and_a_rule() -> None:
    """A value of the second record is at a path; a rule about it applies, a tolerance as well."""
    a, b = (
        answer(body, media="application/x-ndjson")
        for body in ('{"n":1}\n{"n":2.0}\n', '{"n":1}\n{"n":2.5}\n')
    )
    near = NumberRule(path=parse_path("$[*].n"), relative=0.5, absolute=0.0, why="w", place=PLACE)
    assert [(name, place) for name, place, _, _ in between(a, b, VALUE)] == [("value", "$[*].n")]
    assert (
        between(a, b, VALUE, (rule("$[*].n", RuleKind.NUMBER),))
        == between(a, b, VALUE, (near,))
        == []
    )


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ('<D:a xmlns:D="DAV:"/>', '<ns0:a xmlns:ns0="DAV:"/>'),
        ("<a/>", '<a xmlns:z="urn:z"/>'),
        ('<a><b xmlns="urn:b"/></a>', '<a xmlns:q="urn:b"><q:b/></a>'),
    ],
)
def test_how_namespaces_are_declared_is_no_difference(a: str, b: str) -> None:
    """Each writer chooses its prefixes, and where it declares them."""
    assert seen(a, b, "application/xml") == []


@pytest.mark.parametrize("key", [(), ("@id",)])
def test_a_rule_that_silences_an_order_was_needed(key: tuple[str, ...]) -> None:
    """An `as: set` rule on reordered elements counts as needed, whatever they hold.

    This holds for `{path: $.a, as: set}` and with a key.
    """
    about = AlignRule(path=parse_path("$.r.a"), key=key, why="w", place=PLACE)
    first = '<r><a id="1"><b/></a><a id="2"><c/></a></r>'
    second = '<r><a id="2"><c/></a><a id="1"><b/></a></r>'
    for a, b in ((first, second), (second, first)):
        one, two = (read_answer(answer(body, media="application/xml")) for body in (a, b))
        outcome = compare_answers(one, two, Terms(level=VALUE, loosening=Loosening((about,))))
        assert outcome.differences == ()
        assert outcome.rule_hits[about] > 0


OWN = {"a": "http://a:1", "b": "http://b:2"}
FRESH = {"a": "fr0123456789abcd", "b": "frfedcba98765432"}
SAID: dict[str, str] = {
    "application/json": '{"u":"%(url)s/x","i":"%(id)s","%(id)s":1}',
    "application/x-ndjson": '{"u":"%(url)s/x"}\n{"i":"%(id)s"}\n',
    "text/event-stream": 'event: x\ndata: {"u":"%(url)s/x","i":"%(id)s"}\n\n',
    "text/csv": "u,i\n%(url)s/x,%(id)s\n",
    "application/xml": '<r u="%(url)s/x"><i>%(id)s</i></r>',
    "text/html": '<p><a href="%(url)s/x">%(id)s</a>',
    "application/x-www-form-urlencoded": "u=%(url)s/x&i=%(id)s",
    "multipart/mixed; boundary=b": "--b\r\n\r\n%(url)s/x %(id)s\r\n--b--",
    "text/plain": "%(url)s/x\n%(id)s\n",
}


@pytest.mark.parametrize("media", SAID)
def test_own_addresses_and_identities_in_every_kind(media: str) -> None:
    """What is each runtime's own is spelled alike before bodies of any kind are compared.

    The rest is not.
    """

    def differences(said: dict[str, str]) -> int:
        first, second = (
            read_answer(
                answer(SAID[media] % {"url": OWN[name], "id": said[name]}, media=media),
                [
                    KnownName(
                        name="fresh:x", text=FRESH[name], json=f'"{FRESH[name]}"', identity="fresh"
                    )
                ],
                OWN[name],
            )
            for name in "ab"
        )
        return len(compare_answers(first, second, Terms(level=VALUE)).differences)

    assert differences(FRESH) == 0
    assert differences({**FRESH, "b": "something-else"}) > 0


def parts_differ(which: str) -> Service:
    """Return a service whose answer to each path differs in one part of the answer."""
    replies = {
        "/location": Reply(headers={"location": f"/{which}"}, body=b""),
        "/note": json_reply({}) if which == "1" else Reply(body=b"\xef\xbb\xbf{}"),
        "/shape": json_reply({"v": 1 if which == "1" else "x"}),
        "/value": json_reply({"v": which}),
    }
    return lambda asked: replies[asked.target]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (
            "/location",
            (
                "1/1 status codes match · 1/1 body shapes match · 1/1 differ in headers · 1/1 "
                "bodies match by value"
            ),
        ),
        (
            "/note",
            (
                "1/1 status codes match · 1/1 body shapes match · 1/1 differ in notes · 1/1 bodies "
                "match by value"
            ),
        ),
        (
            "/shape",
            "1/1 status codes match · 1/1 body shapes diverge · 1/1 bodies diverge by value",
        ),
        ("/value", "1/1 status codes match · 1/1 body shapes match · 1/1 bodies diverge by value"),
    ],
)
def test_each_count_counts_what_its_words_say(tmp_path: Path, target: str, said: str) -> None:
    """A Location that differs by value is no body, and a note about a body is no header."""
    report = replay(
        tmp_path,
        {"a": parts_differ("1"), "b": parts_differ("2")},
        case("part", target, compare=VALUE),
    )
    assert headline(report.headline) == said
