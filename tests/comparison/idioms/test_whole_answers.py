"""Idioms that need more evidence than the values at one place.

The tests cover what they claim and what they leave as it is.
"""

import json

import pytest

from conformance.model.finding import DifferenceKind, Finding
from conformance.model.observation import Answer
from tests.comparison.differences import answer
from tests.comparison.idioms.cross_table import Sample
from tests.comparison.idioms.test_cross_table import found


def compared(
    a: str | Answer, b: str | Answer, target: str = "/things", status: int = 200
) -> tuple[Finding, ...]:
    """Compare two bodies, or two answers, of a request."""
    first, second = (answer(each, status) if isinstance(each, str) else each for each in (a, b))
    return found(Sample(a=first, b=second, facts=("", ""), target=target), first, second)


def named(findings: tuple[Finding, ...]) -> list[tuple[str, str, str, str]]:
    """Return the names, places and facts of findings."""
    return [(each.name, each.place, *each.pairs[0].facts) for each in findings]


LOWER, HIGHER = "last digit lower", "last digit higher"


@pytest.mark.parametrize(
    ("a", "b", "target"),
    [
        pytest.param('{"v":0.12}', '{"v":0.13}', "/x", id="two-decimals"),
        pytest.param('{"v":2}', '{"v":3}', "/round?x=2.5", id="the-number-is-asked-for"),
        pytest.param('{"v":-2}', '{"v":-3}', "/round?x=-2.5", id="below-zero"),
        pytest.param('{"v":2}', '{"v":3}', "/round?x=2.7", id="cut-off-beside-rounded"),
        pytest.param(
            '{"v":2,"of":2.5}', '{"v":3,"of":2.5}', "/x", id="the-number-is-on-both-sides"
        ),
        pytest.param('{"v":[0.01,0.03]}', '{"v":[0.02,0.04]}', "/x", id="several-times"),
    ],
)
def test_another_rounding_is_claimed(a: str, b: str, target: str) -> None:
    """Last digits that differ by one are two roundings if the number is in evidence.

    The evidence is of the one number that both round.
    """
    (finding,) = compared(a, b, target)
    assert (finding.name, finding.pairs[0].facts) == ("rounding-mode", (LOWER, HIGHER))
    (finding,) = compared(b, a, target)
    assert (finding.name, finding.pairs[0].facts) == ("rounding-mode", (HIGHER, LOWER))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param('{"v":2}', '{"v":3}', id="integers-without-evidence"),
        pytest.param('{"v":2,"mean":2.4}', '{"v":3,"mean":2.4}', id="a-number-that-rounds-to-one"),
        pytest.param('{"v":2,"mean":2.7}', '{"v":3,"mean":2.7}', id="a-number-that-may-be-cut-off"),
        pytest.param('{"count":2,"p":2.5}', '{"count":3,"p":2.5}', id="a-count-beside-a-half"),
        pytest.param('{"v":0.2}', '{"v":0.3}', id="one-decimal"),
        pytest.param('{"v":0.01}', '{"v":0.02}', id="twice-as-much"),
        pytest.param('{"v":0.12}', '{"v":0.14}', id="two-apart"),
        pytest.param('{"v":[0.12,0.52]}', '{"v":[0.13,0.51]}', id="now-one-side-now-the-other"),
        pytest.param('{"v":[0.12,0.5]}', '{"v":[0.13,7.5]}', id="and-another-value"),
        pytest.param('{"elapsed_s":0.12}', '{"elapsed_s":0.13}', id="two-clocks"),
    ],
)
def test_no_other_rounding(a: str, b: str) -> None:
    """Without evidence two numbers are two values."""
    for first, second in ((a, b), (b, a)):
        (finding,) = compared(first, second)
        assert finding.name == "value"


@pytest.mark.parametrize(
    ("a", "b", "facts"),
    [
        pytest.param('{"page":0}', '{"page":1}', ("one less", "one more"), id="page"),
        pytest.param('{"page":0,"price":0.5}', '{"page":1,"price":0.5}', ("one less", "one more"),
            id="page-beside-a-half"),
        pytest.param('{"rowIndex":[4,7]}', '{"rowIndex":[5,8]}', ("one less", "one more"),
            id="every-index"),
        pytest.param('{"l":[1,2],"total":2}', '{"l":[1,2],"total":3}', ("one less", "one more"),
            id="not-the-length"),
        pytest.param('[{"n_count":2},{"n_count":9}]', '[{"n_count":1},{"n_count":8}]', ("one more",
            "one less"),
                     id="several-counts"),
    ],
)  # fmt: skip
def test_off_by_one_is_claimed(a: str, b: str, facts: tuple[str, str]) -> None:
    """A position or count that is one more everywhere."""
    (finding,) = compared(a, b)
    assert (finding.name, finding.pairs[0].facts) == ("off-by-one", facts)
    (finding,) = compared(b, a)
    assert (finding.name, finding.pairs[0].facts) == ("off-by-one", facts[::-1])


@pytest.mark.parametrize(
    ("a", "b", "target"),
    [
        pytest.param('{"l":[1,2,3]}', '{"l":[1,2]}', "/things?limit=2", id="past-a-limit"),
        pytest.param(
            '{"l":[1,2,3]}', '{"l":[1,2]}', "/things?page=1&per_page=3", id="short-of-a-limit"
        ),
        pytest.param('{"l":[1,2,3]}', '{"l":[2,3]}', "/things?page[size]=3", id="at-the-start"),
        pytest.param("[[1,2,3],[4,5,6]]", "[[1,2],[4,5]]", "/things?$top=2", id="every-list"),
        pytest.param(
            '{"l":[1,2,3],"pageSize":2}',
            '{"l":[1,2],"pageSize":2}',
            "/things",
            id="the-answer-names-it",
        ),
        pytest.param(
            '{"per_page":9}',
            '{"per_page":10}',
            "/things?per_page=10",
            id="a-limit-that-is-asked-for",
        ),
        pytest.param(
            '{"page":4}', '{"page":5}', "/things?page=5", id="a-position-that-is-asked-for"
        ),
    ],
)
def test_off_by_one_at_a_limit(a: str, b: str, target: str) -> None:
    """A list that is cut at a limit has one more or less than that.

    And a row is pinned to what is extra.
    """
    for first, second in ((a, b), (b, a)):
        (finding,) = compared(first, second, target)
        assert finding.name == "off-by-one"
        if finding.kind is DifferenceKind.LENGTH:
            assert finding.pairs[0].facts == ("differs", "differs")
            assert any("extra: " in value for _, value in finding.sent[0])
        (finding,) = compared(first, second, "/things?x=77")
        assert finding.idiom is None or "pageSize" in a


@pytest.mark.parametrize(
    ("a", "b", "name"),
    [
        pytest.param('{"v":1}', '{"v":2}', "value", id="no-count"),
        pytest.param('{"id":1}', '{"id":2}', "value", id="an-id"),
        pytest.param('{"page":1}', '{"page":3}', "value", id="two-more"),
        pytest.param('{"index":[1,2]}', '{"index":[1,3]}', "value", id="not-everywhere"),
        pytest.param('{"index":[1,2]}', '{"index":[2,1]}', "another-order", id="now-more-now-less"),
        pytest.param('{"total":41}', '{"total":42}', "value", id="a-count-by-itself"),
        pytest.param('{"page":1.5}', '{"page":2.5}', "value", id="no-integers"),
        pytest.param('{"l":[1,2,3]}', '{"l":[1,2]}', "length", id="no-limit"),
        pytest.param(
            '{"per_page":9}', '{"per_page":10}', "value", id="a-limit-that-nobody-asked-for"
        ),
        pytest.param('{"page":4}', '{"page":5}', "value", id="a-position-that-nobody-asked-for"),
        pytest.param("[1]", "[]", "length", id="nothing-in-common"),
        pytest.param("[1,2]", "[1]", "length", id="too-little-in-common"),
        pytest.param("[1,2,3,4]", "[1,2]", "length", id="two-elements-less"),
        pytest.param("[1,2,3]", "[1,3]", "length", id="in-the-middle"),
        pytest.param("[[1,2,3],[4,5,6]]", "[[1,2],[5,6]]", "length", id="at-both-ends"),
        pytest.param("[[1,2,3],[4,5,6]]", "[[1,2],[4,5,6]]", "length", id="not-every-list"),
    ],
)
def test_not_off_by_one(a: str, b: str, name: str) -> None:
    """What is one more by chance is a value or a length that differs."""
    for first, second in ((a, b), (b, a)):
        (finding,) = compared(first, second)
        assert finding.name == name


CODE, MESSAGE = (
    ("error-code", "$.code", "differs", "differs"),
    ("error-message", "$.message", "differs", "differs"),
)


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        pytest.param('{"code":"A","message":"x"}', '{"code":"B","message":"x"}', [CODE], id="code"),
        pytest.param('{"code":4,"message":"x"}', '{"code":5,"message":"x"}', [CODE], id="number"),
        pytest.param('{"code":"A","message":"x"}', '{"code":"A","message":"y z"}', [MESSAGE],
            id="message"),
        pytest.param('{"code":"A","message":"x"}', '{"code":"B","message":"y"}', [CODE, MESSAGE],
            id="both"),
        pytest.param('{"error":"gone"}', '{"error":"not_found"}',
                     [("error-code", "$.error", "differs", "differs")], id="one-word"),
        pytest.param('{"error":"it is gone"}', '{"error":"no such thing"}',
                     [("error-message", "$.error", "differs", "differs")], id="words"),
        pytest.param('{"reason":"NotFound"}', '{"reason":"Invalid"}',
                     [("error-code", "$.reason", "differs", "differs")], id="a-reason-as-a-code"),
        pytest.param('{"reason":"it is gone"}', '{"reason":"it is not valid"}',
                     [("error-message", "$.reason", "differs", "differs")], id="a-reason-in-words"),
        pytest.param('{"code":"E","error":"Timeout"}', '{"code":"E","error":"Forbidden"}',
                     [("error-message", "$.error", "differs", "differs")], id="beside-a-code"),
        pytest.param('{"code":404,"status":"NOT_FOUND"}', '{"code":404,"status":"ABORTED"}',
                     [("error-code", "$.status", "differs", "differs")], id="a-status-as-a-code"),
        pytest.param('{"code":"a","status":"open"}', '{"code":"a","status":"gone"}',
                     [("value", "$.status", "differs", "differs")], id="a-status"),
        pytest.param('{"issue":[{"code":"a","diagnostics":"x y"}]}',
                     '{"issue":[{"code":"a","diagnostics":"y"}]}',
                     [("error-message", "$.issue[*].diagnostics", "differs", "differs")],
                     id="diagnostics"),
        pytest.param('{"code":404,"reason":"NotFound"}', '{"code":404,"reason":"Gone"}',
                     [("error-code", "$.reason", "differs", "differs")], id="beside-a-status"),
    ],
)  # fmt: skip
def test_what_an_error_is_called(a: str, b: str, told: list[tuple[str, str, str, str]]) -> None:
    """Two refusals that differ in code or message alone are named so."""
    assert named(compared(a, b, status=404)) == named(compared(b, a, status=404)) == told


@pytest.mark.parametrize(
    ("a", "b", "status"),
    [
        pytest.param('{"message":"x"}', '{"message":"y"}', 200, id="success"),
        pytest.param('{"message":"x","n":1}', '{"message":"y","n":2}', 404, id="another-value"),
        pytest.param(
            '{"message":"x","l":[{"a":1}]}',
            '{"message":"y","l":[{"b":1},{"a":1}]}',
            404,
            id="another-shape-of-an-extra-element",
        ),
        pytest.param('{"message":1}', '{"message":2}', 404, id="no-text"),
        pytest.param('{"error":true}', '{"error":false}', 404, id="a-flag"),
        pytest.param('{"code":true}', '{"code":false}', 404, id="a-flag-for-a-code"),
        pytest.param(
            '{"type":"about:blank"}', '{"type":"urn:gone"}', 404, id="a-type-that-names-nothing"
        ),
    ],
)
def test_what_is_no_other_code_or_message(a: str, b: str, status: int) -> None:
    """Where anything else differs, or nothing is refused, values are values."""
    for first, second in ((a, b), (b, a)):
        assert {each.idiom for each in compared(first, second, status=status)} == {None}


@pytest.mark.parametrize(
    ("name", "longer", "shorter"),
    [
        pytest.param("l", [1], [], id="any"),
        pytest.param("locations", [{"line": 1, "column": 1}], [], id="locations"),
        pytest.param("path", ["a", "b"], ["a"], id="path"),
        pytest.param("details", ["a", "b"], ["a"], id="details"),
        pytest.param("details", [{"f": "a"}, {"f": "b"}], [{"f": "a"}], id="details-as-objects"),
    ],
)
def test_a_list_of_another_length_is_of_the_same_shape(
    name: str, longer: list[object], shorter: list[object]
) -> None:
    """Code and message keep their names beside it, and the length is a difference by itself."""
    length = ("length", f"$.{name}", "differs", "differs")
    of_first, of_second = {"code": "A", "message": "x"}, {"code": "B", "message": "y"}
    first, second = json.dumps(of_first | {name: longer}), json.dumps(of_second | {name: shorter})
    for a, b in ((first, second), (second, first)):
        assert named(compared(a, b, status=400)) == [CODE, MESSAGE, length]
    first, second = (
        json.dumps({"errors": [{"message": message, name: value}]})
        for message, value in (("x", longer), ("y", shorter))
    )
    assert [each.name for each in compared(first, second, status=400)] == [
        "error-message",
        "length",
    ]


def test_refusals_in_text_and_xml() -> None:
    """The text of a refusal is its message; the elements of XML are named as members are."""
    first, second = (answer(text, 404, media="text/plain") for text in ("no", "none"))
    assert named(compared(first, second)) == [("error-message", "$", "differs", "differs")]
    first, second = (
        answer(f"<Error><Code>{code}</Code></Error>", 404, media="application/xml")
        for code in ("A", "B")
    )
    assert [each.name for each in compared(first, second)] == ["error-code"]
