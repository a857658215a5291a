"""The kinds of files that people write: the name of each schema and its grammar."""

from collections.abc import Mapping
from typing import Final

from conformance.gauntlet.file import GAUNTLET
from conformance.ledger.file import LEDGER
from conformance.load.file import LOAD
from conformance.review.file import REVIEW
from conformance.suites.fields import FieldTable
from conformance.suites.runtime_fields import RUNTIMES
from conformance.suites.sharing import SHARED
from conformance.suites.suite_file import SUITE

KINDS: Final[Mapping[str, FieldTable]] = {
    "suite": SUITE,
    "shared": SHARED,
    "runtimes": RUNTIMES,
    "decisions": LEDGER,
    "review": REVIEW,
    "gauntlet": GAUNTLET,
    "load": LOAD,
}
