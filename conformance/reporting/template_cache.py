"""A cache of compiled templates for later processes: compiling takes a fifth of a short run."""

import io
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from conformance import user_cache


class TemplateCache(jinja2.BytecodeCache):
    """Keeps the compiled templates of one environment; a changed template is compiled again.

    `about` distinguishes the settings of the environment from those of others.
    """

    def __init__(self, about: str) -> None:
        self._about = f"{about} {user_cache.state_of([Path(jinja2.__file__)])}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if its template is in the cache."""
        content = user_cache.kept(self._key(bucket))
        if content is not None:
            bucket.load_bytecode(io.BytesIO(content))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Put a compiled template into the cache."""
        content = io.BytesIO()
        bucket.write_bytecode(content)
        user_cache.keep(self._key(bucket), content.getvalue())

    def _key(self, bucket: Bucket) -> str:
        return user_cache.entry_key(f"template\0{self._about}\0{bucket.key}")
