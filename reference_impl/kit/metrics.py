"""Metrics in the Prometheus text format (version 0.0.4), written without a library.

In: one `record` per finished request, and gauges that are read at each request of the metrics. Out:
the text of `GET /metrics`, sorted, so that the same state gives the same bytes. Labels come only
from fixed sets: route templates of the daemon (or `UNKNOWN`, `UNPARSED`), a list of methods, and
statuses; a caller cannot create a new one.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
UNKNOWN = "unknown"  # the route label of a path that no route has
UNPARSED = "unparsed"  # the route and method label of a request that was not readable HTTP

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", UNPARSED})
# From a read in memory to the default deadline of a call, each about twice the one before.
_BOUNDS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_STATM = Path("/proc/self/statm")


class Metrics:
    """Counts of one daemon's requests, and its gauges."""

    def __init__(self, service: str, version: str) -> None:
        self.service = service
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: dict[str, list[int]] = {}
        self._sums_s: dict[str, float] = {}
        self._gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        self._build = f'daemon_info{{service="{service}",version="{version}"}} 1'
        started = time.time()
        self.gauge(
            "process_start_time_seconds",
            "Start of the process in seconds since the epoch.",
            lambda: started,
        )
        if _STATM.exists():
            self.gauge(
                "process_resident_memory_bytes", "Resident memory of the process.", resident_bytes
            )

    def gauge(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Add a gauge that is read at each request of the metrics."""
        self._gauges[name] = (meaning, read)

    def record(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """Count one finished request."""
        known_method = method if method in _METHODS else "OTHER"
        self._requests[route, known_method, status] += 1
        self._sums_s[route] = self._sums_s.get(route, 0.0) + seconds
        buckets = self._buckets.setdefault(route, [0] * (len(_BOUNDS_S) + 1))
        buckets[bisect_left(_BOUNDS_S, seconds)] += 1

    def text(self) -> str:
        """Return all metrics as text, sorted by name and labels."""
        lines = [
            *self._info(),
            *self._request_lines(),
            *self._duration_lines(),
            *self._gauge_lines(),
        ]
        return "\n".join(lines) + "\n"

    def _info(self) -> Iterator[str]:
        yield from _head("daemon_info", "gauge", "The service and its version.")
        yield self._build

    def _request_lines(self) -> Iterator[str]:
        yield from _head(
            "http_requests_total",
            "counter",
            "Requests answered, by route template, method and status.",
        )
        for (route, method, status), count in sorted(self._requests.items()):
            yield (
                f'http_requests_total{{route="{route}",method="{method}",status="{status}"}} '
                f"{count}"
            )

    def _duration_lines(self) -> Iterator[str]:
        name = "http_request_duration_seconds"
        yield from _head(
            name, "histogram", "Time from the head of a request to the end of its answer."
        )
        bounds = [*(f"{bound:g}" for bound in _BOUNDS_S), "+Inf"]
        for route, buckets in sorted(self._buckets.items()):
            for bound, count in zip(bounds, accumulate(buckets), strict=True):
                yield f'{name}_bucket{{route="{route}",le="{bound}"}} {count}'
            yield f'{name}_sum{{route="{route}"}} {self._sums_s[route]:.6f}'
            yield f'{name}_count{{route="{route}"}} {sum(buckets)}'

    def _gauge_lines(self) -> Iterator[str]:
        for name, (meaning, read) in sorted(self._gauges.items()):
            yield from _head(name, "gauge", meaning)
            yield f"{name} {read():.15g}"


def resident_bytes() -> float:
    """Return the resident memory of this process in bytes (Linux)."""
    pages = int(_STATM.read_text(encoding="ascii").split()[1])
    return float(pages * os.sysconf("SC_PAGE_SIZE"))


def _head(name: str, kind: str, meaning: str) -> tuple[str, str]:
    return f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"
