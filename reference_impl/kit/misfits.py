"""Every member of a value that is wrong: msgspec stops at the first.

In: a JSON value and the type that it does not fit. Out: one error for each wrong member, at most
`MOST_ERRORS` and one more. msgspec itself judges every part; this only leads it there: into the
fields of structs, the elements of lists and the values of maps. Order: the fields of a struct as
they are declared, then members that it does not know as they were sent; a list is searched by
halves, so that a long one with few faults costs little.

Errors never hold a value. The pointer of an unknown member holds its name, if that is short.
"""

from __future__ import annotations

import re
from itertools import islice
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

import msgspec

from reference_impl.kit.problem import MOST_ERRORS, FieldError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Convert = Callable[[Any, Any], Any]

_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|\[\.\.\.\]")
# Characters of a member that nobody declared: an answer repeats no more of a request.
_LONGEST_NAME = 64


def misfits(value: Any, kind: Any, *, strict: bool = True) -> tuple[FieldError, ...]:
    """List what is wrong with a value, none if it fits; numbers may be texts unless `strict`."""

    def convert(part: Any, wanted: Any) -> Any:
        return msgspec.convert(part, wanted, strict=strict)

    return tuple(islice(_faults(value, kind, "", convert), MOST_ERRORS + 1))


def _faults(value: Any, kind: Any, pointer: str, convert: Convert) -> Iterator[FieldError]:
    try:
        convert(value, kind)
    except msgspec.ValidationError as error:
        message = str(error)
    else:
        return
    found = False
    for fault in _inner_faults(value, kind, pointer, convert):
        found = True
        yield fault
    if not found:
        yield _fault(message, pointer)


def _inner_faults(value: Any, kind: Any, pointer: str, convert: Convert) -> Iterator[FieldError]:
    """List the faults of the members of an object or a list, where the type says what those are."""
    for arm in _arms(kind):
        origin = get_origin(arm) or arm
        if (
            isinstance(value, dict)
            and isinstance(origin, type)
            and issubclass(origin, msgspec.Struct)
        ):
            yield from _struct_faults(value, origin, pointer, convert)
        elif isinstance(value, dict) and origin is dict:
            member_kind = get_args(arm)[1]
            for name, member in value.items():
                yield from _faults(member, member_kind, _below(pointer, name), convert)
        elif isinstance(value, list) and origin in {list, tuple, set, frozenset}:
            for index in _unfit_elements(value, get_args(arm)[0], convert):
                yield from _faults(value[index], get_args(arm)[0], f"{pointer}/{index}", convert)


def _struct_faults(
    value: dict[str, Any], kind: type[msgspec.Struct], pointer: str, convert: Convert
) -> Iterator[FieldError]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in fields.items():
        if name in value:
            yield from _faults(value[name], field.type, _below(pointer, name), convert)
        elif field.required:
            yield FieldError(_below(pointer, name), "the member is missing")
    if kind.__struct_config__.forbid_unknown_fields:
        for name in value:
            if name not in fields:
                yield FieldError(_below(pointer, name), "an unknown member")


def _unfit_elements(values: list[Any], kind: Any, convert: Convert) -> Iterator[int]:
    """Give the indexes of the elements that do not fit, in order."""
    spans = [(0, len(values))]
    while spans:
        start, end = spans.pop()
        try:
            convert(values[start:end], list[kind])
        except msgspec.ValidationError:
            if end - start == 1:
                yield start
                continue
            middle = (start + end) // 2
            spans += [(middle, end), (start, middle)]


def _arms(kind: Any) -> list[Any]:
    """List the types of a union, without what annotates them."""
    if get_origin(kind) is Annotated:
        return _arms(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        return [arm for member in get_args(kind) for arm in _arms(member)]
    return [kind]


def _below(pointer: str, name: str) -> str:
    """Give the pointer of a member; one with a long name is given by the object around it."""
    if len(name) > _LONGEST_NAME:
        return pointer
    return f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"


def _fault(message: str, pointer: str) -> FieldError:
    """Turn msgspec's message into an error, without what it quotes from the document."""
    reason, _, path = message.partition(" - at `")
    below = "".join(f"/{name or index or '*'}" for name, index in _STEP.findall(path.rstrip("`")))
    if reason.startswith("Expected"):
        return FieldError(pointer + below, reason.replace("Expected", "expected").replace("`", ""))
    return FieldError(pointer + below, "not one of the allowed values")
