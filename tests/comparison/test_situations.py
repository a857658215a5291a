"""A table of situations of 2 to 5 runtimes: the sentence for each, and the odd one out."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any, Final

import pytest

from conformance.model.observation import Answer
from tests.comparison.differences import answer
from tests.comparison.situations import Sentence, situation, text, told_of, x
from tests.comparison.situations_of_bodies import BODIES
from tests.comparison.situations_of_elements import ELEMENTS
from tests.comparison.situations_of_headers import HEADERS
from tests.comparison.situations_of_idioms import IDIOMS
from tests.comparison.situations_of_kinds import KINDS
from tests.comparison.situations_of_layouts import LAYOUTS
from tests.comparison.situations_of_lists import LISTS
from tests.comparison.situations_of_markup import MARKUP
from tests.comparison.situations_of_presence import PRESENCE
from tests.comparison.situations_of_rules import RULES
from tests.comparison.situations_of_spellings import SPELLINGS
from tests.comparison.situations_of_statuses import STATUSES
from tests.comparison.situations_of_tolerances import TOLERANCES

SITUATIONS: Final = [
    # values
    situation("two-values", x(1), x(2), expected=[("$.x", "they differ: a · b", "")]),
    situation(
        "two-values-baseline",
        x(1),
        x(2),
        base="a",
        expected=[("$.x", "b is the odd one out; a is the baseline", "b")],
    ),
    situation(
        "two-values-other-baseline",
        x(1),
        x(2),
        base="b",
        expected=[("$.x", "a is the odd one out; b is the baseline", "a")],
    ),
    situation("three-values", x(1), x(2), x(3), expected=[("$.x", "they differ: a · b · c", "")]),
    situation(
        "three-values-baseline",
        x(1),
        x(2),
        x(3),
        base="b",
        expected=[("$.x", "a · c are the odd ones out; b is the baseline", "ac")],
    ),
    situation(
        "one-of-three",
        x(1),
        x(1),
        x(2),
        expected=[("$.x", "c is the odd one out; a, b agree", "c")],
    ),
    situation(
        "first-of-three",
        x(1),
        x(2),
        x(2),
        expected=[("$.x", "a is the odd one out; b, c agree", "a")],
    ),
    situation(
        "one-of-four",
        x(1),
        x(2),
        x(2),
        x(2),
        expected=[("$.x", "a is the odd one out; b, c, d agree", "a")],
    ),
    situation(
        "two-and-two", x(1), x(2), x(2), x(1), expected=[("$.x", "they differ: a, d · b, c", "")]
    ),
    situation(
        "two-one-one", x(1), x(2), x(2), x(3), expected=[("$.x", "they differ: a · b, c · d", "")]
    ),
    situation(
        "three-of-five",
        x(1),
        x(2),
        x(2),
        x(2),
        x(3),
        expected=[("$.x", "a · e are the odd ones out; b, c, d agree", "ae")],
    ),
    situation(
        "two-of-five",
        x(1),
        x(1),
        x(2),
        x(3),
        x(4),
        expected=[("$.x", "they differ: a, b · c · d · e", "")],
    ),
    situation(
        "outvoted-baseline",
        x(1),
        x(2),
        x(2),
        base="a",
        expected=[("$.x", "b, c are the odd ones out; a is the baseline", "bc")],
    ),
    situation(
        "outvoted-baseline-of-five",
        x(1),
        x(2),
        x(2),
        x(2),
        x(3),
        base="e",
        expected=[("$.x", "a · b, c, d are the odd ones out; e is the baseline", "abcd")],
    ),
    situation(
        "baseline-agrees",
        x(1),
        x(2),
        x(2),
        base="c",
        expected=[("$.x", "a is the odd one out; b, c agree", "a")],
    ),
    situation(
        "unknown-baseline", x(1), x(2), base="z", expected=[("$.x", "they differ: a · b", "")]
    ),
    # statuses
    situation(
        "two-statuses",
        answer(status=200),
        answer(status=404),
        expected=[("status", "they differ: a 200 · b 404", "")],
    ),
    situation(
        "two-statuses-baseline",
        answer(status=200),
        answer(status=404),
        base="a",
        expected=[("status", "b is the odd one out (404); a: 200", "b")],
    ),
    situation(
        "500-of-two",
        answer(status=500),
        answer(status=400),
        expected=[("status", "they differ: a 500 · b 400", "")],
    ),
    situation(
        "500|400|400",
        text("one", 500),
        text("two", 400),
        text("three", 400),
        expected=[
            ("$", "they differ: b · c; not compared: a", ""),
            ("status", "a is the odd one out (500); b, c: 400", "a"),
        ],
    ),
    situation(
        "three-statuses",
        answer(status=200),
        answer(status=404),
        answer(status=500),
        expected=[
            (
                "status",
                (
                    "they differ: a 200 · b 404 · c 500; server error where the other "
                    "refuses between b and c"
                ),
                "",
            )
        ],
    ),
    situation(
        "three-statuses-baseline",
        answer(status=200),
        answer(status=404),
        answer(status=500),
        base="c",
        expected=[
            (
                "status",
                (
                    "a (200) · b (404) are the odd ones out; c: 500; server error where "
                    "the other refuses between b and c"
                ),
                "ab",
            )
        ],
    ),
    situation(
        "200|201|201",
        answer(status=200),
        answer(status=201),
        answer(status=201),
        expected=[("status", "a is the odd one out (200); b, c: 201", "a")],
    ),
    situation(
        "204|200|200",
        answer("", 204, media=None),
        answer(status=200),
        answer(status=200),
        expected=[("status", "a is the odd one out (204); b, c: 200", "a")],
    ),
    situation(
        "422|400|400",
        answer(status=422),
        answer(status=400),
        answer(status=400),
        expected=[("status", "a is the odd one out (422); b, c: 400", "a")],
    ),
    situation(
        "status-and-member",
        answer(x(1), 200),
        answer("{}", 201),
        answer(x(1), 201),
        expected=[
            ("status", "a is the odd one out (200); b, c: 201", "a"),
            ("$.x", "b is the odd one out (absent); a, c: present", "b"),
        ],
    ),
    situation(
        "error-says-nothing-below",
        answer(x(9), 404),
        answer(x(1), 200),
        answer(x(2), 200),
        expected=[
            ("$.x", "they differ: b · c; not compared: a", ""),
            ("status", "a is the odd one out (404); b, c: 200", "a"),
        ],
    ),
    situation(
        "error-and-two-that-agree",
        answer(x(9), 404),
        answer(x(1), 200),
        answer(x(1), 200),
        expected=[("status", "a is the odd one out (404); b, c: 200", "a")],
    ),
    situation(
        "two-errors-two-successes",
        answer('{"e":1}', 404),
        answer('{"f":1}', 404),
        answer(x(1), 200),
        answer(x(2), 200),
        expected=[
            ("$", "they differ: a e · b f; not compared: c, d", ""),
            ("$.x", "they differ: c · d; not compared: a, b", ""),
            ("status", "they differ: a, b 404 · c, d 200", ""),
        ],
    ),
    *PRESENCE,
    # types
    situation(
        "string-number-boolean",
        x('"1"'),
        x(1),
        x("true"),
        expected=[
            (
                "$.x",
                (
                    "they differ: a string · b number beside a, integer beside c · c "
                    "boolean; number as string between a and b; boolean as number between "
                    "b and c"
                ),
                "",
            ),
        ],
    ),
    situation(
        "string-number-boolean-baseline",
        x('"1"'),
        x(1),
        x("true"),
        base="b",
        expected=[
            (
                "$.x",
                (
                    "a (string) · c (boolean) are the odd ones out; b: number beside a, "
                    "integer beside c; number as string between a and b; boolean as number "
                    "between b and c"
                ),
                "ac",
            ),
        ],
    ),
    situation(
        "number-as-string",
        x('"1"'),
        x(1),
        x(1),
        expected=[("$.x", "a is the odd one out (string); b, c: number", "a")],
    ),
    situation(
        "number-as-string-and-other-value",
        x('"1"'),
        x(2),
        x(2),
        expected=[
            ("$.x", "a is the odd one out (string); b, c: number", "a"),
            ("$.x", "a is the odd one out; b, c agree", "a"),
        ],
    ),
    situation(
        "integer-float",
        x(1),
        x("1.0"),
        x(1),
        expected=[("$.x", "b is the odd one out (number); a, c: integer", "b")],
    ),
    situation(
        "integer-float-string",
        x(1),
        x("1.0"),
        x('"1"'),
        expected=[
            (
                "$.x",
                (
                    "they differ: a integer beside b, number beside c · b number · c "
                    "string; integer vs float between a and b; number as string between a "
                    "and c, between b and c"
                ),
                "",
            ),
        ],
    ),
    situation(
        "type",
        x(1),
        x("{}"),
        x(1),
        expected=[("$.x", "b is the odd one out (object); a, c: integer", "b")],
    ),
    situation(
        "type-at-root",
        "1",
        '"x"',
        "{}",
        expected=[("$", "they differ: a integer · b string · c object", "")],
    ),
    situation(
        "list-vs-single",
        x('["p"]'),
        x('"p"'),
        x('"p"'),
        expected=[("$.x", "a is the odd one out (list); b, c: single value", "a")],
    ),
    situation(
        "null-number",
        x("null"),
        x(1),
        x(1),
        expected=[("$.x", "a is the odd one out (null); b, c: integer", "a")],
    ),
    *BODIES,
    *RULES,
    *SPELLINGS,
    *TOLERANCES,
    *ELEMENTS,
    *STATUSES,
    *HEADERS,
    *IDIOMS,
    *LAYOUTS,
    *LISTS,
    *KINDS,
    *MARKUP,
]


@pytest.mark.parametrize(("given", "how", "expected"), SITUATIONS)
def test_what_is_told(
    given: Sequence[str | Answer], how: dict[str, Any], expected: list[Sentence]
) -> None:
    """Each place has its sentence, and the odd runtimes are those that it names."""
    assert sorted(told_of(given, **how)) == sorted(expected)


E, A, D = '{"n":"1","x":null}', '{"n":1,"x":"p"}', '{"n":1,"x":"p","z":1}'


@pytest.mark.parametrize(
    "order", [pytest.param(order, id="".join(order)) for order in permutations("ead")]
)
def test_who_is_odd_does_not_depend_on_the_order(order: tuple[str, ...]) -> None:
    """Of three services the same one is odd at the same place, whoever is listed first."""
    name = dict(zip(order, "abc", strict=True))
    given = [{"e": E, "a": A, "d": D}[each] for each in order]
    but_e, but_d = (", ".join(sorted(name[each] for each in others)) for others in ("ad", "ae"))
    assert sorted(told_of(given)) == [
        ("$.n", f"{name['e']} is the odd one out (string); {but_e}: number", name["e"]),
        ("$.x", f"{name['e']} is the odd one out (null); {but_e}: string", name["e"]),
        ("$.z", f"{name['d']} is the odd one out (present); {but_d}: absent", name["d"]),
    ]


@pytest.mark.parametrize("base", [None, "z"])
@pytest.mark.parametrize(
    ("given", "how"), [row.values[:2] for row in SITUATIONS if len(row.values[0]) == 2]
)
def test_of_two_nobody_is_odd_without_a_baseline(
    given: Sequence[str | Answer], how: dict[str, Any], base: str | None
) -> None:
    """Two runtimes differ from each other; a baseline that is not there changes nothing."""
    for _, sentence, odd in told_of(given, **{**how, "base": base}):
        assert odd == ""
        assert sentence.startswith("they differ: a")
