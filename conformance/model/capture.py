"""Captures: names that a case gives to values of an answer."""

from msgspec import Struct

from conformance.model.json_path import JsonPath


class Capture(Struct, frozen=True, kw_only=True):
    """A name for a value of an answer: where the value is, and how it is derived.

    It is at a `path` of the body, in a `header` field, or in a `cookie` that the answer sets; if
    all three are None, it is the body as text. `regex` is an RE2 pattern for this text: its first
    group is the value, or the whole match if it has no group.  `token` is a path into the claims of
    a token (RFC 7519), which is the value, or the only token in the body.  With `as_url` the value
    is resolved against the URL of the request.  `identity` is the kind of thing that the value
    identifies, or None for an ordinary value.
    """

    name: str
    path: JsonPath | None = None
    header: str | None = None
    cookie: str | None = None
    regex: str | None = None
    token: JsonPath | None = None
    as_url: bool = False
    identity: str | None = None
