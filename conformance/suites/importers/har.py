"""HAR 1.2 files, as browsers and proxies save them, parsed into requests.

It reads the request of each entry, and the parts of the response that show whether the request was
sent.  A HAR file may come from anywhere: the types of each entry are checked, an entry without a
usable request is left out with the reason, and the reader of the file bounds its size.
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
"""The schemes of requests to a server; `blob:` and others stay within the browser."""
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


_NO_CONTENT: Final = _Content()


class _Response(msgspec.Struct, frozen=True):
    status: int | None = None
    content: _Content | None = None


_NO_RESPONSE: Final = _Response()


class _Entry(msgspec.Struct, frozen=True):
    request: _Request
    response: _Response | None = None
    kind: str | None = msgspec.field(name="_resourceType", default=None)
    cached: str | bool | None = msgspec.field(name="_fromCache", default=None)
    messages: Any = msgspec.field(name="_webSocketMessages", default=None)

    @property
    def answer(self) -> _Response:
        """Return the response, or an empty one if the entry has none."""
        return self.response or _NO_RESPONSE


class _Log(msgspec.Struct, frozen=True):
    entries: Annotated[tuple[Any, ...], msgspec.Meta(max_length=MAX_ENTRIES)]


class _Har(msgspec.Struct, frozen=True):
    log: _Log


def read_har(
    raw: bytes, name: str, *, hosts: Collection[str] = (), static: bool = False
) -> Iterator[Import]:
    """Yield the requests to some hosts, in order, and the entries that are left out.

    No host stands for all hosts.  With `static`, requests for static assets are not left out.
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
    """Return a request, or the entry that an option of the import leaves out."""

    def left_out(why: str) -> LeftOutEntry:
        return LeftOutEntry(origin=request.origin, why=why, by_choice=True)

    if hosts and request.host not in hosts:
        return left_out("it is to a host that --host does not name")
    if not static and _is_static(entry, request):
        return left_out(
            "it is a script, a style, an image, or sent by the browser itself; --static takes it"
        )
    return request


def _is_static(entry: _Entry, request: ImportedRequest) -> bool:
    """Return whether an entry is about a static asset or was sent by the browser itself.

    An example of the latter is a preflight.
    """
    if entry.kind in _STATIC_KIND:
        return True
    # Browsers load assets only by GET
    if request.method != "GET":
        return False
    path = request.target.partition("?")[0]
    if _STATIC_PATH.search(path):
        return True
    # A path without an ending may still be an image
    content = entry.answer.content or _NO_CONTENT
    mime_type = content.mime_type or ""
    return _STATIC_TYPE.match(mime_type) is not None


def _request(entry: _Entry, origin: str) -> ImportedRequest:
    request = entry.request
    if _is_websocket(entry):
        raise NotImportableError(out_of_scope_url("ws://") or "")
    if not _SCHEME.match(request.url):
        raise NotImportableError("its URL is not one of HTTP")
    parts = split_url(request.url)
    # A request that the service never saw is left out
    never_sent = _never_sent(entry)
    if never_sent:
        raise NotImportableError(never_sent)
    data = request.post_data or _NO_DATA
    body = _body(data)
    incomplete = _incomplete(request, body)
    if incomplete:
        raise NotImportableError(incomplete)
    query = f"?{parts.query}" if parts.query else ""
    return ImportedRequest(
        origin=origin,
        host=parts.host,
        method=request.method,
        target=sendable(parts.path + query),
        headers=tuple(_headers(request, data, parts.user)),
        body=body,
        notes=tuple(_doubts(data)),
        of_browser=True,
    )


def _is_websocket(entry: _Entry) -> bool:
    if entry.kind == "websocket" or entry.messages is not None:
        return True
    fields = ((field.name.lower(), field.value.lower()) for field in entry.request.headers)
    return ("upgrade", "websocket") in fields


def _headers(request: _Request, data: _PostData, user: str) -> Iterator[tuple[str, str]]:
    """Yield the header fields of a request, and those that its URL and its body imply."""
    named: set[str] = set()
    for field in request.headers:
        # A pseudo-field of HTTP/2, such as `:path`, repeats a part of the request line
        if field.name.startswith(":"):
            continue
        named.add(field.name.lower())
        yield field.name, field.value
    if user:
        encoded = base64.b64encode(user.encode("utf-8", "surrogateescape")).decode("ascii")
        yield "Authorization", f"Basic {encoded}"
    if data.mime_type and "content-type" not in named:
        yield "content-type", data.mime_type


def _doubts(data: _PostData) -> Iterator[str]:
    """Yield a note if the text of a body shows that some of its bytes may be lost."""
    # Bytes in base64 are whole
    if data.encoding == "base64" or not data.text:
        return
    if _REPLACEMENT in data.text:
        yield "its body may be different: it has U+FFFD, which replaces bytes that are no text"


def _never_sent(entry: _Entry) -> str | None:
    """Return why an entry is no exchange with the service, or None."""
    if entry.request.method == "CONNECT":
        return "it opens a tunnel through a proxy"
    if entry.cached:
        return "it was answered by the cache of the browser"
    status = entry.answer.status
    if status == _SWITCHING_PROTOCOLS:
        return f"it goes on in another protocol: its status is {_SWITCHING_PROTOCOLS}"
    # Tools write either of them where no answer came
    if status in {0, -1}:
        return "it was blocked, or never answered: its status is 0"
    return None


def _incomplete(request: _Request, body: bytes | None) -> str | None:
    """Return why the body in the file is incomplete, or None."""
    count = len(body or b"")
    for field in request.headers:
        name = field.name.lower()
        value = field.value.strip()
        has_length = name == "content-length" and value.isdecimal()
        length = int(value) if has_length else count
        if length != count:
            return _said_incomplete(f"content-length says {plural(length, 'byte')}", count)
        # HAR has a compressed body only in its decoded form
        if name == "content-encoding" and value.lower() not in {"", "identity"}:
            return f"its body was sent as {value[:20]}, and HAR has it only as text"
    # The format writes -1 for a size that is not known
    size = request.body_size
    if size is not None and size > count:
        return _said_incomplete(f"bodySize says {plural(size, 'byte')}", count)
    return None


def _said_incomplete(declared: str, count: int) -> str:
    return f"its body is incomplete: {declared}, the file has {count}"


def _body(data: _PostData) -> bytes | None:
    """Return the bytes of a body; some tools keep only the fields of a form, or write base64.

    Raises NotImportableError if they cannot be determined.
    """
    if not data.text:
        return _body_of_fields(data)
    try:
        if data.encoding == "base64":
            return base64.b64decode(data.text, validate=True)
        return data.text.encode()
    except (binascii.Error, UnicodeEncodeError) as error:
        raise NotImportableError(f"its body cannot be read: {error}") from error


def _body_of_fields(data: _PostData) -> bytes | None:
    """Return the body of a form from its fields; without fields, an empty body or None.

    Raises NotImportableError if the fields do not determine the bytes.
    """
    if not data.params:
        return b"" if data.text == "" else None
    if not data.mime_type.startswith(FORM_TYPE):
        raise NotImportableError("its body was not kept, only the fields of its form")
    fields = (f"{quote_plus(each.name)}={quote_plus(each.value)}" for each in data.params)
    return "&".join(fields).encode()
