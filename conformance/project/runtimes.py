"""The runtimes that a command means: those of the command line, or those that the runtimes file declares."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from conformance.errors import UsageError
from conformance.model.runtime import Runtime
from conformance.project.files import RUNTIMES_NAME, find_above
from conformance.project.request import Request
from conformance.suites.fields import suggestion
from conformance.suites.runtimes_file import read_runtimes, runtime_from_option


def load_runtimes(request: Request) -> tuple[Runtime, ...]:
    """Return the runtimes of the command line, or those of the runtimes file that the names pick."""
    attached = tuple(runtime_from_option(option) for option in request.runtime_options if "=" in option)
    picked = [option for option in request.runtime_options if "=" not in option]
    declared = () if attached and not picked else declared_runtimes(request)
    chosen = tuple(_named(name, declared) for name in picked) if picked else declared
    runtimes = (*chosen, *attached)
    _refuse_twice([runtime.name for runtime in runtimes])
    return _with_support(runtimes, request.supports_options)


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
        f"--runtime {name}: no such runtime{suggestion(name, known)}", hint=f"declared: {', '.join(known)}"
    )


def refuse_unknown_baseline(baseline: str | None, runtimes: Sequence[Runtime]) -> None:
    """Raise UsageError for a baseline that is none of the runtimes."""
    names = [runtime.name for runtime in runtimes]
    if baseline is not None and baseline not in names:
        raise UsageError(f"--baseline {baseline}: no such runtime{suggestion(baseline, names)}", hint=", ".join(names))


def _refuse_twice(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"--runtime: {', '.join(twice)} is named twice", hint="a name is the identity of a runtime")


def _with_support(runtimes: tuple[Runtime, ...], options: Sequence[str]) -> tuple[Runtime, ...]:
    declared: dict[str, frozenset[str]] = {}
    for option in options:
        name, separator, features = option.partition("=")
        if not separator or name not in {runtime.name for runtime in runtimes}:
            known = ", ".join(runtime.name for runtime in runtimes)
            raise UsageError(f"--supports {option}: wanted NAME=FEATURE with one of {known}")
        declared[name] = declared.get(name, frozenset()) | frozenset(filter(None, features.split(",")))
    return tuple(
        replace(runtime, supports=declared[runtime.name]) if runtime.name in declared else runtime
        for runtime in runtimes
    )
