"""Whether the path of a rule is about a place of a body."""

from conformance.comparison.bodies.markup import TEXT
from conformance.comparison.values.stops import Paths
from conformance.model.json_path import ANY_ELEMENT, JsonPath, covers


def names_only(path: JsonPath) -> JsonPath:
    """Return a markup path without what depends on the document.

    This is that a tag is repeated, or has attributes.
    """
    return tuple(segment for segment in path if segment is not ANY_ELEMENT and segment != TEXT)


def is_about(pattern: JsonPath, paths: Paths, *, in_markup: bool) -> bool:
    """Return whether the path of a rule is a place, as either side spells it."""
    if in_markup:
        return any(covers(names_only(pattern), names_only(path)) for path in paths)
    return covers(pattern, paths[0]) or (paths[0] != paths[1] and covers(pattern, paths[1]))
