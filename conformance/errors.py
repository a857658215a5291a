"""The errors that can stop a run, and their exit codes.

|    ConformanceError                 anything the harness refuses or cannot do |    ├── UsageError
2     a bad command line, or a file that cannot be used |    │   ├── BadFileError             a YAML
file with one or more problems, each with its place |    │   ├── NameNotUtf8Error         a name
that cannot be written into records and reports |    │   ├── LedgerError              two decisions
claim one finding |    │   ├── RunRecordError           a saved run that is missing, torn or of
another format |    │   ├── ShardError               saved runs that cannot be judged as one |    │
└── TrackerError             the living document cannot be updated without loss |    ├──
RuntimeUnavailableError 4    a runtime could not be started or reached |    ├── NothingSelectedError
5    no case is left to run, or fewer than required |    └── HarnessError            3    a defect
in the harness itself

What a *runtime* does wrong while it answers is never an exception: it is a `Fault`, an observation
like any other. Each error has a stable `code`, a message, the place that it is about, and a hint at
what to do next.
"""

import errno
from collections.abc import Sequence
from typing import ClassVar, Final, NamedTuple

UNREADABLE_JSON: Final = (
    ValueError,  # msgspec's errors, bytes that are not UTF-8, a text that is no date
    RecursionError,  # a document that is nested too deep
    KeyError,
    TypeError,
    AttributeError,
)
"""What the decoding of a JSON document raises if it does not have the expected structure."""
_NO_ROOM: Final = "make room there, or name another path"
_NOT_ALLOWED: Final = "check the owner and the mode of the path, or name another one"
_HINTS: Final[dict[int | None, str]] = {
    errno.ENOENT: "check the path",
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: _NOT_ALLOWED,
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: _NO_ROOM,
}


def hint_for(error: OSError) -> str | None:
    """Return what to do about an error, or None if its text says all."""
    return _HINTS.get(error.errno)


def unreadable_reason(error: Exception) -> str:
    """Return in words what one of UNREADABLE_JSON found, without names of Python."""
    match error:
        case KeyError():
            return f"its member {error.args[0]!r} is missing"
        case RecursionError():
            return "it is nested too deep"
        case TypeError() | AttributeError():
            return "its members have other types"
        case _:
            return str(error)


class Place(NamedTuple):
    """A spot in a file; line and column count from 1, and 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Problem(NamedTuple):
    """One problem in a file; its text is `file:line:col: message`."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ConformanceError(Exception):
    """Anything the harness refuses or cannot do."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 3

    def __init__(
        self, message: str, *, place: Place | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{where}{self.message}{hint}"


class UsageError(ConformanceError):
    """A bad command line, or a file that cannot be used."""

    code = "usage"
    exit_code = 2


class BadFileError(UsageError):
    """A file with one or more problems; all of them are reported at once."""

    code = "bad-file"

    def __init__(self, problems: Sequence[Problem], *, hint: str | None = None) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)), hint=hint)


class NameNotUtf8Error(UsageError):
    """A name of a file or folder, or a word of the command line, that is not UTF-8.

    Records and reports are UTF-8 and cannot hold such a name.
    """

    code = "name-not-utf-8"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}: this name is not UTF-8, and records and reports are",
            hint="rename the file or folder",
        )


class LedgerError(UsageError):
    """The ledger contradicts itself, or a row of it does not fit the cases."""

    code = "ledger"


class ShardError(UsageError):
    """Saved runs cannot be judged as one run."""

    code = "shards"


class RunRecordError(UsageError):
    """A saved run is missing, torn, or of another format."""

    code = "run-record"


class TrackerError(UsageError):
    """The living document, or a file that it is made from, cannot be updated without loss."""

    code = "tracker"


class RuntimeUnavailableError(ConformanceError):
    """A runtime could not be started or reached."""

    code = "runtime-unavailable"
    exit_code = 4


class NothingSelectedError(ConformanceError):
    """No case is left to run, or fewer cases than required."""

    code = "nothing-selected"
    exit_code = 5


class HarnessError(ConformanceError):
    """A defect in the harness itself."""

    code = "harness"
    exit_code = 3
