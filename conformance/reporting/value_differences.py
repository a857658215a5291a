"""What changed between two JSON bodies whose values differ, put into words by DeepDiff.

DeepDiff explains a difference that has been found; it never decides whether there is one, because it holds `[1]`,
`[1.0]` and `[true]` equal, and because its cost grows steeply with size: larger bodies are left to their excerpts.
"""

import json
from collections.abc import Iterator
from typing import Final

MAX_BODY_BYTES: Final = 64 << 10


def value_difference_lines(rest: bytes, odd: bytes) -> Iterator[str]:
    """Yield a sentence for each change from the rest's body to the odd one's; nothing where there is no telling."""
    if max(len(rest), len(odd)) > MAX_BODY_BYTES:
        return
    try:
        before, after = json.loads(rest), json.loads(odd)
    except ValueError:
        return
    from deepdiff import DeepDiff  # noqa: PLC0415 - heavy, and needed for few reports

    yield from DeepDiff(before, after, zip_ordered_iterables=True, verbose_level=2).pretty().splitlines()
