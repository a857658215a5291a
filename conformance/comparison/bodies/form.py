"""Bodies of HTML forms, as `name=value` pairs."""

from typing import Final
from urllib.parse import parse_qsl

from conformance.comparison.bodies.body import Body

_MAX_PAIRS: Final = 10_000


def read_form(text: Body) -> Body | None:
    """Read a text as a form: each name with the list of its values; None where it is none, or has too many pairs."""
    if text.kind != "text":
        return None
    try:
        pairs = parse_qsl(text.text, keep_blank_values=True, max_num_fields=_MAX_PAIRS)
    except ValueError:
        return None
    value: dict[str, list[str]] = {}
    for name, item in pairs:
        value.setdefault(name, []).append(item)
    return Body(kind="form", raw=text.raw, value=value)
