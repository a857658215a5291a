"""Changes of the three shops, seventy by hand, any number by chance, and all exchanges of things.

A change is what one version answers about one thing after the decisions were made; the rest is as
before.  In an exchange all versions answer about a thing what they answer about another one, or
with two members exchanged: each value was seen before, in another case, step or place.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any, Final

from tests.miniatures.three_shops import JSON, ROUTES, THINGS, VERSIONS, Planted, header, planted_by

EVERY: Final = "".join(VERSIONS)
Change = Callable[[Planted, int], Planted | None]


@dataclass(frozen=True, slots=True)
class Later:
    """A change: its versions, thing, new answer, and a word required in the red case's reason.

    With `as_thing` they answer what they answered about that one.
    """

    versions: str
    route: int
    thing: int
    change: Change
    says: str
    as_thing: int | None = None

    def answer(self, version: str, planted: Planted) -> Planted | None:
        """Return what a version answers now about the thing."""
        if self.as_thing is not None:
            return planted_by(version, self.route, self.as_thing)
        return self.change(planted, self.thing)


def exchanged(route: int, thing: int, other: int, says: str = "") -> Later:
    """Return a change to what all versions answered about another thing."""
    return Later(EVERY, route, thing, lambda planted, _: planted, says, as_thing=other)


def swapped(name: str, other: str) -> Change:
    """Return a change that exchanges two members."""
    return lambda planted, _: replace(
        planted, body={**planted.body, name: planted.body[other], other: planted.body[name]}
    )


def at(*path: str | int, to: object) -> Change:
    """Return a change of the value at a path; a function gets the value that was there."""

    def change(planted: Planted, _: int) -> Planted:
        body = json.loads(json.dumps(planted.body))
        holder = body
        for step in path[:-1]:
            holder = holder[step]
        last: Any = path[-1]
        was = holder[last] if isinstance(holder, list) or last in holder else None
        holder[last] = to(was) if callable(to) else to
        return replace(planted, body=body)

    return change


def without(name: str) -> Change:
    """Return a change that leaves a member out."""
    return lambda planted, _: replace(
        planted, body={key: value for key, value in planted.body.items() if key != name}
    )


def status(number: int) -> Change:
    """Return a change of the status alone."""
    return lambda planted, _: replace(planted, status=number)


def as_version(version: str, route: int) -> Change:
    """Return a change to what another version answers there."""
    return lambda _, thing: planted_by(version, route, thing)


def reordered(planted: Planted, _: int) -> Planted:
    """Turn the lines round."""
    return replace(planted, body={**planted.body, "lines": planted.body["lines"][::-1]})


def hangs_up(_: Planted, __: int) -> None:
    """Give no answer."""
    return


def many_members(planted: Planted, _: int) -> Planted:
    """Send so many more members that a limit leaves most of them out."""
    return replace(
        planted, body={**planted.body, **{f"extra_{number}": number for number in range(400)}}
    )


def refusal(number: int, code: str) -> Change:
    """Return a change to a refusal."""
    return lambda planted, _: replace(planted, status=number, body={"code": code, "message": "no"})


def plain_text(body: bytes, number: int = 200) -> Change:
    """Return a change to a text."""
    return lambda _, __: Planted(body, number, {"content-type": "text/plain"})


LATER: Final = (
    # another value behind a row about values
    Later("b", 6, 0, at("price", "amount", to=6), "reopened"),
    Later("b", 6, 1, at("price", "amount", to=-999999), "reopened"),
    Later("a", 6, 2, at("price", "amount", to=4), "$.price.amount"),
    Later("c", 7, 0, at("name", to="another 0"), "reopened"),
    Later("c", 7, 3, at("name", to="other 0"), "reopened"),
    Later("a", 7, 1, at("name", to="thing h9"), "$.name"),
    Later("c", 22, 0, at("stamp", to=4), "reopened"),
    Later("b", 22, 1, at("stamp", to=1), "$.stamp"),
    Later("a", 22, 4, at("stamp", to=2), "$.stamp"),
    Later("b", 0, 0, at("price", "amount", to=2.0), "reopened"),
    # another value beside an idiom
    Later("c", 0, 0, at("total", to="7"), "$.total"),
    Later("c", 1, 0, at("lines", 0, "count", to="3"), "count"),
    Later("c", 5, 0, at("placed_at", to="2026-11-20T12:00:01+02:00"), "$.placed_at"),
    Later("b", 4, 0, at("ship_to", "cityName", to="Bergen"), "ship_to"),
    Later("c", 18, 0, at("data", "total", to=5), "total"),
    Later("c", 23, 0, at("sold_out", to="true"), "sold_out"),
    # another length, another text
    Later("b", 17, 0, at("lines", to=[]), "$.lines"),
    Later("b", 17, 1, at("lines", to=[{"sku": "s1", "count": 2}] * 3), "$.lines"),
    Later("c", 20, 0, plain_text(b"one\nfour\n"), "reopened"),
    Later("a", 20, 1, plain_text(b"zero\ntwo\n"), "$"),
    # another path
    Later("c", 0, 1, at("price", "amount", to="x"), "$.price.amount"),
    Later("c", 1, 1, at("total", to="101"), "$.total"),
    Later("b", 2, 0, at("note", to=[]), "$.note"),
    Later("c", 3, 0, without("tags"), "$.tags"),
    Later("b", 15, 0, without("ship_to"), "$.ship_to"),
    Later("c", 14, 0, at("trace", to=1), "$.trace"),
    # another case
    Later("c", 2, 0, at("total", to="200"), "$.total"),
    Later("b", 3, 0, at("tags", to=None), "$.tags"),
    Later("c", 10, 0, header("etag", '"1"'), "header etag"),
    Later("b", 9, 0, header("content-type", f"{JSON}; charset=utf-8"), "charset"),
    Later("c", 15, 0, at("debug", to=1), "$.debug"),
    Later("b", 16, 1, without("price"), "$.price"),
    # another step: the last two things of a route are asked in one case
    Later("c", 21, 4, at("total", to="2104"), "$.total"),
    Later("b", 14, 3, at("tags", to=None), "$.tags"),
    Later("c", 13, 4, refusal(500, "BROKEN"), "status"),
    # another runtime
    Later("b", 0, 0, at("total", to="0"), "$.total"),
    Later("a", 2, 1, at("tags", to=None), "$.tags"),
    Later("c", 4, 0, as_version("b", 4), "ship_to"),
    Later("c", 13, 0, refusal(500, "BROKEN"), "status"),
    Later("b", 12, 0, hangs_up, "b: closed_before_response"),
    Later("b", 14, 0, at("debug", to=1), "$.debug"),
    Later("b", 9, 1, header("etag", '"1"'), "header etag"),
    # another status, another code
    Later("b", 13, 1, refusal(503, "BROKEN"), "reopened"),
    Later("b", 13, 2, refusal(500, "OTHER"), "reopened"),
    Later("b", 8, 0, refusal(410, "NO_SUCH_THING"), "reopened"),
    Later("c", 8, 1, refusal(401, "NOT_YOURS"), "reopened"),
    Later("b", 8, 2, refusal(404, "GONE"), "reopened"),
    Later("c", 0, 2, status(201), "status"),
    Later("a", 1, 0, refusal(404, "NO_SUCH_THING"), "status"),
    # the sides exchanged
    Later("a", 0, 0, as_version("c", 0), "$.total"),
    Later("a", 14, 1, as_version("c", 14), "$.debug"),
    Later("a", 13, 0, as_version("b", 13), "status"),
    Later("a", 16, 0, at("ship_to", to="Oslo"), "ship_to"),
    # another order
    Later("c", 19, 0, reordered, "$.lines"),
    Later("b", 5, 0, reordered, "$.lines"),
    Later("a", 10, 1, reordered, "$.lines"),
    # a new fault
    Later("a", 3, 0, hangs_up, "closed_before_response"),
    Later("a", 12, 1, hangs_up, "closed_before_response"),
    # places behind a limit
    Later("c", 14, 2, many_members, "undecided"),
    Later("b", 6, 2, many_members, "undecided"),
    # the values of another case
    exchanged(6, 0, 1, "reopened"),
    exchanged(7, 2, 0, "reopened"),
    exchanged(0, 1, 0, "reopened"),
    exchanged(19, 0, 2, "reopened"),
    # the values of a step of another case
    exchanged(6, 1, 3, "reopened"),
    exchanged(7, 4, 1, "reopened"),
    # the values of another step
    exchanged(6, 3, 4, "reopened"),
    exchanged(7, 4, 3, "reopened"),
    # the values of another place
    Later(EVERY, 19, 1, swapped("lines", "tags"), "reopened"),
    Later(EVERY, 19, 4, swapped("tags", "lines"), "reopened"),
)


# Most exchanges change nothing that differs: so many that some of the first 500 do
_EXCHANGES: Final = 0.2


def random_changes(seed: int, count: int) -> Iterator[Later]:
    """Yield random changes of one answer each."""
    chance = random.Random(seed)  # noqa: S311 - the same changes in every run
    for _ in range(count):
        version, route, thing = (
            chance.choice(VERSIONS),
            chance.randrange(ROUTES),
            chance.randrange(THINGS),
        )
        if chance.random() < _EXCHANGES:
            yield exchanged(route, thing, chance.randrange(THINGS))
        else:
            yield Later(version, route, thing, chance.choice(_RANDOM)(chance), "")


def all_exchanges() -> Iterator[Later]:
    """Yield each exchange of one thing for another of its route."""
    for route in range(ROUTES):
        yield from (exchanged(route, *things) for things in permutations(range(THINGS), 2))


def _random_value(chance: random.Random) -> object:
    return chance.choice(
        [chance.randrange(1000), f"w{chance.randrange(1000)}", None, [], True, {"x": 1}, 1.5, ""]
    )


def _sets_any(chance: random.Random) -> Change:
    name = chance.choice(
        ["name", "total", "tags", "note", "sold_out", "placed_at", "ship_to", "price", "new_member"]
    )
    return _on_objects(at(name, to=_random_value(chance)))


def _drops_any(chance: random.Random) -> Change:
    return _on_objects(
        without(chance.choice(["name", "total", "tags", "note", "lines", "ship_to", "price"]))
    )


def _line_of(chance: random.Random) -> Change:
    return _on_objects(at("lines", chance.randrange(2), "count", to=_random_value(chance)))


def _status_of(chance: random.Random) -> Change:
    return chance.choice(
        [status(chance.choice([201, 204, 404])), refusal(chance.choice([400, 403, 500]), "X")]
    )


def _other_version(chance: random.Random) -> Change:
    return as_version(chance.choice(VERSIONS), chance.randrange(ROUTES))


_RANDOM: Final = (
    _sets_any,
    _sets_any,
    _drops_any,
    _line_of,
    _status_of,
    _other_version,
    lambda _: hangs_up,
    lambda _: _on_objects(reordered),
    lambda chance: header(
        chance.choice(["etag", "location", "content-type"]), f'"{chance.randrange(9)}"'
    ),
)


def _on_objects(change: Change) -> Change:
    """Return a change that leaves an answer alone in which there is nothing of the kind."""

    def only_there(planted: Planted, thing: int) -> Planted | None:
        try:
            return change(planted, thing)
        except (TypeError, KeyError, IndexError, AttributeError, ValueError):
            return planted

    return only_there
