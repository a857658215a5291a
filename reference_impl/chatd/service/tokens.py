"""Tokens of the local provider: words and single other characters.

In: any text. Out: its number of tokens, or its first tokens. The count depends only on the text.
"""

from __future__ import annotations

import re
from itertools import islice

_TOKEN = re.compile(r"\w+|[^\w\s]")


def count_tokens(text: str) -> int:
    """Return the number of tokens in a text."""
    return sum(1 for _ in _TOKEN.finditer(text))


def clip(text: str, tokens: int) -> str:
    """Return a text up to its first `tokens` tokens."""
    after = next(islice(_TOKEN.finditer(text), tokens, None), None)
    return text if after is None else text[: after.start()].rstrip()
