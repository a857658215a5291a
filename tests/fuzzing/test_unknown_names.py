"""Names that no operation has, and what they share with names in other spellings."""

import pytest

from conformance.fuzzing.triggers import Triggers
from tests.fuzzing.probes import key_at, probe_at


@pytest.mark.parametrize("entry", ["in brackets", "in capitals"])
def test_a_name_that_is_spelled_otherwise_is_one_that_is_unknown(entry: str) -> None:
    """Where what is unknown is ignored, so is what nobody spells so."""
    triggers, key = Triggers(), key_at("status", "status", "GET /orders")
    unknown = probe_at("GET /orders", "query", "an unknown parameter", "null")
    spelled = probe_at("GET /carts", "query size", entry, "null")
    triggers.add(spelled, spelled, key, (200, 400))
    assert not triggers.known(unknown, key, (200, 400))
    triggers = Triggers()
    triggers.add(unknown, unknown, key, (200, 400))
    assert triggers.known(spelled, key, (200, 400))
    assert not triggers.known(spelled, key, (200, 200))
