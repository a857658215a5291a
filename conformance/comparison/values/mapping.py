"""Copies of JSON values with changed names or scalars."""

from collections.abc import Callable

from conformance.comparison.budget import check
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import ANY_ELEMENT, JsonPath


def mapped(
    value: Json, rename: Callable[[str], str], change: Callable[[Json, JsonPath], Json]
) -> Json:
    """Return a copy of a value: names changed by `rename`, scalars by `change(scalar, path)`.

    It does not recurse.
    """
    root = [value]
    pending: list[tuple[Json, str | int, JsonPath]] = [(root, 0, ())]
    while pending:
        holder, key, path = pending.pop()
        item = holder[key]
        if isinstance(item, dict):
            check()
            holder[key] = copy = {rename(name): member for name, member in item.items()}
            pending.extend((copy, name, (*path, name)) for name in reversed(copy))
        elif isinstance(item, list):
            holder[key] = elements = list(item)
            pending.extend(
                (elements, index, (*path, ANY_ELEMENT)) for index in reversed(range(len(elements)))
            )
        else:
            holder[key] = change(item, path)
    return root[0]
