"""The exception that carries a fault from where it is detected to the client.

The client turns it into an observation.
"""

from conformance.model.observation import FaultKind


class ExchangeFaultError(Exception):
    """An exchange that ended without an answer."""

    def __init__(self, kind: FaultKind, phase: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.phase = phase
        self.detail = detail
