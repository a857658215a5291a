"""Lists that differ in order, with the elements of one runtime, so that only the order differs.

A row about an order lists what both sides sent.  If an element of one side has changed since then,
that is another difference, and the order is still the one that was decided.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from conformance.comparison.idioms.collections import order_of
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse
from conformance.model.finding import Finding, Sent


def forms_by_order(finding: Finding, runtimes: Collection[str]) -> Iterator[tuple[Sent, ...]]:
    """Yield, for each runtime, all occurrences in which each list has the elements of that runtime.

    Each list keeps the order of its own runtime.  A runtime without a whole list is left out.
    """
    occurrences = list(map(partial(_of_runtimes, runtimes=runtimes), finding.to_pin))
    for name in runtimes:
        beside = map(partial(_beside, name=name), occurrences)
        known = tuple(filter(None, beside))
        if len(known) == len(occurrences):
            yield known


def _of_runtimes(sent: Sent, runtimes: Collection[str]) -> dict[str, list[Json] | None]:
    """Return the list that each of some runtimes sent in one occurrence; None if it was cut."""
    return {name: _list(text) for name, text in sent if name in runtimes}


def _beside(lists: Mapping[str, list[Json] | None], name: str) -> Sent:
    """Return one occurrence in which each runtime's list has the elements of the runtime `name`.

    The result is empty if a list was cut or has another length.
    """
    own = lists.get(name)
    if own is None:
        return ()
    texts: list[tuple[str, str]] = []
    for runtime, other in lists.items():
        # With another number of elements, more than the order differs
        if other is None or len(other) != len(own):
            return ()
        texts.append((runtime, compact(_reordered(own, other))))
    return tuple(texts)


def _reordered(own: list[Json], other: list[Json]) -> Json:
    """Return the elements of `own` in the order of `other`."""
    order = order_of(own, other) or range(len(own))
    ordered: list[Json] = [None] * len(own)
    for element, place in zip(own, order, strict=True):
        ordered[place] = element
    return ordered


def _list(text: str) -> list[Json] | None:
    try:
        value = parse(text.encode("utf-8", "surrogatepass")).value
    except NoJsonError:  # the text is an excerpt
        return None
    if not isinstance(value, list):
        return None
    return value
