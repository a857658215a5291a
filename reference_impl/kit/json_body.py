"""JSON request bodies: the one strict reader of all daemons.

In: a request and the shape that its body must have. Out: a value of that shape, or a
`ProblemError`: 415 for another content type, the errors of `byte_stream` for its size, encoding and
timeout, 400 for invalid JSON, and the shape's own status, with every wrong member, for JSON of
another shape. Memory never has more than the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from reference_impl.kit.byte_stream import receive_whole, refuse_codings
from reference_impl.kit.problem import ProblemError, misfit
from reference_impl.kit.strict_json import JsonError, MisfitError, read

if TYPE_CHECKING:
    from starlette.requests import Request

    from reference_impl.kit.body_limits import BodyLimits

T = TypeVar("T")

_CHARSETS = frozenset({"charset=utf-8", 'charset="utf-8"'})


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonShape(Generic[T]):
    """The type that a body must fit, and the status of the answer if it does not."""

    kind: type[T]
    misfit_status: int = 422


@dataclass(frozen=True, slots=True)
class JsonBodies:
    """Reads bodies within limits."""

    limits: BodyLimits

    async def read(self, request: Request, shape: JsonShape[T]) -> T:
        """Read, parse and fit the whole body.

        Raises ProblemError, and ClientGoneError when the connection is lost meanwhile.
        """
        refuse_other_media(request)
        document = await receive_whole(request, self.limits)
        try:
            return read(document, shape.kind)
        except JsonError as error:
            raise ProblemError(400, f"the body cannot be read: {error}") from None
        except MisfitError as error:
            raise misfit(*error.errors, status=shape.misfit_status) from None


def refuse_other_media(request: Request) -> None:
    """Raise ProblemError for another content type than JSON, or for a content encoding.

    A charset of UTF-8 may follow the content type.
    """
    types = request.headers.getlist("content-type")
    if types != ["application/json"] and (len(types) != 1 or not _is_json(types[0])):
        raise ProblemError(
            415, "the content type must be application/json", headers={"accept": "application/json"}
        )
    refuse_codings(request)


def _is_json(content_type: str) -> bool:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    return media_type == "application/json" and all(part in _CHARSETS for part in parameters)
