"""The names for the address of a runtime: `${base_url}` and `${host}`."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from conformance.model.template import BASE_URL, HOST, KnownName, known_text


@lru_cache(maxsize=256)
def own_names(base_url: str) -> Mapping[str, KnownName]:
    """Return `${base_url}` and `${host}` of a runtime by name; empty if its address is unknown."""
    own = {BASE_URL: base_url, HOST: urlsplit(base_url).netloc} if base_url else {}
    return {name: known_text(name, text) for name, text in own.items()}
