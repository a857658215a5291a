"""The form of an error: problem document, JSON with some members, a page, text."""

from typing import Any, Final

from conformance.model.observation import Answer

JSON: Final = "JSON"
PROBLEM: Final = "problem+json"
_MOST_NAMES: Final = 20
_PAGE: Final = "HTML"


def error_form(answer: Answer, value: Any) -> str:
    """Return the form of an error from its body's value (None if no JSON object or list)."""
    media = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    if isinstance(value, dict):
        kind = PROBLEM if media.endswith(PROBLEM) else JSON
        return f"{kind}: {', '.join(sorted(value)[:_MOST_NAMES])}"
    if isinstance(value, list):
        return JSON
    if not answer.body:
        return "empty"
    if media in {"text/html", "application/xhtml+xml"}:
        return _PAGE
    return "XML" if media.endswith("xml") else "text"


def is_json(form: str) -> bool:
    """Return whether errors of a form are JSON."""
    return form.partition(":")[0] in {JSON, PROBLEM}


def members_of_form(form: str) -> frozenset[str]:
    """Return the names of the members that errors of a form have."""
    return frozenset(filter(None, form.partition(": ")[2].split(", ")))
