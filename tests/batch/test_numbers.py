"""Numbers as RFC 8785 writes them.

The table is the one that the tests of the Go and TypeScript peers read, too.
"""

import json

import pytest

from reference_impl.materializer.errors import RowError
from reference_impl.materializer.service.row import LARGEST, canonical, read_row
from tests.batch.tools import ROOT

NUMBERS = json.loads((ROOT / "peers/rfc8785_numbers.json").read_text())


@pytest.mark.parametrize(("written", "wanted"), NUMBERS)
def test_a_number_has_one_spelling(written: str, wanted: str) -> None:
    """However it is written; one that a row may not hold is refused before it is spelled."""
    line = f'{{"n":{written}}}'.encode()
    if abs(float(written)) > LARGEST:
        with pytest.raises(RowError, match="a number is out of range"):
            read_row(line)
    else:
        assert canonical(read_row(line)) == f'{{"n":{wanted}}}'.encode()
