"""Reads runtimes files into runtimes."""

import os
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from conformance.errors import BadFileError
from conformance.model.runtime import (
    AppRuntime,
    AttachedRuntime,
    BatchRuntime,
    CommandRuntime,
    Reach,
    RecordedRuntime,
    Runtime,
    TlsSettings,
)
from conformance.suites.access_fields import access_of, access_variables, needs_login
from conformance.suites.document import read_document
from conformance.suites.field_check import check
from conformance.suites.nodes import Node, each_value, if_given, items, members, text, whole
from conformance.suites.reset_fields import reset_of
from conformance.suites.runtime_fields import RUNTIMES
from conformance.suites.runtime_problems import runtime_problems
from conformance.suites.substitution import variables_below, with_variables

# Programs that compile or fill caches first take seconds
DEFAULT_START_TIMEOUT_MS: Final = 10_000
# Time to finish requests and write data, before it is killed
DEFAULT_STOP_TIMEOUT_MS: Final = 3_000


def read_runtimes(
    file: Path, environment: Mapping[str, str] = os.environ, only: Collection[str] | None = None
) -> tuple[Runtime, ...]:
    """Return the runtimes of a file, or those with the names in `only`.

    Raises BadFileError with all problems of the file.
    The variables of other runtimes need not be set.
    """
    folder = file.parent
    root = read_document(file)
    problems = list(check(RUNTIMES, root))
    if problems:
        raise BadFileError(problems)
    declared = members(members(root).get("runtimes"))
    entries = {name: node for name, node in declared.items() if only is None or name in only}
    problems = list(runtime_problems(entries.values(), folder, environment))
    if problems:
        raise BadFileError(problems)
    return tuple(_runtime(name, node, folder, environment) for name, node in entries.items())


def declared_sources(file: Path) -> dict[str, tuple[str | None, tuple[Path, ...]]]:
    """Return the language and the source files of each runtime of a file, by its name.

    No variable needs to be set.

    Raises BadFileError with all problems that the grammar finds.
    """
    root = read_document(file)
    problems = list(check(RUNTIMES, root))
    if problems:
        raise BadFileError(problems)
    sources: dict[str, tuple[str | None, tuple[Path, ...]]] = {}
    for name, node in members(members(root).get("runtimes")).items():
        given = members(node)
        sources[name] = if_given(given, "language", text), _source(given, file.parent)
    return sources


def _runtime(name: str, node: Node, folder: Path, environment: Mapping[str, str]) -> Runtime:
    def below(node: Node) -> Path:
        return folder / text(node)

    given = members(node)
    # Several fields may contain the same variable
    variables = dict.fromkeys(_secret_variables(given))
    secret_hosts = map(text, items(given.get("secret_hosts")))
    return Runtime(
        name=name,
        reach=_reach(given, folder, environment),
        place=node.place,
        labels=_words(given.get("labels")),
        language=if_given(given, "language", text),
        supports=if_given(given, "supports", _words),
        headers=tuple(_headers(given.get("headers"), environment)),
        secrets=tuple((name, environment[name]) for name in variables),
        access=access_of(given, folder, environment),
        secret_hosts=tuple(host.lower() for host in secret_hosts),
        fallback=if_given(given, "fallback", below),
        toolchain=tuple(map(text, items(given.get("toolchain")))),
        source=_source(given, folder),
        disposable=text(given.get("disposable")) == "true",
        reset=if_given(given, "reset", partial(reset_of, folder=folder)),
    )


def _words(node: Node | None) -> frozenset[str]:
    return frozenset(map(text, items(node)))


def _source(given: dict[str, Node], folder: Path) -> tuple[Path, ...]:
    directory = folder / text(given.get("directory"))
    return tuple(directory / text(path) for path in items(given.get("source")))


def _reach(given: dict[str, Node], folder: Path, variables: Mapping[str, str]) -> Reach:
    if "url" in given:
        url = with_variables(text(given["url"]), variables).rstrip("/")
        return AttachedRuntime(url=url, tls=_tls(members(given.get("tls")), folder))
    if "recording" in given:
        return RecordedRuntime(file=folder / text(given["recording"]))
    directory = folder / text(given.get("directory"))
    if "app" in given:
        return AppRuntime(target=text(given["app"]), directory=directory)
    declared = members(given.get("environment"))
    environment = tuple((name, text(value)) for name, value in declared.items())
    if "batch" in given:
        return BatchRuntime(
            argv=tuple(map(text, items(given["batch"]))),
            directory=directory,
            environment=environment,
        )
    return CommandRuntime(
        argv=tuple(map(text, items(given["command"]))),
        directory=directory,
        environment=environment,
        ready=if_given(given, "ready", text),
        port=if_given(given, "port", whole),
        start_timeout_ms=if_given(given, "start_timeout_ms", whole) or DEFAULT_START_TIMEOUT_MS,
        stop_timeout_ms=if_given(given, "stop_timeout_ms", whole) or DEFAULT_STOP_TIMEOUT_MS,
    )


def _tls(given: dict[str, Node], folder: Path) -> TlsSettings:
    files = {
        name: folder / text(given[name])
        for name in ("authority", "certificate", "key")
        if name in given
    }
    return TlsSettings(
        server_name=if_given(given, "server_name", text),
        insecure="verify" in given,
        **files,
    )


def _headers(node: Node | None, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in each_value(members(node).items()):
        # What a login captures is filled in at each request
        if not needs_login(value):
            yield name, with_variables(text(value), environment)


def _secret_variables(given: Mapping[str, Node]) -> Iterator[str]:
    """Yield the names of the variables of a runtime whose values are secrets."""
    if "headers" in given:
        yield from dict.fromkeys(variables_below(given["headers"]))
    yield from access_variables(given)
