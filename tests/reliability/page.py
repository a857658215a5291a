"""The table of docs/reliability.md: what each row is, and what was measured last."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tests.reliability.measurement import Measurement
from tests.reliability.row import Row

BEGIN: Final = "<!-- reliability:begin; `make reliability` writes what follows -->"
END: Final = "<!-- reliability:end -->"
NOT_RUN: Final = "not run"


def with_table(page: str, rows: Sequence[Row], kept: Mapping[str, Measurement]) -> str:
    """Return a page with the table between its markers; raises ValueError without the markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page needs a line {BEGIN!r} and a line {END!r}")
    return f"{before}{BEGIN}\n\n" + "\n".join(_table(rows, kept)) + f"\n\n{END}{after}"


def _table(rows: Sequence[Row], kept: Mapping[str, Measurement]) -> Iterator[str]:
    yield _counts(rows, kept)
    yield ""
    yield "| row | what | bound | figure | |"
    yield "|---|---|---|---|---|"
    yield from (_result(row, kept.get(row.id)) for row in rows)
    yield ""
    yield "| row | command | seed | date | commit | took | machine |"
    yield "|---|---|---|---|---|---|---|"
    yield from (_origin(row, kept[row.id]) for row in rows if row.id in kept)


def _counts(rows: Sequence[Row], kept: Mapping[str, Measurement]) -> str:
    measured = [kept[row.id] for row in rows if row.id in kept]
    met = sum(one.is_met for one in measured)
    return (
        f"{met} of {len(rows)} rows meet their bound, {len(measured) - met} miss it, "
        f"{len(rows) - len(measured)} were not run."
    )


def _result(row: Row, one: Measurement | None) -> str:
    if one is None:
        return f"| {row.id} | {row.what} | {row.bound} | {NOT_RUN} | |"
    verdict = "met" if one.is_met else "**missed**"
    return f"| {row.id} | {row.what} | {row.bound} | {_cell(one.text)} | {verdict}, {one.form} |"


def _origin(row: Row, one: Measurement) -> str:
    return (
        f"| {row.id} | `{one.command}` | {one.seed} | {one.date} | {one.commit} | {one.took_s} s "
        f"| {one.machine} |"
    )


def _cell(text: str) -> str:
    """Return a text that cannot end its cell."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
