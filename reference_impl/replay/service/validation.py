"""The check whether an answer passes."""

from __future__ import annotations

from reference_impl.replay.service.retrieval import words_of

# A rule of the tool (docs/distillation.md).
MAX_CHARACTERS = 4_000


def fault_of(answer: str, task: str) -> str | None:
    """Return the first reason why an answer does not pass, or None."""
    if not answer.strip(" \t\r\n"):
        return "the answer is empty"
    if len(answer) > MAX_CHARACTERS:
        return f"the answer is longer than {MAX_CHARACTERS} characters"
    return None if words_of(task) & words_of(answer) else "the answer has no word of the task"
