"""What two statuses are taken for, where the answers beside them have a say."""

import pytest

from conformance.comparison.idioms.statuses import status_idiom
from tests.comparison.differences import answer

SLASH = "trailing-slash-redirect"


@pytest.mark.parametrize(
    ("target", "location", "idiom"),
    [
        ("/things", "/things/", SLASH),
        ("/things/", "/things", SLASH),
        ("/things", "http://127.0.0.1:1/things/", SLASH),
        ("/things", "things/", SLASH),
        ("/things?x=1", "/things/?x=1", SLASH),
        ("/things?x=1", "/things/", SLASH),
        ("/", "/.web", None),
        ("/", "/.web/", None),
        ("/", "//", None),
        ("/", "http://127.0.0.1:1", None),
        ("/?x=1", "/login", None),
        ("/root/", "/.web", None),
        ("/docs", "/docs/index.html", None),
        ("/things", "/other/things/", None),
        ("/things", "/things//", None),
        ("/things", "/things/?next=1", None),
        ("/things", "http://[", None),
    ],
)
def test_a_redirect_for_a_slash_leads_to_the_path_with_one_slash_more_or_less(
    target: str, location: str, idiom: str | None
) -> None:
    """The root has no such counterpart, and a path below another one is another path."""
    redirect, other = answer("", 302, Location=location), answer("{}", 200)
    assert status_idiom(redirect, other, target) == idiom
    assert status_idiom(other, redirect, target) == idiom
