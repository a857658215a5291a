"""The form of an error: problem document, JSON with some members, a page, text."""

from typing import Any, Final

from conformance.model.observation import Answer

JSON: Final = "JSON"
PROBLEM: Final = "problem+json"
_MOST_NAMES: Final = 20
"""Of an error with more, the first ones tell it from others well enough."""
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})


def error_form(answer: Answer, value: Any) -> str:
    """Return the form of an error from its body's value (None if no JSON object or list)."""
    label = answer.header_text("content-type")
    media, _, _ = label.partition(";")
    media = media.strip().lower()
    if isinstance(value, dict):
        kind = PROBLEM if media.endswith(PROBLEM) else JSON
        names = sorted(value)[:_MOST_NAMES]
        return f"{kind}: {', '.join(names)}"
    if isinstance(value, list):
        return JSON
    return _form_of_text(media) if answer.body else "empty"


def _form_of_text(media: str) -> str:
    if media in _PAGES:
        return "HTML"
    return "XML" if media.endswith("xml") else "text"


def is_json(form: str) -> bool:
    """Return whether errors of a form are JSON."""
    kind, _, _ = form.partition(":")
    return kind in {JSON, PROBLEM}


def members_of_form(form: str) -> frozenset[str]:
    """Return the names of the members that errors of a form have."""
    _, _, names = form.partition(": ")
    return frozenset(filter(None, names.split(", ")))
