"""The twelve daemons and their default ports.

This is the only list of their names, in the order of their ports.
"""

from __future__ import annotations

PORTS = {
    "gateway": 5110,
    "storaged": 5211,
    "catalogd": 5212,
    "ingestd": 5213,
    "queryd": 5214,
    "vectord": 5215,
    "embedd": 5216,
    "pathwayd": 5217,
    "matrixd": 5218,
    "observerd": 5219,
    "chatd": 5220,
    "validatord": 5221,
}


def default_url(name: str) -> str:
    """Return the URL of a daemon with default settings."""
    return f"http://127.0.0.1:{PORTS[name]}"
