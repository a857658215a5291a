"""All wrong members of a value, although msgspec stops at the first.

In: a JSON value and the type that it does not fit. Out: one error for each wrong member, at most
`MOST_ERRORS` and one more. msgspec checks every part; this module only walks through the fields of
structs, the elements of lists and the values of maps. Order: the fields of a struct as declared,
then unknown members as sent. A list is searched by halves, so that a long one with few faults is
fast.

Errors never contain a value. The pointer of an unknown member has its name, if that is short.
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
# Characters of an unknown member's name: an answer repeats no more of a request.
_LONGEST_NAME = 64


def misfits(value: Any, kind: Any, *, strict: bool = True) -> tuple[FieldError, ...]:
    """Return what is wrong with a value, if anything; numbers may be texts unless `strict`."""

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
    """Yield the faults of the members of an object or a list, if the type defines them."""
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
    """Yield the indexes of the elements that do not fit, in order."""
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
    """Return the types of a union, without annotations."""
    if get_origin(kind) is Annotated:
        return _arms(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        return [arm for member in get_args(kind) for arm in _arms(member)]
    return [kind]


def _below(pointer: str, name: str) -> str:
    """Return the pointer of a member; for a long name, the pointer of the object around it."""
    if len(name) > _LONGEST_NAME:
        return pointer
    return f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"


def _fault(message: str, pointer: str) -> FieldError:
    """Return msgspec's message as an error, without the parts that quote the document."""
    reason, _, path = message.partition(" - at `")
    below = "".join(f"/{name or index or '*'}" for name, index in _STEP.findall(path.rstrip("`")))
    if reason.startswith("Expected"):
        return FieldError(pointer + below, reason.replace("Expected", "expected").replace("`", ""))
    return FieldError(pointer + below, "not one of the allowed values")
