"""A table of situations of 2 to 5 runtimes: the sentence for each, and the odd one out."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any, Final

import pytest

from conformance.model.observation import Answer
from tests.comparison.situations import Sentence, told_of
from tests.comparison.situations_of_agreement import AGREEMENT
from tests.comparison.situations_of_bodies import BODIES
from tests.comparison.situations_of_elements import ELEMENTS
from tests.comparison.situations_of_headers import HEADERS
from tests.comparison.situations_of_idioms import IDIOMS
from tests.comparison.situations_of_ids import IDS
from tests.comparison.situations_of_kinds import KINDS
from tests.comparison.situations_of_layouts import LAYOUTS
from tests.comparison.situations_of_lists import LISTS
from tests.comparison.situations_of_markup import MARKUP
from tests.comparison.situations_of_presence import PRESENCE
from tests.comparison.situations_of_rules import RULES
from tests.comparison.situations_of_spellings import SPELLINGS
from tests.comparison.situations_of_statuses import STATUSES
from tests.comparison.situations_of_tolerances import TOLERANCES
from tests.comparison.situations_of_types import TYPES
from tests.comparison.situations_of_values import VALUES
from tests.comparison.situations_of_written_values import WRITTEN_VALUES

SITUATIONS: Final = [
    *AGREEMENT,
    *VALUES,
    *PRESENCE,
    *BODIES,
    *TYPES,
    *RULES,
    *SPELLINGS,
    *TOLERANCES,
    *ELEMENTS,
    *STATUSES,
    *HEADERS,
    *IDIOMS,
    *WRITTEN_VALUES,
    *LAYOUTS,
    *LISTS,
    *IDS,
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
