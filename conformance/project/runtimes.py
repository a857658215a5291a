"""The runtimes of a command: from the command line, or from the runtimes file."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec.structs import replace

from conformance.errors import UsageError
from conformance.grouped import grouped
from conformance.model.runtime import AttachedRuntime, Runtime, TlsSettings
from conformance.project.files import RUNTIMES_NAME, find_above
from conformance.project.request import RunRequest
from conformance.runner.process.ports import LOOPBACK
from conformance.suites.field_check import suggestion
from conformance.suites.runtime_options import language_from_option, runtime_from_option
from conformance.suites.runtimes_file import read_runtimes


def load_runtimes(request: RunRequest) -> tuple[Runtime, ...]:
    """Return the runtimes of the command line, or those of the runtimes file.

    Names on the command line select runtimes of the file.
    """
    has_url = grouped(request.runtime_options, lambda option: "=" in option)
    attached = list(map(runtime_from_option, has_url.get(True, ())))
    picked = has_url.get(False, [])
    chosen: Sequence[Runtime] = ()
    if picked:
        declared = declared_runtimes(request)
        chosen = [_named(name, declared) for name in picked]
    elif attached:
        declared = _overlaid_ones(request, attached)
    else:
        chosen = declared = declared_runtimes(request)
    overlaid = [_overlay(runtime, declared, request.secret_hosts) for runtime in attached]
    runtimes = (*chosen, *overlaid)
    _refuse_twice("--runtime", _names(runtimes), "a name is the identity of a runtime")
    supporting = _with_support(runtimes, request.supports_options)
    return _with_language(supporting, request.language_options)


def _names(runtimes: Iterable[Runtime]) -> list[str]:
    return [runtime.name for runtime in runtimes]


def _by_name(runtimes: Iterable[Runtime]) -> dict[str, Runtime]:
    return {runtime.name: runtime for runtime in runtimes}


def _overlaid_ones(request: RunRequest, attached: Sequence[Runtime]) -> tuple[Runtime, ...]:
    """Return the declared runtimes that have another address on the command line."""
    file = runtimes_path(request)
    if file is None:
        return ()
    return read_runtimes(file, only=set(_names(attached)))


def _overlay(
    attached: Runtime, declared: Sequence[Runtime], secret_hosts: Sequence[str]
) -> Runtime:
    """Return a runtime of the command line with all that is declared for its name but the address.

    Raises UsageError if a declared secret would be sent to a host that is not allowed.
    """
    known = _by_name(declared).get(attached.name)
    if known is None:
        return attached
    assert isinstance(attached.reach, AttachedRuntime)  # noqa: S101 - NAME=URL is nothing else
    host = _host(attached.reach.url)
    allowed = {_declared_host(known), *known.secret_hosts, *secret_hosts}
    if known.secrets and host not in allowed:
        secrets = ", ".join(name for name, _ in known.secrets)
        raise UsageError(
            f"--runtime {attached.name}={attached.reach.url}: the declared headers of "
            f"{attached.name} hold the secret {secrets}, which {host} must not be sent",
            hint=f"--send-secrets {host}, or `secret_hosts: [{host}]` in the runtimes file, "
            "allows it",
        )
    tls = known.reach.tls if isinstance(known.reach, AttachedRuntime) else TlsSettings()
    reach = replace(attached.reach, tls=tls)
    # The declared recording and sources belong to the declared address, not to this one
    return replace(known, reach=reach, place=attached.place, fallback=None, toolchain=(), source=())


def _declared_host(runtime: Runtime) -> str:
    return _host(runtime.reach.url) if isinstance(runtime.reach, AttachedRuntime) else LOOPBACK


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def runtimes_path(request: RunRequest) -> Path | None:
    """Return the given runtimes file, or the nearest one, or None."""
    return request.runtimes_file or find_above(RUNTIMES_NAME, request.suite_paths())


def runtimes_digest(request: RunRequest) -> str:
    """Return the SHA-256 of the runtimes file as hex; empty if there is none."""
    file = runtimes_path(request)
    if file is None or not file.is_file():
        return ""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def declared_runtimes(request: RunRequest) -> tuple[Runtime, ...]:
    """Return the runtimes of the runtimes file; raises UsageError if there is no file."""
    file = runtimes_path(request)
    if file is None:
        raise UsageError(
            f"no runtimes: no {RUNTIMES_NAME} in or above {request.suite_paths()[0]}",
            hint="--runtime a=http://127.0.0.1:8001 --runtime b=http://127.0.0.1:8002",
        )
    return read_runtimes(file)


def _named(name: str, declared: Sequence[Runtime]) -> Runtime:
    by_name = _by_name(declared)
    if name not in by_name:
        raise UsageError(
            f"--runtime {name}: no such runtime{suggestion(name, list(by_name))}",
            hint=f"declared: {', '.join(by_name)}",
        )
    return by_name[name]


def refuse_unknown_baseline(baseline: str | None, runtimes: Sequence[Runtime]) -> None:
    """Raise UsageError for a baseline that is not one of the runtimes."""
    names = _names(runtimes)
    if baseline is not None and baseline not in names:
        raise UsageError(
            f"--baseline {baseline}: no such runtime{suggestion(baseline, names)}",
            hint=f"one of {', '.join(names)}",
        )


def _refuse_twice(option: str, names: Sequence[str], hint: str) -> None:
    # One use of each name is correct, further ones are not
    twice = sorted(Counter(names) - Counter(set(names)))
    if twice:
        raise UsageError(f"{option}: {', '.join(twice)} is named twice", hint=hint)


def _with_language(runtimes: Iterable[Runtime], options: Sequence[str]) -> tuple[Runtime, ...]:
    """Return the runtimes; a language on the command line replaces the declared one."""
    given = list(map(language_from_option, options))
    _refuse_twice("--language", [name for name, _ in given], "a runtime is written in one language")
    by_name = _by_name(runtimes)
    for name, language in given:
        if name not in by_name:
            message = f"--language {name}={language}: no such runtime"
            raise UsageError(
                f"{message}{suggestion(name, list(by_name))}", hint=f"asked: {', '.join(by_name)}"
            )
        by_name[name] = replace(by_name[name], language=language)
    return tuple(by_name.values())


def _with_support(runtimes: tuple[Runtime, ...], options: Sequence[str]) -> tuple[Runtime, ...]:
    by_name = _by_name(runtimes)
    declared: dict[str, set[str]] = {}
    for option in options:
        name, separator, features = option.partition("=")
        if not separator or name not in by_name:
            known = ", ".join(by_name)
            raise UsageError(f"--supports {option}: wanted NAME=FEATURE with one of {known}")
        declared.setdefault(name, set()).update(filter(None, features.split(",")))
    for name, supported in declared.items():
        by_name[name] = replace(by_name[name], supports=frozenset(supported))
    return tuple(by_name.values())
