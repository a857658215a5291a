"""The bounds of one exchange, in time and size.

Nothing that a runtime does makes the harness wait or grow past them.
"""

from msgspec import Struct


class ExchangeLimits(Struct, frozen=True, kw_only=True):
    """Times in milliseconds, sizes in bytes.

    `total_ms` is one budget from connect to the last byte, on the monotonic clock.

    `idle_ms` bounds the time without a byte; None is half of the total, so that both grow together.
    `kept_ms` is how long a connection may rest and be used again: most servers end idle ones after
    5 s, and a request that is sent at that moment may be lost.
    """

    connect_ms: int = 2_000
    kept_ms: int = 2_000
    idle_ms: int | None = None
    total_ms: int = 10_000
    head_bytes: int = 64 << 10
    header_fields: int = 256
    informational: int = 8
    body_bytes: int = 16 << 20
    decoded_bytes: int = 16 << 20

    @property
    def silence_ms(self) -> int:
        """Return the longest time without a byte, in milliseconds."""
        return self.total_ms // 2 if self.idle_ms is None else self.idle_ms
