"""What an answer tells to the steps after it: values out of a JSON body or a header field, with their digits kept."""

from typing import Any, Final

import jiter
import msgspec

from conformance.model.case import Capture
from conformance.model.json_path import JsonPath, render_path
from conformance.model.observation import Answer, DeadEnd
from conformance.model.template import KnownName, known_text

MAX_CAPTURED_BYTES: Final = 64 << 10


class NothingFoundError(ValueError):
    """There is nothing to capture; the message says what stands there instead."""


def take(capture: Capture, answer: Answer) -> KnownName:
    """Return what a capture names in an answer; raises NothingFoundError."""
    if capture.header is not None:
        field = answer.header(capture.header)
        if field is None:
            raise NothingFoundError("no such field")
        found: Any = field
    else:
        found = _at(capture.path or (), _parsed(answer.body))
    known = _known(capture, found)
    if len(known.json) > MAX_CAPTURED_BYTES:
        raise NothingFoundError(f"a value of more than {MAX_CAPTURED_BYTES} bytes")
    return known


def dead_end(step: int, capture: Capture, error: NothingFoundError) -> DeadEnd:
    """Return why a runtime's part of a case ends at a capture."""
    at = f"header {capture.header}" if capture.header is not None else render_path(capture.path or ())
    return DeadEnd(step=step, name=capture.name, wanted=f"a value at {at}", got=str(error))


def _parsed(body: bytes) -> Any:
    try:
        return jiter.from_json(body, allow_inf_nan=False, float_mode="lossless-float")
    except ValueError as error:
        raise NothingFoundError("a body that is no JSON" if body else "no body") from error


def _at(path: JsonPath, value: Any) -> Any:
    for depth, segment in enumerate(path):
        if isinstance(segment, int):
            found = isinstance(value, list) and segment < len(value)
        else:
            found = isinstance(value, dict) and segment in value
        if not found:
            raise NothingFoundError(f"nothing at {render_path(path[: depth + 1])}")
        value = value[segment]
    return value


def _known(capture: Capture, value: Any) -> KnownName:
    if isinstance(value, str):
        return known_text(capture.name, value, capture.identity)
    spelled = _ENCODER.encode(value).decode("utf-8")
    return KnownName(name=capture.name, text=spelled, json=spelled, identity=capture.identity)


def _spell(number: Any) -> msgspec.Raw:
    """Write a number with the digits it came with."""
    return msgspec.Raw(bytes(number))


_ENCODER: Final = msgspec.json.Encoder(enc_hook=_spell)
