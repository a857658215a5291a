"""Sustained writes on small and large indexes from many threads.

`tests/bench/vectord_soak.py` does it for longer.
"""

from tests.reference_impl.vectord.soaking import soak


def test_sixteen_threads() -> None:
    """Every answer is right, while a graph is made, extended and made again."""
    state = soak(seconds=5, threads=16, items=2_500, dim=32)
    state.close()

    assert dict(state.faults) == {}
    assert min(state.counts.values()) > 10
    assert state.large.vectors.graph is not None
