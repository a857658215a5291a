"""N runtimes, one step: which findings there are, what they say was sent, and faults."""

import pytest

from conformance.comparison.finding_titles import shown_operation, title_of
from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.observation import Answer, Cell, NotAsked, Observation
from conformance.model.rule import RuleKind
from conformance.model.verdict import RuleUse
from tests.comparison.compared_steps import (
    FAULT,
    FULL,
    HANGS,
    LESS,
    MISSING,
    cells,
    compared,
    sides,
    without_faults,
)
from tests.comparison.differences import answer, rule
from tests.comparison.live_runs import case


def test_a_finding_tells_what_was_sent() -> None:
    """A finding holds its facet, and what each runtime sent, each combination once."""
    level = CompareLevel.VALUE
    (finding,) = compared(a=answer('[1,1,"x"]'), b=answer('[2,2,"x"]'), level=level).findings
    assert (finding.facet, finding.idiom, finding.place) == (Facet.VALUE, None, "$[*]")
    assert (finding.sent, finding.more_sent) == (((("a", "1"), ("b", "2")),), 0)
    (finding,) = compared(
        a=answer(str(list(range(300)))),
        b=answer(str(list(range(1000, 1300)))),
        level=CompareLevel.VALUE,
    ).findings
    assert finding.sent[:2] == ((("a", "0"), ("b", "1000")), (("a", "1"), ("b", "1001")))
    assert (len(finding.sent), finding.more_sent) == (200, 100)


def test_two_splits_within_one_list_are_two_findings() -> None:
    """Elements that are split alike are one finding.

    One runtime is odd at some elements, and another one at others.
    """
    level = CompareLevel.VALUE
    findings = compared(
        a=answer("[1,3,1]"), b=answer("[1,4,1]"), c=answer("[2,3,2]"), level=level
    ).findings
    assert {sides(finding): finding.sent for finding in findings} == {
        (("a", "b"), ("c",)): ((("a", "1"), ("b", "1"), ("c", "2")),),
        (("a", "c"), ("b",)): ((("a", "3"), ("b", "4"), ("c", "3")),),
    }


def test_idioms_that_stand_over_one_another_are_findings_of_their_own() -> None:
    """A renamed list beside a different form of pagination gives both findings.

    What was sent is shown as it was sent.
    """
    a, b = '{"items":[{"a":1}],"page":1,"total":3}', '{"data":[{"a":1}],"next_cursor":"x"}'
    findings = compared(a=answer(a), b=answer(b), c=answer(b)).findings
    assert {finding.name: finding.odd for finding in findings} == {
        "renamed-list": ("a",),
        "pagination": ("a",),
    }
    assert {finding.sent for finding in findings} == {((("a", a), ("b", b), ("c", b)),)}
    texts = compared(a=answer(a), b=answer(b), c=answer('"x"')).findings
    assert {finding.name: sides(finding) for finding in texts} == {
        "renamed-list": (("a",), ("b",)),
        "pagination": (("a",), ("b",)),
        "type": (("a", "b"), ("c",)),
    }
    assert [finding.odd for finding in texts if finding.name == "type"] == [("c",)]


def test_long_values_are_excerpts() -> None:
    """A long value is an excerpt with its length and digest.

    It is the only part that a report cannot hold.
    """
    (finding,) = compared(a=answer('"' + "x" * 9_000 + '"'), b=answer("1")).findings
    ((_, long), (_, short)) = finding.sent[0]
    assert long.startswith('"xxx')
    assert "… (9002 characters, sha256 " in long
    assert len(long) < 300
    assert short == "1"


@pytest.mark.parametrize("answers", [(FULL, FULL), (MISSING, MISSING)])
def test_equal_answers_have_no_findings(answers: tuple[Answer, Answer]) -> None:
    """Two equal answers have no findings, errors included."""
    assert compared(a=answers[0], b=answers[1]).findings == ()


def test_rule_hits_are_counted_with_their_place() -> None:
    """A comparison counts how often each rule was needed, with the rule's place.

    It counts the comparison of any two runtimes.
    """
    loosened = case(compare=CompareLevel.VALUE, rules=(rule("$.x", RuleKind.NUMBER),))
    comparison = compare_case(
        loosened, cells(a=answer('{"x":1}'), b=answer('{"x":2}'), c=answer('{"x":3}'))
    )
    assert comparison.findings == ()
    assert comparison.rule_uses == (RuleUse(rule="suite.yaml:3:5: $.x", hits=3),)


@pytest.mark.parametrize(
    ("seen", "sides", "signatures", "not_compared"),
    [
        pytest.param({"a": FULL, "b": FAULT}, (("a",), ("b",)), ["answered", "faulted reset"], (),
            id="one"),
        pytest.param({"a": FAULT, "b": FAULT}, (("a", "b"),), ["faulted reset"], (),
            id="all-alike"),
        pytest.param({"a": FAULT, "b": NotAsked(reason="down", down=True)}, (("a",),),
            ["faulted reset"], ("b",),
                     id="one-and-nobody-else"),
        pytest.param({"a": FAULT, "b": HANGS, "c": FULL}, (("a",), ("b",), ("c",)),
                     ["answered", "faulted reset", "faulted timeout_idle"], (), id="two-faults"),
    ],
)  # fmt: skip
def test_a_fault_is_a_finding(
    seen: dict[str, Observation],
    sides: tuple[tuple[str, ...], ...],
    signatures: list[str],
    not_compared: tuple[str, ...],
) -> None:
    """At the exchange each runtime shows its fault, or that it answered.

    Also where all of them have the same one.
    """
    (finding, *others) = compare_case(case(), cells(**seen)).findings
    assert (finding.place, finding.kind, others) == ("exchange", DifferenceKind.FAULT, [])
    assert tuple(side.runtimes for side in finding.sides) == sides
    facts = {fact for at in range(len(finding.sides)) for fact in finding.facts_of(at)}
    assert (sorted(facts), finding.not_compared) == (signatures, not_compared)


def test_steps_that_were_not_reached_are_left_out() -> None:
    """After a fault, a runtime is on no side of later steps; the others are still compared."""
    seen = [
        Cell(runtime="a", live=True, observations=(FULL, FULL)),
        Cell(runtime="b", live=True, observations=(FULL, LESS)),
        Cell(
            runtime="c",
            live=True,
            observations=(FAULT, NotAsked(reason="an earlier step had no answer")),
        ),
    ]
    (finding,) = without_faults(compare_case(case("two", "/1", "/2"), seen))
    assert (finding.step, sides(finding), finding.odd, finding.not_compared) == (
        1,
        (("a",), ("b",)),
        (),
        ("c",),
    )


def test_the_same_bytes_under_two_labels_agree_beside_a_third_runtime() -> None:
    """Two runtimes that send the same bytes, one with a wrong label, differ in no value."""
    seen = compared(
        level=CompareLevel.VALUE,
        a=answer('{"v":1}', media="text/html"),
        b=answer('{"v":1}'),
        c=answer('{"v":2}'),
    )
    (value,) = (finding for finding in seen.findings if finding.kind is DifferenceKind.VALUE)
    assert (value.place, sides(value), value.odd) == ("$.v", (("a", "b"), ("c",)), ("c",))


def test_an_operation_in_a_title() -> None:
    """A query has its names; a target that an earlier step captured is named."""
    assert [
        shown_operation(each)
        for each in ("GET /simple/alpha/?x", "GET /things/{}?a&b", "GET ${up}", "POST /things")
    ] == [
        "GET /simple/alpha/?x=…",
        "GET /things/{}?a=…&b=…",
        "GET of the target captured as up",
        "POST /things",
    ]


@pytest.mark.parametrize(
    ("b", "c", "title"),
    [
        ('{"code":"x"}', '{"code":"x"}', "status 200 instead of 404 (x)"),
        ('{"code":"x"}', '{"code":"y"}', "status 200 instead of 404"),
        ('"no such id"', '"no such id"', "status 200 instead of 404 (no such id)"),
        ('{"code":"x"}', "{}", "status 200 instead of 404"),
        *(
            (
                f'{{"message":"{said}"}}',
                f'{{"message":"{said}"}}',
                f"status 200 instead of 404{code}",
            )
            for said, code in (
                ("Not Found", ""),
                ("'x': '7'", ""),
                ("Error evaluating match: contains 'x'", " (Error evaluating match)"),
                ("Unsupported format 'pdf'.", " (Unsupported format)"),
                ("no such order", " (no such order)"),
                ("the order " * 9, f" ({'the order ' * 4}the …)"),
            )
        ),
    ],
)
def test_a_code_is_in_a_title_only_where_all_who_refuse_say_it(b: str, c: str, title: str) -> None:
    """What one of two runtimes calls the error is not what both do."""
    seen = compared(a=answer("{}"), b=answer(b, 404), c=answer(c, 404))
    (status,) = (finding for finding in seen.findings if finding.kind is DifferenceKind.STATUS)
    assert title_of(status) == title


def test_the_code_of_a_status_is_what_the_refusal_says() -> None:
    """A success that holds an error calls it something, too: it is not what refuses."""
    held = answer('{"error":{"code":-32700,"message":"no"}}')
    seen = compared(a=held, b=answer("", 500, media="text/plain"))
    (status,) = (finding for finding in seen.findings if finding.kind is DifferenceKind.STATUS)
    assert (title_of(status), status.code) == ("status differs", "")


@pytest.mark.parametrize(
    ("media", "body", "code"),
    [
        ("text/plain", "no such id\n", "no such id"),
        ("text/plain", "\n  order 17 is not there\nsecond line", "order … is not there"),
        ("text/html", "<title>Oops</title><h1>no such id</h1><p>more", "no such id"),
        ("text/html", "<head><title>no such id</title></head><script>f()</script>", "no such id"),
        ("text/html", "<title>Error</title><pre>Cannot\nPOST</pre>", "Cannot"),
        ("text/html", "<h1>404 Not Found</h1>", "… Not Found"),
        ("text/plain", "", ""),
        ("application/octet-stream", "\x00", ""),
    ],
)
def test_a_refusal_in_text_calls_its_error_by_its_first_line(
    media: str, body: str, code: str
) -> None:
    """The message without what changes; of a page the first line that it shows, else its title."""
    seen = compared(a=answer("{}"), b=answer(body, 404, media=media))
    (status,) = (finding for finding in seen.findings if finding.kind is DifferenceKind.STATUS)
    assert status.code == code


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        ((("A", 400), ("B", 404)), "status differs (A · B)"),
        ((("", 200), ("A", 400), ("B", 404)), "status differs (A · B)"),
        ((("", 200), ("A", 400), ("A", 404)), "status differs (A)"),
        ((("A", 500), ("B", 503), ("", 200)), "status differs (A · B)"),
        ((("A", 400), ("B", 404), ("B", 404)), "status 400 (A) instead of 404 (B)"),
        ((("A", 400), ("", 404), ("", 404)), "status 400 (A) instead of 404"),
        ((("", 200), ("A", 400), ("B", 400), ("C", 404)), "status differs"),
        ((("Not Found", 404), ("", 200)), "status differs"),
    ],
)
def test_each_side_that_refuses_has_its_code_in_a_title(
    answers: tuple[tuple[str, int], ...], title: str
) -> None:
    """What one of two refusals calls its error is not said of both."""
    given = {
        name: answer(f'{{"code":"{code}"}}' if code else "{}", status)
        for name, (code, status) in zip("abcd", answers, strict=False)
    }
    found = compared(None, CompareLevel.STATUS, **given).findings
    (status,) = (finding for finding in found if finding.kind is DifferenceKind.STATUS)
    assert title_of(status) == title


@pytest.mark.parametrize(
    ("second", "detail"),
    [
        ('[{"n":1},{"n":2,"s":"x"},{"n":3}]', "a: in 2 of 3 elements; b: in 1 of 3 elements"),
        ('[{"n":1,"s":"x"},{"n":2,"s":"x"},{"n":3}]', "in other elements"),
    ],
)
def test_where_a_member_is_that_some_elements_have(second: str, detail: str) -> None:
    """Two lists that have a member as often have it in other elements; else it is said how often."""
    first = answer('[{"n":1},{"n":2,"s":"x"},{"n":3,"s":"x"}]')
    (found,) = compared(level=CompareLevel.VALUE, a=first, b=answer(second)).findings
    assert (found.place, found.detail) == ("$[*].s", detail)
