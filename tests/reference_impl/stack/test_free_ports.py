"""Free ports of two stacks that start at the same time."""

import socket

import pytest

from reference_impl.stack import plan


def test_a_free_port_belongs_to_one_stack_until_its_process_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A port is not bound between the plan of a stack and the start of its daemon.

    Nobody else's daemon may listen there then, and answer in its place.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]  # none of those that other stacks take meanwhile
    monkeypatch.setattr(plan, "_OWN_PORTS", [free])
    monkeypatch.setattr(plan, "_MOST_TRIES", 1)
    with plan._hold_a_free_one("127.0.0.1", "gateway") as first:
        assert first.getsockname()[1] == free
    assert _is_free(free)
    with plan._hold_a_free_one("127.0.0.1", "gateway") as second:
        assert second.getsockname()[1] != free


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
