"""Committed reports: the figures in their JSON records, by name, and checks of bounds.

A record names the commit and the day of its run (`run.commit`, `run.started`).  The name of a
figure is its path in the record: `scenarios_per_s`, `generator.saturated`; an element of a list is
named by its `name`: `classes.search.p50_ms`.
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
"""The share by which a rate may differ from count divided by time: both are rounded."""
_DIGITS: Final = 4
"""How many digits of a fraction are shown: with fewer, 99.97 % would be 100 %."""


class Bound(Struct, frozen=True, kw_only=True):
    """A figure of a record and what it must be: `scenarios_per_s >= 438`."""

    field: str
    relation: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.field} {self.relation} {self.wanted}"


class ReportRecord(Struct, frozen=True, kw_only=True):
    """The record of a report as committed; `problems` say why it is no evidence."""

    name: str
    content: Any
    problems: tuple[str, ...]

    @property
    def day(self) -> str:
        """Return the day of the run; an empty text if the record has none."""
        return str(figure(self.content, "run.started") or "")[:10]

    def figure(self, field: str) -> Any:
        """Return a figure by its name, or None."""
        return figure(self.content, field)

    def runtime_of(self, field: str) -> str:
        """Return the `runtime` of the innermost object around a figure, or an empty text."""
        names = field.split(".")
        for depth in range(len(names), -1, -1):
            around = self.figure(".".join(names[:depth]))
            if not isinstance(around, dict):
                continue
            runtime = around.get("runtime")
            if isinstance(runtime, str):
                return runtime
        return ""

    def wrong(self, bound: Bound) -> str:
        """Return how a figure breaks its bound.

        The result is an empty text if it meets the bound or if there is no record.
        """
        value = self.figure(bound.field)
        # A missing report is one problem, not one for each figure
        if self.content is None or _holds(value, bound):
            return ""
        got = "nothing" if value is None else value
        return f"{Path(self.name).name}: wanted {bound}, got {got}"


class ReportRecords:
    """The records of a repository by their path from its top folder, each read once."""

    def __init__(self, ledger: Ledger) -> None:
        self._root = repository_root(ledger)
        self.record = functools.cache(self._read)

    def not_committed(self, name: str) -> str:
        """Return that a file is not committed or has changed; an empty text if neither."""
        wrong = difference_from_commit(self._root / name)
        if not wrong:
            return ""
        return f"report {name} {wrong}"

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
    """Yield why a record is no evidence, as text to be put after its name."""
    run = figure(content, "run")
    is_dated = isinstance(run, dict) and run.get("commit") and run.get("started")
    if content is not None and not is_dated:
        yield " does not name the commit and the day of its run (run.commit, run.started)"
    counted_s = figure(content, "counted_s")
    # Without the time of its counts, a record has no rates
    if isinstance(counted_s, Decimal) and counted_s > 0:
        yield from map(": {}".format, _wrong_rates(content, counted_s))


def _wrong_rates(content: Any, counted_s: Decimal) -> Iterator[str]:
    """Yield the rates in a record that are not its counts divided by the counted time."""
    if isinstance(content, list):
        for item in content:
            yield from _wrong_rates(item, counted_s)
    if not isinstance(content, dict):
        return
    for name, member in content.items():
        yield from _wrong_rates(member, counted_s)
        if name.endswith(_PER_S):
            yield from _wrong_rate(content, name, counted_s)


def _wrong_rate(content: dict[str, Any], name: str, counted_s: Decimal) -> Iterator[str]:
    rate = content[name]
    counted_name = name.removesuffix(_PER_S)
    counted = content.get(counted_name)
    if not isinstance(counted, Decimal) or not isinstance(rate, Decimal):
        return
    expected = counted / counted_s
    # The last digit of a rate is rounded, so a rate below 1 has the tolerance of 1
    allowed = _ROUNDING * max(abs(rate), Decimal(1))
    if abs(expected - rate) > allowed:
        yield f"{name} is {rate}, and {counted_name} by counted_s is {expected:.4g}"


def repository_root(ledger: Ledger) -> Path:
    """Return the folder that report names start from: the ledger's repository or its folder."""
    folder = Path(ledger.file or ".").parent
    top = git(folder, "rev-parse", "--show-toplevel")
    if not top:
        return folder
    return Path(top)


def figure(content: Any, field: str) -> Any:
    """Return the figure at a name such as `classes.search.p50_ms`, or None.

    An element of a list is found by its member `name`.
    """
    if not field:
        return content
    members = _by_name(content) if isinstance(content, list) else content
    if not isinstance(members, dict):
        return None
    # The longest first: a name may contain a dot, such as that of a process
    for name in sorted(members, key=len, reverse=True):
        if f"{field}.".startswith(f"{name}."):
            return figure(members[name], field[len(name) + 1 :])
    return None


def _by_name(elements: list[Any]) -> dict[str, Any]:
    """Return the elements of a list that have a member `name`, by this name."""
    by_name: dict[str, Any] = {}
    for element in elements:
        if isinstance(element, dict) and "name" in element:
            by_name[str(element["name"])] = element
    return by_name


def shown_figure(value: Any) -> str:
    """Return a figure as a table shows it: with thousands separators, a fraction with four digits.

    A text stays as it is.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, Decimal):
        return str(value)
    if value == value.to_integral_value():
        return f"{int(value):,}"
    digits_before_point = len(str(abs(int(value))))
    digits_after_point = max(_DIGITS - digits_before_point, 0)
    return f"{value:,.{digits_after_point}f}"


def _holds(value: Any, bound: Bound) -> bool:
    """Return whether a figure meets a bound; a text can only be equal or not equal."""
    if value is None:
        return False
    if isinstance(value, Decimal):
        relation = RELATIONS[bound.relation]
        try:
            return relation(value, Decimal(bound.wanted))
        except InvalidOperation:
            # The bound is a text, and this figure is a number
            return False
    # JSON writes `true` where Python has `True`
    equal = str(value).lower() == bound.wanted.lower()
    by_relation = {"==": equal, "!=": not equal}
    return by_relation.get(bound.relation, False)
