"""The shapes on the wire of storaged: addresses and descriptions of objects.

Objects themselves are bytes of any media type. The ETag of an object is its `sha256` in quotes, a
strong one.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from reference_impl.kit.byte_stream import ByteShape
from reference_impl.kit.parameters import Parameters

# A limit of the wire (docs/lake.md), the same as in other object stores.
LARGEST_PAGE = 1000

Bucket = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$", description="Exists by the objects in it.")
]


class BucketPath(msgspec.Struct, frozen=True, kw_only=True):
    """The bucket whose objects are listed."""

    bucket: Bucket


class ObjectPath(msgspec.Struct, frozen=True, kw_only=True):
    """The address of an object."""

    bucket: Bucket
    key: Annotated[
        str,
        Meta(
            min_length=1,
            description="UTF-8 of at most 1,024 bytes without NUL; no part is empty, '.' or '..'.",
        ),
    ]


class PageQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys to list."""

    prefix: Annotated[str, Meta(description="Only keys that start with this.")] = ""
    after: Annotated[str, Meta(description="Only keys that come after this one.")] = ""
    limit: Annotated[int, Meta(ge=1, le=LARGEST_PAGE, description="Longest page.")] = 100


class ReadHeaders(msgspec.Struct, frozen=True, kw_only=True):
    """The state in which an object is read, and the part of it."""

    if_match: str | None = None
    if_none_match: str | None = None
    range: Annotated[
        str | None, Meta(description="One range of bytes; other forms are ignored.")
    ] = None
    if_range: Annotated[
        str | None, Meta(description="A strong ETag; Range counts only if it is the object's.")
    ] = None


class WriteHeaders(msgspec.Struct, frozen=True, kw_only=True):
    """The state in which an object is changed."""

    if_match: Annotated[
        str | None, Meta(description="ETags, or * for any object that is there.")
    ] = None
    if_none_match: Annotated[
        str | None, Meta(description="ETags, or * for no object being there.")
    ] = None


class ObjectInfo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The description of an object, without its bytes."""

    key: str
    size_bytes: int
    sha256: str
    content_type: str

    @property
    def etag(self) -> str:
        """Return the strong entity tag."""
        return f'"{self.sha256}"'


class Page(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Objects of a bucket in the order of their keys' bytes.

    `next_after` is null on the last page.
    """

    bucket: str
    objects: tuple[ObjectInfo, ...]
    next_after: str | None


BUCKET_PATH = Parameters(place="path", kind=BucketPath)
OBJECT_PATH = Parameters(place="path", kind=ObjectPath)
PAGE_QUERY = Parameters(place="query", kind=PageQuery)
READ_HEADERS = Parameters(place="header", kind=ReadHeaders)
WRITE_HEADERS = Parameters(place="header", kind=WriteHeaders)
OBJECT_BODY = ByteShape()
