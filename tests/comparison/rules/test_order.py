"""Lists in any order: which elements are partners, by key and as sets.

It is also tested what another rule takes out of that.
"""

import pytest

from conformance.model.case import CompareLevel, NumberPolicy
from conformance.model.rule import Rule, RuleKind
from tests.comparison.differences import rows, rule, value_at, walk
from tests.comparison.rules.test_loosened_values import aligned, approx, as_map, names

ID_A, ID_B = '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"7ba7b810-9dad-11d1-80b4-00c04fd430c8"'
NUMBERS = [
    pytest.param("1.5", "2.5", "2.50", "1.50", id="fractions"),
    pytest.param("1", "2", "2.0", "1.0", id="integers-and-numbers"),
    pytest.param("1", "1.5", "15e-1", "10E-1", id="exponents"),
    pytest.param("100", "0.01", "1e-2", "1e2", id="powers"),
    pytest.param("-1.5", "1.5", "1.50", "-1.50", id="signs"),
    pytest.param("0", "1", "1.0", "-0.0", id="zero"),
    pytest.param(
        "9007199254740992",
        "9007199254740993",
        "9007199254740993.0",
        "9007199254740992.0",
        id="large",
    ),
    pytest.param(
        "-9007199254740992",
        "-9007199254740993",
        "-9007199254740993",
        "-9007199254740992",
        id="small",
    ),
    pytest.param("1e99999999999999999999", "1", "1.0", "1e99999999999999999999", id="no-value"),
]


@pytest.mark.parametrize(("first", "second", "again", "first_again"), NUMBERS)
@pytest.mark.parametrize(
    "rule_and_shape",
    [(aligned("$"), "{}"), (aligned("$", "id"), '{{"id":{}}}')],
    ids=["set", "key"],
)
def test_numbers_are_partners_by_value(
    first: str, second: str, again: str, first_again: str, rule_and_shape: tuple[Rule, str]
) -> None:
    """Numbers of one value belong together however they are spelled, and no others do."""
    loosened, shape = rule_and_shape
    a, b = (
        f"[{','.join(map(shape.format, side))}]" for side in ((first, second), (again, first_again))
    )
    for one, other in ((a, b), (b, a)):
        assert [
            found for found in names(one, other, loosened) if found[0] != "integer-vs-float"
        ] == []


@pytest.mark.parametrize(
    ("a", "b", "rules", "wanted"),
    [
        pytest.param('[{"id":1,"n":1},{"id":1,"n":2}]', '[{"id":1,"n":1},{"id":1,"n":2}]',
            [aligned("$", "id")], [],
                     id="a-key-twice"),
        pytest.param('[{"id":1},{"id":1},{"id":2,"n":5}]', '[{"id":3,"n":5},{"id":1},{"id":1}]',
            [aligned("$", "id")],
                     [("value", "$")], id="a-key-twice-beside-others"),
        pytest.param('[{"r":1,"id":1},{"r":1,"id":2}]', '[{"r":1,"id":2},{"r":1,"id":1}]',
            [aligned("$", "r", "id")],
                     [], id="half-a-key-twice"),
        pytest.param('[{"r":1,"id":1},{"r":2}]', '[{"r":2},{"r":1,"id":1}]',
            [aligned("$", "r", "id")], [],
                     id="half-a-key"),
        pytest.param('[{"id":{"n":1}},{"id":{"n":2}}]', '[{"id":{"n":2}},{"id":{"n":1}}]',
            [aligned("$", "id")], [],
                     id="an-object-as-key"),
        pytest.param('[{"id":1},null]', '[null,{"id":1}]', [aligned("$", "id")], [],
            id="null-without-a-key"),
        pytest.param("[1.5,1.50]", "[1.50,1.5]", [aligned("$")], [],
            id="one-value-in-two-spellings"),
        pytest.param("[null,1]", "[1,null]", [aligned("$")], [], id="null-in-a-set"),
        pytest.param('[1.5,"x",2.5]', '[2.50,"x",1.50]', [aligned("$")], [],
            id="some-are-spelled-alike"),
        pytest.param('[{"id":1.5,"n":1},{"id":1.500,"n":2}]',
            '[{"id":1.5,"n":1},{"id":1.50,"n":2}]',
                     [aligned("$", "id")], [], id="a-partner-that-is-spelled-alike-stays"),
        pytest.param('[{"id":0.0,"n":1},{"id":5.5,"n":2}]', '[{"id":6.5,"n":2},{"id":-0.00,"n":1}]',
                     [aligned("$", "id")], [("value", "$")], id="zeros-beside-others"),
        pytest.param('[{"id":1e99999999999999999999,"n":2},{"id":0.0,"n":1}]',
            '[{"id":5.5,"n":2},{"id":0.00,"n":1}]',
                     [aligned("$", "id")], [("value", "$")], id="no-value-is-no-zero"),
        pytest.param('[{"id":1,"n":1},{"id":1,"n":2}]', '[{"id":1,"n":2},{"id":1,"n":1}]',
                     [aligned("$", "id")], [], id="a-key-twice-in-another-order"),
        pytest.param('[{"id":1,"n":1},{"id":1,"n":"2"}]', '[{"id":1,"n":2},{"id":1,"n":1}]',
                     [aligned("$", "id")], [("number-as-string", "$[*].n")],
                     id="a-key-twice-and-another-spelling"),
        pytest.param('[{"id":1,"n":1,"m":1},{"id":2,"n":2,"m":2}]',
            '[{"id":2,"n":1,"m":1},{"id":1,"n":2,"m":2}]',
                     [aligned("$", "id"), aligned("$")],
                     [("value", "$[*].m"), ("value", "$[*].n")], id="the-first-rule-counts"),
        pytest.param('[{"id":1,"n":1,"m":1},{"id":2,"n":2,"m":2}]',
            '[{"id":2,"n":1,"m":1},{"id":1,"n":2,"m":2}]',
                     [aligned("$"), aligned("$", "id")], [("value", "$[*].id")],
                     id="the-first-rule-counts-turned"),
    ],
)  # fmt: skip
def test_partners(a: str, b: str, rules: list[Rule], wanted: list[tuple[str, str]]) -> None:
    """Each element has one partner, in order where several could be one.

    An element without a partner loses nothing.
    """
    for one, other in ((a, b), (b, a)):
        assert names(one, other, *rules) == wanted


def test_partners_are_spelled_alike_where_they_can_be() -> None:
    """As lexemes, two spellings of one value in a set are two elements.

    Each has its own partner.
    """
    for b in ("[1.5,1.50]", "[1.50,1.5]"):
        assert (
            rows(walk("[1.5,1.50]", b, CompareLevel.VALUE, [aligned("$")], NumberPolicy.LEXEME))
            == []
        )
        assert rows(
            walk("[1.5,1.5]", b, CompareLevel.VALUE, [aligned("$")], NumberPolicy.LEXEME)
        ) == [value_at("$[*]")]


@pytest.mark.parametrize(
    ("a", "b", "loosened"),
    [
        pytest.param('[{"id":1,"n":1},{"id":2,"n":2}]', '[{"id":3,"n":2},{"id":4,"n":1}]',
                     rule("$[*].id", RuleKind.ANY), id="one-member"),
        pytest.param('[{"id":7,"n":1},{"n":2}]', '[{"id":8,"n":2},{"n":1}]', rule("$[*].id",
            RuleKind.ANY),
                     id="absence-too"),
        pytest.param(f'[{{"id":{ID_A},"n":1}},{{"n":1}}]', f'[{{"n":1}},{{"id":{ID_B},"n":1}}]',
                     rule("$[*].id", RuleKind.UUID), id="absence-counts-but-for-any"),
        pytest.param('[{"a":{"b":1,"c":1}},{"a":{"b":2,"c":2}}]',
            '[{"a":{"b":3,"c":2}},{"a":{"b":4,"c":1}}]',
                     rule("$[*].a.b", RuleKind.ANY), id="deeper"),
        pytest.param(f'[{{"x":{ID_A},"n":1}},{{"x":{ID_A},"n":2}}]',
            f'[{{"x":{ID_B},"n":2}},{{"x":{ID_B},"n":1}}]',
                     rule("$[*].*", RuleKind.UUID), id="any-member"),
        pytest.param(f"[[[{ID_A}],1],[[{ID_A}],2]]", f"[[[{ID_B}],2],[[{ID_B}],1]]",
                     rule("$[*][*][*]", RuleKind.UUID),
                     id="any-element"),
        pytest.param("[[1],[2]]", "[[2],[1]]", rule("$[*].id", RuleKind.ANY),
            id="a-member-of-a-list"),
        pytest.param('[{"0":1},{"0":2}]', '[{"0":2},{"0":1}]', rule("$[*][*]", RuleKind.ANY),
                     id="an-element-of-an-object"),
        pytest.param('[{"v":"x"},{"v":"y"}]', '[{"v":"y"},{"v":"x"}]', approx("$[*].v"),
            id="numbers-that-are-none"),
        pytest.param('[{"v":1,"n":1},{"v":2,"n":2}]', '[{"v":2.5,"n":2},{"v":1.5,"n":1}]',
                     approx("$[*].v", absolute=1), id="numbers"),
        pytest.param('[{"id":"a"},{"id":"b"}]', '[{"id":"b"},{"id":"a"}]', rule("$[*].id",
            RuleKind.UUID),
                     id="not-the-kind"),
        pytest.param('[{"x":1},{"x":2}]', '[{"x":2},{"x":1}]', rule("$.z.x", RuleKind.ANY),
            id="elsewhere"),
        pytest.param("[1,2]", "[2,1]", rule("$.z", RuleKind.ANY), id="beside"),
    ],
)  # fmt: skip
def test_what_a_rule_takes_out_of_a_set(a: str, b: str, loosened: Rule) -> None:
    """Elements of a set belong together by all that no other rule loosens, and by nothing less."""
    for one, other in ((a, b), (b, a)):
        assert names(one, other, aligned("$"), loosened) == []


def test_a_set_within_a_map() -> None:
    """Each list below names that are data has an order of its own to lose."""
    a, b = '{"x":[1,2],"y":[3]}', '{"y":[3],"x":[2,1]}'
    assert (
        names(a, b, as_map("$"), aligned("$.*")) == names(b, a, as_map("$"), aligned("$.*")) == []
    )
