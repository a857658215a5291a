"""How long an exchange is waited for, and what comes after one that failed."""

from msgspec.structs import replace

from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.request import Request
from tests.miniatures import faulty
from tests.miniatures.server import always, serve, serve_connections, serve_script
from tests.runner.asking import GET, LIMITS, ask

UPLOAD = Request(method="POST", target="/", body=bytes(16 << 20))


def test_budget_ends_before_patience() -> None:
    """A budget that is shorter than the longest silence allowed is the one that counts."""
    with serve_script(faulty.hangs_before_headers) as url:
        fault = ask(url, GET, replace(LIMITS, idle_ms=60_000))
    assert isinstance(fault, Fault)
    assert (fault.kind, fault.phase) == (FaultKind.TIMEOUT_TOTAL, "headers")


def test_slow_upload_is_no_silence() -> None:
    """A peer that takes a long request in bits, slower than the allowed silence, is waited for."""
    with serve_connections(faulty.takes_slowly) as url:
        seen = ask(url, UPLOAD, budget_ms=10_000)
    assert isinstance(seen, Answer), seen


def test_next_exchange_after_a_fault_is_clean() -> None:
    """After a fault the client drops the connection, and the next server is asked again."""
    with serve_script(faulty.truncates_body) as bad, serve(always({})) as good:
        assert isinstance(ask(bad), Fault)
        assert not isinstance(ask(good), Fault)
