"""`conformance init`: the first files of a new folder of cases."""

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
from conformance.errors import NothingSelectedError, RuntimeUnavailableError, UsageError
from conformance.fuzzing.first_asking import Asked, ask_first, unasked
from conformance.fuzzing.first_suites import (
    SUITE_ID,
    SuitesPlan,
    Written,
    by_reason,
    write_first_suites,
)
from conformance.fuzzing.openapi import LeftOutOperation, operations_of
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.permission import askable, permitted
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
"""What can be asked of any service that nothing is known of."""
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
    help="What is asked may be changed and lost: make requests that change something, too.",
)


@click.command("init", epilog=_EPILOG)
@click.argument("folder", default="cases", type=click.Path(path_type=Path))
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

    The JSON Schema of all three is written, too.

    Nothing is overwritten.

    Each operation of the OpenAPI document gets a valid request, an id that nobody has, a malformed
    body and one bound. Values are the document's examples, else made of its schemas; ids are those
    that a runtime gives when a thing is created. Each runtime is then asked all of it twice, and
    what it answers differently by itself gets a rule. Without a document, `/`, `/health` and a path
    that nobody knows are asked.
    """
    made = make_first_files(InitOptions(**asked))
    for line in report_of_files(made):
        click.echo(line)
    click.echo(f"next: conformance run {made.folder}")
    return 0


class InitOptions(Struct, frozen=True, kw_only=True):
    """What `init` was asked for, as its options have it."""

    folder: Path
    runtime_options: tuple[str, ...]
    language_options: tuple[str, ...]
    openapi: str | None
    disposable: bool


class Made(Struct, frozen=True, kw_only=True):
    """The folder that was made, who was declared, what was asked, and what was written.

    `document` is a file there.
    """

    folder: Path
    runtimes: tuple[Runtime, ...]
    source: str
    document: str | None
    asked: Asked
    written: Written
    kept_from_change: bool


def make_first_files(wanted: InitOptions) -> Made:
    """Ask, and write the files of a folder; raises UsageError where they are there already."""
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
    live, asked = _asked(runtimes, kept, logs)
    if document is not None:
        _write_new(wanted.folder / _document_name(document), document.raw)
    for name, text in files.items():
        _write_new(wanted.folder / name, text.encode())
    plan = SuitesPlan(
        folder=wanted.folder,
        modeline=MODELINE,
        runtimes=live or runtimes,
        asked=asked,
        left_out=(*left_out, *unsafe),
        source=source,
        document=_document_name(document) if document is not None else None,
    )
    written = write_first_suites(plan, logs=logs if live else None)
    return Made(
        folder=wanted.folder,
        runtimes=runtimes,
        source=source,
        document=plan.document,
        asked=asked,
        written=written,
        kept_from_change=bool(unsafe),
    )


def _runtimes(wanted: InitOptions) -> tuple[tuple[Runtime, ...], dict[str, str]]:
    """Return who is asked, and the files that are to be written beside the suites.

    Raises UsageError.
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
    runtimes = tuple(askable(load_runtimes(request)))
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
    """Return the operations, what is left out of the document, and in words where they are from."""
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


def _asked(
    runtimes: Sequence[Runtime], operations: Sequence[Operation], logs: Path
) -> tuple[tuple[Runtime, ...], Asked]:
    """Return who could be asked, and what was; who cannot be reached is left out, with a note."""
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
            return live, ask_first(live, operations, logs)
        except RuntimeUnavailableError as error:
            click.echo(f"note: {visible(error.message)}", err=True)
            left = tuple(each for each in live if f"runtime {each.name}:" not in error.message)
            live = left if len(left) < len(live) else ()
    return (), unasked(operations)


def _document_name(document: OpenApiSource) -> str:
    return "openapi.json" if document.raw.lstrip()[:1] == b"{" else "openapi.yaml"


def _write_new(file: Path, raw: bytes) -> None:
    with naming(file), file.open("xb") as opened:
        opened.write(raw)


def report_of_files(made: Made) -> Iterator[str]:
    """Yield what was written, what is left out of it, and why."""
    written, asked = made.written, made.asked
    files = written.files
    more = f" to {files[-1].name}" if len(files) > 1 else ""
    yield f"{files[0]}{more}: {plural(written.cases, 'case')}, {made.source}"
    if written.rules.count:
        yield f"{plural(written.rules.count, 'rule')} for what differs by itself"
    if written.rules.not_proposed:
        count = plural(len(written.rules.not_proposed), "difference")
        yield f"{count} of a runtime from itself without a rule: see {files[0]}"
    names = {each.name for each in made.runtimes}
    one_sided = [name for name, senders in sorted(asked.headers.items()) if senders != names]
    if one_sided and len(names) > 1:
        yield f"header fields that not every runtime sends: {some(one_sided)}"
    yield from _listed("left out, as {why}", by_reason(written.left_out), files[0])
    if made.kept_from_change:
        yield (
            "they are asked, too, with --disposable, or with `disposable: true` in the runtimes "
            "file"
        )
    if asked.refused:
        yield from _listed(
            "{why}",
            [("no request was found that every runtime accepts", list(asked.refused))],
            files[0],
        )
    if len(made.runtimes) == 1:
        yield (
            f"{made.runtimes[0].name} has nobody to differ from: add another runtime to "
            f"{made.folder / RUNTIMES_NAME}"
        )


def _listed(form: str, reasons: Iterable[tuple[str, list[str]]], file: Path) -> Iterator[str]:
    """Yield a line for each reason with the first of what it is about; the file lists all."""
    for why, whats in reasons:
        first = some(whats)
        listed = f"; {file} lists all" if len(first) < len(", ".join(whats)) else ""
        yield visible(f"{form.format(why=why)}: {first}{listed}")
