"""Bodies as they are compared: what kind of thing a body is, and its value where it has structure."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import JsonPath

BodyKind = Literal["empty", "JSON", "HTML", "XML", "form", "text", "binary"]
STRUCTURED: Final = frozenset({"JSON", "HTML", "XML", "form"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body's kind, its value where the kind is structured, its bytes and text, and notes on its encoding.

    `outline` holds the paths of a document's elements in order; `misfit` says why a body is not the JSON that it is
    declared to be; `sent` is the body as it was sent, where this is another spelling of it.
    """

    kind: BodyKind
    raw: bytes
    value: Json = None
    text: str = ""
    outline: tuple[JsonPath, ...] = ()
    notes: tuple[str, ...] = ()
    misfit: str = ""
    sent: "Body | None" = None

    def respelled(self, **spelling: Json) -> "Body":
        """Return the body with its `value` or `text` spelled in another way; what was sent is kept."""
        return replace(self, **spelling, sent=self.sent or self)
