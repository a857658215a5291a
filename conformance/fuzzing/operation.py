"""Operations of a service, and what is known of the parameters and body of each request."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.fuzzing.form import Form, in_target
from conformance.fuzzing.json_nodes import Node, render, scalars, value_of
from conformance.fuzzing.probe import Probe
from conformance.model.case import SAFE_METHODS
from conformance.model.json_path import JsonPath
from conformance.model.rule import Rule

Schema = Mapping[str, Any]
"""A JSON Schema without references; an empty one allows everything."""
NO_SCHEMA: Final[Schema] = {}
METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class Parameter(Struct, frozen=True, kw_only=True):
    """A parameter: `place` is path, query, header or cookie; `sample` is its usual value."""

    name: str
    place: str
    schema: Schema = field(default_factory=dict)
    required: bool = False
    sample: str = "1"


class BodyShape(Struct, frozen=True, kw_only=True):
    """A request body: its media type, its schema, and usual values, the likeliest first."""

    media_type: str
    schema: Schema = field(default_factory=dict)
    samples: tuple[Node | bytes, ...] = ()


_UNKNOWN: Final = Parameter(name="", place="")
_NO_BODY: Final = BodyShape(media_type="")


class Operation(Struct, frozen=True, kw_only=True):
    """A method and a path, whose parameters are segments `{name}`.

    `name` is its id in the API document. `written` are requests of suites with their setup steps,
    and `rules` the rules of those cases. `ids` are the paths in its answer that the document's
    links map to parameters of other operations, and `media_types` are those of its answers with
    success.
    """

    method: str
    path: tuple[str, ...]
    name: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: BodyShape | None = None
    written: tuple[Probe, ...] = ()
    rules: tuple[Rule, ...] = ()
    ids: tuple[JsonPath, ...] = ()
    media_types: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return `METHOD /path`."""
        return f"{self.method} /{'/'.join(self.path)}"

    @property
    def safe(self) -> bool:
        """Return whether it changes no data, by its method (RFC 9110, section 9.2.1)."""
        return self.method in SAFE_METHODS

    @property
    def open_segments(self) -> tuple[tuple[int, str], ...]:
        """Return the position and the name of each path parameter."""
        numbered = enumerate(self.path)
        return tuple((at, segment[1:-1]) for at, segment in numbered if is_open(segment))

    @property
    def collection(self) -> tuple[str, ...]:
        """Return the path of its collection.

        That is its path without a path parameter at the end.
        """
        ends_with_id = any(map(is_open, self.path[-1:]))
        return self.path[:-1] if ends_with_id else self.path

    def parameter(self, name: str, place: str) -> Parameter:
        """Return a parameter; one without name and schema if it is not known."""
        return self._known_parameters.get((name, place), _UNKNOWN)

    @property
    def _known_parameters(self) -> dict[tuple[str, str], Parameter]:
        """Return the parameters by name and place; the first of duplicates is kept."""
        return {(each.name, each.place): each for each in reversed(self.parameters)}

    def schema_of(self, name: str, place: str) -> Schema:
        """Return the schema of a parameter; empty if it is not known."""
        return self.parameter(name, place).schema

    def names_in(self, place: str) -> tuple[str, ...]:
        """Return the names of the parameters in a place: path, query, header or cookie."""
        return tuple(map(itemgetter(0), _samples(self.parameters, place)))

    @property
    def body_schema(self) -> Schema:
        """Return the schema of the body; empty if it is not known."""
        return self.body_shape.schema

    @property
    def body_shape(self) -> BodyShape:
        """Return the known shape of the body; an empty one if it has no body."""
        return self.body or _NO_BODY

    @property
    def body_samples(self) -> Sequence[Node | bytes]:
        """Return the sample bodies."""
        return self.body_shape.samples

    @property
    def usual_texts(self) -> frozenset[str]:
        """Return the scalars of the JSON sample bodies, as JSON texts."""
        trees = [sample for sample in self.body_samples if not isinstance(sample, bytes)]
        every = chain.from_iterable(map(scalars, trees))
        return frozenset(map(itemgetter(1), every))

    def forms(self) -> tuple[Form, ...]:
        """Return candidate requests, the likeliest first.

        First come requests with the required parameters, one for each sample body; last is one with
        all parameters.
        """
        samples: Sequence[Node | bytes | None] = self.body_samples or (None,)
        needed = list(filter(attrgetter("required"), self.parameters))
        forms = [*map(partial(self._form, needed), samples)]
        return tuple(dict.fromkeys((*forms, self._form(self.parameters, samples[0]))))

    def _form(self, parameters: Sequence[Parameter], body: Node | bytes | None) -> Form:
        values = dict(_escaped_samples(self.parameters, "path"))
        # A document may not declare a parameter of the path
        named = {f"{{{name}}}": values.get(name, "1") for _, name in self.open_segments}
        path = [named.get(segment, segment) for segment in self.path]
        form = Form(
            method=self.method,
            path=tuple(path),
            query=tuple(_escaped_samples(parameters, "query")),
            headers=tuple(_samples(parameters, "header")),
            body=body,
        )
        cookies = "; ".join(map("=".join, _escaped_samples(parameters, "cookie")))
        if cookies:
            form = replace(form, headers=(*form.headers, ("cookie", cookies)))
        media_type = self.body_shape.media_type
        has_label = body is None or form.header("content-type") is not None
        if has_label or not media_type:
            return form
        return form.with_header("content-type", media_type)


def _samples(parameters: Sequence[Parameter], place: str) -> list[tuple[str, str]]:
    """Return the name and the usual value of each parameter in a place."""
    return [(each.name, each.sample) for each in parameters if each.place == place]


def _escaped_samples(parameters: Sequence[Parameter], place: str) -> list[tuple[str, str]]:
    """Return the name and the usual value of each parameter in a place, percent-encoded."""
    return [(name, in_target(sample)) for name, sample in _samples(parameters, place)]


def is_open(segment: str) -> bool:
    """Return whether a segment of a path is a parameter, `{name}`."""
    ends = segment[:1] + segment[-1:]
    return ends == "{}"


def fits(path: Sequence[str], template: Sequence[str]) -> bool:
    """Return whether a path matches a template, in which each `{name}` matches any segment."""
    if len(path) != len(template):
        return False
    pairs = zip(path, template, strict=True)
    return all(is_open(known) or known == segment for segment, known in pairs)


def sample_text(node: Node) -> str:
    """Return a scalar of JSON as a parameter is written: a text without quotes."""
    value = value_of(node)
    return value if isinstance(value, str) else render(node)
