"""Make a request repeatable: a text that has to be unique becomes a fresh name."""

import re
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import combinations, product
from operator import itemgetter
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.json_nodes import (
    Items,
    JsonObject,
    Node,
    Path,
    at_path,
    literal_texts,
    member_name,
    value_of,
    with_node,
)
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe
from conformance.model.made_value import FORM_OF_FRESH

_LONGER: Final = 12
"""Length to which a short text is extended for fresh names like it, so that two rarely collide."""
_MOST_IN_PAIRS: Final = 6
"""Most texts of which two at a time become fresh names, such as a name and an email address."""

Send = Callable[[Probe], Awaitable[Outcome]]


async def made_repeatable(probe: Probe, send: Send) -> Probe | None:
    """Return the request with fresh names for one or two texts, if that is accepted twice.

    None if no such request is found.
    """
    body = probe.form.body
    if not isinstance(body, JsonObject | Items):
        return None
    for fresh in _candidates(body):
        changed = probe.with_form(replace(probe.form, body=fresh))
        if await is_accepted_twice(changed, send):
            return changed
    return None


async def is_accepted_twice(probe: Probe, send: Send) -> bool:
    """Return whether every runtime accepts a request twice in a row."""
    return (await send(probe)).accepted() and (await send(probe)).accepted()


def _candidates(body: Node) -> Iterator[Node]:
    texts = list(map(itemgetter(0), literal_texts(body)))
    for path in texts:
        yield from map(partial(with_node, body, path), _fresh_names(body, path))
    for first, second in combinations(texts[:_MOST_IN_PAIRS], 2):
        for names in product(_fresh_names(body, first), _fresh_names(body, second)):
            name, other = names
            yield with_node(with_node(body, first, name), second, other)


def _fresh_names(body: Node, path: Path) -> Iterator[Node]:
    """Yield fresh names for a text: a plain one, then some with the characters of the usual text.

    An email address keeps its host. The others are for services that accept only capitals or
    digits.
    """
    letters = re.sub(r"[^a-z0-9_]", "", member_name(body, path).lower())
    word = letters.lstrip("0123456789_") or "name"
    text, at, host = str(value_of(at_path(body, path))).partition("@")
    yield f'"${{fresh:{word}}}{at}{host}"'
    for form in dict.fromkeys((text.ljust(_LONGER, text[-1:] or "a"), text)):
        if re.fullmatch(FORM_OF_FRESH, form) and any(map(str.isalnum, form)):
            yield f'"${{fresh:{word}:{form}}}{at}{host}"'
