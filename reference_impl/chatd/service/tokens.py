"""Tokens of the local provider: words and single other characters.

In: any text. Out: how many there are, or the text up to so many. The count depends on nothing but
the text.
"""

from __future__ import annotations

import re
from itertools import islice

_TOKEN = re.compile(r"\w+|[^\w\s]")


def count_tokens(text: str) -> int:
    """Count the tokens of a text."""
    return sum(1 for _ in _TOKEN.finditer(text))


def clip(text: str, tokens: int) -> str:
    """Keep the first tokens of a text."""
    after = next(islice(_TOKEN.finditer(text), tokens, None), None)
    return text if after is None else text[: after.start()].rstrip()
