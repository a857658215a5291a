"""A request as a curl command that sends exactly the same bytes as the harness.

The command is tested against curl itself (tests/reporting/test_curl_command.py).  Header fields
that curl would add are removed, and characters that cannot be printed are written as escapes of
bash (`$'…'`).  Environment variables stay variables.
"""

import base64
import re
import shlex
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct

from conformance.model.own_url import url_of
from conformance.model.request import HeaderList, Request
from conformance.safe_text import visible

_VARIABLE: Final = re.compile(r"\$\{(env|login):([A-Za-z_][A-Za-z0-9_-]*)\}")
_ENCODE: Final = "import sys, urllib.parse as u; print(u.quote(sys.argv[1], safe=''), end='')"
_IN_TARGET: Final = r"A-Za-z0-9._~!$&'()*+,;=:@%/\[\]{}"
_PLAIN_TARGET: Final = re.compile(rf"/[{_IN_TARGET}-]*(?:\?[{_IN_TARGET}?-]+)?")
"""Targets that curl sends unchanged, with --path-as-is and --globoff."""
_GLOB: Final = re.compile(r"[\[\]{}]")
_METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
_FRAMING: Final = frozenset({"content-length", "transfer-encoding"})
_EXPECTS_FROM_BYTES: Final = 1 << 20
"""From this size on curl sends `Expect: 100-continue` (since 7.83; before, from 1 KiB)."""
_MOST_IN_A_WORD: Final = 100_000
"""Linux refuses an argument of 128 KiB or more."""
_REQUESTS_KEPT: Final = 4
"""All runtimes of a case get the same request, so its fields and body are quoted once for all."""
_PRINTABLE: Final = re.compile(r"[ -~]*")


class Address(Struct, frozen=True, kw_only=True):
    """The address of a runtime, and the header fields that are sent only to it.

    Secrets are replaced by variables.
    """

    url: str
    headers: HeaderList = ()


def curl_command(request: Request, address: Address) -> str:
    """Return the command for bash, in printable ASCII."""
    body = request.body
    words = ["curl", "--include", "--path-as-is", *_method(request), *_target(request, address.url)]
    words += _options(request, address.headers)
    if body is None:
        return " ".join(words)
    if b"\0" not in body and len(body) <= _MOST_IN_A_WORD:
        return " ".join([*words, f"--data-raw {_body_word(body)}"])
    encoded = base64.b64encode(body).decode("ascii")
    return f"echo {encoded} | base64 --decode | {' '.join([*words, '--data-binary @-'])}"


@lru_cache(_REQUESTS_KEPT)
def _options(request: Request, own: HeaderList) -> tuple[str, ...]:
    """Return the curl options for the header fields of a request and of its runtime."""
    fields = _fields(request, own)
    given = [f"--header {_field(name, value)}" for name, value in fields]
    return (*given, *_taken_away(request, {name.lower() for name, _ in fields}))


def _method(request: Request) -> list[str]:
    if request.method == "HEAD" and request.body is None:
        return ["--head"]
    return ["--request", shlex.quote(request.method)]


def _target(request: Request, url: str) -> Iterator[str]:
    """Yield the URL, and also the request target if curl would derive another one from the URL."""
    target = url_of(request.target, url, from_root=request.from_root)
    path = _VARIABLE.sub("x", request.target)
    if _PLAIN_TARGET.fullmatch(path):
        yield _quoted_target(target)
        if _GLOB.search(target):
            yield "--globoff"
        return
    base = url_of("", url, from_root=request.from_root or request.target == "*")
    origin = url_of("/", url, from_root=True)
    sent = (
        request.target
        if request.target == "*"
        else base.removeprefix(origin.rstrip("/")) + request.target
    )
    yield f"{shlex.quote(origin)} --request-target {_quoted_target(sent)}"


def _fields(request: Request, own: HeaderList) -> list[tuple[str, str]]:
    """Return the header fields in the order in which the harness sends them."""
    # The Host field of a request replaces that of the runtime
    dropped = {name.lower() for name, _ in request.headers} & {"host"}
    fields = [*request.headers, *(field for field in own if field[0].lower() not in dropped)]
    named = {name.lower() for name, _ in fields}
    if request.body is None and request.method in _METHODS_WITH_BODY and named.isdisjoint(_FRAMING):
        fields.append(("Content-Length", "0"))
    return fields


def _taken_away(request: Request, named: set[str]) -> Iterator[str]:
    """Yield the options that stop curl from adding header fields."""
    if "accept" not in named:
        yield "--header accept:"
    if "user-agent" not in named:
        yield "--user-agent ''"
    if request.body is not None:
        if "content-type" not in named:
            yield "--header content-type:"
        if len(request.body) >= _EXPECTS_FROM_BYTES and "expect" not in named:
            yield "--header expect:"


def _field(name: str, value: str) -> str:
    """Return a header field as a quoted word; curl needs another form for an empty value."""
    return _quoted(f"{name}: {value}") if value.strip(" \t") else shlex.quote(f"{name};")


def _quoted_target(text: str) -> str:
    """Return a quoted URL in which the shell replaces variables.

    Each value is percent-encoded, as the harness does it.
    """
    encode = f"python3 -c {shlex.quote(_ENCODE)}"
    return _with_variables(text, lambda name: f'"$({encode} "${name}")"', _word)


def _quoted(text: str) -> str:
    return _with_variables(text, lambda name: f'"${name}"', _word)


def _with_variables(text: str, variable: Callable[[str], str], quote: Callable[[str], str]) -> str:
    """Return a quoted text in which the shell replaces variables.

    The parts between the variables are quoted by `quote`.
    """
    if "${" not in text:
        return quote(text) or "''"
    parts, end = list[str](), 0
    for found in _VARIABLE.finditer(text):
        parts += [quote(text[end : found.start()]), variable(_variable_name(found[1], found[2]))]
        end = found.end()
    parts.append(quote(text[end:]))
    return "".join(part for part in parts if part != "''") or "''"


@lru_cache(_REQUESTS_KEPT)
def _body_word(body: bytes) -> str:
    """Return a body as a quoted word: as text if all characters are printable, else by bytes."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _quoted(body.decode("latin-1"))
    if visible(text) == text and text.isprintable():
        return _with_variables(text, lambda name: f'"${name}"', shlex.quote)
    return _quoted(body.decode("latin-1"))


def _variable_name(kind: str, name: str) -> str:
    return name if kind == "env" else f"LOGIN_{name.replace('-', '_').upper()}"


def _word(text: str) -> str:
    r"""Quote a text for bash: unchanged where printable, else as `$'…'`.

    In `$'…'`, each other byte is written `\xHH`.
    """
    if not text:
        return ""
    if _PRINTABLE.fullmatch(text):
        return shlex.quote(text)
    escaped = "".join(_ESCAPES.get(character) or _escape(character) for character in text)
    return f"$'{escaped}'"


_ESCAPES: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(character: str) -> str:
    return character if _PRINTABLE.fullmatch(character) else f"\\{ord(character):03o}"
