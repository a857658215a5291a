"""Hand edits in the generated parts of a page, found by the digests of the last output."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import chain, islice
from operator import itemgetter

from conformance.errors import Problem
from conformance.tracker.claims import Columns, DocumentClaim
from conformance.tracker.generated_text import digests_of, written_by_hand
from conformance.tracker.page import Page, read_page


def generated_digests(page: Page, raw: bytes, columns: Columns) -> frozenset[str]:
    """Return the digests of all generated lines and cells in a page's bytes."""
    made = read_page(page.file, raw, columns, page.regions)
    contents = map(made.markdown.content, made.markdown.regions.values())
    texts = list(chain.from_iterable(contents))
    for claim in made.claims.rows:
        texts += list(map(itemgetter(1), _generated_cells(claim)))
    return digests_of(texts)


def edits_in_page(page: Page, generated: AbstractSet[str]) -> Iterator[Problem]:
    """Yield the generated lines and cells that a person has edited, also in repeated rows."""
    for region in page.markdown.regions.values():
        # One line of a region is enough: a region is written again as a whole
        for index in islice(page.markdown.edited(region, generated), 1):
            what = f"region {region.name!r} is generated, and was edited by hand"
            yield Problem(page.markdown.place(index), what)
    for claim in page.claims.rows:
        for name, text in _generated_cells(claim):
            if not written_by_hand(text, generated):
                continue
            what = f"the cell {name!r} is generated, and was edited by hand"
            yield Problem(claim.place, what)


def _generated_cells(claim: DocumentClaim) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each generated cell of a claim."""
    for column, cell in claim.output.items():
        yield column.capitalize(), cell.text
    for each in claim.figures:
        name = f"{each.figure.file} {each.figure.field}"
        yield name, each.text
