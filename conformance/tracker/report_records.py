"""Committed reports: the figures in their JSON records, by name, and whether they meet a bound.

A record names the commit and the day of its run (`run.commit`, `run.started`).  A figure is named
from the top of its record: `scenarios_per_s`, `generator.saturated`; an element of a list by its
`name`: `classes.search.p50_ms`.
"""

import functools
import json
import operator
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from conformance.model.decision import Ledger
from conformance.project.git import git
from conformance.project.working_tree import difference_from_commit

RELATIONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_PER_S: Final = "_per_s"
_ROUNDING: Final = Decimal("0.01")
"""By how much a rate may differ from what was counted by its time: both are rounded."""
_DIGITS: Final = 4
"""How many digits of a fraction are shown: with fewer, 99.97 % would be 100 %; no run can be
repeated to more.
"""


class Bound(Struct, frozen=True, kw_only=True):
    """A figure of a record and what it must be: `scenarios_per_s >= 438`."""

    field: str
    relation: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.field} {self.relation} {self.wanted}"


class ReportRecord(Struct, frozen=True, kw_only=True):
    """A report's record as it is in the repository, and what keeps it from being evidence."""

    name: str
    content: Any
    problems: tuple[str, ...]

    @property
    def day(self) -> str:
        """Return the day of the run, nothing where the record does not say."""
        return str(figure(self.content, "run.started") or "")[:10]

    def figure(self, field: str) -> Any:
        """Return a figure by its name, or None."""
        return figure(self.content, field)

    def runtime_of(self, field: str) -> str:
        """Return whose figure it is, by `runtime` in the innermost object around it, or nothing."""
        names = field.split(".")
        for depth in range(len(names), -1, -1):
            around = self.figure(".".join(names[:depth]))
            runtime = around.get("runtime") if isinstance(around, dict) else None
            if isinstance(runtime, str):
                return runtime
        return ""

    def wrong(self, bound: Bound) -> str:
        """Return how a figure breaks its bound.

        Nothing where it keeps it, or where there is no record.
        """
        value = self.figure(bound.field)
        if self.content is None or _holds(value, bound):
            return ""
        got = "nothing" if value is None else value
        return f"{Path(self.name).name}: wanted {bound}, got {got}"


class ReportRecords:
    """The records of a repository by their paths from its top folder, each read once."""

    def __init__(self, ledger: Ledger) -> None:
        self._root = repository_root(ledger)
        self.record = functools.cache(self._read)

    def not_committed(self, name: str) -> str:
        """Return that a file of the repository is not committed, or not as it is.

        Nothing where it is.
        """
        wrong = difference_from_commit(self._root / name)
        return f"report {name} {wrong}" if wrong else ""

    def _read(self, name: str) -> ReportRecord:
        file = self._root / name
        not_committed = self.not_committed(name)
        if not_committed:
            return ReportRecord(name=name, content=None, problems=(not_committed,))
        try:
            content = json.loads(file.read_bytes(), parse_float=Decimal, parse_int=Decimal)
        except (OSError, ValueError):
            no_record = f"report {name} is no JSON record"
            return ReportRecord(name=name, content=None, problems=(no_record,))
        problems = tuple(f"{file.name}{what}" for what in _problems(content))
        return ReportRecord(name=name, content=content, problems=problems)


def _problems(content: Any) -> Iterator[str]:
    """Yield what keeps a record from being evidence, to be written behind its name."""
    run = figure(content, "run")
    is_dated = isinstance(run, dict) and run.get("commit") and run.get("started")
    if content is not None and not is_dated:
        yield " does not name the commit and the day of its run (run.commit, run.started)"
    for what in _wrong_rates(content, figure(content, "counted_s")):
        yield f": {what}"


def _wrong_rates(content: Any, counted_s: Any) -> Iterator[str]:
    """Yield the rates of a record that are not what it counted by the time that it counted for."""
    if isinstance(content, list):
        for item in content:
            yield from _wrong_rates(item, counted_s)
    if not isinstance(content, dict) or not isinstance(counted_s, Decimal) or counted_s <= 0:
        return
    for name, rate in content.items():
        yield from _wrong_rates(rate, counted_s)
        counted_name = name.removesuffix(_PER_S)
        counted = content.get(counted_name) if name.endswith(_PER_S) else None
        if not isinstance(counted, Decimal) or not isinstance(rate, Decimal):
            continue
        expected = counted / counted_s
        if abs(expected - rate) > _ROUNDING * max(abs(rate), Decimal(1)):
            yield f"{name} is {rate}, and {counted_name} by counted_s is {expected:.4g}"


def repository_root(ledger: Ledger) -> Path:
    """Return the folder that report names start from: the ledger's repository, else its folder."""
    folder = Path(ledger.file or ".").parent
    top = git(folder, "rev-parse", "--show-toplevel")
    return Path(top) if top else folder


def figure(content: Any, field: str) -> Any:
    """Return the figure that a name leads to, or None.

    An element of a list is found by its `name`.
    """
    if not field:
        return content
    if isinstance(content, list):
        content = {
            str(item["name"]): item for item in content if isinstance(item, dict) and "name" in item
        }
    if not isinstance(content, dict):
        return None
    # The longest first: a name may hold a point, as those of processes do
    for name in sorted(content, key=len, reverse=True):
        if field == name or field.startswith(f"{name}."):
            return figure(content[name], field[len(name) + 1 :])
    return None


def shown_figure(value: Any) -> str:
    """Return a figure as a table shows it: thousands set apart, four digits of a fraction.

    A text as it is.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, Decimal):
        return str(value)
    if value == value.to_integral_value():
        return f"{int(value):,}"
    digits_before_point = len(str(abs(int(value))))
    return f"{value:,.{max(_DIGITS - digits_before_point, 0)}f}"


def _holds(value: Any, bound: Bound) -> bool:
    """Return whether a figure is what a bound says; a text can only be equal or not."""
    if value is None:
        return False
    if isinstance(value, Decimal):
        try:
            return RELATIONS[bound.relation](value, Decimal(bound.wanted))
        except InvalidOperation:
            return False
    equal = str(value).lower() == bound.wanted.lower()
    return {"==": equal, "!=": not equal}.get(bound.relation, False)
