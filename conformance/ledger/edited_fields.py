"""Problems of an edited ledger, named by field: its text is in no file, so lines say nothing."""

import re
from collections.abc import Iterator
from typing import Final

from conformance.errors import BadFileError, Problem

CORRECT: Final = "correct the option or argument; the ledger was not changed"
"""The hint of an error where an option or argument makes an invalid row."""
_FIELD: Final = re.compile(r"\s*(?:- )?(\w+):")


def what_is_wrong(error: BadFileError, raw: bytes) -> str:
    """Return the problems of an edited ledger as one text: `reason: wanted words, got ''`."""
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
    """Return the name of the field that a problem is in; an empty text if it is in no value."""
    number = problem.place.line
    line = "".join(lines[number - 1 : number])
    before = _FIELD.match(line[: max(problem.place.column - 1, 0)])
    if before is None:
        return ""
    return before[1]
