"""One object as one file: its bytes, then a footer about them.

    bytes of the object | footer: JSON | length of the footer, 4 bytes, big-endian

In one file, content and footer change in one rename and always belong to the same object. The bytes
are first, so that a range of the object is the same range of the file. The name of a file is the
digest of bucket and key; symbolic links are never followed.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import msgspec

from reference_impl.storaged.wire import ObjectInfo  # noqa: TC001  # the decoder resolves it

if TYPE_CHECKING:
    from pathlib import Path

_LENGTH_BYTES = 4
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


class DamagedFileError(Exception):
    """A file in the store is not a valid object."""


class Footer(msgspec.Struct, frozen=True, kw_only=True):
    """The data after the bytes of an object."""

    bucket: str
    info: ObjectInfo


def name_of(bucket: str, key: str) -> str:
    """Return the path of an object's file, relative to the folder of the store."""
    digest = hashlib.sha256(f"{bucket}\0{key}".encode()).hexdigest()
    return f"{digest[:2]}/{digest}"


def encode_footer(bucket: str, info: ObjectInfo) -> bytes:
    """Return the encoded footer of an object."""
    footer = msgspec.json.encode(Footer(bucket=bucket, info=info))
    return footer + len(footer).to_bytes(_LENGTH_BYTES, "big")


def open_file(path: Path) -> tuple[int, Footer]:
    """Open an object's file; return its descriptor, which the caller closes, and its footer.

    Raises DamagedFileError, and OSError when it does not exist or is a symbolic link.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        return descriptor, _read_footer(descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def _read_footer(descriptor: int) -> Footer:
    end = os.fstat(descriptor).st_size - _LENGTH_BYTES
    if end < 0:
        raise DamagedFileError
    start = end - int.from_bytes(os.pread(descriptor, _LENGTH_BYTES, end), "big")
    if start < 0:
        raise DamagedFileError
    try:
        footer = msgspec.json.decode(os.pread(descriptor, end - start, start), type=Footer)
    except msgspec.DecodeError:
        raise DamagedFileError from None
    if footer.info.size_bytes != start:
        raise DamagedFileError
    return footer
