"""What answers hold that later requests may ask for: ids, and values by member name."""

from functools import partial
from itertools import chain
from typing import Any, Final

import msgspec

from conformance.errors import UNREADABLE_JSON
from conformance.fuzzing.document_parts import as_list, as_mapping
from conformance.model.json_path import JsonPath
from conformance.model.observation import Answer

ID_NAMES: Final = ("id", "uuid", "key", "_id", "Id", "ID", "code", "name", "slug", "number")
"""Usual names of the member that holds the id of a thing, the likeliest first."""
_VALIDATORS: Final = ("etag", "last-modified")
_MAX_SEEN: Final = 6
"""Values of one member name that are kept from answers, to be asked for again."""
_LONGEST_SEEN: Final = 199
"""Characters of a value that is kept: a longer text is a document, and hardly fits a parameter."""


def location_of(seen: object) -> str:
    """Return where an answer says that a thing was created, empty where it does not say."""
    return field_of(seen, "location")


def field_of(seen: object, name: str) -> str:
    """Return a header field of an answer, empty where there is none."""
    if not isinstance(seen, Answer):
        return ""
    return seen.header(name) or ""


def kind_of_answer(seen: object) -> str:
    """Return what of an answer the header fields of its request may be about."""
    media_type, *_ = field_of(seen, "content-type").split(";")
    validators = filter(partial(field_of, seen), _VALIDATORS)
    return " ".join([media_type, *validators])


def is_id(value: Any) -> bool:
    """Return whether a value may be the id of a thing: a number or a text."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int | str) and value != ""


def value_at(value: Any, path: JsonPath) -> Any:
    """Return what stands at a path of names; None where there is nothing."""
    for word in path:
        value = value.get(word) if isinstance(value, dict) else None
    return value


def json_of(seen: object) -> Any:
    """Return the JSON of an answer; None where there is none."""
    if not isinstance(seen, Answer):
        return None
    try:
        return msgspec.json.decode(seen.body)
    except UNREADABLE_JSON:
        return None


def first_listed(value: Any, parameter: str) -> str | None:
    """Return the id of the first element of a list in an answer.

    It is found by the name that a path gives it, else by the usual names of ids.
    """
    candidates = value.values() if isinstance(value, dict) else (value,)
    lists = filter(None, map(as_list, candidates))
    first, *_ = next(lists, [None])
    members = as_mapping(first)
    named = map(members.get, (parameter, *ID_NAMES))
    ids = map(str, filter(is_id, chain(named, members.values())))
    return next(ids, None)


def collect(value: Any, seen: dict[str, dict[Any, None]]) -> None:
    """Keep scalars by the name of the member that they stand in."""
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
