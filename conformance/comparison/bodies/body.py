"""Bodies as compared: what kind of thing a body is, and its value where it has structure."""

from collections.abc import Set as AbstractSet

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.bodies.elements import Layout, Markup
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import JsonPath


class UnreadableBodyError(ValueError):
    """A body that is not of the kind that it is read as.

    `note` names why, from a closed set, if the set has it.
    """

    def __init__(self, detail: str, note: str = "") -> None:
        super().__init__(detail)
        self.note = note


class Body(Struct, frozen=True, kw_only=True):
    """A body's kind, its value if structured, its bytes and text, and notes on its encoding.

    `structured` tells that `value` is what is compared; else it is `text`, or `raw` where that is
    no text.  With `spelling_counts` the label says text or bytes, and the structure was found in
    what it holds: then blanks and the order of members are a difference.  `markup` is a document's
    tree, `layout` how `value` writes it, `outline` the paths of its elements in order.  `misfit`
    says why a body is not what it is declared to be; `malformed` is the name of that kind, where
    the body begins as one of it.  `label_kind` is the kind that it has by its label, where it was
    read by its content instead, and `by_label` the body as the label says.
    `tokens` are the places at which `value` has tokens decoded.
    `charset` is the one that its characters were read in, if they were.
    `sent` is the body as it was sent, where this is another spelling of it.  `parts` are those of a
    body of several.
    """

    kind: str
    raw: bytes
    value: Json = None
    text: str = ""
    structured: bool = False
    spelling_counts: bool = False
    markup: Markup | None = None
    layout: Layout = field(default_factory=dict)
    outline: tuple[JsonPath, ...] = ()
    notes: tuple[str, ...] = ()
    misfit: str = ""
    malformed: str = ""
    label_kind: str = ""
    by_label: "Body | None" = None
    charset: str = ""
    tokens: AbstractSet[JsonPath] = frozenset()
    sent: "Body | None" = None
    parts: "tuple[BodyPart, ...]" = ()

    @property
    def kind_by_label(self) -> str:
        """Return the kind that the body has by its label."""
        return self.label_kind or self.kind

    @property
    def as_text(self) -> str:
        """Return the body as the text that it was read from.

        Bytes that are not of its charset are escaped as surrogates.
        """
        return self.text or self.raw.decode(self.charset or "utf-8", "surrogateescape")

    @property
    def without_value(self) -> str:
        """Return what a body is that has no structure, and why."""
        if not self.raw:
            return "no body"
        why = f": {self.misfit}" if self.misfit else ""
        return f"a {self.kind} body{why}"

    @property
    def as_labelled(self) -> "Body":
        """Return the body as its label says what it is."""
        return self.by_label or self

    @property
    def as_sent(self) -> "Body":
        """Return the body as it was sent."""
        return self.sent or self

    def respelled(self, **spelling: Json) -> "Body":
        """Return the body with its `value` or `text` spelled in another way.

        What was sent is kept.
        """
        return replace(self, **spelling, sent=self.as_sent)


class BodyPart(Struct, frozen=True):
    """A part of a body: by what it is known (nothing: by its order), its members, and its body.

    `is_range` tells that it is a range of a whole.
    """

    name: str
    members: dict[str, Json]
    body: Body
    is_range: bool = False
