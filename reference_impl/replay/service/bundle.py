"""The bundle: the part of the retrieved records that a model gets, within a token budget."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.replay.wire import Remembered

# The usual estimate for English, which needs no tokenizer (docs/distillation.md).
_CHARACTERS_A_TOKEN = 4
_LINE_END = re.compile(r"\r\n|\r|\n")


def make_bundle(records: Sequence[Remembered], budget_tokens: int) -> str:
    """Return the bundle of some records, the best first; empty if nothing fits."""
    checks = [result.check for record in records for result in record.validation_results]
    parts = {
        "Examples:": [record.text for record in records if not record.failure_markers],
        "Failures:": [record.text for record in records if record.failure_markers],
        "Validation steps:": list(dict.fromkeys(checks)),
    }
    lines: list[str] = []
    left = budget_tokens
    for heading, texts in parts.items():
        entries = []
        for text in texts:
            entry = _LINE_END.sub(" ", text)
            cost = -(-len(entry) // _CHARACTERS_A_TOKEN)
            if cost <= left:
                left -= cost
                entries.append(f"- {entry}")
        lines += [heading, *entries] if entries else []
    return "\n".join(lines)
