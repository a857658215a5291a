"""Lists whose order says nothing: each element of one side is put where its partner stands on the other.

Elements are partners where they have the same mark.  Those that have no partner fill the places left, in their order,
so that they are compared with each other and nothing is lost.
"""

from collections import deque
from collections.abc import Callable, Sequence

from conformance.comparison.rules.kinds import accepts
from conformance.comparison.values.columns import is_numeric
from conformance.comparison.values.lossless_json import Json, canonical, spelling
from conformance.model.case import NumberRule, RuleKind, ValueRule
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath

Mark = Callable[[Json], bytes | None]
"""Gives what makes an element of one list the partner of one of another; None: it has no partner."""
Loosened = tuple[JsonPath, ValueRule | NumberRule]


def order_beside(first: Json, second: Json, mark: Mark) -> list[int] | None:
    """Return the order that puts a second list beside the first; None where it stands so, or they are not alike."""
    if not isinstance(first, list) or not isinstance(second, list) or len(first) != len(second):
        return None
    waiting: dict[bytes, deque[int]] = {}
    for index, element in enumerate(second):
        if (marked := mark(element)) is not None:
            waiting.setdefault(marked, deque()).append(index)
    partners = [_next(waiting, mark(element)) for element in first]
    taken = set(partners)
    left = (index for index in range(len(second)) if index not in taken)
    order = [next(left) if partner is None else partner for partner in partners]
    return None if order == list(range(len(second))) else order


def _next(waiting: dict[bytes, deque[int]], mark: bytes | None) -> int | None:
    queue = waiting.get(mark) if mark is not None else None
    return queue.popleft() if queue else None


def by_key(names: Sequence[str]) -> Mark:
    """Return the mark of an object with some members as its key."""

    def mark(element: Json) -> bytes | None:
        if not isinstance(element, dict) or any(name not in element for name in names):
            return None
        return canonical([_by_number(element[name]) for name in names])

    return mark


def _by_number(value: Json) -> Json:
    """Return a number so that spellings of one value are one key."""
    if not is_numeric(value):
        return value
    number = float(spelling(value))
    return int(number) if number.is_integer() and abs(number) < 2**53 else spelling(value)


def by_value(loosened: Sequence[Loosened]) -> Mark:
    """Return the mark of a whole value, but for what rules loosen beneath it."""
    return lambda element: canonical(_masked(element, loosened))


def _masked(value: Json, loosened: Sequence[Loosened]) -> Json:
    """Return a value without what rules loosen; it is followed only as deep as their paths reach."""
    if any(not path and _loose(rule, value) for path, rule in loosened):
        return None
    deeper = [(path, rule) for path, rule in loosened if path]
    if isinstance(value, dict) and deeper:
        below = {name: [(p[1:], rule) for p, rule in deeper if p[0] in (name, ANY_MEMBER)] for name in value}
        return {name: _masked(value[name], rules) for name, rules in below.items() if not any(map(_absent, rules))}
    if isinstance(value, list) and deeper:
        rules = [(path[1:], rule) for path, rule in deeper if path[0] is ANY_ELEMENT]
        return [_masked(element, rules) for element in value]
    return value


def _absent(loosened: Loosened) -> bool:
    """Tell whether a rule covers a member's absence: then its presence says nothing either."""
    path, rule = loosened
    return not path and isinstance(rule, ValueRule) and rule.accepts is RuleKind.ANY


def _loose(rule: ValueRule | NumberRule, value: Json) -> bool:
    return is_numeric(value) if isinstance(rule, NumberRule) else accepts(rule.accepts, value)
