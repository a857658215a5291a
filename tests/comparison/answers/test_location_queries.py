"""Redirects that say in their query where they lead back to: the runtime's own URL is its own."""

from urllib.parse import quote

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.model.case import CompareLevel
from tests.comparison.answers.header_fields import headers

A, B = "http://127.0.0.1:8001", "http://127.0.0.1:8002"
_LOGIN = "https://login.example.org/auth?client=7&redirect_uri="


def places(a: str, b: str, base_a: str = A, base_b: str = B) -> list[str]:
    """Return where two redirects differ by value."""
    first, second = (
        read_answer(headers(("Location", field), status=302), base_url=base)
        for field, base in ((a, base_a), (b, base_b))
    )
    found = compare_answers(first, second, Terms(level=CompareLevel.VALUE))
    return [each.places[0] for each in found.differences]


@pytest.mark.parametrize(
    ("a", "b", "base_a", "base_b"),
    [
        pytest.param(
            _LOGIN + quote(f"{A}/cb", safe=""), _LOGIN + quote(f"{B}/cb", safe=""), A, B,
            id="encoded",
        ),
        pytest.param(f"{_LOGIN}{A}/cb", f"{_LOGIN}{B}/cb", A, B, id="as-it-is"),
        pytest.param(f"{A}/login?next={A}/home", f"{B}/login?next={B}/home", A, B, id="own-login"),
        pytest.param(f"/login#{A}/home", f"/login#{B}/home", A, B, id="fragment"),
        pytest.param(
            "/login?next=/home", "/api/v1/login?next=/api/v1/home", A, f"{B}/api/v1",
            id="base-path",
        ),
        pytest.param(
            f"{A}/login?next={A}/home", f"/login?next={B}/home", A, B, id="two-forms",
        ),
        pytest.param(
            *(f"{base}/login?next={quote(f'{base}/a?back=' + quote(f'{base}/cb', safe=''), safe='')}"
              for base in (A, f"{B}/v1")), A, f"{B}/v1", id="encoded-twice",
        ),
        pytest.param(
            "/login?next=%2Fhome", f"{B}/v1/login?next={quote(f'{B}/v1/home', safe='')}", A,
            f"{B}/v1", id="two-forms-of-each",
        ),
        pytest.param(f"{_LOGIN}{A}/cb", f"{_LOGIN}{A}/cb", A, B, id="the-same"),
    ],
)  # fmt: skip
def test_own_urls_in_a_query_are_equal(a: str, b: str, base_a: str, base_b: str) -> None:
    """Only the form of the Location itself may differ."""
    assert places(a, b, base_a, base_b) in ([], ["header location"] if a[0] != b[0] else [])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(f"{_LOGIN}{A}/cb", f"{_LOGIN}{B}/other", id="another-path"),
        pytest.param(f"{_LOGIN}{A}/cb", f"{_LOGIN}https://elsewhere/cb", id="another-host"),
        pytest.param(f"{_LOGIN}{A}/cb", f"{_LOGIN}{B}/cb&x=1", id="one-more"),
    ],
)
def test_all_else_of_a_query_counts(a: str, b: str) -> None:
    """A path, another host or a further parameter makes another target."""
    assert places(a, b) == ["header location"]
