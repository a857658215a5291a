"""N runtimes, one step: who is on which side at a place, and which side is the largest.

It is also tested who was not compared.
"""

import pytest

from conformance.comparison.parity import compare_case
from conformance.comparison.sentences import shown_operation, title_of
from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind, Facet, Finding
from conformance.model.observation import Answer, Cell, Fault, FaultKind, NotAsked, Observation
from conformance.model.rule import RuleKind
from conformance.model.verdict import Comparison, RuleUse
from tests.comparison.differences import answer, rule
from tests.comparison.live_runs import case

FAULT = Fault(kind=FaultKind.RESET, phase="headers", detail="", elapsed_ms=1.0)
HANGS = Fault(kind=FaultKind.TIMEOUT_IDLE, phase="headers", detail="", elapsed_ms=1.0)
NOT_ASKED = NotAsked(reason="does not support it", unsupported=True)
Sides = tuple[tuple[str, ...], ...]


def cells(**seen: Observation) -> list[Cell]:
    """Return one-step cells, in the order in which their runtimes are listed."""
    return [
        Cell(runtime=name, live=True, observations=(observation,))
        for name, observation in seen.items()
    ]


def compared(
    baseline: str | None = None, level: CompareLevel = CompareLevel.SHAPE, **seen: Observation
) -> Comparison:
    """Compare one step."""
    return compare_case(case(compare=level), cells(**seen), baseline)


def without_faults(comparison: Comparison) -> list[Finding]:
    """Return the findings that are about answers."""
    return [finding for finding in comparison.findings if finding.kind is not DifferenceKind.FAULT]


def sides(finding: Finding) -> Sides:
    """Return who stands together."""
    return tuple(side.runtimes for side in finding.sides)


def told(comparison: Comparison) -> dict[str, tuple[Sides, tuple[str, ...]]]:
    """Return who stands where and who is odd, by the signatures of each finding."""
    return {
        " ".join(map(str, finding.signatures)): (sides(finding), finding.odd)
        for finding in comparison.findings
    }


FULL, LESS, TEXT = (
    answer('{"x":1,"y":{"z":1}}'),
    answer('{"x":1}'),
    answer('{"x":"one","y":{"z":1}}'),
)
RETYPED = answer('{"x":1,"y":{"z":"one"}}')
MISSING = answer('{"error":1}', 404)


@pytest.mark.parametrize(
    ("seen", "baseline", "classes"),
    [
        pytest.param({"a": FULL, "b": FULL}, None, (("a", "b"),), id="one"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, None, (("a",), ("b", "c")), id="two"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, "a", (("a",), ("b", "c")), id="baseline"),
        pytest.param({"b": LESS, "a": FULL}, None, (("b",), ("a",)), id="as-listed"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL, "d": LESS}, None, (("a", "d"), ("b", "c")),
            id="two-and-two"),
        pytest.param({"a": LESS, "b": FULL, "c": TEXT}, None, (("a",), ("b",), ("c",)),
            id="all-apart"),
        pytest.param({"a": TEXT, "b": LESS, "c": FULL, "d": FULL, "e": LESS}, None, (("a",),
            ("b", "e"), ("c", "d")),
                     id="three-kinds"),
        pytest.param({"a": FAULT, "b": FULL, "c": LESS}, "a", (("b",), ("c",)), id="faulted"),
        pytest.param({"a": FULL, "b": NOT_ASKED, "c": FULL}, None, (("a", "c"),), id="unsupported"),
        pytest.param({"a": FAULT, "b": NOT_ASKED}, None, (), id="nobody"),
    ],
)  # fmt: skip
def test_runtimes_that_agree_everywhere(
    seen: dict[str, Observation], baseline: str | None, classes: tuple[tuple[str, ...], ...]
) -> None:
    """Runtimes that are on one side of every finding are grouped, in the listed order."""
    comparison = compare_case(case(), cells(**seen), baseline)
    assert comparison.classes == classes
    assert comparison.compared == (sum(map(len, classes)) > 1)


@pytest.mark.parametrize(
    ("seen", "baseline", "largest", "odd"),
    [
        pytest.param({"a": LESS, "b": FULL}, None, None, (), id="two-have-no-odd-one"),
        pytest.param({"a": LESS, "b": FULL}, "a", ("a",), ("b",), id="but-for-a-baseline"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, None, ("b", "c"), ("a",),
            id="two-of-three"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, "a", ("a",), ("b", "c"),
            id="a-baseline-that-is-outvoted"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, "z", ("b", "c"), ("a",),
            id="a-baseline-that-is-not-there"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL, "d": LESS}, None, None, (),
            id="two-and-two"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL, "d": LESS}, "b", ("b", "c"), ("a", "d"),
            id="two-and-baseline"),
        pytest.param({"a": FAULT, "b": FULL, "c": LESS}, "a", None, (),
            id="a-baseline-that-faulted"),
        pytest.param({"a": FULL, "b": LESS, "c": LESS, "d": FAULT}, None, ("b", "c"), ("a",),
            id="half-of-all-asked"),
        pytest.param({"a": FULL, "b": LESS, "c": LESS, "d": FULL, "e": FULL}, None, ("a", "d", "e"),
            ("b", "c"),
                     id="three-of-five"),
    ],
)  # fmt: skip
def test_the_largest_side_and_the_odd_ones(
    seen: dict[str, Observation],
    baseline: str | None,
    largest: tuple[str, ...] | None,
    odd: tuple[str, ...],
) -> None:
    """The largest side is the baseline's, else one with a majority of at least two.

    The majority is more than half of the runtimes with a fact there.
    """
    (finding,) = without_faults(compare_case(case(), cells(**seen), baseline))
    assert (None if finding.largest is None else finding.sides[finding.largest].runtimes) == largest
    assert finding.odd == odd
    assert (finding.place, finding.kind.value) == ("$.y", "member")


def test_a_runtime_that_differs_elsewhere_stands_with_those_it_agrees_with() -> None:
    """Each place has its own sides."""
    assert told(compared("a", a=FULL, b=LESS, c=TEXT)) == {
        "member@$.y (absent | present)": ((("a", "c"), ("b",)), ("b",)),
        "type@$.x (string | integer)": ((("a", "b"), ("c",)), ("c",)),
    }


def test_who_was_not_compared_at_a_place_is_on_no_side_and_named() -> None:
    """An answer with another status, or without the parent member, says nothing below it."""
    findings = compared("a", a=FULL, b=MISSING, c=TEXT).findings
    assert {finding.place: (sides(finding), finding.not_compared) for finding in findings} == {
        "status": ((("a", "c"), ("b",)), ()),
        "$.x": ((("a",), ("c",)), ("b",)),
    }
    findings = compared("a", a=FULL, b=LESS, c=RETYPED).findings
    assert {finding.place: (sides(finding), finding.not_compared) for finding in findings} == {
        "$.y": ((("a", "c"), ("b",)), ()),
        "$.y.z": ((("a",), ("c",)), ("b",)),
    }


@pytest.mark.parametrize("baseline", [None, "a"])
def test_three_types_at_one_place_are_one_finding_of_three_sides(baseline: str | None) -> None:
    """Each pair of sides has its own name and facts; without a baseline nobody is odd."""
    (finding,) = compared(baseline, a=answer("1"), b=answer('"1"'), c=answer("{}")).findings
    assert sides(finding) == (("a",), ("b",), ("c",))
    assert {(pair.first, pair.second): (pair.name, pair.facts) for pair in finding.pairs} == {
        (0, 1): ("number-as-string", ("number", "string")),
        (0, 2): ("type", ("integer", "object")),
        (1, 2): ("type", ("string", "object")),
    }
    assert (finding.odd, finding.name) == (("b", "c") if baseline else (), "type")
    assert finding.sent == ((("a", "1"), ("b", '"1"'), ("c", "{}")),)


def test_who_differs_in_the_same_way_is_on_one_side() -> None:
    """Two that differ from the baseline alike are one side there."""
    both = answer('{"x":"one"}')
    assert told(compared("a", a=FULL, b=TEXT, c=both)) == {
        "type@$.x (string | integer)": ((("a",), ("b", "c")), ("b", "c")),
        "member@$.y (absent | present)": ((("a", "b"), ("c",)), ("c",)),
    }


def test_a_finding_tells_what_was_sent() -> None:
    """A finding holds its facet, and what each runtime sent, each combination once."""
    level = CompareLevel.VALUE
    (finding,) = compared(a=answer('[1,1,"x"]'), b=answer('[2,2,"x"]'), level=level).findings
    assert (finding.facet, finding.idiom, finding.place) == (Facet.VALUE, None, "$[*]")
    assert (finding.sent, finding.more_sent) == (((("a", "1"), ("b", "2")),), 0)
    (finding,) = compared(
        a=answer(str(list(range(300)))),
        b=answer(str(list(range(1, 301)))),
        level=CompareLevel.VALUE,
    ).findings
    assert finding.sent[:2] == ((("a", "0"), ("b", "1")), (("a", "1"), ("b", "2")))
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
    """A renamed list beside another form of pagination gives both findings.

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
    """A query has its names, and what an earlier step captured is named as that."""
    assert [
        shown_operation(each)
        for each in ("GET /simple/alpha/?x", "GET /things/${id}?a&b", "GET ${up}", "POST /things")
    ] == [
        "GET /simple/alpha/?x=…",
        "GET /things/{id}?a=…&b=…",
        "GET of the target captured as up",
        "POST /things",
    ]


@pytest.mark.parametrize(
    ("b", "c", "title"),
    [
        ('{"code":"x"}', '{"code":"x"}', "status 200 instead of 404 (x)"),
        ('{"code":"x"}', '{"code":"y"}', "status 200 instead of 404"),
        ('{"code":"x"}', "{}", "status 200 instead of 404"),
        *(
            (
                f'{{"message":"{said}"}}',
                f'{{"message":"{said}"}}',
                f"status 200 instead of 404{code}",
            )
            for said, code in (
                ("Not Found", ""),
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
