"""Runtimes of the command line: `NAME=URL`."""

import pytest

from conformance.errors import UsageError
from conformance.suites.runtime_options import runtime_from_option


@pytest.mark.parametrize(
    ("option", "message"),
    [
        pytest.param("http://h", "wanted NAME=URL with a lower-case name", id="no-name"),
        pytest.param("=http://h", "wanted NAME=URL with a lower-case name", id="empty-name"),
        pytest.param("A=http://h", "wanted NAME=URL with a lower-case name", id="capital"),
        pytest.param("a b=http://h", "wanted NAME=URL with a lower-case name", id="space"),
        pytest.param(
            "a=", "wanted http:// or https://, a host, and no query after '='", id="no-url"
        ),
        pytest.param(
            "a=h:8001", "wanted http:// or https://, a host, and no query after '='", id="no-scheme"
        ),
        pytest.param(
            "a=ftp://h", "wanted http:// or https://, a host, and no query after '='", id="scheme"
        ),
        pytest.param(
            "a=http://h\n",
            "wanted http:// or https://, a host, and no query after '='",
            id="line-end",
        ),
        pytest.param(
            "a=http://h/x?y=1",
            "wanted http:// or https://, a host, and no query after '='",
            id="query",
        ),
        pytest.param(
            "a=http://h:99999",
            "wanted http:// or https://, a host, and no query after '='",
            id="port",
        ),
        pytest.param(
            "a=http://h:0",
            "wanted http:// or https://, a host, and no query after '='",
            id="port-0",
        ),
        pytest.param(
            "a=http://[1.2.3.4]",
            "wanted http:// or https://, a host, and no query after '='",
            id="address",
        ),
    ],
)
def test_bad_options(option: str, message: str) -> None:
    """What is no NAME=URL is refused with an example of one."""
    with pytest.raises(UsageError) as caught:
        runtime_from_option(option)
    assert caught.value.message == f"--runtime {option}: {message}"
    assert caught.value.hint == "--runtime a=http://127.0.0.1:8001"


def test_option_makes_a_runtime_for_all_cases() -> None:
    """A runtime of the command line has no labels and declares nothing."""
    runtime = runtime_from_option("a.b-1=http://h")
    assert (runtime.name, runtime.labels, runtime.supports) == ("a.b-1", frozenset(), None)
