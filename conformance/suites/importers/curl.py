"""curl command lines parsed into requests.

They are written as in documentation and in the developer tools of browsers.

What curl itself would send is what counts: the method that its options imply, data joined as curl
joins it, a path with its dot segments resolved.  Two things
cannot be imported as they are. A body that is read from a file of another machine is left out. A
boundary that curl would choose at random is a fixed one.
"""

import base64
import binascii
import contextlib
import itertools
import re
from collections.abc import Iterator
from pathlib import PureWindowsPath
from typing import Final
from urllib.parse import quote

from msgspec import Struct, field

from conformance.suites.importers.curl_form import multipart_body
from conformance.suites.importers.curl_options import FLAGS, IGNORED_WITH_VALUE, SECRET, SENT, SHORT
from conformance.suites.importers.imported import (
    Import,
    ImportedRequest,
    LeftOutEntry,
    NotImportableError,
)
from conformance.suites.importers.shell_words import Command, shell_commands
from conformance.suites.importers.targets import sendable, split_url, without_dot_segments

_DATA: Final = frozenset(
    {"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"}
)
_HEADER_OF: Final = {"user-agent": "User-Agent", "referer": "Referer", "cookie": "Cookie"}
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")
_PLAIN_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,30}")
_GLOB: Final = re.compile(r"[\[\]{}]")
FORM_TYPE: Final = "application/x-www-form-urlencoded"


def read_curl(text: str, name: str) -> Iterator[Import]:
    """Yield the requests of every curl command in a text, and why another command is none."""
    printed: _Printed | None = None
    for command in shell_commands(text):
        origin = f"{name}:{command.line}"
        if printed is not None and not command.piped:
            yield printed.left_out
            printed = None
        further = _printed(command, origin, printed)
        if further is not None:
            printed = further
            continue
        try:
            yield from _requests(command, origin, printed.content if printed else None)
        except NotImportableError as error:
            yield LeftOutEntry(origin=origin, why=str(error))
        printed = None
    if printed is not None:
        yield printed.left_out


class _Printed(Struct, frozen=True):
    """What a command before curl prints, which curl may read; and why it is no request itself."""

    content: bytes
    left_out: LeftOutEntry


def _printed(command: Command, origin: str, before: _Printed | None) -> _Printed | None:
    """Return what a command that only prints hands to the next one; None for any other.

    This is `echo`, `printf %s`, `cat` of a here-document, or a `base64 --decode` behind one.
    """
    if command.problem or command.variables:
        return None
    printed: bytes | None = None
    match command.words:
        case ["echo", text]:
            printed = _bytes(f"{text}\n")
        case ["echo", "-n", text] | ["printf", "%s", text]:
            printed = _bytes(text)
        case ["cat"] | ["cat", "-"] if command.stdin is not None:
            printed = _bytes(command.stdin)
        case ["base64", "--decode" | "-d" | "-D"] if before is not None:
            with contextlib.suppress(binascii.Error):
                return _Printed(base64.b64decode(before.content), before.left_out)
    if printed is None:
        return None
    return _Printed(printed, LeftOutEntry(origin=origin, why=f"{command.words[0]} is not curl"))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _requests(command: Command, origin: str, stdin: bytes | None) -> Iterator[ImportedRequest]:
    if command.problem:
        raise NotImportableError(command.problem)
    words = list(itertools.dropwhile(_ASSIGNMENT.match, command.words)) or [""]
    program = PureWindowsPath(words[0]).name
    if program not in {"curl", "curl.exe"}:
        if command.piped:
            return
        raise NotImportableError(
            f"{program} is not curl" if _PLAIN_WORD.fullmatch(program) else "it is not curl"
        )
    options = _read_options(words[1:])
    if not options.urls:
        raise NotImportableError("it names no URL")
    options.stdin = stdin if command.stdin is None else _bytes(command.stdin)
    variables = [
        f"{variable} is written as it stands: it was a variable" for variable in command.variables
    ]
    for url in options.urls:
        yield _request(url, options, origin, tuple(variables))


class _Options(Struct, kw_only=True):
    """What the options of one command say, in the given order, and what it reads.

    The second part is there where it is known.
    """

    urls: list[str] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    stdin: bytes | None = None

    def given(self, name: str) -> list[str]:
        return [value for option, value in self.values if option == name]


def _read_options(words: list[str]) -> _Options:
    options, rest, ended = _Options(), list(reversed(words)), False
    while rest:
        word = rest.pop()
        if word == "--" and not ended:
            ended = True
        elif ended or not word.startswith("-") or word == "-":
            options.urls.append(word)
        elif word.startswith("--"):
            _take(options, word[2:], rest)
        else:
            _take_short(options, word[1:], rest)
    return options


def _take_short(options: _Options, letters: str, rest: list[str]) -> None:
    """Parse a word of one-letter options.

    The first option that wants a value takes the rest of the word for it.
    """
    for at, letter in enumerate(letters):
        name = SHORT.get(letter, f"-{letter}")
        if name in SENT or name in IGNORED_WITH_VALUE:
            _take(options, name, [*rest, letters[at + 1 :]] if letters[at + 1 :] else rest)
            return
        _take(options, name, rest)


def _take(options: _Options, name: str, rest: list[str]) -> None:
    if name in SENT or name in IGNORED_WITH_VALUE:
        if not rest:
            raise NotImportableError(f"option {name} has no value")
        value = rest.pop()
        if name == "url":
            options.urls.append(value)
        else:
            options.values.append((name, value))
    elif name in FLAGS or name.removeprefix("no-") in FLAGS:
        options.flags.add(name)
    else:
        bare = name.partition("=")[0][:40]
        raise NotImportableError(
            f"its option {bare!r} is not known here, or is about a file; leave it away"
        )


def _request(url: str, options: _Options, origin: str, notes: tuple[str, ...]) -> ImportedRequest:
    parts = split_url(url)
    if "globoff" not in options.flags and _GLOB.search(url.replace(parts.host, "", 1)):
        raise NotImportableError("its URL is a pattern for several; with --globoff it is one")
    query = [parts.query] if parts.query else []
    query += [_urlencoded(value) for value in options.given("url-query")]
    data = _data(options)
    if "get" in options.flags and data is not None:
        query.append(data.decode("utf-8", "surrogateescape"))
    path = parts.path if "path-as-is" in options.flags else without_dot_segments(parts.path)
    asked = "&".join(query)
    written = options.given("request-target")[-1:] or [path + (f"?{asked}" if asked else "")]
    target = sendable(written[0])
    form_type, body = (None, None) if "get" in options.flags else (FORM_TYPE, data)
    if parts_of_form := [each for each in options.values if each[0] in {"form", "form-string"}]:
        form_type, body = multipart_body(parts_of_form)
        notes = (*notes, "curl would choose another boundary each time")
    if target != written[0]:
        notes = (*notes, "its target is percent-encoded here")
    if "compressed" in options.flags:
        notes = (*notes, "curl would also ask for a compressed answer")
    body_type = None if body is None else form_type
    headers = tuple(_headers(options, body_type, user=parts.user))
    return ImportedRequest(
        origin=origin,
        host=parts.host,
        method=_method(options, body),
        target=target,
        headers=headers,
        body=body,
        notes=notes,
        of_browser=any(map(_is_of_browser, headers)),
    )


def _is_of_browser(field: tuple[str, str]) -> bool:
    """Return whether only a browser sends such a field."""
    name, value = field
    return name.lower().startswith("sec-") or (
        name.lower() == "user-agent" and value.startswith("Mozilla/")
    )


def _method(options: _Options, body: bytes | None) -> str:
    if named := options.given("request"):
        return named[-1]
    if "head" in options.flags:
        return "HEAD"
    return "GET" if body is None else "POST"


def _data(options: _Options) -> bytes | None:
    """Return the data of all options together, joined as curl joins them."""
    pieces: list[str] = []
    for name, written in options.values:
        if name in _DATA:
            value = _read_data(name, written, options.stdin)
            piece = _urlencoded(value) if name == "data-urlencode" else value
            pieces.append(piece if name == "json" or not "".join(pieces) else f"&{piece}")
    return "".join(pieces).encode("utf-8", "surrogateescape") if pieces else None


def _read_data(name: str, value: str, stdin: bytes | None) -> str:
    """Return the data that an option names; raises NotImportableError where it is in a file."""
    if name in {"data-raw", "data-urlencode"} or not value.startswith("@"):
        return value
    if value != "@-" or stdin is None:
        where = "on its standard input" if value == "@-" else f"in a file, {value[1:60]!r}"
        raise NotImportableError(f"its data is {where}")
    kept = stdin if name == "data-binary" else re.sub(rb"[\r\n\0]", b"", stdin)
    return kept.decode("utf-8", "surrogateescape")


def _urlencoded(value: str) -> str:
    """Return `name=value` with the value encoded, as --data-urlencode has it."""
    name, separator, content = value.partition("=")
    if separator:
        return (f"{name}=" if name else "") + _encoded(content)
    if "@" in value:
        raise NotImportableError(f"its data is in a file, {value.partition('@')[2][:60]!r}")
    return _encoded(value)


def _encoded(text: str) -> str:
    return quote(text, safe="-._~", errors="surrogateescape").replace("%20", "+")


def _headers(options: _Options, body_type: str | None, *, user: str) -> Iterator[tuple[str, str]]:
    """Yield the header fields that curl would send, but for those it makes up."""
    written = [_header(value) for value in options.given("header")]
    yield from ((name, _latin(value)) for name, value in written if value is not None)
    named = {name.lower() for name, _ in written}
    for name, value in options.values:
        if name in _HEADER_OF and value:
            yield _HEADER_OF[name], _latin(value)
    yield from (("Range", f"bytes={value}") for value in options.given("range")[-1:])
    yield from _authorization(options, user)
    if options.given("json"):
        body_type = "application/json"
        if "accept" not in named:
            yield "Accept", "application/json"
    if body_type and "content-type" not in named:
        yield "Content-Type", body_type


def _authorization(options: _Options, user: str) -> Iterator[tuple[str, str]]:
    """Yield the field of a login; without its value where curl negotiates that with the server."""
    negotiated = SECRET & _mentioned(options)
    for bearer in options.given("oauth2-bearer")[-1:]:
        yield "Authorization", f"Bearer {bearer}"
        return
    for login in options.given("user")[-1:] or [user]:
        if login or negotiated:
            value = base64.b64encode(_bytes(login)).decode("ascii")
            yield "Authorization", "" if negotiated else f"Basic {value}"


def _mentioned(options: _Options) -> set[str]:
    return options.flags | {name for name, _ in options.values}


def _header(written: str) -> tuple[str, str | None]:
    """Read `Name: value`.

    `Name:` takes a field of curl's own away (None), `Name;` sends an empty one.
    """
    if written.startswith("@"):
        raise NotImportableError(f"its headers are in a file, {written[1:60]!r}")
    name, colon, value = written.partition(":")
    if not colon and written.rstrip().endswith(";"):
        return written.rstrip()[:-1], ""
    return name.strip(), value.strip(" \t") or None


def _latin(value: str) -> str:
    """Return header text whose characters are the bytes that curl sends."""
    return value.encode("utf-8", "surrogateescape").decode("latin-1")
