"""Shared by all tests: no test may reach beyond this machine, and all can be interrupted."""

import ipaddress
import signal
import sys
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
