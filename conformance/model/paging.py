"""A list that comes in pages, which a step follows to its end."""

from msgspec import Struct

from conformance.model.capture import Capture
from conformance.model.json_path import JsonPath


class Pages(Struct, frozen=True, kw_only=True):
    """Where a page names the next one, where its items are, and the page limit.

    The limit is how many pages are followed at most.

    `next` is a URL, or with `query` a value for this parameter of the step's request.  Without
    `items` a page is a list, or an object with one list.
    """

    next: Capture
    items: JsonPath | None
    query: str | None
    most: int
