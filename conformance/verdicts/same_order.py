"""Lists in another order, as they would be if only their order differed.

A row about an order lists what both sides sent.  Where an element of one side has changed since,
that is a difference of its own, and the order is the one that was decided.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from conformance.comparison.idioms.collections import order_of
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse
from conformance.model.finding import Finding, Sent


def forms_by_order(finding: Finding, runtimes: Collection[str]) -> Iterator[tuple[Sent, ...]]:
    """Yield what some runtimes sent, each in its order with the elements of one of them.

    Nothing where a list was not shown whole.
    """
    occurrences = list(map(partial(_of_runtimes, runtimes=runtimes), finding.to_pin))
    for name in runtimes:
        beside = map(partial(_beside, name=name), occurrences)
        known = tuple(filter(None, beside))
        if len(known) == len(occurrences):
            yield known


def _of_runtimes(sent: Sent, runtimes: Collection[str]) -> dict[str, list[Json] | None]:
    """Return the lists that some runtimes sent in one occurrence, None where one is not whole."""
    return {name: _list(text) for name, text in sent if name in runtimes}


def _beside(lists: Mapping[str, list[Json] | None], name: str) -> Sent:
    """Return one occurrence with the elements of a runtime; nothing where it is not known."""
    own = lists.get(name)
    if own is None:
        return ()
    texts: list[tuple[str, str]] = []
    for runtime, other in lists.items():
        # With more or fewer elements more than the order differs
        if other is None or len(other) != len(own):
            return ()
        texts.append((runtime, compact(_reordered(own, other))))
    return tuple(texts)


def _reordered(own: list[Json], other: list[Json]) -> Json:
    """Return the elements of a list in the order of another one."""
    order = order_of(own, other) or range(len(own))
    ordered: list[Json] = [None] * len(own)
    for element, place in zip(own, order, strict=True):
        ordered[place] = element
    return ordered


def _list(text: str) -> list[Json] | None:
    try:
        value = parse(text.encode("utf-8", "surrogatepass")).value
    except NoJsonError:  # an excerpt
        return None
    if not isinstance(value, list):
        return None
    return value
