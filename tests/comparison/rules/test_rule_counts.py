"""How often a rule was needed, how much it hid, and what a run says of it then."""

import pytest

from conformance.comparison.rules.tally import RuleTally
from conformance.model.case import CompareLevel
from conformance.model.rule import Rule, RuleKind
from conformance.model.verdict import CaseResult, Comparison, Judgement, RuleUse, Verdict
from tests.comparison.differences import hits, rule, walk
from tests.comparison.rules.test_loosened_values import aligned, approx, as_map

VALUE = CompareLevel.VALUE


@pytest.mark.parametrize(
    ("a", "b", "loosened", "count"),
    [
        pytest.param(
            '{"a":[1,2],"b":[1,2]}', '{"a":[2,1],"b":[2,1]}', aligned("$.*"), 2, id="two-lists"
        ),
        pytest.param(
            '{"a":[1,2],"b":[1,2]}', '{"a":[2,1],"b":[1,2]}', aligned("$.*"), 1, id="the-first-list"
        ),
        pytest.param("[[1,2],[3]]", "[[2,1],[3]]", aligned("$[*]"), 1, id="one-list-of-a-column"),
        pytest.param(
            '{"a":{"x":1},"b":{"x":1}}',
            '{"a":{"y":1},"b":{"y":1}}',
            as_map("$.*"),
            2,
            id="two-maps",
        ),
        pytest.param(
            '{"a":{"x":1},"b":{"x":1}}',
            '{"a":{"y":1},"b":{"x":1}}',
            as_map("$.*"),
            1,
            id="the-first-map",
        ),
        pytest.param('{"a":{"x":1}}', '{"a":{"x":2}}', as_map("$.a"), 0, id="a-map-of-one-form"),
        pytest.param(
            '{"a":1,"b":2}', '{"a":3,"b":4}', rule("$.*", RuleKind.INTEGER), 2, id="two-values"
        ),
        pytest.param(
            '{"a":1,"b":2}', '{"a":1,"b":4}', rule("$.*", RuleKind.INTEGER), 1, id="one-value"
        ),
        pytest.param('{"a":1,"b":2}', "{}", rule("$.*", RuleKind.ANY), 2, id="two-absences"),
        pytest.param(
            '{"a":1,"b":2}', '{"a":1.5,"b":2.5}', approx("$.*", absolute=1), 2, id="two-numbers"
        ),
    ],
)
def test_a_rule_is_counted_where_it_was_needed(a: str, b: str, loosened: Rule, count: int) -> None:
    """Each place that was equal only by the rule counts once."""
    assert hits(walk(a, b, VALUE, [loosened])) == hits(walk(b, a, VALUE, [loosened])) == count


def listed(*values: int) -> str:
    """Return a list of numbers as a member."""
    return f'{{"a":{list(values)}}}'


@pytest.mark.parametrize(
    ("a", "b", "path", "values", "broad"),
    [
        pytest.param(listed(1, 2, 3, 4), listed(5, 6, 7, 8), "$.a", 5, False, id="few"),
        pytest.param(listed(1, 2, 3, 4, 5), listed(6, 7, 8, 9, 10), "$.a", 5, True, id="all"),
        pytest.param(listed(1, 2, 3, 4, 5), listed(6, 7, 8, 9, 10), "$.a", 9, True,
            id="more-than-half"),
        pytest.param(listed(1, 2, 3, 4, 5), listed(6, 7, 8, 9, 10), "$.a", 10, False, id="half"),
        pytest.param(listed(1), listed(6, 7, 8, 9, 10), "$.a", 9, True, id="of-the-longer-side"),
        pytest.param('{"a":1,"b":1,"c":1,"d":1,"e":1}', '{"a":2,"b":2,"c":2,"d":2,"e":2}', "$.*", 5,
            True,
                     id="one-by-one"),
        pytest.param('{"a":1,"b":1,"c":1,"d":1,"e":1}', "{}", "$.*", 5, True,
            id="absent-one-by-one"),
    ],
)  # fmt: skip
def test_a_rule_that_hides_most_of_a_body(
    a: str, b: str, path: str, values: int, *, broad: bool
) -> None:
    """A rule is broad if it hid more than four values and more than half of a body's."""
    loosened = rule(path, RuleKind.ANY)
    for one, other in ((a, b), (b, a)):
        assert walk(one, other, VALUE, [loosened]).loosening.broad(lambda: values) == (
            {loosened} if broad else set()
        )


@pytest.mark.parametrize(
    ("uses", "wanted"),
    [
        pytest.param([(1, 0)], None, id="needed"),
        pytest.param([(0, 0)], "the one case that it is for", id="not-in-one-case"),
        pytest.param([(0, 0), (0, 0)], "any of 2 cases that it is for", id="not-in-two-cases"),
        pytest.param([(1, 0), (0, 0)], None, id="in-the-first-of-two"),
        pytest.param([(2, 1)], "in 1 of 2 comparisons", id="broad-in-half"),
        pytest.param([(1, 1), (1, 0)], "in 1 of 2 comparisons", id="broad-in-one-of-two-cases"),
        pytest.param([(1, 0), (2, 1)], None, id="broad-in-less-than-half"),
        pytest.param([(3, 2), (1, 0)], "in 2 of 4 comparisons", id="broad-in-half-of-four"),
    ],
)
def test_what_a_run_says_of_a_rule(uses: list[tuple[int, int]], wanted: str | None) -> None:
    """Cases, hits and broad hits add up over a run, and each kind of warning has its bound."""
    tally = RuleTally()
    for needed, broad in uses:
        uses_of_case = (RuleUse(rule="suite.yaml:3:5: $.a", hits=needed, broad=broad),)
        tally.add(_case(uses_of_case), Judgement(verdict=Verdict.PASSED, reason=""))
    said = list(tally.warnings())
    assert len(said) == (wanted is not None)
    assert all(wanted is not None and wanted in warning for warning in said)


def _case(uses: tuple[RuleUse, ...]) -> CaseResult:
    """Return a case that was compared, and how its rules fared."""
    comparison = Comparison(findings=(), classes=(), compared=True, rule_uses=uses)
    return CaseResult(
        case_id="s/c",
        place="s.yaml:1:1",
        requests=(),
        cells=(),
        level=CompareLevel.VALUE,
        comparison=comparison,
    )
