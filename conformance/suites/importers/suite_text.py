"""Imported requests as the text of a suite.

The reader accepts the text, and the suite sends the same bytes again.

What the reader makes of the text is held against what was imported, request by request, before it
is given away.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from conformance.errors import BadFileError, HarnessError, UsageError
from conformance.model.case import Case
from conformance.model.yaml_text import yaml_text
from conformance.suites.document import MAX_FILE_BYTES, parse_document
from conformance.suites.importers.body_text import body_lines
from conformance.suites.importers.cleaning import cleaned
from conformance.suites.importers.imported import (
    Import,
    ImportedRequest,
    LeftOut,
    NotImportableError,
)
from conformance.suites.request_fields import REQUEST, TARGET
from conformance.suites.substitution import escaped
from conformance.suites.suite_file import cases_of

_MAX_NAME: Final = 60
_MAX_COMMENT: Final = 160
_SHOWN_LEFT_OUT: Final = 20
_METHOD: Final = re.compile(REQUEST.keyed[0] if REQUEST.keyed else "")
_IDENTIFIER: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9a-f]{16,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteText:
    """A suite as text, how many cases it has, and what is not in it."""

    text: str
    cases: int
    left_out: tuple[LeftOut, ...]


def suite_text(found: Iterable[Import], suite: str, source: str) -> SuiteText:
    """Write a suite of what was imported; requests that are alike become one case."""
    left_out: list[LeftOut] = []
    secrets: dict[str, None] = {}
    noise: dict[str, None] = {}
    hosts: Counter[str] = Counter()
    written: dict[ImportedRequest, list[str]] = {}
    names: Counter[str] = Counter()
    seen: set[object] = set()
    for item in found:
        if isinstance(item, LeftOut):
            left_out.append(item)
            continue
        clean = cleaned(item)
        request = clean.request
        secrets |= dict.fromkeys(clean.secrets)
        noise |= dict.fromkeys(clean.noise)
        key = (request.method, request.target, request.headers, request.body)
        if key not in seen:
            try:
                lines = list(case_lines(request, names))
            except NotImportableError as error:
                left_out.append(LeftOut(origin=item.origin, why=str(error)))
                continue
            seen.add(key)
            written[request] = lines
        hosts[request.host] += 1
    head = _head(source, hosts, secrets, noise, left_out)
    body = [line for lines in written.values() for line in lines]
    text = "\n".join([*head, f"suite: {suite}", "cases:", *body]) + "\n"
    if written:
        _prove(text, list(written))
    return SuiteText(text=text, cases=len(written), left_out=tuple(left_out))


def _head(
    source: str,
    hosts: Counter[str],
    secrets: Iterable[str],
    noise: Iterable[str],
    left_out: Sequence[LeftOut],
) -> Iterator[str]:
    """Yield the comments that say where the suite is from and what is not in it."""
    yield _comment(
        f"Imported from {source}. Read it before it is committed: a body may hold what is "
        "nobody's business."
    )
    yield _comment("Hosts, which no suite names; a runtime has them in its `url`:")
    yield from (_comment(f"  {host} ({count})") for host, count in hosts.most_common())
    if secrets:
        yield _comment(
            "Left out for secrecy; what a runtime needs goes into its `headers` in runtimes.yaml:"
        )
        yield from (_comment(f"  {name}") for name in sorted(secrets))
    if noise:
        yield _comment("Left out because they are about the client that sent them:")
        yield from (_comment(f"  {name}") for name in sorted(noise))
    if left_out:
        yield _comment("Not imported:")
        yield from (_comment(f"  {item.origin}: {item.why}") for item in left_out[:_SHOWN_LEFT_OUT])
        if len(left_out) > _SHOWN_LEFT_OUT:
            yield _comment(f"  and {len(left_out) - _SHOWN_LEFT_OUT} more")


def _comment(words: str) -> str:
    """Return a comment of one line, whatever is in the words."""
    shown = (
        words
        if words.isascii() and words.isprintable()
        else words.encode("unicode_escape").decode("ascii")
    )
    return f"# {shown}" if len(shown) <= _MAX_COMMENT else f"# {shown[:_MAX_COMMENT]}…"


def case_lines(request: ImportedRequest, names: Counter[str]) -> Iterator[str]:
    """Yield a request as a case, under a name that `names` has not.

    Raises NotImportableError if it can be none.
    """
    if not _METHOD.fullmatch(request.method):
        raise NotImportableError(f"its method {request.method[:20]!r} is no upper-case word")
    target = escaped(request.target)
    if not re.fullmatch(TARGET.pattern or "", target):
        raise NotImportableError(f"its target {target[:60]!r} does not begin with '/'")
    body = list(body_lines(request))
    yield from (f"  {_comment(note)}" for note in dict.fromkeys(request.notes))
    yield f"  - name: {_name(request, names)}"
    yield "    request:"
    yield f"      {request.method}: {yaml_text(target)}"
    yield from _header_lines(request)
    yield from (f"      {line}" for line in body)


def _header_lines(request: ImportedRequest) -> Iterator[str]:
    by_name: dict[str, list[str]] = {}
    for name, value in request.headers:
        by_name.setdefault(name, []).append(yaml_text(escaped(value)))
    if by_name:
        yield "      headers:"
    for name, values in by_name.items():
        yield f"        {yaml_text(name)}: " + (
            values[0] if len(values) == 1 else f"[{', '.join(values)}]"
        )


def _name(request: ImportedRequest, names: Counter[str]) -> str:
    """Return a name that says method and path, with a number where another case has it already."""
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
    """Read a suite back; raises HarnessError where a case is not what was imported."""
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
    """Return whether a case sends what was imported.

    Fields of one name come together, which changes nothing.
    """
    sent = case.steps[0].request
    fields = [
        [value for name, value in request.headers if name == field] for field, _ in request.headers
    ]
    held = [
        [value for name, value in sent.headers if name == field] for field, _ in request.headers
    ]
    same = (sent.method, sent.target, sent.body) == (request.method, request.target, request.body)
    return same and fields == held and len(sent.headers) == len(request.headers)
