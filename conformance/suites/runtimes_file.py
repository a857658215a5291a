"""Runtimes files, read into runtimes."""

import os
from collections.abc import Collection, Iterator, Mapping
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
from conformance.suites.nodes import Node, items, members, text
from conformance.suites.reset_fields import reset_of
from conformance.suites.runtime_fields import RUNTIMES
from conformance.suites.runtime_problems import runtime_problems
from conformance.suites.substitution import references_below, with_variables

# Programs that compile or fill caches first take seconds
DEFAULT_START_TIMEOUT_MS: Final = 10_000
# Time to finish requests and write data, before it is killed
DEFAULT_STOP_TIMEOUT_MS: Final = 3_000


def read_runtimes(
    file: Path, environment: Mapping[str, str] = os.environ, only: Collection[str] | None = None
) -> tuple[Runtime, ...]:
    """Read a runtimes file, or some runtimes of it by name.

    Raises BadFileError with all that is wrong in it.

    The variables of other runtimes need not be set.
    """
    root = read_document(file)
    problems = list(check(RUNTIMES, root))
    declared = members(members(root).get("runtimes")).items()
    entries = {name: node for name, node in declared if only is None or name in only}
    problems = problems or list(runtime_problems(entries.values(), file.parent, environment))
    if problems:
        raise BadFileError(problems)
    return tuple(_runtime(name, node, file.parent, environment) for name, node in entries.items())


def declared_sources(file: Path) -> dict[str, tuple[str | None, tuple[Path, ...]]]:
    """Return the language and the source of each runtime of a file by its name.

    No variable need be set for that.

    Raises BadFileError with all that the grammar finds wrong.
    """
    root = read_document(file)
    if problems := list(check(RUNTIMES, root)):
        raise BadFileError(problems)
    declared = {
        name: members(node) for name, node in members(members(root).get("runtimes")).items()
    }
    return {
        name: (
            text(given["language"]) if "language" in given else None,
            _source(given, file.parent),
        )
        for name, given in declared.items()
    }


def _runtime(name: str, node: Node, folder: Path, environment: Mapping[str, str]) -> Runtime:
    given = members(node)
    return Runtime(
        name=name,
        reach=_reach(given, folder, environment),
        place=node.place,
        labels=frozenset(map(text, items(given.get("labels")))),
        language=text(given["language"]) if "language" in given else None,
        supports=frozenset(map(text, items(given["supports"]))) if "supports" in given else None,
        headers=tuple(_headers(given.get("headers"), environment)),
        secrets=tuple(
            (name, environment[name]) for name in dict.fromkeys(_secret_variables(given))
        ),
        access=access_of(given, folder, environment),
        secret_hosts=tuple(host.lower() for host in map(text, items(given.get("secret_hosts")))),
        fallback=folder / text(given["fallback"]) if "fallback" in given else None,
        toolchain=tuple(map(text, items(given.get("toolchain")))),
        source=_source(given, folder),
        disposable=text(given.get("disposable")) == "true",
        reset=reset_of(given["reset"], folder) if "reset" in given else None,
    )


def _source(given: dict[str, Node], folder: Path) -> tuple[Path, ...]:
    return tuple(
        folder / text(given.get("directory")) / text(path) for path in items(given.get("source"))
    )


def _reach(given: dict[str, Node], folder: Path, variables: Mapping[str, str]) -> Reach:
    if "url" in given:
        url = with_variables(text(given["url"]), variables).rstrip("/")
        return AttachedRuntime(url=url, tls=_tls(members(given.get("tls")), folder))
    if "recording" in given:
        return RecordedRuntime(file=folder / text(given["recording"]))
    if "app" in given:
        return AppRuntime(
            target=text(given["app"]), directory=folder / text(given.get("directory"))
        )
    directory = folder / text(given.get("directory"))
    environment = tuple(
        (name, text(value)) for name, value in members(given.get("environment")).items()
    )
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
        ready=text(given["ready"]) if "ready" in given else None,
        port=int(text(given["port"])) if "port" in given else None,
        start_timeout_ms=int(text(given.get("start_timeout_ms")) or DEFAULT_START_TIMEOUT_MS),
        stop_timeout_ms=int(text(given.get("stop_timeout_ms")) or DEFAULT_STOP_TIMEOUT_MS),
    )


def _tls(given: dict[str, Node], folder: Path) -> TlsSettings:
    files = {
        name: folder / text(given[name])
        for name in ("authority", "certificate", "key")
        if name in given
    }
    server_name = text(given["server_name"]) if "server_name" in given else None
    return TlsSettings(server_name=server_name, insecure="verify" in given, **files)


def _headers(node: Node | None, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in members(node).items():
        for item in items(value) or (value,):
            if not needs_login(item):
                yield name, with_variables(text(item), environment)


def _secret_variables(given: Mapping[str, Node]) -> Iterator[str]:
    """Yield the names of the variables of a runtime whose values are secrets."""
    yield from _variables(given.get("headers"))
    yield from access_variables(given)


def _variables(node: Node | None) -> Iterator[str]:
    """Yield the names of the variables that header fields hold, each once."""
    found = references_below(node) if node is not None else ()
    yield from dict.fromkeys(
        name.removeprefix("env:") for _, name in found if name.startswith("env:")
    )
