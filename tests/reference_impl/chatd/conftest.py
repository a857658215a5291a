"""A live chatd beside a miniature upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference_impl.chatd.miniature_upstream import KEY, running_upstream
from tests.reference_impl.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference_impl.chatd.miniature_upstream import Upstream
    from tests.reference_impl.conftest import LiveDaemon

CHATD = ("-m", "reference_impl", "chatd")


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    """One miniature upstream for the whole session."""
    with running_upstream() as server:
        yield server


@pytest.fixture(scope="session")
def chatd(tmp_path_factory: pytest.TempPathFactory, upstream: Upstream) -> Iterator[LiveDaemon]:
    """One chatd that may ask the miniature upstream, waits 0.6 s and takes 64 KiB from it."""
    directory = tmp_path_factory.mktemp("chatd")
    key_file = directory / "key"
    key_file.write_text(KEY)
    key_file.chmod(0o600)
    port = upstream.server_address[1]
    stack_file = directory / "stack.toml"
    stack_file.write_text(f"""
[daemon.chatd]
upstream_timeout_s = 0.6
upstream_answer_bytes = 65536
[[daemon.chatd.upstreams]]
prefix = "gpt-"
url = "http://127.1:{port}/api/v1/"
key_file = "{key_file}"
reach = "loopback"
[[daemon.chatd.upstreams]]
prefix = "gpt-elsewhere"
url = "http://localhost:{port}"
reach = "public"
[[daemon.chatd.upstreams]]
prefix = "gpt-gone"
url = "http://127.0.0.1:1"
reach = "loopback"
""")
    with running(directory / "log", "--config", str(stack_file), program=CHATD) as daemon:
        yield daemon


@pytest.fixture
def patient_chatd(tmp_path: Path) -> Iterator[LiveDaemon]:
    """One chatd with default settings."""
    with running(tmp_path / "log", program=CHATD) as daemon:
        yield daemon
