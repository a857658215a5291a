"""Lists of different length: what belongs together is compared, what is extra is named."""

import pytest

from conformance.comparison.parity import compare_case
from conformance.comparison.sentences import described
from conformance.errors import Place
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.json_path import ANY_ELEMENT
from conformance.model.observation import Cell
from conformance.model.request import Request
from conformance.model.rule import AlignRule, Rule, RuleKind, ValueRule
from conformance.model.verdict import Comparison
from tests.comparison.laws import answer

HERE = Place("s.yaml")
KEY = AlignRule(path=("l",), key=("id",), why="w", place=HERE)
SET = AlignRule(path=("l",), key=(), why="w", place=HERE)
ANY_TIME = ValueRule(path=("l", ANY_ELEMENT, "at"), accepts=RuleKind.ANY, why="w", place=HERE)


def compared(*lists: object, rules: tuple[Rule, ...] = ()) -> Comparison:
    """Compare bodies with one list each by value, of runtimes a, b and so on."""
    step = Step(request=Request(method="GET", target="/x"))
    case = Case(
        suite="s", name="c", place=HERE, steps=(step,), against=None, compare=CompareLevel.VALUE,
            rules=rules,
        timeout_ms=10_000,
    )  # fmt: skip
    cells = [
        Cell(runtime=name, live=True, observations=(answer({"l": each}),))
        for name, each in zip("abcd", lists, strict=False)
    ]
    return compare_case(case, cells)


def sentences(*lists: object, rules: tuple[Rule, ...] = ()) -> list[str]:
    """Return the findings as sentences."""
    return [described(finding, 1) for finding in compared(*lists, rules=rules).findings]


def thing(known: int, value: object) -> dict[str, object]:
    """Return a thing with an id."""
    return {"id": known, "v": value}


EXTRA_9 = 'length of $.l differs: a 2 elements · b 3 elements, extra: {"id":9}'
X, Y, OTHER_X, EXTRA = (
    {"n": "x", "p": 1},
    {"n": "y", "p": 2},
    {"n": "x", "p": 3},
    {"n": "q", "p": 8},
)
FEW, MORE = [thing(1, "x"), thing(2, "y")], [thing(1, "777"), thing(9, "z"), thing(2, "y")]
CHANGED = 'value of $.l[*].v differs: a "x" · b "777"'


@pytest.mark.parametrize(
    ("a", "b", "rules", "wanted"),
    [
        pytest.param([thing(1, 2)], [thing(2, 2), thing(3, 2)], (),
                     ["length of $.l differs: a · b"], id="two-ids-are-two-elements"),
        pytest.param(FEW, MORE, (KEY,), [EXTRA_9, CHANGED],
                     id="key"),
        pytest.param(FEW, MORE[::-1], (KEY,), [EXTRA_9, CHANGED],
                     id="key-in-another-order"),
        pytest.param(FEW, MORE, (), [
            'length of $.l differs: a 2 elements · b 3 elements, extra: {"id":9,"v":"z"}',
            CHANGED], id="ids"),
        pytest.param(["q", "r"], ["s", "q", "r", "t"], (SET,),
                     ['length of $.l differs: a 2 elements · b 4 elements, extra: "s", "t"'],
                     id="set"),
        pytest.param([1, 2, 3], [1, 777, 9, 3], (),
                     ["length of $.l differs: a 3 elements · b 4 elements, extra: 9",
                      "value of $.l[*] differs: a 2 · b 777"], id="scalars"),
        pytest.param([1, 2, 3, 4], [1, 5, 3], (),
            ["length of $.l differs: a 4 elements, extra: 4 · b 3 elements",
                     "value of $.l[*] differs: a 2 · b 5"], id="changed-between-partners"),
        pytest.param([X, Y], [EXTRA, OTHER_X, Y],
                     (), [('length of $.l differs: a 2 elements · b 3 elements, extra: '
                           '{"n":"q","p":8}'),
                          "value of $.l[*].p differs: a 1 · b 3"], id="most-in-common"),
        pytest.param([{"at": 1, "v": 1}], [{"at": 2, "v": 1}, {"at": 3, "v": 2}], (ANY_TIME,),
                     ['length of $.l differs: a 1 element · b 2 elements, extra: {"v":2}'],
                     id="loosened"),
    ],
)  # fmt: skip
def test_two_lists(a: object, b: object, rules: tuple[Rule, ...], wanted: list[str]) -> None:
    """An insertion is one finding, and a value that another element has is found all the same."""
    assert sentences(a, b, rules=rules) == wanted


def test_what_three_runtimes_show_of_one_element_is_one_finding() -> None:
    """One runtime has one more element, another has another value: each is odd there.

    Each is odd at its own place.
    """
    a, b, c = (
        [thing(1, 1), thing(2, 2)],
        [thing(1, 1), thing(2, 5)],
        [thing(7, 7), thing(1, 1), thing(2, 2)],
    )
    assert "value of $.l[*].v differs: b is the odd one out (5); a, c: 2" in sentences(a, b, c)


def test_a_runtime_without_an_element_is_not_near_it() -> None:
    """Who lacks the element in which two others differ agrees with neither of them there."""
    (value,) = [f for f in compared([thing(1, 1), thing(2, 2)], [thing(1, 1), thing(2, 3)],
        [thing(1, 1)]).findings
                if f.place == "$.l[*].v"]  # fmt: skip
    assert (value.within, value.not_compared) == ((), ())


def test_lists_too_long_to_pair_are_said() -> None:
    """Nothing is paired in lists beyond the bound, which is reported.

    It costs no more than a reading of both lists.
    """
    a, b = (
        [{"p": f"{at}{side}", "q": f"{side}{at}"} for at in range(count)]
        for side, count in (("a", 2_000), ("b", 1_999))
    )
    found = compared(a, b)
    assert [(gap.kind.value, gap.which) for gap in found.gaps] == [
        ("lists whose elements were not paired", "$.l")
    ]
    assert compared(a[:50], b[:49]).gaps == ()
    assert not found.over_budget
