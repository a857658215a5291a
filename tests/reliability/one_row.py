"""Measure one row in this process, and print its figure as JSON on the last line.

    python -m tests.reliability.one_row ROW full|quick

`python -m tests.reliability` starts it, so that a row that hangs or crashes can be ended.
"""

import json
import sys
from dataclasses import asdict

from tests.reliability.row import Form
from tests.reliability.rows import ROWS


def main(row_id: str, form: str) -> None:
    """Measure and print."""
    (row,) = (row for row in ROWS if row.id == row_id)
    sys.stdout.write(f"{json.dumps(asdict(row.figure(Form(form))))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
