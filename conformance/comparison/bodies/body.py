"""A body as it is compared: its kind, and its value if it has structure."""

from collections.abc import Set as AbstractSet

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.bodies.elements import Layout, Markup
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import JsonPath


class UnreadableBodyError(ValueError):
    """A body is not of the kind as which it is read.

    `note` is the note that says why, or empty if there is none for it.
    """

    def __init__(self, detail: str, note: str = "") -> None:
        super().__init__(detail)
        self.note = note


class Body(Struct, frozen=True, kw_only=True):
    """A body: its kind, its bytes, and its value or text, with notes on its encoding.

    If `structured` is set, `value` is compared; otherwise `text`, or `raw` if the body is no text.
    `misfit` says why a body is not of its declared kind; `malformed` is the name of that kind if
    the body begins like one.

    A body that was read by its content has the kind of its label in `label_kind`, and the body read
    by its label in `by_label`.  `spelling_counts` says that such a label promises text or bytes:
    then blanks and the order of members are a difference.

    Of a document, `markup` is the tree, `layout` how `value` represents it, and `outline` the paths
    of its elements in order.  `parts` are those of a multipart body.

    `charset` is the one that was used to decode the body.  `tokens` are the paths at which `value`
    has decoded tokens.  `sent` is the body as it was sent, if this one is spelled differently.
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
        """Return the body as text; bytes that are not of its charset are escaped as surrogates."""
        return self.text or self.raw.decode(self.charset or "utf-8", "surrogateescape")

    @property
    def without_value(self) -> str:
        """Return a description of a body without structure, and why it has none."""
        if not self.raw:
            return "no body"
        why = f": {self.misfit}" if self.misfit else ""
        return f"a {self.kind} body{why}"

    @property
    def as_labelled(self) -> "Body":
        """Return the body as its label says to read it."""
        return self.by_label or self

    @property
    def as_sent(self) -> "Body":
        """Return the body as it was sent."""
        return self.sent or self

    def respelled(self, **spelling: Json) -> "Body":
        """Return the body with another `value` or `text`; `sent` keeps what was sent."""
        return replace(self, **spelling, sent=self.as_sent)


class BodyPart(Struct, frozen=True):
    """A part of a multipart body: its name, its other members, and its body.

    A part without a name is identified by its index.  `is_range` says that it is a byte range.
    """

    name: str
    members: dict[str, Json]
    body: Body
    is_range: bool = False
