"""What rows of tables show of the program that writes them."""

from typing import Final

from conformance.comparison.bodies.cells import SEPARATORS, written
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import IdiomClaim
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.values.columns import Column, kinds_of
from conformance.comparison.values.lossless_json import Json
from conformance.model.finding import DifferenceKind


def unquoted_separator(a: Column, b: Column) -> IdiomClaim | None:
    """See a row that has more cells than the header, as one of them was cut at a separator."""
    if len(a) != len(b) or kinds_of(a) != {"array"} or kinds_of(b) != {"object"}:
        return None
    if not all(map(_is_cut, a, b)):
        return None
    return IdiomClaim(kind=DifferenceKind.TYPE, a_fact="not quoted", b_fact="quoted", rest=())


def _is_cut(cells: list[str], row: dict[str, Json]) -> bool:
    """Return whether the cells of a row are those of another one, each cut at a separator."""
    whole = list(map(written, row.values()))
    return any(sep.join(cells) == sep.join(whole) for sep in SEPARATORS)


UNQUOTED_SEPARATOR: Final = Idiom(
    name="unquoted-separator",
    title="a cell with a separator and without quotes",
    explanation="A cell that holds the separator is not quoted on one side, so that its row has "
    "more cells than the header.",
    cures=cures(
        "not quoted",
        go=("csv.Writer instead of strings.Join", 3),
        rust=("the Writer of the csv crate instead of join", 3),
        python=("csv.writer instead of join", 3),
        typescript=("a writer of CSV, which quotes, instead of join", 5),
        java=("a writer of CSV, which quotes, instead of String.join", 5),
        csharp=("a writer of CSV, which quotes, instead of string.Join", 5),
    ),
    detect=unquoted_separator,
    broken=frozenset({"not quoted"}),
    harm=Harm.LOST,
)
