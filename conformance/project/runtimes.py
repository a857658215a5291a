"""The runtimes that a command means: the command line's, or those in the runtimes file."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from conformance.errors import UsageError
from conformance.model.runtime import AttachedRuntime, Runtime, TlsSettings
from conformance.project.files import RUNTIMES_NAME, find_above
from conformance.project.request import Request
from conformance.runner.process.ports import LOOPBACK
from conformance.suites.field_check import suggestion
from conformance.suites.runtime_options import language_from_option, runtime_from_option
from conformance.suites.runtimes_file import read_runtimes


def load_runtimes(request: Request) -> tuple[Runtime, ...]:
    """Return the runtimes of the command line, or those named in the runtimes file.

    The names pick them there.
    """
    attached = [runtime_from_option(option) for option in request.runtime_options if "=" in option]
    picked = [option for option in request.runtime_options if "=" not in option]
    declared = (
        _overlaid_ones(request, attached) if attached and not picked else declared_runtimes(request)
    )
    chosen = () if attached and not picked else declared
    chosen = tuple(_named(name, declared) for name in picked) if picked else chosen
    runtimes = (
        *chosen,
        *(_overlay(runtime, declared, request.secret_hosts) for runtime in attached),
    )
    _refuse_twice(
        "--runtime", [runtime.name for runtime in runtimes], "a name is the identity of a runtime"
    )
    return _with_language(
        _with_support(runtimes, request.supports_options), request.language_options
    )


def _overlaid_ones(request: Request, attached: Sequence[Runtime]) -> tuple[Runtime, ...]:
    """Return the declared runtimes that the command line gives another address."""
    file = runtimes_path(request)
    return (
        read_runtimes(file, only={runtime.name for runtime in attached}) if file is not None else ()
    )


def _overlay(
    attached: Runtime, declared: Sequence[Runtime], secret_hosts: Sequence[str]
) -> Runtime:
    """Return a runtime of the command line with all that is declared of it but its address.

    Raises UsageError where a declared secret would be sent to a host that nobody has allowed.
    """
    known = next((runtime for runtime in declared if runtime.name == attached.name), None)
    if known is None:
        return attached
    assert isinstance(attached.reach, AttachedRuntime)  # noqa: S101 - NAME=URL is nothing else
    host, allowed = (
        _host(attached.reach.url),
        {_declared_host(known), *known.secret_hosts, *secret_hosts},
    )
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
    return replace(known, reach=reach, place=attached.place, fallback=None, toolchain=(), source=())


def _declared_host(runtime: Runtime) -> str:
    return _host(runtime.reach.url) if isinstance(runtime.reach, AttachedRuntime) else LOOPBACK


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def runtimes_path(request: Request) -> Path | None:
    """Return the runtimes file that was named, or the nearest one."""
    return request.runtimes_file or find_above(RUNTIMES_NAME, request.suite_paths())


def declared_runtimes(request: Request) -> tuple[Runtime, ...]:
    """Return what the runtimes file declares; raises UsageError where there is none."""
    file = runtimes_path(request)
    if file is None:
        raise UsageError(
            f"no runtimes: no {RUNTIMES_NAME} in or above {request.suite_paths()[0]}",
            hint="--runtime a=http://127.0.0.1:8001 --runtime b=http://127.0.0.1:8002",
        )
    return read_runtimes(file)


def _named(name: str, declared: Sequence[Runtime]) -> Runtime:
    for runtime in declared:
        if runtime.name == name:
            return runtime
    known = [runtime.name for runtime in declared]
    raise UsageError(
        f"--runtime {name}: no such runtime{suggestion(name, known)}",
        hint=f"declared: {', '.join(known)}",
    )


def refuse_unknown_baseline(baseline: str | None, runtimes: Sequence[Runtime]) -> None:
    """Raise UsageError for a baseline that is none of the runtimes."""
    names = [runtime.name for runtime in runtimes]
    if baseline is not None and baseline not in names:
        raise UsageError(
            f"--baseline {baseline}: no such runtime{suggestion(baseline, names)}",
            hint=", ".join(names),
        )


def _refuse_twice(option: str, names: Sequence[str], hint: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"{option}: {', '.join(twice)} is named twice", hint=hint)


def _with_language(runtimes: Iterable[Runtime], options: Sequence[str]) -> tuple[Runtime, ...]:
    """Return the runtimes; a language of the command line goes before the one of the file."""
    given = [language_from_option(option) for option in options]
    _refuse_twice("--language", [name for name, _ in given], "a runtime is written in one language")
    languages = dict(given)
    found = tuple(
        replace(each, language=languages.get(each.name, each.language)) for each in runtimes
    )
    known = [runtime.name for runtime in found]
    for name, language in given:
        if name not in known:
            message = f"--language {name}={language}: no such runtime{suggestion(name, known)}"
            raise UsageError(message, hint=f"asked: {', '.join(known)}")
    return found


def _with_support(runtimes: tuple[Runtime, ...], options: Sequence[str]) -> tuple[Runtime, ...]:
    declared: dict[str, frozenset[str]] = {}
    for option in options:
        name, separator, features = option.partition("=")
        if not separator or name not in {runtime.name for runtime in runtimes}:
            known = ", ".join(runtime.name for runtime in runtimes)
            raise UsageError(f"--supports {option}: wanted NAME=FEATURE with one of {known}")
        declared[name] = declared.get(name, frozenset()) | frozenset(
            filter(None, features.split(","))
        )
    return tuple(
        replace(runtime, supports=declared[runtime.name]) if runtime.name in declared else runtime
        for runtime in runtimes
    )
