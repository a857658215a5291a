"""HAR 1.2 files, as browsers and proxies save them, into requests.

The request of an entry is read, and of its response what shows that the request was sent.  A HAR
file is anybody's: the types of each entry are checked, an entry that cannot be a request is left
out with its reason, and sizes are bounded by the reader of the file.
"""

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterator
from typing import Annotated, Any, Final
from urllib.parse import quote_plus

import msgspec

from conformance.errors import BadFileError, Place, Problem
from conformance.suites.importers.imported import (
    Import,
    ImportedRequest,
    LeftOutEntry,
    NotImportableError,
)
from conformance.suites.importers.targets import sendable, split_url
from conformance.suites.scope import out_of_scope_url
from conformance.wording import plural

# A browser's session has some thousand; this bounds what a file can demand
MAX_ENTRIES: Final = 100_000
_STATIC_PATH: Final = re.compile(
    r"\.(?:js|mjs|css|map|png|jpe?g|gif|svg|webp|avif|ico|bmp"
    r"|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wasm)\Z",
    re.IGNORECASE,
)
_STATIC_TYPE: Final = re.compile(
    r"(?:image|font|audio|video)/|text/css|(?:application|text)/(?:x-)?javascript"
)
_STATIC_KIND: Final = frozenset(
    {"script", "stylesheet", "image", "font", "media", "manifest", "preflight", "ping"}
)
_SCHEME: Final = re.compile(r"(?:https?|wss?|grpcs?)://", re.IGNORECASE)
"""The schemes that a server answers; `blob:` and such stay within the browser."""
_SWITCHING_PROTOCOLS: Final = 101
_REPLACEMENT: Final = "\ufffd"
FORM_TYPE: Final = "application/x-www-form-urlencoded"


class _Field(msgspec.Struct, frozen=True):
    name: str
    value: str = ""


class _PostData(msgspec.Struct, frozen=True):
    mime_type: str = msgspec.field(name="mimeType", default="")
    text: str | None = None
    params: tuple[_Field, ...] = ()
    encoding: str | None = None


_NO_DATA: Final = _PostData()


class _Request(msgspec.Struct, frozen=True):
    method: str
    url: str
    headers: tuple[_Field, ...] = ()
    body_size: int | None = msgspec.field(name="bodySize", default=None)
    post_data: _PostData | None = msgspec.field(name="postData", default=None)


class _Content(msgspec.Struct, frozen=True):
    mime_type: str | None = msgspec.field(name="mimeType", default=None)


class _Response(msgspec.Struct, frozen=True):
    status: int | None = None
    content: _Content | None = None


class _Entry(msgspec.Struct, frozen=True):
    request: _Request
    response: _Response | None = None
    kind: str | None = msgspec.field(name="_resourceType", default=None)
    cached: str | bool | None = msgspec.field(name="_fromCache", default=None)
    messages: Any = msgspec.field(name="_webSocketMessages", default=None)


class _Log(msgspec.Struct, frozen=True):
    entries: Annotated[tuple[Any, ...], msgspec.Meta(max_length=MAX_ENTRIES)]


class _Har(msgspec.Struct, frozen=True):
    log: _Log


def read_har(
    raw: bytes, name: str, *, hosts: Collection[str] = (), static: bool = False
) -> Iterator[Import]:
    """Yield the requests to some hosts (none named: to all), in order.

    Static assets only where they are asked for.
    """
    try:
        # Browsers write lone surrogates into the texts of responses; strict parsers refuse the file
        # for them.
        har = msgspec.convert(json.loads(raw.removeprefix(b"\xef\xbb\xbf")), _Har)
    except (ValueError, RecursionError) as error:
        raise BadFileError([Problem(Place(name), f"no HAR file: {error}")]) from error
    for number, written in enumerate(har.log.entries):
        origin = f"{name}, entry {number}"
        try:
            entry = msgspec.convert(written, _Entry)
            request = _request(entry, origin)
        except msgspec.ValidationError as error:
            yield LeftOutEntry(origin=origin, why=f"it is no entry of HAR: {error}")
        except NotImportableError as error:
            yield LeftOutEntry(origin=origin, why=str(error))
        else:
            yield _if_chosen(entry, request, hosts, static=static)


def _if_chosen(
    entry: _Entry, request: ImportedRequest, hosts: Collection[str], *, static: bool
) -> Import:
    """Return a request, or which option of the import leaves it out."""
    why = ""
    if hosts and request.host not in hosts:
        why = "it is to a host that --host does not name"
    elif not static and _is_static(entry, request):
        why = "it is a script, a style, an image, or sent by the browser itself; --static takes it"
    return LeftOutEntry(origin=request.origin, why=why, by_choice=True) if why else request


def _is_static(entry: _Entry, request: ImportedRequest) -> bool:
    """Return whether an entry is about an asset or sent by the browser itself.

    An example of the second is a preflight.
    """
    if entry.kind in _STATIC_KIND:
        return True
    content = entry.response.content if entry.response else None
    typed = bool(content and content.mime_type and _STATIC_TYPE.match(content.mime_type))
    return request.method == "GET" and (
        typed or bool(_STATIC_PATH.search(request.target.partition("?")[0]))
    )


def _request(entry: _Entry, origin: str) -> ImportedRequest:
    request = entry.request
    upgraded = any(
        (field.name.lower(), field.value.lower()) == ("upgrade", "websocket")
        for field in request.headers
    )
    if upgraded or entry.kind == "websocket" or entry.messages is not None:
        raise NotImportableError(out_of_scope_url("ws://") or "")
    if not _SCHEME.match(request.url):
        raise NotImportableError("its URL is not one of HTTP")
    parts = split_url(request.url)
    if why := _never_sent(entry):
        raise NotImportableError(why)
    target = sendable(parts.path + (f"?{parts.query}" if parts.query else ""))
    headers = [
        (field.name, field.value) for field in request.headers if not field.name.startswith(":")
    ]
    if parts.user:
        encoded = base64.b64encode(parts.user.encode("utf-8", "surrogateescape")).decode("ascii")
        headers.append(("Authorization", f"Basic {encoded}"))
    data = request.post_data or _NO_DATA
    body = _body(data)
    if why := _incomplete(request, body):
        raise NotImportableError(why)
    named = {name.lower() for name, _ in headers}
    if data.mime_type and "content-type" not in named:
        headers.append(("content-type", data.mime_type))
    return ImportedRequest(
        origin=origin,
        host=parts.host,
        method=request.method,
        target=target,
        headers=tuple(headers),
        body=body,
        notes=tuple(_doubts(data)),
        of_browser=True,
    )


def _doubts(data: _PostData) -> Iterator[str]:
    """Yield what in the text of a body shows that bytes of it may be lost."""
    if data.encoding != "base64" and _REPLACEMENT in (data.text or ""):
        yield "its body may be another: it has U+FFFD, which stands for bytes that are no text"


def _never_sent(entry: _Entry) -> str | None:
    """Return how an entry shows that it is no exchange with the service, or None."""
    if entry.request.method == "CONNECT":
        return "it opens a tunnel through a proxy"
    if entry.cached:
        return "it was answered by the cache of the browser"
    if entry.response is not None and entry.response.status == _SWITCHING_PROTOCOLS:
        return f"it goes on in another protocol: its status is {_SWITCHING_PROTOCOLS}"
    if entry.response is not None and entry.response.status in {0, -1}:
        return "it was blocked, or never answered: its status is 0"
    return None


def _incomplete(request: _Request, body: bytes | None) -> str | None:
    """Return what in the file says that a body is not the whole one, or None."""
    there = len(body or b"")
    for field in request.headers:
        name, value = field.name.lower(), field.value.strip()
        if name == "content-length" and value.isdecimal() and int(value) != there:
            return _said_incomplete(f"content-length says {plural(int(value), 'byte')}", there)
        if name == "content-encoding" and value.lower() not in {"", "identity"}:
            return f"its body was sent as {value[:20]}, and HAR has it only as text"
    if request.body_size is not None and request.body_size > there:
        return _said_incomplete(f"bodySize says {plural(request.body_size, 'byte')}", there)
    return None


def _said_incomplete(declared: str, there: int) -> str:
    return f"its body is incomplete: {declared}, the file has {there}"


def _body(data: _PostData) -> bytes | None:
    """Return the bytes of a body; some tools keep only the fields of a form, or write base64."""
    if not data.text:
        if data.params and data.mime_type.startswith(FORM_TYPE):
            return "&".join(
                f"{quote_plus(each.name)}={quote_plus(each.value)}" for each in data.params
            ).encode()
        if data.params:
            raise NotImportableError("its body was not kept, only the fields of its form")
        return b"" if data.text == "" else None
    try:
        return (
            base64.b64decode(data.text, validate=True)
            if data.encoding == "base64"
            else data.text.encode()
        )
    except (binascii.Error, UnicodeEncodeError) as error:
        raise NotImportableError(f"its body cannot be read: {error}") from error
