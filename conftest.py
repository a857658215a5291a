"""Shared by all tests: no test may reach beyond this machine, and all can be interrupted."""

import ipaddress
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = [
    "conformance.pytest_plugin"
]  # so that `pytest cases/` works in a checkout that is not installed


def _refuse_egress(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop any connection to another machine: the suite proves what it proves on loopback."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            pytest.fail(f"a test tried to connect to {host}")


sys.addaudithook(_refuse_egress)

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # a job in the background is born deaf, and so is all it starts
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the tests, and what they start, a cache folder of their own: never the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
