"""The systematic stage: for each operation one value at a time, then pairs of small values.

Nothing in it is random.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, starmap
from operator import itemgetter
from typing import Final, TypeGuard

from conformance.fuzzing import dictionary as words
from conformance.fuzzing.form import Form, QueryPair, in_target
from conformance.fuzzing.json_nodes import (
    Items,
    JsonObject,
    Node,
    Path,
    at_path,
    children,
    path_text,
    text_node,
    with_member,
    with_node,
    without,
)
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.related_members import exchanged, first_of_each_order, parts_of_change
from conformance.fuzzing.spots import DEEPEST, MOST_MEMBERS, RequestPlace, Subject, spots, spots_in
from conformance.fuzzing.streams import round_robin
from conformance.fuzzing.values import (
    Spot,
    as_parameter,
    dictionary_values,
    first_values,
    greatest_values,
    small_values,
)

_MOST_FOUND: Final = 4
"""Most stored texts of which pairs are searched for."""
MOST_PAIRS: Final = 600
"""Most pairs of values that are tried of one operation."""


def first_tier(subject: Subject) -> Iterator[Probe]:
    """Yield the probes that most often show differences; they are sent before all others.

    Those are missing members, values at bounds, other types, and parameters that are absent, empty,
    repeated or unknown.
    """
    yield from round_robin([*_of_places(subject), _of_whole(subject)])


def places_tier(subject: Subject) -> Iterator[Probe]:
    """Yield the probes of the first tier that change one place."""
    yield from round_robin(_of_places(subject))


def _of_places(subject: Subject) -> list[Iterator[Probe]]:
    values = [_first_values(subject, spot, place) for spot, place in spots(subject)]
    return [round_robin(values), _presence(subject), _parameter_forms(subject)]


def _of_whole(subject: Subject) -> Iterator[Probe]:
    """Yield requests with unknown members or parameters, or with several places changed at once."""
    several = [_all_at_most(subject), parts_of_change(subject), exchanged(subject)]
    several.append(first_of_each_order(subject))
    yield from round_robin([_other_members(subject), _unknown_parameters(subject), *several])


def _first_values(subject: Subject, spot: Spot, place: RequestPlace) -> Iterator[Probe]:
    yield from map(partial(place.probe, subject), first_values(spot))


def _all_at_most(subject: Subject) -> Iterator[Probe]:
    """Yield requests in which all numbers are large at once, so that sums and products overflow."""
    greatest = [(place, greatest_values(spot)) for spot, place in spots(subject)]
    numbers = list(filter(itemgetter(1), greatest))
    if len(numbers) < 2:  # noqa: PLR2004 - one alone is tried in the first tier
        return
    for at in range(2):
        form = subject.form
        for place, values in numbers:
            form = place.put(form, values[at])
        yield subject.changed(form, "pair", "all numbers", "large")


def dictionary_tier(subject: Subject) -> Iterator[Probe]:
    """Yield every dictionary value of the type of each place, from the places in turn."""
    streams = [_dictionary(subject, spot, place) for spot, place in spots(subject)]
    yield from round_robin(streams)


def _dictionary(subject: Subject, spot: Spot, place: RequestPlace) -> Iterator[Probe]:
    yield from map(partial(place.probe, subject), dictionary_values(spot))
    if place.kind != "body":
        for entry in words.PARAMETER_SPELLINGS:
            yield place.raw(subject, entry.text, entry.group)


def _presence(subject: Subject) -> Iterator[Probe]:
    """Yield bodies without a member, and bodies with the first member repeated or renamed.

    A parser treats all members alike, so other members are repeated later.
    """
    places = _members(subject)
    absent = starmap(partial(_absent, subject), places)
    yield from round_robin([absent, _read_otherwise(subject, places[:1])])


def presence_elsewhere(subject: Subject) -> Iterator[Probe]:
    """Yield bodies in which a member other than the first is repeated or spelled differently."""
    yield from _read_otherwise(subject, _members(subject)[1:])


def _members(subject: Subject) -> list[tuple[Node, Path]]:
    """Return the paths of the members and elements of a body, each with the body."""
    body = subject.form.body
    if not isinstance(body, JsonObject | Items):
        return []
    return [(body, place.path) for _, place in spots_in(subject, "body")]


def _absent(subject: Subject, body: Node, path: Path) -> Probe:
    return _with_body(subject, without(body, path), path, "absent")


def _read_otherwise(subject: Subject, places: Iterable[tuple[Node, Path]]) -> Iterator[Probe]:
    for body, path in places:
        if isinstance(at_path(body, path[:-1]), JsonObject):
            yield from _twice(subject, body, path)
            yield from _spelled_otherwise(subject, body, path)


def _with_body(subject: Subject, body: Node, path: Path, entry: str) -> Probe:
    """Return the probe of a body that is changed at a path of the usual body."""
    usual = subject.form.body
    assert isinstance(usual, JsonObject | Items)  # noqa: S101 - only such bodies are changed
    form = subject.form.with_body(body)
    return subject.changed(form, "value", f"body {path_text(usual, path)}", entry)


def _twice(subject: Subject, body: Node, path: Path) -> Iterator[Probe]:
    """Yield bodies in which a member is repeated with another value or the same."""
    parent = at_path(body, path[:-1])
    assert isinstance(parent, JsonObject)  # noqa: S101 - a member is one of an object
    name, node = parent.pairs[path[-1]]
    for entry, other in (
        ("twice", "null"),
        ("twice", text_node("other")),
        ("twice, alike", node),
        ("twice", "7"),
    ):
        for members in ((*parent.pairs, (name, other)), ((name, other), *parent.pairs)):
            yield _with_body(subject, with_node(body, path[:-1], JsonObject(members)), path, entry)


def _spelled_otherwise(subject: Subject, body: Node, path: Path) -> Iterator[Probe]:
    """Yield bodies in which a member's name is in another case or begins with a space."""
    parent = at_path(body, path[:-1])
    assert isinstance(parent, JsonObject)  # noqa: S101 - a member is one of an object
    name, node = parent.pairs[path[-1]]
    before, after = parent.pairs[: path[-1]], parent.pairs[path[-1] + 1 :]
    for spelled in dict.fromkeys((name.upper(), name.capitalize(), f" {name}", _other_case(name))):
        if spelled != name:
            renamed = with_node(body, path[:-1], JsonObject((*before, (spelled, node), *after)))
            yield _with_body(subject, renamed, path, "name spelled otherwise")


def _other_members(subject: Subject) -> Iterator[Probe]:
    """Yield bodies in which an object has an unknown member, or its members in reverse order."""
    body = subject.form.body
    if isinstance(body, JsonObject | Items):
        for path in _objects(body, ()):
            yield from _members_of(subject, body, path)


def _members_of(subject: Subject, body: Node, path: Path) -> Iterator[Probe]:
    node = at_path(body, path)
    assert isinstance(node, JsonObject)  # noqa: S101 - only objects are yielded
    for name, value in ((words.UNKNOWN, "1"), ("", "1"), ("id", "7"), ("__proto__", "{}")):
        more = with_node(body, path, with_member(node, name, value))
        yield _with_body(subject, more, path, "an unknown member")
    reversed_members = with_node(body, path, JsonObject(node.pairs[::-1]))
    yield _with_body(subject, reversed_members, path, "members in another order")


def _other_case(name: str) -> str:
    """Return a snake-case name in camel case, and a camel-case name in snake case."""
    if "_" in name:
        head, *rest = name.split("_")
        return head + "".join(map(str.capitalize, rest))
    return "".join(map(_snake, name))


def _snake(letter: str) -> str:
    return f"_{letter.lower()}" if letter.isupper() else letter


def _objects(node: Node, path: Path) -> Iterator[Path]:
    if isinstance(node, JsonObject):
        yield path
    if len(path) < DEEPEST:
        for index, inner in enumerate(children(node)[:MOST_MEMBERS]):
            yield from _objects(inner, (*path, index))


def _parameter_forms(subject: Subject) -> Iterator[Probe]:
    """Yield queries in which a parameter is absent, repeated or spelled differently."""
    for spot, place in spots_in(subject, "query"):
        bare = subject.form.without_parameter(place.name).query
        for entry, pairs_of_it in _parameter_pairs(subject, spot, place.name):
            form = subject.form.with_query((*bare, *pairs_of_it))
            yield subject.changed(form, "value", place.where(subject), entry)


def first_escaped(name: str) -> str:
    """Return a name with its first character percent-encoded."""
    escaped = "".join(map("%{:02X}".format, name[:1].encode()))
    return escaped + name[1:]


def _parameter_pairs(
    subject: Subject, spot: Spot, name: str
) -> Iterator[tuple[str, Sequence[QueryPair]]]:
    """Yield the pairs that a query has in place of a parameter, each with a name."""
    usual = as_parameter(spot.usual)
    pair = name, usual
    yield "usual", [pair]
    yield "absent", []
    yield "empty", [(name, "")]
    yield "no value", [(name, None)]
    yield "twice, alike", [pair, pair]
    yield "in brackets", [(f"{name}[]", usual)]
    yield "in capitals", [(name.upper(), usual)]
    yield "name escaped", [(first_escaped(name), usual)]
    yield "with an empty pair", [pair, ("", None)]
    for first, second in _two_found(subject, spot):
        yield "twice", [(name, first), (name, second)]
    for entry, text in (*_spellings_of_number(usual), *_spellings_of_space(subject, spot)):
        yield entry, [(name, text)]
    others = islice(small_values(spot), 2)
    for other in [as_parameter(tried.node) for tried in others] or ["1"]:
        yield "twice", [pair, (name, other)]
        yield "twice", [(name, other), pair]
        yield "two in one", [(name, f"{usual},{other}")]


def _spellings_of_number(usual: str) -> Iterator[tuple[str, str]]:
    """Yield spellings of a whole number that some parsers accept, each with a name."""
    if usual.isdigit():
        yield "a number with a plus sign", f"%2B{usual}"
        yield "a number after a space", f"%20{usual}"
        yield "a number after zeros", f"00{usual}"
        yield "a whole number with a fraction", f"{usual}.0"


def _spellings_of_space(subject: Subject, spot: Spot) -> Iterator[tuple[str, str]]:
    """Yield a seen text that has a space, with `+` for the space, as HTML forms send it.

    One that a list holds comes first, because only that one is found.
    """
    held_first = sorted(
        filter(_has_space, spot.seen), key=lambda text: text not in subject.stored_texts
    )
    for text in held_first[:1]:
        yield "a space as a plus sign", in_target(text).replace("%20", "+")


def _has_space(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and " " in value


def _two_found(subject: Subject, spot: Spot) -> Iterator[tuple[str, str]]:
    """Yield pairs of stored texts, which may be found in different resources."""
    stored = filter(spot.seen.__contains__, subject.stored_texts)
    found = map(in_target, islice(stored, _MOST_FOUND))
    return itertools.combinations(found, 2)


def _unknown_parameters(subject: Subject) -> Iterator[Probe]:
    form = subject.form
    for name, value in (
        (words.UNKNOWN, "1"),
        ("", "1"),
        ("_method", "DELETE"),
        ("callback", "x"),
        ("pretty", "true"),
    ):
        unknown = form.with_query((*form.query, (name, value)))
        yield subject.changed(unknown, "value", "query", "an unknown parameter")


def pairs(subject: Subject) -> Iterator[Probe]:
    """Yield requests with small values at two places; null is one of the values."""
    yield from islice(_all_pairs(subject), MOST_PAIRS)


def _all_pairs(subject: Subject) -> Iterator[Probe]:
    few = [(place, _small(spot, place)) for spot, place in spots(subject) if place.kind != "path"]
    for (place, firsts), (other, seconds) in itertools.combinations(few, 2):
        if _is_within(place, other):
            continue
        what = f"{place.where(subject)} and {other.where(subject)}"
        for first, second in itertools.product(firsts, seconds):
            yield subject.changed(second(first(subject.form)), "pair", what, "small")


def _is_within(place: RequestPlace, other: RequestPlace) -> bool:
    shorter, longer = sorted((place.path, other.path), key=len)
    return place.kind == other.kind == "body" and longer[: len(shorter)] == shorter


class _Put:
    """Put a value in a place of a request."""

    def __init__(self, place: RequestPlace, node: Node) -> None:
        self._place, self._node = place, node

    def __call__(self, form: Form) -> Form:
        return self._place.put(form, self._node)


def _small(spot: Spot, place: RequestPlace) -> Sequence[_Put]:
    return [_Put(place, tried.node) for tried in small_values(spot)]
