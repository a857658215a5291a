"""A valid request for each operation, found by asking.

Examples come first, then values of what others have created.

A creator is an operation whose answer holds the id that the path of another operation wants.  Each
runtime is sent its own ids.  What is refused the second time gets a fresh name for the text that
has to be new.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from conformance.errors import UNREADABLE_JSON
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import Items, Members, Node, at_path, paths, with_node
from conformance.fuzzing.operation import Operation, is_open
from conformance.fuzzing.oracle import Oracle, Outcome
from conformance.fuzzing.probe import Probe
from conformance.model.capture import Capture
from conformance.model.json_path import JsonPath
from conformance.model.observation import Answer

_ID_NAMES: Final = ("id", "uuid", "key", "_id", "Id", "ID", "code", "name", "slug", "number")
_ENVELOPES: Final[tuple[JsonPath, ...]] = ((), ("data",), ("result",), ("item",))
_LAST_SEGMENT: Final = "([^/?#]+)/?$"
_MAX_SEEN: Final = 6
"""Values of one member name that are kept from answers, to be asked for again."""


class Base(Struct, frozen=True):
    """A request of an operation with all that goes before it.

    `accepted` tells that every runtime took it.
    """

    operation: Operation
    probe: Probe
    accepted: bool

    @property
    def form(self) -> Form:
        """Return the request itself."""
        return self.probe.steps[-1].form


class Creator(Struct, frozen=True):
    """The steps that create a thing of a collection.

    The last of them captures the id under `slot`.
    """

    slot: str
    steps: tuple[FormStep, ...]
    operations: tuple[str, ...]


class Preparation(Struct):
    """Finds the bases of operations."""

    oracle: Oracle
    operations: Sequence[Operation]
    creators: dict[tuple[str, ...], Creator] = field(default_factory=dict)
    bases: dict[str, Base] = field(default_factory=dict)
    seen_values: dict[str, dict[Any, None]] = field(default_factory=dict)
    listed: dict[tuple[str, ...], str] = field(default_factory=dict)

    async def find(self) -> None:
        """Find a base for every operation.

        What creates comes first, what needs a creator after it.
        """
        order = sorted(
            self.operations,
            key=lambda each: (len(each.open_segments), each.method != "POST", each.id),
        )
        for operation in order:
            await self._find_one(operation)
        for operation in order:
            if not self.bases[operation.id].accepted:
                await self._find_one(operation)

    def reads_after(self, base: Base) -> Iterator[tuple[FormStep, str]]:
        """Yield the read of what an operation creates or changes, with its operation's id.

        The id is that of the reading operation.
        """
        operation = base.operation
        if operation.safe or not base.accepted:
            return
        creator = self.creators.get(operation.path)
        for other in self.bases.values():
            reads = (
                other.operation.method == "GET" and other.accepted and len(other.probe.steps) > 1
            )
            if not reads:
                continue
            path = other.operation.path
            if path == operation.path or (creator is not None and path[:-1] == operation.path):
                yield other.probe.steps[-1], other.operation.id

    async def _find_one(self, operation: Operation) -> None:
        best: tuple[int, Probe, Outcome] | None = None
        for probe in self._candidates(operation):
            outcome = await self.oracle.ask(probe)
            self._harvest(operation, outcome)
            taken = sum(200 <= status < 300 for status in outcome.statuses())  # noqa: PLR2004 - success
            if best is None or taken > best[0]:
                best = taken, probe, outcome
            if outcome.accepted():
                break
        assert best is not None  # noqa: S101 - every operation has a form
        _, probe, outcome = best
        if outcome.accepted() and not operation.safe:
            probe = await self._renewable(probe)
            probe, outcome = await self._as_creator(operation, probe)
        self.bases[operation.id] = Base(operation, probe, outcome.accepted())

    def _candidates(self, operation: Operation) -> Iterator[Probe]:
        """Yield requests that may be valid, those with things that were created for them first."""
        yield from operation.written
        for form in operation.forms():
            yield from dict.fromkeys(self._with_ids(operation, form))

    def _with_ids(self, operation: Operation, form: Form) -> Iterator[Probe]:
        path = form.path
        prefix: tuple[FormStep, ...] = ()
        ids: tuple[str, ...] = ()
        for at, _ in operation.open_segments:
            collection = operation.path[:at]
            if (creator := self.creators.get(collection)) is not None:
                prefix, ids = creator.steps, creator.operations
                path = (*path[:at], "${" + creator.slot + "}", *path[at + 1 :])
            elif (listed := self.listed.get(collection)) is not None:
                path = (*path[:at], listed, *path[at + 1 :])
        addressed = replace(form, path=path)
        referring, more = self._with_references(addressed)
        if more:
            steps, names = _together([Creator("", prefix, ids), *more])
            yield Probe((*steps, FormStep(referring)), (*names, operation.id), "base")
        yield Probe((*prefix, FormStep(addressed)), (*ids, operation.id), "base")
        if operation.method == "PUT" and operation.open_segments:
            at = operation.open_segments[-1][0]
            named = replace(form, path=(*form.path[:at], "${fresh:name}", *form.path[at + 1 :]))
            yield Probe((FormStep(named),), (operation.id,), "base")

    def _with_references(self, form: Form) -> tuple[Form, list[Creator]]:
        """Return a form whose naming members hold the id of a created thing.

        A naming member is one that names a thing, such as `customer_id`.
        """
        by_slot = {_plain(creator.slot): creator for creator in self.creators.values()}
        used: dict[str, Creator] = {}
        body = form.body
        if isinstance(body, Members | Items):
            for path, _ in list(paths(body)):
                parent = at_path(body, path[:-1]) if path else body
                if (
                    path
                    and isinstance(parent, Members)
                    and _plain(parent.pairs[path[-1]][0]) in by_slot
                ):
                    creator = by_slot[_plain(parent.pairs[path[-1]][0])]
                    if isinstance(at_path(body, path), str):
                        used[creator.slot] = creator
                        body = with_node(body, path, '"${' + creator.slot + '}"')
        query = tuple(
            (name, "${" + by_slot[_plain(name)].slot + "}" if _plain(name) in by_slot else value)
            for name, value in form.query
        )
        used |= {
            by_slot[_plain(name)].slot: by_slot[_plain(name)]
            for name, _ in query
            if _plain(name) in by_slot
        }
        return replace(form, body=body, query=query), list(used.values())

    async def _renewable(self, probe: Probe) -> Probe:
        """Return a request that is accepted each time.

        A text that has to be new becomes a fresh name.
        """
        if (await self.oracle.ask(probe)).accepted():
            return probe
        form = probe.steps[-1].form
        if isinstance(form.body, Members | Items):
            for path, node in paths(form.body):
                if isinstance(node, str) and node.startswith('"') and "${" not in node:
                    fresh = _fresh(form.body, path, node)
                    changed = probe.with_step(len(probe.steps) - 1, replace(form, body=fresh))
                    both = [await self.oracle.ask(changed) for _ in range(2)]
                    if all(outcome.accepted() for outcome in both):
                        return changed
        return probe

    async def _as_creator(self, operation: Operation, probe: Probe) -> tuple[Probe, Outcome]:
        """Note what an accepted request creates, and capture its id.

        The id comes from its answer, else from its Location.
        """
        outcome = await self.oracle.ask(probe)
        child = self._child(operation)
        if operation.method == "POST" and child:
            slot = _slot(operation.path, {each.slot for each in self.creators.values()})
            capture = _id_capture(operation, child, outcome, slot)
            if capture is not None:
                last = replace(probe.steps[-1], captures=(capture,))
                probe = replace(probe, steps=(*probe.steps[:-1], last))
                self.creators[operation.path] = Creator(slot, probe.steps, probe.operations)
                outcome = await self.oracle.ask(probe)
        return probe, outcome

    def _child(self, operation: Operation) -> str:
        """Return the name of the path parameter that names one thing of a collection.

        Nothing where none does.
        """
        below = (each.path[-1] for each in self.operations if each.path[:-1] == operation.path)
        return next((segment[1:-1] for segment in below if is_open(segment)), "")

    def _harvest(self, operation: Operation, outcome: Outcome) -> None:
        """Keep values of answers by member name, and the ids that every runtime lists."""
        firsts: list[str | None] = []
        child = self._child(operation)
        for cell in outcome.cells:
            seen = cell.observations[-1]
            value = _json(seen) if isinstance(seen, Answer) and outcome.accepted() else None
            _collect(value, self.seen_values)
            firsts.append(_first_listed(value, child) if child else None)
        if operation.method == "GET" and firsts[0] and set(firsts) == {firsts[0]}:
            self.listed[operation.path] = firsts[0]


def _together(creators: Iterable[Creator]) -> tuple[tuple[FormStep, ...], tuple[str, ...]]:
    """Return the steps of several creators, each step once."""
    steps: dict[FormStep, str] = {}
    for creator in creators:
        for step, name in zip(creator.steps, creator.operations, strict=True):
            steps.setdefault(step, name)
    return tuple(steps), tuple(steps.values())


def _fresh(body: Node, path: tuple[int, ...], node: str) -> Node:
    """Return a body with a fresh name in the place of a text; an address keeps its host."""
    parent = at_path(body, path[:-1]) if path else body
    name = parent.pairs[path[-1]][0] if path and isinstance(parent, Members) else "name"
    word = re.sub(r"[^a-z0-9_]", "", name.lower()).lstrip("0123456789_") or "name"
    _, at, host = node.strip('"').partition("@")
    return with_node(body, path, f'"${{fresh:{word}}}{at}{host}"')


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _slot(path: tuple[str, ...], taken: set[str]) -> str:
    """Return the name of the id of a thing in a collection: `order_id` for `/v1/orders`."""
    words = [word for word in path if not is_open(word)]
    word = (
        re.sub(r"[^a-z0-9]+", "_", (words[-1] if words else "thing").lower()).strip("_") or "thing"
    )
    singular = word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")
    name = f"{singular if singular[:1].isalpha() else 'x' + singular}_id"
    return name if name not in taken else f"{name}_{len(taken)}"


def _id_capture(
    operation: Operation, parameter: str, outcome: Outcome, slot: str
) -> Capture | None:
    """Return the capture of a created thing's id.

    Every runtime's answer holds the id at the same place.
    """
    singular = _slot(operation.path, set()).removesuffix("_id")
    names = (parameter, *_ID_NAMES, f"{singular}_id", f"{singular}Id", f"{singular}ID")
    usual = ((*envelope, name) for envelope in (*_ENVELOPES, (singular,)) for name in names)
    answers = [cell.observations[-1] for cell in outcome.cells]
    values = [_json(answer) for answer in answers]
    for path in (*operation.ids, *usual):
        if values and all(_is_id(_at(value, path)) for value in values):
            return Capture(name=slot, path=path, identity=slot)
    fields = [
        answer.header("location") if isinstance(answer, Answer) else None for answer in answers
    ]
    if fields and all(field and re.search(_LAST_SEGMENT, field) for field in fields):
        return Capture(name=slot, header="location", regex=_LAST_SEGMENT, identity=slot)
    return None


def _is_id(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and bool(value)
    )


def _at(value: Any, path: JsonPath) -> Any:
    for word in path:
        value = value.get(word) if isinstance(value, dict) else None
    return value


def _json(seen: object) -> Any:
    if not isinstance(seen, Answer):
        return None
    try:
        return msgspec.json.decode(seen.body)
    except UNREADABLE_JSON:
        return None


def _first_listed(value: Any, parameter: str) -> str | None:
    """Return the id of the first element of a list in an answer.

    It is found by the name that a path gives it, else by the usual names of ids.
    """
    rows = value if isinstance(value, list) else None
    if isinstance(value, dict):
        rows = next((inner for inner in value.values() if isinstance(inner, list) and inner), None)
    if not rows or not isinstance(rows[0], dict):
        return None
    named = [rows[0].get(name) for name in (parameter, *_ID_NAMES)]
    found = next((each for each in (*named, *rows[0].values()) if _is_id(each)), None)
    return None if found is None else str(found)


def _collect(value: Any, seen: dict[str, dict[Any, None]], depth: int = 0) -> None:
    """Keep scalars by the name of the member that they stand in."""
    if isinstance(value, list):
        for inner in value[:_MAX_SEEN]:
            _collect(inner, seen, depth + 1)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str | int | float) and len(str(inner)) < 200:  # noqa: PLR2004 - a value, no document
                known = seen.setdefault(str(name), {})
                if len(known) < _MAX_SEEN:
                    known[inner] = None
            else:
                _collect(inner, seen, depth + 1)
