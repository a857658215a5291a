"""How a step follows a list that comes in pages."""

from msgspec import Struct

from conformance.model.capture import Capture
from conformance.model.json_path import JsonPath


class Pages(Struct, frozen=True, kw_only=True):
    """Where a page names the next page, where its items are, and the page limit.

    `most` is the largest number of pages that are followed.

    `next` is a URL, or with `query` a value for this parameter of the step's request.  Without
    `items` a page is a list, or an object with one list.
    """

    next: Capture
    items: JsonPath | None
    query: str | None
    most: int
