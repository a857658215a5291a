"""What two error formats hold under one name belongs to the formats where it is of other kinds."""

from itertools import permutations
from typing import Final

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.causes import Cause, causes_of
from conformance.comparison.rules.loosening import Loosening
from conformance.model.case import CompareLevel
from conformance.model.follows import Follows
from conformance.model.rule import RuleKind
from tests.comparison.differences import answer, between, rule
from tests.comparison.grouped_findings import REQUEST
from tests.comparison.laws import findings_of

LIST: Final = '{"errors": [{"field": "age", "message": "too low"}]}'
MAP: Final = '{"title": "Bad Request", "status": 422, "errors": {"age": ["too low"]}}'
TEXT: Final = '{"statusCode": 422, "error": "Unprocessable", "detail": "age: too low"}'
ITEMS: Final = '{"detail": [{"loc": ["age"], "msg": "too low", "type": "gt"}]}'
OBJECT: Final = '{"error": {"code": "E1"}, "request": "r1", "detail": "age: too low"}'


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(LIST, MAP, id="list-and-map"),
        pytest.param(ITEMS, TEXT, id="list-and-text"),
        pytest.param(TEXT, OBJECT, id="text-and-object"),
    ],
)
def test_the_formats_are_the_only_difference(first: str, second: str) -> None:
    """No type differs besides, at either level and from either side."""
    a, b = (answer(each, 422) for each in (first, second))
    for level in (CompareLevel.SHAPE, CompareLevel.VALUE):
        for pair in ((a, b), (b, a)):
            found = [(name, place) for name, place, *_ in between(*pair, level)]
            assert found == [("error-shape", "$")]


def test_a_text_that_both_formats_have_is_compared() -> None:
    """Two scalars under one name are compared as before."""
    other = TEXT.replace("too low", "too high").replace('"error"', '"fault"')
    assert "$.detail" in [
        place for _, place, *_ in between(answer(TEXT, 422), answer(other, 422), CompareLevel.VALUE)
    ]


OF_JSON_API: Final = '{"errors":[{"status":"400","title":"Bad","detail":"no"}]}'
OF_PROBLEM: Final = (
    '{"title":"Bad","status":400,"errors":[{"message":"short","location":"body.name"}]}'
)
LEVELS: Final = (CompareLevel.SHAPE, CompareLevel.VALUE)


@pytest.mark.parametrize("level", LEVELS)
def test_an_error_whose_status_is_a_text_is_no_problem_document(level: CompareLevel) -> None:
    """Members of JSON:API have the names of RFC 9457; they are named, as those of others are."""
    few = '{"errors":[{"detail":"no"}]}'
    a, b = (answer(each, 400) for each in (few, OF_JSON_API))
    facts = ("without status, title", "with status, title")
    assert between(a, b, level) == [("error-shape", "$.errors[*]", *facts)]
    assert between(b, a, level) == [("error-shape", "$.errors[*]", *facts[::-1])]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_a_format_within_a_format_is_one_cause(level: CompareLevel, order: tuple[str, ...]) -> None:
    """The entries of an error's list follow the format around them, for every order."""
    given = dict(zip("abc", map(answer, (OF_JSON_API, OF_PROBLEM, OF_PROBLEM)), strict=True))
    outer, inner = sorted(findings_of(given, order, level), key=lambda each: each.place)
    assert (outer.place, outer.follows, outer.odd) == ("$", None, ("a",))
    assert (inner.place, inner.follows) == (
        "$.errors[*]", Follows(0, ("$",), "the format within it"),
    )  # fmt: skip


def in_xml(members: str) -> str:
    """Return an error in XML with some members."""
    return f"<Error><Code>E</Code><Message>no</Message>{members}</Error>"


def in_json(members: str) -> str:
    """Return an error in JSON with some members."""
    return f'{{"code":"E","message":"no"{members}}}'


@pytest.mark.parametrize(
    ("media", "bare", "whole", "facts"),
    [
        pytest.param("application/xml",
            [in_xml(""), in_xml("<Key>k</Key>"), in_xml("<BucketName>b</BucketName>")],
            [in_xml("<HostId>h</HostId><RequestId>r</RequestId>"),
             in_xml("<Key>k</Key><HostId>h</HostId><RequestId>r</RequestId>"),
             in_xml("<HostId>h</HostId><BucketName>b</BucketName><RequestId>r</RequestId>")],
            ("without HostId, RequestId", "with HostId, RequestId"), id="xml"),
        pytest.param("application/json", [in_json(""), in_json(',"key":"k"')],
            [in_json(',"host":"h","request":"r"'), in_json(',"key":"k","host":"h","request":"r"')],
            ("without host, request", "with host, request"), id="json"),
    ],
)  # fmt: skip
def test_the_same_members_more_are_one_cause(
    media: str, bare: list[str], whole: list[str], facts: tuple[str, str]
) -> None:
    """Whatever else the errors of a service hold, and whichever side has the members more."""
    for odd in ("a", "b", ""):
        causes: set[Cause] = set()
        for few, many in zip(bare, whole, strict=True):
            a, b = (answer(each, 404, media=media) for each in (few, many))
            (shown,) = between(a, b, CompareLevel.VALUE)
            assert (shown[0], *shown[2:]) == ("error-shape", *facts)
            beside = {"c": {"a": b, "b": a}[odd]} if odd else {}
            given = {"a": a, "b": b, **beside}
            (found,) = findings_of(given, list(given), CompareLevel.VALUE)
            assert "".join(found.odd) == odd
            causes.update(causes_of(found, REQUEST))
        assert len(causes) == 1


@pytest.mark.parametrize(
    ("few", "many"),
    [
        pytest.param(in_json(""), in_json(',"path":"/p","request":"r"'), id="other-members-more"),
        pytest.param('{"code":"E"}', in_json(',"host":"h"'), id="a-member-less"),
        pytest.param('{"code":"E","text":"x"}', '{"code":"E","host":"h","request":"r"}',
            id="members-on-both-sides"),
    ],
)  # fmt: skip
def test_other_members_are_another_cause(few: str, many: str) -> None:
    """A cause of the same name is of the same members."""
    first = [answer(each, 404) for each in (in_json(""), in_json(',"host":"h","request":"r"'))]
    second = [answer(each, 404) for each in (few, many)]
    causes = [
        causes_of(found, REQUEST)
        for pair in (first, second)
        for found in findings_of(dict(zip("ab", pair, strict=True)), ["a", "b"], CompareLevel.VALUE)
    ]
    assert len(causes) == len(set(causes)) == 2


def test_another_value_beside_members_more_is_a_cause_of_its_own() -> None:
    """What both formats have is compared."""
    few, many = in_json(""), in_json(',"host":"h","request":"r"').replace('"E"', '"F"')
    for pair in ((few, many), (many, few)):
        a, b = (answer(each, 404) for each in pair)
        found = {(name, place) for name, place, *_ in between(a, b, CompareLevel.VALUE)}
        assert found == {("error-shape", "$"), ("value", "$.code")}


@pytest.mark.parametrize(
    ("more", "facts"),
    [
        pytest.param(',"trace":"t"', None, id="no-other"),
        pytest.param(',"trace":"t","host":"h"', ("absent", "present"), id="one-other"),
        pytest.param(
            ',"trace":"t","host":"h","at":1',
            ("without at, host", "with at, host"),
            id="two-others",
        ),
    ],
)
def test_a_member_that_a_rule_ignores_belongs_to_no_format(
    more: str, facts: tuple[str, str] | None
) -> None:
    """Neither where it is the only one that one side lacks, nor beside others."""
    few, many = (read_answer(answer(in_json(each), 404)) for each in ("", more))
    for pair, as_turned in (((few, many), facts), ((many, few), facts and facts[::-1])):
        rules = Loosening((rule("$.trace", RuleKind.ANY),))
        found = compare_answers(*pair, Terms(level=CompareLevel.VALUE, loosening=rules))
        assert [each.facts for each in found.differences] == ([as_turned] if as_turned else [])
        assert list(rules.hits.values()) == [1]
