"""Operations: what a service can be asked, and what is known of the parts of each request."""

from collections.abc import Mapping, Sequence
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any, Final

from msgspec import Struct, field

from conformance.fuzzing.form import Form, in_target
from conformance.fuzzing.json_nodes import Node, paths, render, value_of
from conformance.fuzzing.probe import Probe
from conformance.model.case import SAFE_METHODS
from conformance.model.json_path import JsonPath
from conformance.model.rule import Rule

Schema = Mapping[str, Any]
"""A JSON Schema without references; an empty one says nothing."""
NO_SCHEMA: Final[Schema] = {}
METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class Parameter(Struct, frozen=True, kw_only=True):
    """A parameter; `place` is path, query, header or cookie, `sample` its usual value as text."""

    name: str
    place: str
    schema: Schema = field(default_factory=dict)
    required: bool = False
    sample: str = "1"


class BodyShape(Struct, frozen=True, kw_only=True):
    """A body: its media type, its known structure, and usual values, likeliest first."""

    media_type: str
    schema: Schema = field(default_factory=dict)
    samples: tuple[Node | bytes, ...] = ()


class Operation(Struct, frozen=True, kw_only=True):
    """A method and a path, whose open segments are `{name}`.

    `name` is the id that a document gives it; `written` are requests that suites make of it, each
    with the steps before it, and `rules` those of their cases.  `ids` are where a document's links
    say that its answer holds what another operation wants.
    """

    method: str
    path: tuple[str, ...]
    name: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: BodyShape | None = None
    written: tuple[Probe, ...] = ()
    rules: tuple[Rule, ...] = ()
    ids: tuple[JsonPath, ...] = ()

    @property
    def id(self) -> str:
        """Return `METHOD /path`."""
        return f"{self.method} /{'/'.join(self.path)}"

    @property
    def safe(self) -> bool:
        """Return whether asking it changes nothing, by its method."""
        return self.method in SAFE_METHODS

    @property
    def open_segments(self) -> tuple[tuple[int, str], ...]:
        """Return the positions and the names of the path's open segments."""
        numbered = enumerate(self.path)
        return tuple((at, segment[1:-1]) for at, segment in numbered if is_open(segment))

    @property
    def collection(self) -> tuple[str, ...]:
        """Return the path of the parent collection.

        It goes up to the last open segment, where that is the end of the path.
        """
        return self.path[:-1] if self.path and is_open(self.path[-1]) else self.path

    def parameter(self, name: str, place: str) -> Parameter | None:
        """Return a parameter, or None."""
        known = {(each.name, each.place): each for each in reversed(self.parameters)}
        return known.get((name, place))

    def schema_of(self, name: str, place: str) -> Schema:
        """Return the schema of a parameter, empty where nothing is known of it."""
        known = self.parameter(name, place)
        return known.schema if known is not None else NO_SCHEMA

    def names_in(self, place: str) -> tuple[str, ...]:
        """Return the names of the parameters of a place."""
        return tuple(map(itemgetter(0), _samples(self.parameters, place)))

    @property
    def body_schema(self) -> Schema:
        """Return the schema of the body, empty where nothing is known of it."""
        return self.body.schema if self.body is not None else NO_SCHEMA

    @property
    def body_samples(self) -> Sequence[Node | bytes]:
        """Return samples of its body."""
        return () if self.body is None else self.body.samples

    @property
    def usual_texts(self) -> frozenset[str]:
        """Return the texts of the samples of its body, as JSON."""
        nodes: set[str] = set()
        for sample in self.body_samples:
            every = () if isinstance(sample, bytes) else paths(sample)
            nodes.update(node for _, node in every if isinstance(node, str))
        return frozenset(nodes)

    def forms(self) -> tuple[Form, ...]:
        """Return requests that may be valid, the likeliest first.

        The first has all that is required, then one has all there is.
        """
        samples: Sequence[Node | bytes | None] = self.body_samples or (None,)
        needed = list(filter(attrgetter("required"), self.parameters))
        forms = [*map(partial(self._form, needed), samples)]
        return tuple(dict.fromkeys((*forms, self._form(self.parameters, samples[0]))))

    def _form(self, parameters: Sequence[Parameter], body: Node | bytes | None) -> Form:
        values = {name: in_target(sample) for name, sample in _samples(self.parameters, "path")}
        # A document may leave out the parameter of an open segment
        named = {f"{{{name}}}": values.get(name, "1") for _, name in self.open_segments}
        path = [named.get(each, each) for each in self.path]
        cookies = [f"{name}={in_target(sample)}" for name, sample in _samples(parameters, "cookie")]
        cookie = [("cookie", "; ".join(cookies))] if cookies else []
        query = [(name, in_target(sample)) for name, sample in _samples(parameters, "query")]
        form = Form(
            method=self.method,
            path=tuple(path),
            query=tuple(query),
            headers=(*_samples(parameters, "header"), *cookie),
            body=body,
        )
        label = "" if self.body is None or body is None else self.body.media_type
        is_labelled = form.header("content-type") is not None
        return form if is_labelled or not label else form.with_header("content-type", label)


def _samples(parameters: Sequence[Parameter], place: str) -> list[tuple[str, str]]:
    """Return the names and the usual values of the parameters of a place."""
    return [(each.name, each.sample) for each in parameters if each.place == place]


def is_open(segment: str) -> bool:
    """Return whether a segment of a path stands for any value."""
    return segment.startswith("{") and segment.endswith("}")


def sample_text(node: Node) -> str:
    """Return a scalar as a parameter spells it."""
    value = value_of(node)
    return value if isinstance(value, str) else render(node)
