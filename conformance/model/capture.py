"""A name for a value of an answer, as a case writes it."""

from msgspec import Struct

from conformance.model.json_path import JsonPath


class Capture(Struct, frozen=True, kw_only=True):
    """A name for a value of an answer: where it stands, and what is made of it.

    It stands at a `path` of the body, in a `header` field or in a `cookie` that is set; nothing: in
    the body as text. `regex` is a pattern of RE2 for it, of which the first group counts if it has
    one.  `token` is a path into the claims of a token (RFC 7519), which is the value, or the only
    one in the body.  With `as_url` it is resolved against the URL of the request.  `identity` is
    the kind of thing that it identifies; None: it is an ordinary value.
    """

    name: str
    path: JsonPath | None = None
    header: str | None = None
    cookie: str | None = None
    regex: str | None = None
    token: JsonPath | None = None
    as_url: bool = False
    identity: str | None = None
