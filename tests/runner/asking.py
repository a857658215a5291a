"""Asks a server one thing through the wire client, with bounds short enough for tests."""

from conformance.model.observation import Answer, Fault
from conformance.model.request import Request
from conformance.runner import event_loop
from conformance.runner.http.limits import ExchangeLimits
from conformance.runner.http.wire import WireClient

BUDGET_MS = 400
LIMITS = ExchangeLimits(
    connect_ms=200, idle_ms=150, head_bytes=64 << 10, body_bytes=1 << 20, decoded_bytes=1 << 20
)
GET = Request(method="GET", target="/")


async def ask_all(
    url: str, requests: list[Request], limits: ExchangeLimits = LIMITS, budget_ms: int = BUDGET_MS
) -> list[Answer | Fault]:
    """Send requests one after the other through one client."""
    client = WireClient(url, (), limits)
    try:
        return [await client.exchange(request, budget_ms) for request in requests]
    finally:
        client.close()


def ask(
    url: str, request: Request = GET, limits: ExchangeLimits = LIMITS, budget_ms: int = BUDGET_MS
) -> Answer | Fault:
    """Send one request."""
    return event_loop.run(ask_all(url, [request], limits, budget_ms))[0]


def answer(url: str, request: Request = GET, limits: ExchangeLimits = LIMITS) -> Answer:
    """Send one request that is answered."""
    seen = ask(url, request, limits)
    assert isinstance(seen, Answer), seen
    return seen
