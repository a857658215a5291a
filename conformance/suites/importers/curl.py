"""curl command lines, parsed into requests.

They are written as in documentation and in the developer tools of browsers.

A request is what curl itself would send: the method that its options imply, data joined as curl
joins it, a path with its dot segments resolved.  Two things differ.  A command whose data is in a
file is not imported.  A boundary, which curl would choose at random, is a fixed one.
"""

import base64
import binascii
import itertools
import re
from collections.abc import Iterator
from operator import itemgetter
from pathlib import PureWindowsPath
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from conformance.suites.importers.command_reader import Command
from conformance.suites.importers.curl_arguments import Options, read_options
from conformance.suites.importers.curl_form import multipart_body
from conformance.suites.importers.curl_options import SECRET
from conformance.suites.importers.imported import (
    Import,
    ImportedRequest,
    LeftOutEntry,
    NotImportableError,
)
from conformance.suites.importers.shell_words import shell_commands
from conformance.suites.importers.targets import (
    SplitUrl,
    sendable,
    split_url,
    without_dot_segments,
)

_DATA: Final = frozenset(
    {"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"}
)
_CURL: Final = frozenset({"curl", "curl.exe"})
_HEADER_OF: Final = {"user-agent": "User-Agent", "referer": "Referer", "cookie": "Cookie"}
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")
_PLAIN_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,30}")
_GLOB: Final = re.compile(r"[\[\]{}]")
FORM_TYPE: Final = "application/x-www-form-urlencoded"


def read_curl(text: str, name: str) -> Iterator[Import]:
    """Yield the requests of every curl command in a text, and why other commands are left out."""
    printed: _Printed | None = None
    for command in shell_commands(text):
        origin = f"{name}:{command.line}"
        # Output that no command reads comes from a separate command
        if printed is not None and not command.piped:
            yield printed.left_out
            printed = None
        further = _printed(command, origin, printed)
        if further is not None:
            printed = further
            continue
        stdin = printed.content if printed else None
        printed = None
        try:
            yield from _requests(command, origin, stdin)
        except NotImportableError as error:
            yield LeftOutEntry(origin=origin, why=str(error))
    if printed is not None:
        yield printed.left_out


class _Printed(Struct, frozen=True):
    """The output of a command before curl, which curl may read, and why it is left out."""

    content: bytes
    left_out: LeftOutEntry


def _printed(command: Command, origin: str, before: _Printed | None) -> _Printed | None:
    """Return the output of a command that only prints, or None for any other command.

    Such commands are `echo`, `printf %s`, `cat` of a here-document, and `base64 --decode` behind
    one of them.
    """
    if command.problem or command.variables:
        return None
    match command.words:
        case ["base64", "--decode" | "-d" | "-D"] if before is not None:
            return _decoded(before)
        case ["echo", text]:
            printed = f"{text}\n"
        case ["echo", "-n", text] | ["printf", "%s", text]:
            printed = text
        case ["cat"] | ["cat", "-"] if command.stdin is not None:
            printed = command.stdin
        case _:
            return None
    why = f"{command.words[0]} is not curl"
    return _Printed(_bytes(printed), LeftOutEntry(origin=origin, why=why))


def _decoded(printed: _Printed) -> _Printed | None:
    try:
        return _Printed(base64.b64decode(printed.content), printed.left_out)
    except binascii.Error:
        return None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _requests(command: Command, origin: str, stdin: bytes | None) -> Iterator[ImportedRequest]:
    if command.problem:
        raise NotImportableError(command.problem)
    # Variables that are set for one command are written before it
    words = list(itertools.dropwhile(_ASSIGNMENT.match, command.words)) or [""]
    # This class accepts both kinds of slashes
    program = PureWindowsPath(words[0]).name
    if program not in _CURL:
        # It reads the output of curl, and sends nothing
        if command.piped:
            return
        raise NotImportableError(_not_curl(program))
    options = read_options(words[1:])
    if not options.urls:
        raise NotImportableError("it names no URL")
    options.stdin = stdin if command.stdin is None else _bytes(command.stdin)
    notes = tuple(
        f"{variable} is written as it stands: it was a variable" for variable in command.variables
    )
    for url in options.urls:
        yield _request(url, options, origin, notes)


def _not_curl(program: str) -> str:
    """Return the message that a program is not curl, with its name if that is a plain word."""
    if not _PLAIN_WORD.fullmatch(program):
        return "it is not curl"
    return f"{program} is not curl"


def _request(url: str, options: Options, origin: str, notes: tuple[str, ...]) -> ImportedRequest:
    parts = split_url(url)
    # Brackets in an IPv6 address are no pattern
    may_be_pattern = "globoff" not in options.flags
    if may_be_pattern and _GLOB.search(url.replace(parts.host, "", 1)):
        raise NotImportableError("its URL is a pattern for several; with --globoff it is one")
    of_url = _target(parts, options)
    given = options.last("request-target")
    written = of_url if given is None else given
    target = sendable(written)
    body_type, body = _body(options)
    headers = tuple(_headers(options, body_type, user=parts.user))
    return ImportedRequest(
        origin=origin,
        host=parts.host,
        method=_method(options, body),
        target=target,
        headers=headers,
        body=body,
        notes=(*notes, *_notes(options, is_encoded=target != written)),
        of_browser=any(map(_is_of_browser, headers)),
    )


def _target(parts: SplitUrl, options: Options) -> str:
    """Return the path and query that curl would send for a URL with these options."""
    # curl resolves `.` and `..` before it sends a path
    path = parts.path
    if "path-as-is" not in options.flags:
        path = without_dot_segments(path)
    query = list(filter(None, [parts.query]))
    query += map(_urlencoded, options.given("url-query"))
    data = _data(options)
    if "get" in options.flags and data is not None:
        query.append(data.decode("utf-8", "surrogateescape"))
    asked = "&".join(query)
    if not asked:
        return path
    return f"{path}?{asked}"


def _body(options: Options) -> tuple[str | None, bytes | None]:
    """Return the content type and the bytes of a body; both are None without a body."""
    if options.form:
        return multipart_body(options.form)
    data = _data(options)
    # With --get, data is part of the target
    if data is None or "get" in options.flags:
        return None, None
    return FORM_TYPE, data


def _notes(options: Options, *, is_encoded: bool) -> Iterator[str]:
    """Yield notes on the differences between a request and the one that curl would send."""
    if options.form:
        yield "curl would choose another boundary each time"
    if is_encoded:
        yield "its target is percent-encoded here"
    if "compressed" in options.flags:
        yield "curl would also ask for a compressed answer"


def _is_of_browser(field: tuple[str, str]) -> bool:
    """Return whether a header field is one that only browsers send."""
    name, value = field
    lower = name.lower()
    if lower == "user-agent":
        return value.startswith("Mozilla/")
    return lower.startswith("sec-")


def _method(options: Options, body: bytes | None) -> str:
    named = options.last("request")
    if named is not None:
        return named
    if "head" in options.flags:
        return "HEAD"
    if body is None:
        return "GET"
    return "POST"


def _data(options: Options) -> bytes | None:
    """Return the data of all options together, joined as curl joins it; None without data."""
    pieces: list[str] = []
    for name, written in options.values:
        if name not in _DATA:
            continue
        piece = _read_data(name, written, options.stdin)
        if name == "data-urlencode":
            piece = _urlencoded(piece)
        # JSON is joined without `&`, and so is data after an empty piece
        has_sign = name != "json" and any(pieces)
        if has_sign:
            piece = f"&{piece}"
        pieces.append(piece)
    if not pieces:
        return None
    return "".join(pieces).encode("utf-8", "surrogateescape")


def _read_data(name: str, value: str, stdin: bytes | None) -> str:
    """Return the data that an option gives; raise NotImportableError if it is in a file."""
    if name in {"data-raw", "data-urlencode"} or not value.startswith("@"):
        return value
    is_stdin = value == "@-"
    if not is_stdin:
        raise NotImportableError(f"its data is in a file, {value[1:60]!r}")
    if stdin is None:
        raise NotImportableError("its data is on its standard input")
    # Only --data-binary keeps line ends
    if name != "data-binary":
        stdin = re.sub(rb"[\r\n\0]", b"", stdin)
    return stdin.decode("utf-8", "surrogateescape")


def _urlencoded(value: str) -> str:
    """Return `name=value` with the value encoded, as `--data-urlencode` does."""
    name, separator, content = value.partition("=")
    if separator:
        encoded = _encoded(content)
        # `=value` has no name, and is sent without `=`
        return f"{name}={encoded}" if name else encoded
    if "@" in value:
        file = value.partition("@")[2]
        raise NotImportableError(f"its data is in a file, {file[:60]!r}")
    return _encoded(value)


def _encoded(text: str) -> str:
    return quote(text, safe="-._~", errors="surrogateescape").replace("%20", "+")


def _headers(options: Options, body_type: str | None, *, user: str) -> Iterator[tuple[str, str]]:
    """Yield the header fields that curl would send, without defaults such as `user-agent`."""
    written = list(map(_header, options.given("header")))
    for name, content in written:
        if content is not None:
            yield name, _latin(content)
    for option, value in filter(itemgetter(1), options.values):
        if option in _HEADER_OF:
            yield _HEADER_OF[option], _latin(value)
    byte_range = options.last("range")
    if byte_range is not None:
        yield "Range", f"bytes={byte_range}"
    yield from _authorization(options, user)
    # A given field replaces the one that curl adds, or removes it
    named = {name.lower() for name, _ in written}
    for name, value in _added(options, body_type):
        if name.lower() not in named:
            yield name, value


def _added(options: Options, body_type: str | None) -> Iterator[tuple[str, str]]:
    """Yield the fields that curl adds for the type of a body, and for JSON."""
    if options.given("json"):
        yield "Accept", "application/json"
        yield "Content-Type", "application/json"
    elif body_type:
        yield "Content-Type", body_type


def _authorization(options: Options, user: str) -> Iterator[tuple[str, str]]:
    """Yield the `Authorization` field; it is empty if curl negotiates its value with the server."""
    negotiated = SECRET & options.mentioned
    bearer = options.last("oauth2-bearer")
    if bearer is not None:
        yield "Authorization", f"Bearer {bearer}"
        return
    given = options.last("user")
    login = user if given is None else given
    if negotiated:
        yield "Authorization", ""
    elif login:
        encoded = base64.b64encode(_bytes(login)).decode("ascii")
        yield "Authorization", f"Basic {encoded}"


def _header(written: str) -> tuple[str, str | None]:
    """Return the name and value of a field that is written as `Name: value`.

    The value is None for `Name:`, which removes curl's own field, and empty for `Name;`.
    """
    if written.startswith("@"):
        raise NotImportableError(f"its headers are in a file, {written[1:60]!r}")
    name, colon, value = written.partition(":")
    if not colon and written.rstrip().endswith(";"):
        return written.rstrip()[:-1], ""
    return name.strip(), value.strip(" \t") or None


def _latin(value: str) -> str:
    """Return a header value in Latin-1: each character is one byte that curl sends."""
    return value.encode("utf-8", "surrogateescape").decode("latin-1")
