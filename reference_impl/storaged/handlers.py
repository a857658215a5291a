"""The endpoints of storaged: from requests to bytes on the disk and back.

In: requests. Out: objects, whole or in part, under the conditions of a request, and pages of keys.
A condition is checked before a body is read, so that a refused writer need not send it, and again
when the object gets its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response, StreamingResponse

from reference_impl.kit.blocking import in_thread
from reference_impl.kit.operation import Answer, operation, refusal
from reference_impl.kit.problem import FieldError, ProblemError
from reference_impl.storaged.errors import (
    ConditionError,
    MalformedKeyError,
    NoSuchObjectError,
    RangeError,
    UnwantedKeyError,
)
from reference_impl.storaged.service.conditions import matches, none_matches
from reference_impl.storaged.service.keys import require_key
from reference_impl.storaged.service.ranges import part_of
from reference_impl.storaged.wire import (
    BUCKET_PATH,
    OBJECT_BODY,
    OBJECT_PATH,
    PAGE_QUERY,
    READ_HEADERS,
    WRITE_HEADERS,
    ObjectInfo,
    ObjectPath,
    Page,
    WriteHeaders,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from reference_impl.kit.byte_stream import ByteBodies
    from reference_impl.storaged.store import Objects, OpenObject, Upload

# A thread writes or reads this much at once, so that the change of thread costs little.
_PIECE_BYTES = 256 * 1024
_ANY_MEDIA = "application/octet-stream"

_OBJECT = "/storage/{bucket}/{key:path}"
_ETAG = (("ETag", "The object's sha256 in quotes."),)
_RANGES = (*_ETAG, ("Accept-Ranges", "bytes"))
_ONE_RANGE = (*_RANGES, ("Content-Range", "The part and the size of the whole."))
_ABSENT = refusal(404, "There is no object under this key.")
_NOT_AS_WANTED = refusal(
    412, "The object is not in the state that If-Match or If-None-Match wants."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over one store."""

    bodies: ByteBodies
    objects: Objects

    @operation(
        "PUT",
        _OBJECT,
        "Store an object, or replace it; it is on the disk before the answer.",
        body=OBJECT_BODY,
        parameters=(OBJECT_PATH, WRITE_HEADERS),
        answers=(
            Answer(
                status=200,
                meaning="It replaced the one before it.",
                shapes=(ObjectInfo,),
                headers=_ETAG,
            ),
            Answer(status=201, meaning="It is new.", shapes=(ObjectInfo,), headers=_ETAG),
            _NOT_AS_WANTED,
        ),
    )
    async def put_object(self, request: Request) -> Response:
        """Answer 201 for a new key, 200 for a known one, 412 before the body is read."""
        place = _place(request)
        condition = partial(_may_write, WRITE_HEADERS.read(request))
        if not self.objects.permits(place.bucket, place.key, condition):
            raise _not_as_wanted()
        pieces = self.bodies.stream(request, OBJECT_BODY)
        content_type = request.headers.get("content-type", _ANY_MEDIA)
        with self.objects.upload(place.bucket, place.key, content_type) as upload:
            rest = await _receive(pieces, upload)
            try:
                info, is_new = await in_thread(self.objects.store, upload, rest, condition)
            except ConditionError:
                raise _not_as_wanted() from None
        return _json(info, status=201 if is_new else 200, headers={"etag": info.etag})

    @operation(
        "GET",
        _OBJECT,
        "Read an object or one range of it, with the content type it was stored with.",
        parameters=(OBJECT_PATH, READ_HEADERS),
        answers=(
            Answer(status=200, meaning="All of it.", media_type="*/*", headers=_RANGES),
            Answer(status=206, meaning="The range.", media_type="*/*", headers=_ONE_RANGE),
            Answer(
                status=304, meaning="It is one that the caller has.", media_type=None, headers=_ETAG
            ),
            _ABSENT,
            _NOT_AS_WANTED,
            refusal(416, "No byte of it is in the range; Content-Range tells its size."),
        ),
    )
    async def get_object(self, request: Request) -> Response:
        """Answer `GET` and `HEAD`; a large object is read while it is sent."""
        place = _place(request)
        try:
            source = await in_thread(self.objects.open_object, place.bucket, place.key)
        except NoSuchObjectError:
            raise _no_object() from None
        try:
            return await _answer_read(request, source)
        except BaseException:
            source.close()
            raise

    @operation(
        "DELETE",
        _OBJECT,
        "Delete an object.",
        parameters=(OBJECT_PATH, WRITE_HEADERS),
        answers=(
            Answer(status=204, meaning="It is gone.", media_type=None),
            _ABSENT,
            _NOT_AS_WANTED,
        ),
    )
    async def delete_object(self, request: Request) -> Response:
        """Answer once the deletion is on the disk."""
        place = _place(request)
        condition = partial(_may_write, WRITE_HEADERS.read(request))
        try:
            await in_thread(self.objects.delete, place.bucket, place.key, condition)
        except NoSuchObjectError:
            raise _no_object() from None
        except ConditionError:
            raise _not_as_wanted() from None
        return Response(status_code=204)

    @operation(
        "GET",
        "/storage/{bucket}",
        "List objects in the order of their keys' bytes, page by page.",
        parameters=(BUCKET_PATH, PAGE_QUERY),
        answers=(
            Answer(
                status=200, meaning="A page, empty in a bucket that holds nothing.", shapes=(Page,)
            ),
        ),
    )
    async def list_objects(self, request: Request) -> Response:
        """Answer with a page of the keys of one bucket."""
        bucket = BUCKET_PATH.read(request).bucket
        return _json(self.objects.page(bucket, PAGE_QUERY.read(request)))


def _place(request: Request) -> ObjectPath:
    place = OBJECT_PATH.read(request)
    try:
        require_key(place.key, request.scope["raw_path"])
    except MalformedKeyError as error:
        raise ProblemError(400, str(error)) from None
    except UnwantedKeyError as error:
        raise OBJECT_PATH.misfit(FieldError("/key", str(error))) from None
    return place


def _may_write(headers: WriteHeaders, sha256: str | None) -> bool:
    return matches(headers.if_match, sha256) and none_matches(headers.if_none_match, sha256)


async def _receive(pieces: AsyncIterator[bytes], upload: Upload) -> bytes:
    """Write the arriving pieces in large steps; return the rest, for the last step."""
    waiting: list[bytes] = []
    size_bytes = 0
    async for piece in pieces:
        waiting.append(piece)
        size_bytes += len(piece)
        if size_bytes >= _PIECE_BYTES:
            await in_thread(upload.write, b"".join(waiting))
            waiting, size_bytes = [], 0
    return b"".join(waiting)


async def _answer_read(request: Request, source: OpenObject) -> Response:
    """Return the answer with an open object, in the state and the part that the request demands."""
    headers, info = READ_HEADERS.read(request), source.info
    if not matches(headers.if_match, info.sha256):
        raise _not_as_wanted()
    if not none_matches(headers.if_none_match, info.sha256):
        source.close()
        return Response(status_code=304, headers={"etag": info.etag})
    try:
        part = part_of(
            headers.range, headers.if_range, size_bytes=info.size_bytes, sha256=info.sha256
        )
    except RangeError as error:
        unsatisfied = {"content-range": f"bytes */{error.size_bytes}"}
        raise ProblemError(
            416, "no byte of the object is in this range", headers=unsatisfied
        ) from None
    return await _content(source, part, is_head=request.method == "HEAD")


async def _content(source: OpenObject, part: range | None, *, is_head: bool) -> Response:
    """Return the response with the bytes at `part`; a small part is read at once."""
    info = source.info
    positions = range(info.size_bytes) if part is None else part
    headers = {
        "content-type": info.content_type,
        "content-length": str(len(positions)),
        "etag": info.etag,
        "accept-ranges": "bytes",
    }
    if part is not None:
        headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{info.size_bytes}"
    status = 200 if part is None else 206
    if not is_head and len(positions) > _PIECE_BYTES:
        return _Streamed(source, positions, status, headers)
    content = b"" if is_head else await in_thread(source.read, positions.start, len(positions))
    source.close()
    return Response(content, status, headers)


class _Streamed(StreamingResponse):
    """A response with a part of an object in pieces.

    It closes the object in any case, also when the reader left at once.
    """

    def __init__(
        self, source: OpenObject, positions: range, status: int, headers: dict[str, str]
    ) -> None:
        super().__init__(_pieces(source, positions), status, headers)
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._source.close()


async def _pieces(source: OpenObject, positions: range) -> AsyncIterator[bytes]:
    for start in positions[::_PIECE_BYTES]:
        yield await in_thread(source.read, start, min(_PIECE_BYTES, positions.stop - start))


def _no_object() -> ProblemError:
    return ProblemError(404, "there is no object under this key")


def _not_as_wanted() -> ProblemError:
    return ProblemError(412, "the object is not in the state that the request wants")


def _json(
    body: ObjectInfo | Page, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")
