"""The grammar of `run:`: arguments, variables and files of a command.

The outcome of the command is compared.

A run is also written as a request: its arguments are the target, its variables the headers, the
digests of its files the body. So it has a key in a recording, and a report can show the run.
"""

import hashlib
import json
import shlex
from collections.abc import Iterator
from typing import Final

from conformance.errors import Problem
from conformance.model.batch import CLOCK, RUN_METHOD, BatchFile, BatchRun
from conformance.model.request import Request
from conformance.suites.fields import AnyValue, Either, Field, FieldTable, ListOf, Text, Whole
from conformance.suites.json_text import json_text
from conformance.suites.nodes import Mapping, Node, items, members, shown, text
from conformance.suites.request_fields import BASE64, content_problems, decoded
from conformance.suites.sent_files import Files, UnusableFileError

# The most that a command line tool needs; several run at the same time
DEFAULT_MEMORY_MIB: Final = 1_024

_WORD = Text(pattern=r"[^\0]*", meaning="text without a NUL character")
_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
_PATH: Final = r"[^/\0]+(?:/[^/\0]+)*"
_FROM = Text(pattern=r"[^\0]+", meaning="a path from the folder of this suite")
CONTENT = FieldTable(
    fields={
        "lines": Field(spec=ListOf(item=AnyValue()), says="one JSON value a line"),
        "json": Field(spec=AnyValue(), says="one JSON value"),
        "base64": BASE64,
        "file": Field(spec=_FROM, says="the bytes of a file inside the repository of this suite"),
    },
    one_of=("lines", "json", "base64", "file"),
)
RUN = FieldTable(
    fields={
        "args": Field(
            spec=ListOf(item=_WORD), says="the arguments after the runtime's own command"
        ),
        "environment": Field(
            spec=FieldTable(keyed=(_VARIABLE, "variable names", _WORD)),
            says="variables of the command",
        ),
        "clock": Field(
            spec=Text(
                pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z",
                meaning="a time such as 2026-11-25T12:00:00Z",
            ),
            says=f"the time for the command, which gets it as {CLOCK}",
        ),
        "tree": Field(
            spec=_FROM, says="a folder whose files the command finds, under their paths in it"
        ),
        "files": Field(
            spec=FieldTable(keyed=(_PATH, "relative paths", Either(options=(Text(), CONTENT)))),
            says="files that it finds: text, or an object with their content",
        ),
        "memory_mib": Field(
            spec=Whole(least=1, most=1_000_000), says="how much memory all its processes may take"
        ),
    },
)


def run_problems(node: Node, files: Files) -> Iterator[Problem]:
    """Yield the problems that a table cannot express: paths that lead out, and unreadable files."""
    given = members(node)
    laid = given.get("files")
    by_path = laid.members if isinstance(laid, Mapping) else {}
    for path, member in by_path.items():
        leads_out = not {".", ".."}.isdisjoint(path.split("/"))
        if leads_out:
            yield Problem(member.key_place, f"{shown(path)} leads out of the folder of the run")
        yield from content_problems(members(member.node), files.path)
    if "tree" not in given:
        return
    try:
        files.below(text(given["tree"]))
    except UnusableFileError as error:
        yield Problem(given["tree"].place, str(error))


def run_of(node: Node, files: Files) -> tuple[Request, BatchRun]:
    """Return the request that stands for a checked run, and the run."""
    given = members(node)
    variables = members(given.get("environment"))
    environment = [(name, text(value)) for name, value in variables.items()]
    if "clock" in given:
        environment.append((CLOCK, text(given["clock"])))
    # A file in the suite replaces the file of the tree with the same path
    every_file = (*_tree(given, files), *_files(given, files))
    laid = {file.path: file for file in every_file}
    run = BatchRun(
        arguments=tuple(map(text, items(given.get("args")))),
        environment=tuple(environment),
        files=tuple(laid[path] for path in sorted(laid)),
        memory_mib=int(text(given.get("memory_mib")) or DEFAULT_MEMORY_MIB),
    )
    return _request(run), run


def _tree(given: dict[str, Node], files: Files) -> Iterator[BatchFile]:
    if "tree" not in given:
        return
    for path, source in files.below(text(given["tree"])):
        yield BatchFile(path=path, source=source)


def _files(given: dict[str, Node], files: Files) -> Iterator[BatchFile]:
    for path, node in members(given.get("files")).items():
        content = members(node)
        if "file" in content:
            yield BatchFile(path=path, source=files.path(text(content["file"])))
        else:
            yield BatchFile(path=path, content=_content(node))


def _content(node: Node) -> bytes:
    """Return the bytes of a file whose content is in the suite."""
    given = members(node)
    if "base64" in given:
        return decoded(text(given["base64"]))
    if "json" in given:
        return _written(given["json"])
    if "lines" in given:
        lines = map(_written, items(given["lines"]))
        return b"".join(line + b"\n" for line in lines)
    return text(node).encode()


def _written(node: Node) -> bytes:
    return json_text(node).encode("utf-8", "surrogatepass")


def _request(run: BatchRun) -> Request:
    digests = {file.path: hashlib.sha256(file.read()).hexdigest() for file in run.files}
    return Request(
        method=RUN_METHOD,
        target=_in_ascii(shlex.join(run.arguments)),
        headers=tuple((name, _in_ascii(value)) for name, value in run.environment),
        body=json.dumps({"files": digests}, indent=1).encode(),
    )


def _in_ascii(written: str) -> str:
    return written.encode("ascii", "backslashreplace").decode()
