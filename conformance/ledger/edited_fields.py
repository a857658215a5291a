"""What is wrong in an edited ledger, by the fields of the rows: the edited text is in no file."""

import re
from collections.abc import Iterator
from typing import Final

from conformance.errors import BadFileError, Problem

CORRECT: Final = "correct the option or argument; the ledger was not changed"
"""What to do where what was given makes no good row."""
_FIELD: Final = re.compile(r"\s*(?:- )?(\w+):")


def what_is_wrong(error: BadFileError, raw: bytes) -> str:
    """Return the problems of an edited ledger: `reason: wanted words, got ''`."""
    return "; ".join(_by_field(error, raw.decode("utf-8").splitlines()))


def _by_field(error: BadFileError, lines: list[str]) -> Iterator[str]:
    for problem in error.problems:
        field = _field_at(problem, lines)
        says_it = not field or problem.message.startswith(field)
        if says_it:
            yield problem.message
        else:
            yield f"{field}: {problem.message}"


def _field_at(problem: Problem, lines: list[str]) -> str:
    """Return the field before a problem on its line; nothing where the problem is no value's."""
    number = problem.place.line
    line = "".join(lines[number - 1 : number])
    before = _FIELD.match(line[: max(problem.place.column - 1, 0)])
    if before is None:
        return ""
    return before[1]
