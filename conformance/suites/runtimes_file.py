"""Runtimes files: the grammar of `runtimes:` documents."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from conformance.errors import BadFileError, Problem
from conformance.model.runtime import (
    LANGUAGES,
    AppRuntime,
    AttachedRuntime,
    BatchRuntime,
    CommandRuntime,
    Reach,
    RecordedRuntime,
    Runtime,
    TlsSettings,
)
from conformance.model.secret import unusable_secret
from conformance.suites.access_fields import (
    ACCESS_FIELDS,
    access_of,
    access_problems,
    access_variables,
    captured_by_login,
    needs_login,
)
from conformance.suites.document import Node, items, members, read_document, text
from conformance.suites.fields import (
    Choice,
    Field,
    Flag,
    ListOf,
    OneOrMany,
    Table,
    Text,
    Whole,
    check,
)
from conformance.suites.request_defaults import HEADER_VALUE
from conformance.suites.reset_fields import RESET, reset_of
from conformance.suites.substitution import check_text, references_below, substitute
from conformance.suites.suite_file import TAG

NAME_PATTERN: Final = r"[a-z0-9][a-z0-9._-]{0,62}"
URL_PATTERN: Final = (
    r'https?://(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?(?:/[!-"$->@-~]*)?'
)
DEFAULT_START_TIMEOUT_MS: Final = 10_000
DEFAULT_STOP_TIMEOUT_MS: Final = 3_000

URL = Text(pattern=URL_PATTERN, meaning="http:// or https://, a host, and no query")
URL_OR_VARIABLE = Text(
    pattern=rf"{URL_PATTERN}|[!-~]*\$\{{env:[A-Za-z_][A-Za-z0-9_]*\}}[!-~]*",
    meaning=URL.meaning or "",
)
WORD = Text(pattern=r"[^\0]*", meaning="text without a NUL character")
FILE = Text(pattern=r"[^\0]+", meaning="the path of a file")
TLS = Table(
    fields={
        "authority": Field(
            spec=FILE, says="a PEM file of certificates that are trusted besides this machine's"
        ),
        "server_name": Field(
            spec=Text(pattern=r"[A-Za-z0-9.-]+", meaning="a host name"),
            says="the name that the certificate carries, where it is not the URL's host",
        ),
        "certificate": Field(
            spec=FILE, says="a PEM file with the certificate that the harness shows"
        ),
        "key": Field(spec=FILE, says="a PEM file with that certificate's key"),
        "verify": Field(
            spec=Choice(options=("none",)), says="look at no certificate: anyone may be answering"
        ),
    },
)
RUNTIME = Table(
    fields={
        "url": Field(
            spec=URL_OR_VARIABLE, says="where it already runs; ${env:NAME} stands for a variable"
        ),
        "tls": Field(spec=TLS, says="whom an https url is trusted by, and what it is shown"),
        "command": Field(
            spec=ListOf(item=WORD, least=1),
            says="the argument vector that starts it; ${port} and ${python}",
        ),
        "batch": Field(
            spec=ListOf(item=WORD, least=1),
            says="the argument vector that a `run` adds its arguments to; ${directory} and "
            "${python}",
        ),
        "app": Field(
            spec=Text(pattern=r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", meaning="module:attribute"),
            says="an ASGI application, called in process",
        ),
        "recording": Field(spec=FILE, says="a file of answers captured earlier"),
        "labels": Field(
            spec=ListOf(item=TAG), says="the words that a suite's `against` picks runtimes by"
        ),
        "language": Field(
            spec=Choice(options=LANGUAGES),
            says="what it is written in: reports then say where such a runtime is fixed",
        ),
        "supports": Field(
            spec=ListOf(item=TAG), says="all that it supports; without it, it is held to every case"
        ),
        "headers": Field(
            spec=Table(
                keyed=(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", "header names", OneOrMany(item=HEADER_VALUE))
            ),
            says="header fields that only this runtime is sent, such as a token ${env:NAME}",
        ),
        "secret_hosts": Field(
            spec=ListOf(item=Text(pattern=r"[A-Za-z0-9.:-]+", meaning="a host name")),
            says="further hosts that the variables in `headers` may be sent to, by --runtime "
            "NAME=URL",
        ),
        "directory": Field(
            spec=WORD,
            says="where the command runs or the app is found, from the folder of this file",
        ),
        "environment": Field(
            spec=Table(keyed=(r"[A-Za-z_][A-Za-z0-9_]*", "variable names", WORD)),
            says="variables of the command",
        ),
        "ready": Field(
            spec=Text(pattern=r"/[!-~]*", meaning="a path"),
            says="the path that answers 2xx once it can serve",
        ),
        "port": Field(
            spec=Whole(least=1, most=65_535),
            says="the port it serves on, where it cannot be told one",
        ),
        "start_timeout_ms": Field(
            spec=Whole(least=1, most=600_000), says="how long it may take to get ready"
        ),
        "stop_timeout_ms": Field(
            spec=Whole(least=1, most=600_000), says="how long it may take to stop when asked to"
        ),
        "toolchain": Field(
            spec=ListOf(item=WORD, least=1), says="the command that names what built it"
        ),
        "source": Field(
            spec=ListOf(item=FILE, least=1),
            says="the files and folders of its code, from `directory`: a document that rests on "
            "older code is refused",
        ),
        "fallback": Field(
            spec=FILE, says="the recording that stands in where the command's program is missing"
        ),
        **ACCESS_FIELDS,
        "disposable": Field(
            spec=Flag(),
            says="true: `fuzz`, `init` and `discover` may send requests that change or delete its "
            "data",
        ),
        "reset": RESET,
    },
    one_of=("url", "command", "batch", "app", "recording"),
)
RUNTIMES = Table(
    fields={
        "runtimes": Field(
            spec=Table(keyed=(NAME_PATTERN, "names of runtimes", RUNTIME)),
            required=True,
            says="each runtime by name",
        )
    }
)
_ONLY_WITH: Final = {
    **dict.fromkeys(("ready", "port", "start_timeout_ms", "stop_timeout_ms"), ("command",)),
    **dict.fromkeys(("environment", "toolchain", "fallback"), ("command", "batch")),
    **dict.fromkeys(("directory", "source"), ("command", "batch", "app")),
}


_FILLED_IN: Final = {"command": {"port", "python"}, "batch": {"directory", "python"}}


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
    problems = problems or list(_meaning_problems(entries.values(), file.parent, environment))
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


def _meaning_problems(
    runtimes: Iterable[Node], folder: Path, environment: Mapping[str, str]
) -> Iterator[Problem]:
    for node in runtimes:
        given = members(node)
        for name, kinds in _ONLY_WITH.items():
            if name in given and not given.keys() & set(kinds):
                yield Problem(
                    given[name].place,
                    f"field {name!r} goes with {' or '.join(map(repr, kinds))} only",
                )
        if "tls" in given:
            yield from _tls_problems(given)
        if "url" in given:
            yield from _url_problems(given["url"], environment)
        yield from access_problems(given, folder, environment)
        for name, value in given.items():
            yield from _name_problems(
                name, value, environment, _FILLED_IN["batch" if "batch" in given else "command"]
            )
            if name in {"headers", "url"}:
                of_login = captured_by_login(given) if name == "headers" else ()
                yield from _unset_variables(value, environment, of_login)


def _name_problems(
    field: str, value: Node, environment: Mapping[str, str], of_commands: Collection[str]
) -> Iterator[Problem]:
    """Yield what is wrong with the names in a field of a runtime.

    Those of its access are looked at elsewhere.
    """
    if field in {"headers", *ACCESS_FIELDS}:
        yield from _unusable_secrets(value, environment)
    if field == "headers":
        yield from _bad_header_values(value, environment)
    elif field in {"command", "batch", "environment"}:
        yield from check_text(value, of_commands.__contains__)
    elif field not in {"url", *ACCESS_FIELDS}:
        yield from check_text(value)


def _url_problems(node: Node, environment: Mapping[str, str]) -> Iterator[Problem]:
    url = _with_variables(text(node), environment)
    if not re.fullmatch(URL_PATTERN, url) or not can_be_called(url):
        yield Problem(node.place, f"{url or text(node)} names no host and port that can be called")


def _with_variables(written: str, environment: Mapping[str, str]) -> str:
    """Return a text with its `${env:NAME}` filled in; one that is not set is nothing."""
    return substitute(written, lambda name: environment.get(name.removeprefix("env:"), ""))


def _tls_problems(given: Mapping[str, Node]) -> Iterator[Problem]:
    settings = members(given["tls"])
    url = text(given.get("url"))
    if not url.startswith(("https:", "${")):
        yield Problem(given["tls"].place, "field 'tls' goes with an https 'url' only")
    for name, other in (("certificate", "key"), ("key", "certificate")):
        if name in settings and other not in settings:
            yield Problem(settings[name].place, f"field {name!r} needs {other!r} beside it")


def _unset_variables(
    node: Node, environment: Mapping[str, str], of_login: Collection[str]
) -> Iterator[Problem]:
    def known(name: str) -> bool:
        variable = name.startswith("env:") and name.removeprefix("env:") in environment
        return variable or name in of_login

    for problem in check_text(node, known):
        what = problem.message.rpartition(";")[0]
        yield Problem(problem.place, f"{what}; set the variable, or write ${{env:NAME}}")


def _unusable_secrets(node: Node, environment: Mapping[str, str]) -> Iterator[Problem]:
    for place, reference in references_below(node):
        name = reference.removeprefix("env:")
        if name in environment and (wrong := unusable_secret(environment[name])):
            yield Problem(place, f"the variable {name} {wrong}")


def _bad_header_values(node: Node, environment: Mapping[str, str]) -> Iterator[Problem]:
    """Yield where a variable holds what no header can; its value is a secret and never shown."""
    for value in members(node).values():
        for item in items(value) or (value,):
            sent = _with_variables(text(item), environment)
            if not re.fullmatch(HEADER_VALUE.pattern or "", sent):
                yield Problem(
                    item.place,
                    f"the variable in {text(item)!r} does not hold {HEADER_VALUE.meaning}",
                )


def can_be_called(url: str) -> bool:
    """Return whether a URL of the right form also has an address and a port that exist."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


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
        url = _with_variables(text(given["url"]), variables).rstrip("/")
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
                yield name, _with_variables(text(item), environment)


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
