"""Measure how reliable the harness and the daemons are, and write the table.

    python -m tests.reliability                  every row, in up to 60 minutes
    python -m tests.reliability --quick          a part of every row, in up to 5 minutes
    python -m tests.reliability R2 R6            these rows; the others keep their figures

The figures go to docs/reliability.json, the table to docs/reliability.md. The exit code is 1 where
a row misses its bound, takes longer than its limit, or was not reached in the time.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from conformance.atomic_file import replace_file
from tests.reliability.measurement import ROOT, figures_text, kept_with, measured, read_figures
from tests.reliability.page import with_table
from tests.reliability.row import Form, Row
from tests.reliability.rows import ROWS

PAGE: Final = ROOT / "docs/reliability.md"
TOTAL_S: Final = {Form.FULL: 60 * 60, Form.QUICK: 5 * 60}
"""How long all rows may take: a row is not begun after it."""
ONE_ROW: Final = ("-m", "tests.reliability.one_row")


def main(
    words: Sequence[str],
    rows: Sequence[Row] = ROWS,
    page: Path = PAGE,
    program: tuple[str, ...] = ONE_ROW,
) -> int:
    """Measure the rows that are asked for, one after the other."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.reliability",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help="such as R2; all without any")
    parser.add_argument("--quick", action="store_true", help="a part of each row")
    asked = parser.parse_args(words)
    unknown = [name for name in asked.rows if name not in {row.id for row in rows}]
    if unknown:
        parser.error(f"no row {unknown[0]}; there are {', '.join(row.id for row in rows)}")
    form = Form.QUICK if asked.quick else Form.FULL
    chosen = [row for row in rows if not asked.rows or row.id in asked.rows]
    return _measure(chosen, form, rows, page, program)


def _measure(
    chosen: Sequence[Row],
    form: Form,
    rows: Sequence[Row],
    page: Path,
    program: tuple[str, ...],
) -> int:
    """Measure rows, and write figures and table after each of them."""
    end_s = time.monotonic() + TOTAL_S[form]
    bad = 0
    for number, row in enumerate(chosen, start=1):
        if time.monotonic() > end_s:
            _say(f"{row.id}: not run: the {TOTAL_S[form] // 60} minutes are over")
            bad += 1
            continue
        _say(f"[{number} of {len(chosen)}] {row.id}: {row.what} (up to {row.limit_s(form)} s)")
        found = measured(row, form, program)
        _say(f"  {'met' if found.is_met else 'MISSED'} in {found.took_s} s: {found.text}")
        bad += not found.is_met
        figures = page.with_suffix(".json")
        kept = kept_with(read_figures(figures), row.id, found)
        replace_file(figures, figures_text(kept, [each.id for each in rows]).encode())
        replace_file(page, with_table(page.read_text(), rows, kept).encode())
    _say(f"{len(chosen) - bad} of {len(chosen)} rows meet their bound")
    return 1 if bad else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
