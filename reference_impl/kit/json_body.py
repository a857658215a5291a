"""JSON request bodies: the one strict reader all daemons use.

In: a request and the shape its body must have. Out: a value of that shape, or a `ProblemError`: 415
for another content type, those of `byte_stream` for its size, its coding and its lateness, 400 when
it is not strict JSON, and the shape's own status when it is JSON of another shape, with every
member that is wrong. At most the limit is ever held.
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
    """The type a body must fit, and the status that tells a caller it does not."""

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
    """Refuse a content type other than `application/json`, and any content encoding.

    A charset of UTF-8 may follow the content type.

    Raises ProblemError.
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
