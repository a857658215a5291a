"""The checker of histories: what has an order passes, and what has none is found."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.histories.checker import violation
from tests.histories.daemons import Catalogd, Storaged, Vectord
from tests.histories.operations import REFUSED, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.histories.operations import Model

GET, CREATED, REPLACED = ("get", None), ("created",), ("replaced",)
ABSENT, ONE, TWO = ("absent",), ("is", "1"), ("is", "2")


def history(*rows: tuple[float, float, tuple[str, Any], tuple[Any, ...] | None]) -> list[Operation]:
    """Make a history of rows: start, end, call, answer."""
    return [
        Operation(
            client=number, key="k", call=call, answer=answer, start_ns=int(start), end_ns=int(end)
        )
        for number, (start, end, call, answer) in enumerate(rows)
    ]


def put(value: str) -> tuple[str, Any]:
    """Write the call of a put."""
    return ("put", value)


@pytest.mark.parametrize(
    "operations",
    [
        history(),
        history((0, 1, GET, ABSENT), (2, 3, put("1"), CREATED), (4, 5, GET, ONE)),
        # beside each other, either may come first
        history((0, 9, put("1"), REPLACED), (0, 9, put("2"), CREATED), (10, 11, GET, ONE)),
        # a reader beside a write may see it or not, and none sees it go
        history((0, 9, put("1"), CREATED), (1, 2, GET, ABSENT), (3, 4, GET, ONE)),
        # without an answer it happened or not
        history((0, 5, put("1"), None), (6, 7, GET, ABSENT)),
        history((0, 5, put("1"), None), (6, 7, GET, ONE)),
        history((0, 9, put("1"), None), (1, 2, GET, ABSENT), (3, 4, GET, ONE)),
        history(
            (0, 1, put("1"), CREATED), (2, 3, ("replace", ("1", "2")), REPLACED), (4, 5, GET, TWO)
        ),
        history(
            (0, 1, put("1"), CREATED),
            (2, 3, ("replace", ("0", "2")), ("refused",)),
            (4, 5, GET, ONE),
        ),
    ],
)
def test_what_has_an_order(operations: list[Operation]) -> None:
    """Nothing is said."""
    assert violation(operations, Storaged().model()) is None


@pytest.mark.parametrize(
    ("operations", "at"),
    [
        pytest.param(history((0, 1, put("1"), CREATED), (2, 3, GET, ABSENT)), 1, id="a-lost-write"),
        pytest.param(
            history((0, 1, put("1"), CREATED), (2, 3, put("2"), REPLACED), (4, 5, GET, ONE)),
            2,
            id="a-stale-read",
        ),
        pytest.param(
            history((0, 9, put("1"), CREATED), (1, 2, GET, ONE), (3, 4, GET, ABSENT)),
            2,
            id="a-read-that-goes-back",
        ),
        pytest.param(
            history((0, 5, put("1"), None), (1, 2, GET, ONE), (6, 7, GET, ABSENT)),
            2,
            id="seen-and-then-lost-by-a-kill",
        ),
        pytest.param(
            history((0, 5, put("1"), None), (6, 7, GET, ABSENT), (8, 9, GET, ONE)),
            2,
            id="back-from-the-dead",
        ),
        pytest.param(
            history((0, 9, put("1"), CREATED), (0, 10, put("2"), CREATED)), 1, id="created-twice"
        ),
        pytest.param(
            history(
                (0, 1, put("1"), CREATED),
                (2, 3, GET, ONE),
                (4, 5, ("replace", ("1", "2")), ("refused",)),
            ),
            2,
            id="a-condition-behind-what-was-read",
        ),
    ],
)
def test_what_has_none(operations: list[Operation], at: int) -> None:
    """The first answer that fits no order is named."""
    said = violation(operations, Storaged().model())
    assert said is not None
    assert said.splitlines()[-1] == str(operations[at])


def test_it_agrees_with_trying_all_orders() -> None:
    """On random histories of up to five operations, with wrong answers among them.

    Both verdicts occur.
    """
    choice = random.Random(7)  # noqa: S311  # repeatable, not secret
    verdicts = set()
    for _ in range(600):
        operations = history(*itertools.islice(_random_rows(choice), choice.randint(1, 5)))
        expected = _has_order(operations, Storaged().model())
        assert (violation(operations, Storaged().model()) is None) == expected, operations
        verdicts.add(expected)
    assert verdicts == {True, False}


def test_the_models_of_other_daemons() -> None:
    """A conflict is told under the schema that is registered; an item is new once."""
    a, b = ("register", ("a", 1)), ("register", ("b", 2))
    fine = history(
        (0, 1, a, ("new", "a", 1)), (2, 3, b, ("conflict",)), (4, 5, GET, ("is", "a", 1))
    )
    assert violation(fine, Catalogd().model()) is None
    assert (
        violation(
            history((0, 1, a, ("new", "a", 1)), (2, 3, b, ("new", "b", 2))), Catalogd().model()
        )
        is not None
    )
    search = ("search", None)
    assert (
        violation(history((0, 1, put("1"), ("new",)), (2, 3, search, ONE)), Vectord().model())
        is None
    )
    assert (
        violation(history((0, 1, put("1"), ("new",)), (2, 3, search, ABSENT)), Vectord().model())
        is not None
    )


def _random_rows(
    choice: random.Random,
) -> Iterator[tuple[float, float, tuple[str, Any], tuple[Any, ...] | None]]:
    calls: list[tuple[tuple[str, Any], list[tuple[Any, ...] | None]]] = [
        (GET, [ABSENT, ONE, TWO]),
        (put("1"), [CREATED, REPLACED, None]),
        (put("2"), [CREATED, REPLACED, None]),
        (("delete", None), [("deleted",), ABSENT, None]),
        (("replace", ("1", "2")), [REPLACED, ("refused",), None]),
    ]
    while True:
        call, answers = choice.choice(calls)
        start = choice.randrange(8)
        yield start, start + choice.randint(1, 6), call, choice.choice(answers)


def _has_order(operations: Sequence[Operation], model: Model) -> bool:
    """Try every order of every choice of those without an answer."""
    sure = [one for one in operations if one.answer is not None]
    maybe = [one for one in operations if one.answer is None]
    choices = itertools.chain.from_iterable(
        itertools.combinations(maybe, count) for count in range(len(maybe) + 1)
    )
    return any(
        _is_order(order, model)
        for chosen in choices
        for order in itertools.permutations([*sure, *chosen])
    )


def _is_order(order: Sequence[Operation], model: Model) -> bool:
    for first, second in itertools.combinations(order, 2):
        if second.end_ns < first.start_ns:
            return False
    state = model.initial
    for one in order:
        state = model.after(state, one)
        if state is REFUSED:
            return False
    return True
