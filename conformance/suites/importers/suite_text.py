"""Imported requests as the text of a suite.

The reader accepts the text, and the suite sends the same bytes again.

Before the text is returned, it is read back, and each case is compared with the imported request.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import BadFileError, HarnessError, UsageError
from conformance.grouped import grouped
from conformance.model.case import Case
from conformance.model.request import HeaderList
from conformance.model.yaml_text import yaml_text
from conformance.suites.document import parse_document
from conformance.suites.importers.body_text import body_lines
from conformance.suites.importers.cleaning import Cleaned, cleaned
from conformance.suites.importers.imported import (
    Import,
    ImportedRequest,
    LeftOutEntry,
    NotImportableError,
)
from conformance.suites.nodes import MAX_FILE_BYTES
from conformance.suites.request_defaults import FIELD_NAME
from conformance.suites.request_fields import REQUEST, TARGET
from conformance.suites.scope import out_of_scope_fields
from conformance.suites.substitution import escaped
from conformance.suites.suite_file import cases_of

# Every line about a case contains its name
_MAX_NAME: Final = 60
_MAX_COMMENT: Final = 160
# A person reads the first ones, and more would hide the cases
_SHOWN_LEFT_OUT: Final = 20
_METHOD: Final = re.compile(REQUEST.keyed[0] if REQUEST.keyed else "")
_IDENTIFIER: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9a-f]{16,}", re.IGNORECASE)


class Merged(Struct, frozen=True, kw_only=True):
    """A request that equals an earlier one, credentials included."""

    origin: str
    same_as: str


class SuiteText(Struct, frozen=True, kw_only=True):
    """The text of a suite, the numbers of requests read and of cases, and what is not in it."""

    text: str
    read: int
    cases: int
    merged: tuple[Merged, ...]
    left_out: tuple[LeftOutEntry, ...]


def suite_text(found: Iterable[Import], suite: str, source: str) -> SuiteText:
    """Return a suite of the imported requests; requests that are equal become one case."""
    gathered = _Gathered()
    for item in found:
        gathered.add(item)
    names: Counter[str] = Counter()
    body = [
        line
        for clean in gathered.kept.values()
        for line in case_lines(gathered.with_credential_named(clean), names)
    ]
    text = "\n".join([*_head(source, gathered), f"suite: {suite}", "cases:", *body]) + "\n"
    if gathered.kept:
        _prove(text, list(map(attrgetter("request"), gathered.kept.values())))
    return SuiteText(
        text=text,
        read=gathered.read,
        cases=len(gathered.kept),
        merged=tuple(gathered.merged),
        left_out=tuple(gathered.left_out),
    )


class _Gathered:
    """The imported requests, each once, and the reasons why others are not among them."""

    def __init__(self) -> None:
        self.read = 0
        self.kept: dict[object, Cleaned] = {}
        self.merged: list[Merged] = []
        self.left_out: list[LeftOutEntry] = []
        self.hosts: Counter[str] = Counter()
        self._credentials: dict[tuple[tuple[str, str], ...], int] = {}
        self._senders: Counter[object] = Counter()

    def add(self, item: Import) -> None:
        self.read += 1
        if isinstance(item, LeftOutEntry):
            self.left_out.append(item)
            return
        try:
            clean = cleaned(item)
            _refuse(clean.request)
        except NotImportableError as error:
            self.left_out.append(LeftOutEntry(origin=item.origin, why=str(error)))
            return
        request = clean.request
        self.hosts[request.host] += 1
        self._credentials.setdefault(clean.credential, sum(map(bool, self._credentials)) + 1)
        first = self.kept.setdefault((_sent(request), clean.credential), clean)
        if first is clean:
            self._senders[_sent(request)] += 1
        else:
            self.merged.append(Merged(origin=item.origin, same_as=first.request.origin))

    def with_credential_named(self, clean: Cleaned) -> ImportedRequest:
        """Return a request, with a note on its credential if the import has several."""
        ambiguous = self._senders[_sent(clean.request)] > 1
        if clean.credential and (ambiguous or sum(map(bool, self._credentials)) > 1):
            fields = ", ".join(dict.fromkeys(map(itemgetter(0), clean.credential)))
            note = f"sent with credential {self._credentials[clean.credential]}: {fields}"
        elif ambiguous:
            note = "sent without credentials"
        else:
            return clean.request
        return replace(clean.request, notes=(note, *clean.request.notes))


def _sent(request: ImportedRequest) -> object:
    return request.method, request.target, request.headers, request.body


def _head(source: str, gathered: _Gathered) -> Iterator[str]:
    """Yield the comments on the source of the suite, and on what is not in it."""
    yield _comment(
        f"Imported from {source}. Read it before you commit it: a body may hold private data."
    )
    yield _comment("Hosts, which no suite names; a runtime has them in its `url`:")
    for host, count in gathered.hosts.most_common():
        yield _comment(f"  {host} ({count})")
    kept = gathered.kept.values()
    secrets = set(chain.from_iterable(map(attrgetter("secrets"), kept)))
    if secrets:
        yield _comment(
            "Left out for secrecy; what a runtime needs goes into its `headers` in runtimes.yaml:"
        )
    for name in sorted(secrets):
        yield _comment(f"  {name}: {_variable(name)}")
    noise = set(chain.from_iterable(map(attrgetter("noise"), kept)))
    if noise:
        yield _comment("Left out because they are about the browser that sent them:")
    for name in sorted(noise):
        yield _comment(f"  {name}")
    if gathered.left_out:
        yield from _not_imported(gathered.left_out)


def _not_imported(left_out: Sequence[LeftOutEntry]) -> Iterator[str]:
    yield _comment("Not imported:")
    lines = list(left_out_lines(left_out))
    for line in lines[:_SHOWN_LEFT_OUT]:
        yield _comment(f"  {line}")
    more = len(lines) - _SHOWN_LEFT_OUT
    if more > 0:
        yield _comment(f"  and {more} more")


def left_out_lines(left_out: Iterable[LeftOutEntry]) -> Iterator[str]:
    """Yield a line for each left-out entry; entries that an option leaves out share a line."""
    chosen: dict[str, list[str]] = {}
    for item in left_out:
        if item.by_choice:
            chosen.setdefault(item.why, []).append(item.origin)
        else:
            yield f"{item.origin}: {item.why}"
    for why, origins in chosen.items():
        more = f" and {len(origins) - 1} more" if len(origins) > 1 else ""
        yield f"{origins[0]}{more}: {why}"


def _variable(name: str) -> str:
    """Return a reference to an environment variable for the value of a header field."""
    return f"${{env:{re.sub('[^A-Z0-9]', '_', name.upper())}}}"


def _comment(words: str) -> str:
    """Return a comment of one line for any text."""
    if not (words.isascii() and words.isprintable()):
        words = words.encode("unicode_escape").decode("ascii")
    if len(words) > _MAX_COMMENT:
        words = f"{words[:_MAX_COMMENT]}…"
    return f"# {words}"


def case_lines(request: ImportedRequest, names: Counter[str]) -> Iterator[str]:
    """Yield the lines of a request as a case, with a name that is not in `names` yet."""
    target = escaped(request.target)
    body = list(body_lines(request))
    yield from (f"  {_comment(note)}" for note in dict.fromkeys(request.notes))
    yield f"  - name: {_name(request, names)}"
    yield "    request:"
    if _METHOD.fullmatch(request.method):
        yield f"      {request.method}: {yaml_text(target)}"
    else:
        yield f"      method: {yaml_text(request.method)}"
        yield f"      target: {yaml_text(target)}"
    yield from _header_lines(request)
    yield from (f"      {line}" for line in body)


def _refuse(request: ImportedRequest) -> None:
    """Raise NotImportableError for a request that no case can hold."""
    if not re.fullmatch(FIELD_NAME, request.method):
        raise NotImportableError(f"its method {request.method[:20]!r} is no HTTP method")
    target = escaped(request.target)
    if not re.fullmatch(TARGET.pattern or "", target):
        raise NotImportableError(f"its target {target[:60]!r} does not begin with '/'")
    if another := out_of_scope_fields(request.headers):
        raise NotImportableError(another)


def _header_lines(request: ImportedRequest) -> Iterator[str]:
    if request.headers:
        yield "      headers:"
    for name, written in values_by_name(request.headers).items():
        values = [yaml_text(escaped(value)) for value in written]
        yield f"        {yaml_text(name)}: " + (
            values[0] if len(values) == 1 else f"[{', '.join(values)}]"
        )


def _name(request: ImportedRequest, names: Counter[str]) -> str:
    """Return a name made of method and path, with a number if another case has the name."""
    path = _IDENTIFIER.sub("id", request.target.partition("?")[0])
    words = re.findall(r"[a-z0-9]+", re.sub(r"%[0-9A-Fa-f]{2}", " ", path).lower()) or ["root"]
    name = f"{'-'.join(re.findall(r'[a-z0-9]+', request.method.lower()))}-{'-'.join(words)}"[
        :_MAX_NAME
    ].strip("-")
    names[name] += 1
    if names[name] == 1:
        return name
    numbered = f"{name}-{names[name]}"
    while numbered in names:
        names[name] += 1
        numbered = f"{name}-{names[name]}"
    names[numbered] += 1
    return numbered


def _prove(text: str, wanted: Sequence[ImportedRequest]) -> None:
    """Read a suite back; raise HarnessError if a case is not the imported request."""
    if len(text.encode()) > MAX_FILE_BYTES:
        raise UsageError(
            f"the suite would have more than {MAX_FILE_BYTES} bytes",
            hint="import fewer requests at a time, or --host",
        )
    try:
        cases = cases_of(parse_document(text.encode(), "imported suite"))
    except BadFileError as error:
        raise HarnessError(
            f"an imported suite cannot be read: {error}", hint="report what was imported"
        ) from error
    for case, request in zip(cases, wanted, strict=True):
        if not _sends(case, request):
            raise HarnessError(f"{case.id} does not send what was imported from {request.origin}")


def _sends(case: Case, request: ImportedRequest) -> bool:
    """Return whether a case sends the imported request.

    Fields of one name are grouped, which does not count as a change.
    """
    sent = case.steps[0].request
    same = (sent.method, sent.target, sent.body) == (request.method, request.target, request.body)
    return same and values_by_name(sent.headers) == values_by_name(request.headers)


def values_by_name(headers: HeaderList) -> dict[str, list[str]]:
    """Return the values of each header field by name; names and values keep their order."""
    by_name = grouped(headers, itemgetter(0))
    return {name: list(map(itemgetter(1), fields)) for name, fields in by_name.items()}
