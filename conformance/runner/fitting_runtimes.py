"""Which runtimes a case is for, and whether they have the access that it names."""

from collections.abc import Iterable

from conformance.errors import BadFileError, Problem
from conformance.model.case import LOGIN, Case
from conformance.model.runtime import BatchRuntime, RecordedRuntime, Runtime


def concerns(case: Case, runtime: Runtime) -> bool:
    """Return whether a case is for a runtime, by its kind and its labels.

    A case with `against` is for runtimes with that label, and for runtimes without labels.
    """
    if not isinstance(runtime.reach, RecordedRuntime) and case.runs_commands != isinstance(
        runtime.reach, BatchRuntime
    ):
        return False
    return case.against is None or not runtime.labels or case.against in runtime.labels


def refuse_missing_access(runtimes: Iterable[Runtime], cases: Iterable[Case]) -> None:
    """Raise BadFileError with each case that names access which its runtime lacks.

    Access is a signer, or a value that a login captures.
    """
    asked = [runtime for runtime in runtimes if not isinstance(runtime.reach, RecordedRuntime)]
    problems = []
    for case in cases:
        named = case.signers | case.login_names
        if not named:
            continue
        for runtime in asked:
            if concerns(case, runtime) and not runtime.lacks(case.requires):
                known = {*dict(runtime.access.signers), *runtime.access.names}
                missing = sorted(named - known)
                problems += [Problem(case.place, _missing(runtime, name)) for name in missing]
    if problems:
        raise BadFileError(problems)


def _missing(runtime: Runtime, name: str) -> str:
    if name.startswith(LOGIN):
        return f"runtime {runtime.name} has no `login` that captures {name.removeprefix(LOGIN)!r}"
    return (
        f"runtime {runtime.name} has no signer {name!r}: `signers` in the runtimes file names them"
    )
