"""Read ids and other values from answers, so that later requests can use them."""

from functools import partial
from itertools import chain
from typing import Any, Final

import msgspec

from conformance.errors import UNREADABLE_JSON
from conformance.fuzzing.document_parts import as_list, as_mapping
from conformance.model.json_path import JsonPath
from conformance.model.observation import Answer

ID_NAMES: Final = ("id", "uuid", "key", "_id", "Id", "ID", "code", "name", "slug", "number")
"""Usual names of the member that holds the id of a resource, the likeliest first."""
_VALIDATORS: Final = ("etag", "last-modified")
_MAX_SEEN: Final = 6
"""How many values of one member name are kept from answers for later requests."""
_LONGEST_SEEN: Final = 199
"""Longest value that is kept, in characters: a longer one rarely fits a parameter."""


def location_of(observation: object) -> str:
    """Return the `Location` header of an answer; empty for a fault or without the header."""
    return field_of(observation, "location")


def field_of(observation: object, name: str) -> str:
    """Return the first value of a header field; empty for a fault or without the field."""
    if not isinstance(observation, Answer):
        return ""
    return observation.header(name) or ""


def kind_of_answer(observation: object) -> str:
    """Return the media type of an answer and its validators: `application/json etag`.

    They decide which header fields of the request can matter.
    """
    media_type, *_ = field_of(observation, "content-type").split(";")
    validators = filter(partial(field_of, observation), _VALIDATORS)
    return " ".join([media_type, *validators])


def is_id(value: Any) -> bool:
    """Return whether a value can be the id of a resource: a number or a text that is not empty."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int | str) and value != ""


def value_at(value: Any, path: JsonPath) -> Any:
    """Return the value at a path of member names; None where the path leads nowhere."""
    for word in path:
        value = value.get(word) if isinstance(value, dict) else None
    return value


def json_of(observation: object) -> Any:
    """Return the decoded JSON body of an answer; None for a fault or a body that is not JSON."""
    if not isinstance(observation, Answer):
        return None
    try:
        return msgspec.json.decode(observation.body)
    except UNREADABLE_JSON:
        return None


def first_listed(value: Any, parameter: str) -> str | None:
    """Return the id of the first element of a list in an answer; None without one.

    The list is the body or a member of the body. The id is the member named like the path
    parameter, else one with a usual name of ids, else the first that can be an id.
    """
    candidates = value.values() if isinstance(value, dict) else (value,)
    lists = filter(None, map(as_list, candidates))
    first, *_ = next(lists, [None])
    members = as_mapping(first)
    named = map(members.get, (parameter, *ID_NAMES))
    ids = map(str, filter(is_id, chain(named, members.values())))
    return next(ids, None)


def collect(value: Any, seen: dict[str, dict[Any, None]]) -> None:
    """Add the scalars of a JSON value to `seen`, by the name of their member."""
    for inner in as_list(value)[:_MAX_SEEN]:
        collect(inner, seen)
    for name, inner in as_mapping(value).items():
        is_scalar = isinstance(inner, str | int | float)
        if not is_scalar or len(str(inner)) > _LONGEST_SEEN:
            collect(inner, seen)
            continue
        known = seen.setdefault(str(name), {})
        if len(known) < _MAX_SEEN:
            known[inner] = None
