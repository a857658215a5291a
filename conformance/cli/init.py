"""`conformance init`: writes the first files of a new folder of cases."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import click
from msgspec import Struct
from msgspec.structs import replace

from conformance.atomic_file import naming
from conformance.cli import options
from conformance.cli.file_kinds import KINDS
from conformance.cli.openapi_source import OpenApiSource, base_paths, find_document
from conformance.cli.path_type import PATH
from conformance.errors import NothingSelectedError, RuntimeUnavailableError, UsageError
from conformance.fuzzing.first_requests import FirstRequests, send_first_requests, unsent_requests
from conformance.fuzzing.first_suites import (
    SUITE_ID,
    SuitesPlan,
    Written,
    by_reason,
    write_first_suites,
)
from conformance.fuzzing.openapi import LeftOutOperation, operations_of
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.permission import live_runtimes, permitted
from conformance.model.runtime import Runtime
from conformance.project.files import RUNTIMES_NAME
from conformance.project.first_files import MODELINE, first_files
from conformance.project.request import RunRequest
from conformance.project.runs import DEFAULT_RUNS
from conformance.project.runtimes import load_runtimes
from conformance.safe_text import visible
from conformance.suites.json_schema import schema_text
from conformance.suites.runtime_options import runtime_from_option
from conformance.wording import plural, some

_USUAL: Final = ("/", "/health", "/no/such/path")
"""Paths that can be requested from any service, even an unknown one."""
_EPILOG = """\b
Examples:
  conformance init --runtime a=http://127.0.0.1:8001 --runtime b=http://127.0.0.1:8002
  conformance init --runtime a=http://127.0.0.1:8001 --openapi openapi.yaml --disposable
  conformance init --runtime a=http://127.0.0.1:8001 --language a=go
  conformance init shop                      the runtimes of shop/runtimes.yaml

Requests that change something are made only with `--disposable`, or where the runtimes file says
`disposable: true` or has a command that starts the runtime. All operations that are left out are
listed in the first suite, with the reason.
"""

disposable = click.option(
    "--disposable",
    is_flag=True,
    help="The runtimes' data may be changed and lost: also send requests that change something.",
)


@click.command("init", epilog=_EPILOG)
@click.argument("folder", default="cases", type=PATH)
@click.option(
    "--runtime",
    "runtime_options",
    multiple=True,
    metavar="NAME=URL",
    help="Who is asked. Repeatable. [runtimes.yaml of FOLDER]",
)
@options.language
@click.option(
    "--openapi",
    metavar="FILE|URL",
    help="The OpenAPI document of the service. [/openapi.json of a runtime]",
)
@disposable
def command(**asked: Any) -> int:
    """Write first suites, the runtimes and an empty ledger into FOLDER [cases].

    The JSON Schema of these files is written, too. Nothing is overwritten.

    Each operation of the OpenAPI document gets a valid request, an unknown id, a malformed body and
    the values on both sides of one bound. Values are the document's examples, or are made from its
    schemas; ids are those that a runtime returns when a thing is created. Each runtime gets all
    requests twice, and each difference of a runtime from itself gets a rule. Without a document,
    `/`, `/health` and an unknown path are requested.
    """
    result = make_first_files(InitOptions(**asked))
    for line in report_of_files(result):
        click.echo(line)
    click.echo(f"next: conformance run {result.folder}")
    return 0


class InitOptions(Struct, frozen=True, kw_only=True):
    """The options of `init`."""

    folder: Path
    runtime_options: tuple[str, ...]
    language_options: tuple[str, ...]
    openapi: str | None
    disposable: bool


class InitResult(Struct, frozen=True, kw_only=True):
    """The result of `init`: the folder, the runtimes, the requests, and the files.

    `document` is the name of the OpenAPI document in the folder. `kept_from_change` says that
    requests that change something were left out.
    """

    folder: Path
    runtimes: tuple[Runtime, ...]
    source: str
    document: str | None
    first_requests: FirstRequests
    written: Written
    kept_from_change: bool


def make_first_files(wanted: InitOptions) -> InitResult:
    """Send the first requests and write the files of a folder; raises UsageError.

    Files that already exist are an error.
    """
    runtimes, files = _runtimes(wanted)
    document = find_document(runtimes, wanted.openapi)
    operations, left_out, source = _operations(document, runtimes)
    kept, unsafe = permitted(operations, runtimes)
    if not kept:
        raise NothingSelectedError(
            f"no operation may be asked: {unsafe[0].what}: {unsafe[0].why}", hint="--disposable"
        )
    wanted.folder.mkdir(parents=True, exist_ok=True)
    logs = DEFAULT_RUNS / "init"
    live, first = _send_first(runtimes, kept, logs)
    if document is not None:
        _write_new(wanted.folder / _document_name(document), document.raw)
    for name, text in files.items():
        _write_new(wanted.folder / name, text.encode())
    plan = SuitesPlan(
        folder=wanted.folder,
        modeline=MODELINE,
        runtimes=live or runtimes,
        first_requests=first,
        left_out=(*left_out, *unsafe),
        source=source,
        document=_document_name(document) if document is not None else None,
    )
    written = write_first_suites(plan, logs=logs if live else None)
    return InitResult(
        folder=wanted.folder,
        runtimes=runtimes,
        source=source,
        document=plan.document,
        first_requests=first,
        written=written,
        kept_from_change=bool(unsafe),
    )


def _runtimes(wanted: InitOptions) -> tuple[tuple[Runtime, ...], dict[str, str]]:
    """Return the runtimes, and the files to write next to the suites by name.

    Raises UsageError if there are no runtimes or the files already exist.
    """
    for option in wanted.runtime_options:
        runtime_from_option(option)
    declared = wanted.folder / RUNTIMES_NAME
    own = not wanted.runtime_options and declared.is_file()
    if not own and not wanted.runtime_options:
        raise UsageError(
            f"nobody to ask: no --runtime, and no {declared}",
            hint="--runtime a=http://127.0.0.1:8001",
        )
    request = RunRequest(
        paths=(),
        runtime_options=wanted.runtime_options,
        runtimes_file=declared if own else None,
        language_options=wanted.language_options,
        runs=DEFAULT_RUNS,
    )
    runtimes = tuple(live_runtimes(load_runtimes(request)))
    if wanted.disposable:
        runtimes = tuple(replace(each, disposable=True) for each in runtimes)
    files = first_files(runtimes, schema_text(KINDS))
    there = [name for name in (f"{SUITE_ID}.yaml", *files) if (wanted.folder / name).exists()]
    if there and (not own or f"{SUITE_ID}.yaml" in there):
        raise UsageError(
            f"{wanted.folder} has {', '.join(there)} already",
            hint="name another folder, or look further than these suites with `conformance fuzz`",
        )
    return runtimes, {name: text for name, text in files.items() if name not in there}


def _operations(
    document: OpenApiSource | None, runtimes: Sequence[Runtime]
) -> tuple[tuple[Operation, ...], tuple[LeftOutOperation, ...], str]:
    """Return the operations, those left out, and a description of where they come from."""
    if document is None:
        usual = (
            Operation(method="GET", path=tuple(each.removeprefix("/").split("/")))
            for each in _USUAL
        )
        return tuple(usual), (), "what can be asked of any service"
    operations, left_out = operations_of(document.raw, document.name, base_paths(runtimes))
    if not operations:
        raise UsageError(
            f"{document.name}: no operation that can be asked", hint="leave --openapi away"
        )
    return operations, left_out, f"operations of {document.name}"


def _send_first(
    runtimes: Sequence[Runtime], operations: Sequence[Operation], logs: Path
) -> tuple[tuple[Runtime, ...], FirstRequests]:
    """Return the runtimes that can be reached, and the result of the first requests to them.

    For each of the others a note is printed.
    """
    if find_spec("hypothesis") is None:
        click.echo(
            "note: texts that match patterns need Hypothesis: pip install "
            "'conformance-harness[fuzz]'",
            err=True,
        )
    live = tuple(runtimes)
    while live and operations:
        try:
            click.echo(
                f"asking {plural(len(live), 'runtime')} about "
                f"{plural(len(operations), 'operation')}",
                err=True,
            )
            return live, send_first_requests(live, operations, logs)
        except RuntimeUnavailableError as error:
            for line in error.message.splitlines():
                click.echo(visible(line if line.startswith(" ") else f"note: {line}"), err=True)
            left = tuple(each for each in live if f"runtime {each.name}:" not in error.message)
            live = left if len(left) < len(live) else ()
    return (), unsent_requests(operations)


def _document_name(document: OpenApiSource) -> str:
    return "openapi.json" if document.raw.lstrip()[:1] == b"{" else "openapi.yaml"


def _write_new(file: Path, raw: bytes) -> None:
    with naming(file), file.open("xb") as opened:
        opened.write(raw)


def report_of_files(result: InitResult) -> Iterator[str]:
    """Yield lines on what was written, and on what is left out and why."""
    written, first = result.written, result.first_requests
    files = written.files
    more = f" to {files[-1].name}" if len(files) > 1 else ""
    yield f"{files[0]}{more}: {plural(written.cases, 'case')}, {result.source}"
    if written.rules.count:
        yield f"{plural(written.rules.count, 'rule')} for what differs by itself"
    if written.rules.not_proposed:
        count = plural(len(written.rules.not_proposed), "difference")
        yield f"{count} of a runtime from itself without a rule: see {files[0]}"
    names = {each.name for each in result.runtimes}
    one_sided = [name for name, senders in sorted(first.headers.items()) if senders != names]
    if one_sided and len(names) > 1:
        yield f"header fields that not every runtime sends: {some(one_sided)}"
    yield from _listed("left out, as {why}", by_reason(written.left_out), files[0])
    if result.kept_from_change:
        yield (
            "they are asked, too, with --disposable, or with `disposable: true` in the runtimes "
            "file"
        )
    if first.refused:
        yield from _listed(
            "{why}",
            [("no request was found that every runtime accepts", list(first.refused))],
            files[0],
        )
    if len(result.runtimes) == 1:
        yield (
            f"{result.runtimes[0].name} has nobody to differ from: add another runtime to "
            f"{result.folder / RUNTIMES_NAME}"
        )


def _listed(form: str, reasons: Iterable[tuple[str, list[str]]], file: Path) -> Iterator[str]:
    """Yield a line for each reason, with the first items that it applies to; the file lists all."""
    for why, names in reasons:
        first = some(names)
        listed = f"; {file} lists all" if len(first) < len(", ".join(names)) else ""
        yield visible(f"{form.format(why=why)}: {first}{listed}")
