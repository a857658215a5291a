"""The grammar of `request:`: a method and its target, headers, and a body.

The body can be written in several forms.

When the suite is read, a request becomes literal bytes and slots: files are read and boundaries are
made at that time.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import filterfalse
from typing import Final
from urllib.parse import quote_plus

from conformance.errors import Problem
from conformance.model.request import Request
from conformance.model.template import Parts, Slot, SlotForm, Template
from conformance.suites.fields import AnyValue, Field, FieldTable, ListOf, OneOrMany, Text
from conformance.suites.json_text import json_parts
from conformance.suites.nodes import Node, each_value, items, members, text
from conformance.suites.request_defaults import (
    FIELD_NAME,
    HEADER_VALUE,
    HEADERS,
    NO_DEFAULTS,
    QUERY,
    Entry,
    RequestDefaults,
    header_entries,
    target_parts,
)
from conformance.suites.scope import out_of_scope_fields
from conformance.suites.sent_files import Files
from conformance.suites.substitution import literal, text_parts

TARGET = Text(
    pattern=r"(?:/[!-~]*|\*|\$\{[^{}]+\}[!-~]*)",
    meaning="a path from '/', percent-encoded, without spaces, or ${name}",
)
FILE = Field(
    spec=Text(pattern=r"[^\0]+", meaning="the path of a file"),
    says="a file whose bytes are sent, from the folder of this suite and inside its repository",
)
BASE64 = Field(spec=Text(), says="bytes in base64")
PART = FieldTable(
    fields={
        "name": Field(spec=Text(), required=True, says="the name of the field"),
        "value": Field(spec=Text(), says="its value as text"),
        "base64": BASE64,
        "file": FILE,
        "filename": Field(spec=Text(), says="the file name that is sent with it"),
        "type": Field(spec=HEADER_VALUE, says="its content-type"),
    },
    one_of=("value", "base64", "file"),
)
BODY_FORMS: Final = ("json", "raw", "base64", "file", "form", "multipart")
"""The forms in which the body of a request can be written."""
REQUEST = FieldTable(
    fields={
        "method": Field(
            spec=Text(pattern=FIELD_NAME, meaning="a method token"),
            says="a method that cannot be written as a field's name",
        ),
        "target": Field(spec=TARGET, says="the target of `method`"),
        "use": Field(
            spec=Text(),
            says="the name of a request of `requests`; fields next to it override its own",
        ),
        "json": Field(
            spec=AnyValue(),
            says="the body as JSON; sets content-type: application/json unless headers do",
        ),
        "raw": Field(spec=Text(), says="the body as text, sent as UTF-8 exactly as written"),
        "base64": BASE64,
        "file": FILE,
        "form": Field(
            spec=FieldTable(keyed=(r"(?s).*", "field names", OneOrMany(item=Text()))),
            says="the body as application/x-www-form-urlencoded, in this order; a list sends a "
            "field several times",
        ),
        "multipart": Field(
            spec=ListOf(item=PART, least=1), says="the body as multipart/form-data, in this order"
        ),
        "query": Field(
            spec=QUERY,
            says="parameters added to the target, percent-encoded; null drops one that the suite "
            "adds",
        ),
        "headers": Field(
            spec=HEADERS,
            says="header fields in this order and spelling; a list repeats a field, null drops "
            "one of the suite's",
        ),
    },
    keyed=(r"[A-Z][A-Z0-9_-]*", "a method such as GET or POST", TARGET),
    one_of=("keyed", "method", "use"),
    at_most_one_of=BODY_FORMS,
    needs={"method": "target", "target": "method"},
)
_CONTENT_TYPES: Final = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


def slotted(node: Node) -> Iterator[tuple[Node, bool]]:
    """Yield the parts of a request node, each with whether names are filled in there."""
    for name, value in members(node).items():
        if name != "multipart":
            yield value, name not in {"method", "base64", "file"}
            continue
        for part in map(members, items(value)):
            for field, written in part.items():
                yield written, field == "value"


def _scope_problems(node: Node, defaults: RequestDefaults) -> Iterator[Problem]:
    """Yield a problem for each header field that asks for a protocol which is out of scope."""
    entries = header_entries(members(node).get("headers"), defaults)
    for name, value in each_value(entries):
        another = out_of_scope_fields(((name, text(value)),))
        if another:
            yield Problem(value.place, f"{name}: {another}")


def request_problems(node: Node, files: Files, defaults: RequestDefaults) -> Iterator[Problem]:
    """Yield the problems of a request's header fields and body that its grammar cannot express."""
    yield from _scope_problems(node, defaults)
    yield from _body_problems(node, files)


def _body_problems(node: Node, files: Files) -> Iterator[Problem]:
    """Yield the problems of bytes in a request.

    They are invalid base64, and files that cannot be sent.
    """
    given = members(node)
    parts = map(members, items(given.get("multipart")))
    for holder in (given, *parts):
        yield from content_problems(holder, files.read)


def content_problems(
    given: dict[str, Node], look_at_file: Callable[[str], object]
) -> Iterator[Problem]:
    """Yield the problems of bytes in base64 or in a file.

    `look_at_file` raises ValueError for an unusable file.
    """
    try:
        if "base64" in given:
            decoded(text(given["base64"]))
    except ValueError as error:
        yield Problem(given["base64"].place, f"no base64: {error}")
    try:
        if "file" in given:
            look_at_file(text(given["file"]))
    except ValueError as error:
        yield Problem(given["file"].place, str(error))


def request_of(
    node: Node, files: Files, defaults: RequestDefaults = NO_DEFAULTS
) -> tuple[Request, Template | None]:
    """Return a checked request as written, and its template if it contains names, else None.

    The template fills in the names when the request is sent.
    """
    given = members(node)
    method, target = _method_and_target(given)
    headers = list(_headers(header_entries(given.get("headers"), defaults)))
    body, content_type = _body(given, files)
    names = {name.lower() for name, _ in headers}
    if content_type and "content-type" not in names:
        headers.append(("content-type", (content_type,)))
    template = Template(
        method=method,
        target=target_parts(target, given.get("query"), defaults),
        headers=tuple(headers),
        body=body,
    )
    written = template.written()
    if not template.names:
        return written, None
    return written, template


def _method_and_target(given: dict[str, Node]) -> tuple[str, str]:
    """Return the method and target of a request, which may be written as `GET: /path`."""
    if "method" in given:
        return text(given["method"]), text(given["target"])
    method = next(filterfalse(REQUEST.fields.__contains__, given))
    return method, text(given[method])


def _headers(entries: Iterable[Entry]) -> Iterator[tuple[str, Parts]]:
    for name, value in each_value(entries):
        yield name, text_parts(text(value), SlotForm.HEADER)


def _body(given: dict[str, Node], files: Files) -> tuple[Parts | None, str | None]:
    """Return a request's body and its content type; each may be None."""
    if "multipart" in given:
        return _multipart(given["multipart"], files)
    if "json" in given:
        return json_parts(given["json"]), _CONTENT_TYPES["json"]
    if "form" in given:
        return tuple(_form(given["form"])), _CONTENT_TYPES["form"]
    return _plain(given, files, "raw"), None


def _plain(given: dict[str, Node], files: Files, text_field: str) -> Parts | None:
    """Return bytes that are given as text, in base64, or in a file; None if there are none."""
    if text_field in given:
        return text_parts(text(given[text_field]), SlotForm.TEXT)
    if "base64" in given:
        return (decoded(text(given["base64"])),)
    if "file" in given:
        return (files.read(text(given["file"])),)
    return None


def decoded(written: str) -> bytes:
    """Return the bytes of base64; raises ValueError."""
    return base64.b64decode(re.sub(r"\s+", "", written), validate=True)


def _form(node: Node) -> Iterator[str | bytes | Slot]:
    separator = ""
    for name, value in each_value(members(node).items()):
        yield separator
        yield from text_parts(name, SlotForm.FORM, quote_plus)
        yield "="
        yield from text_parts(text(value), SlotForm.FORM, quote_plus)
        separator = "&"


def _multipart(node: Node, files: Files) -> tuple[Parts, str]:
    """Return a multipart body and its content type.

    The boundary is derived from the parts alone, so that it is the same for every runtime.
    """
    parts = [
        (_part_head(part), _plain(part, files, "value") or ()) for part in map(members, items(node))
    ]
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()
    boundary = f"conformance-{digest[:24]}"
    body: list[str | bytes | Slot] = []
    for head, value in parts:
        body += [f"--{boundary}\r\n{head}\r\n\r\n", *value, "\r\n"]
    body.append(f"--{boundary}--\r\n")
    return tuple(body), f"multipart/form-data; boundary={boundary}"


def _part_head(given: dict[str, Node]) -> str:
    lines = f'Content-Disposition: form-data; name="{_quoted(given["name"])}"'
    if "filename" in given:
        lines += f'; filename="{_quoted(given["filename"])}"'
    if "type" in given:
        lines += f"\r\nContent-Type: {literal(text(given['type']))}"
    return lines


def _quoted(node: Node) -> str:
    """Return a name as browsers write it: characters that would end it are percent-encoded."""
    return literal(text(node)).replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
