"""A load run as one HTML page with charts, that needs nothing but itself."""

from conformance.model.load import LoadRun


def load_html(run: LoadRun) -> bytes:
    """Return the page."""
    return b""
