"""The code and message of an error in XML: texts of elements, those of outer elements first.

The names of elements and attributes are compared without convention and namespace.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Final

from conformance.comparison.idioms.error_places import is_holder, named_value, plain_name
from conformance.comparison.idioms.error_words import NO_CODE
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import sole

Texts = Mapping[str, str]
"""The first text of each name."""
_CODES: Final = ("code", "errorcode", "faultcode", "subcode", "type")
_MESSAGES: Final = (
    "message", "errormessage", "faultstring", "detail", "reason", "title", "error", "description",
)  # fmt: skip
_NO_CODES: Final = frozenset(
    (
        "", "versionmismatch", "mustunderstand", "dataencodingunknown", "client", "server",
        "sender", "receiver",
    )
)  # fmt: skip
"""The codes that SOAP 1.1 (4.4.1) and 1.2 (5.4.6) define for every error: they add nothing to a
status."""


def texts_of_error(root: Json) -> Texts:
    """Return the texts of a document by the names of their elements."""
    texts: dict[str, str] = {}
    for name, value in _named_in(root):
        text = _text_of(value)
        if text:
            texts.setdefault(name, text)
    return texts


def code_in(texts: Texts) -> str:
    """Return the code among an error's texts that adds something to the status, else ``."""
    codes = filter(None, map(texts.get, _CODES))
    return next(filter(_says_more, codes), "")


def _says_more(code: str) -> bool:
    """Return whether a code adds something to the status; a prefix of its name does not count."""
    _, _, local = code.rpartition(":")
    return code != NO_CODE and plain_name(local) not in _NO_CODES


def message_in(texts: Texts) -> str:
    """Return the message to people among an error's texts, else ``."""
    return next(filter(None, map(texts.get, _MESSAGES)), "")


def _named_in(root: Json) -> Iterator[tuple[str, Json]]:
    """Yield the elements and attributes with their names, those of the outer elements first."""
    pending = deque([root])
    while pending:
        element = pending.popleft()
        if isinstance(element, list):
            pending.extend(element)
        if isinstance(element, dict):
            name, value = named_value(element)
            # an element for the type is around the value: `<value><int>4</int></value>`
            yield name, sole(value.values()) if isinstance(value, dict) else value
            yield from zip(map(plain_name, element), element.values(), strict=True)
            pending.extend(element.values())


def _text_of(element: Json) -> str:
    """Return the text of an element: its own, or that of the first child with a text; else ``."""
    while isinstance(element, dict):
        held = map(element.get, filter(is_holder, element))
        element = next(filter(None, held), "")
    if isinstance(element, list):
        return _text_of(element[0])
    return element if isinstance(element, str) else ""
