"""The form of an error: a problem document, JSON with its member names, HTML, XML or text."""

from typing import Any, Final

from conformance.model.observation import Answer

JSON: Final = "JSON"
"""The form of errors in plain JSON."""
PROBLEM: Final = "problem+json"
"""The form of problem documents (RFC 9457), and the end of their media type."""
_MOST_NAMES: Final = 20
"""The largest number of member names in a form."""
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
"""The media types of HTML."""


def error_form(answer: Answer, value: Any) -> str:
    """Return the form of an error, such as `JSON: code, message`, `HTML` or `empty`.

    `value` is the value of the body, or None if the body is no JSON object or list.
    """
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
    """Return the form of an error that is not JSON, from its media type."""
    if media in _PAGES:
        return "HTML"
    return "XML" if media.endswith("xml") else "text"


def is_json(form: str) -> bool:
    """Return whether errors of a form are JSON."""
    kind, _, _ = form.partition(":")
    return kind in {JSON, PROBLEM}


def members_of_form(form: str) -> frozenset[str]:
    """Return the member names in a form; empty for a form without names."""
    _, _, names = form.partition(": ")
    return frozenset(filter(None, names.split(", ")))
