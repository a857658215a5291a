"""A tiny OpenAI-like upstream whose models are named by their fault; it keeps what it was asked."""

from __future__ import annotations

import http.server
import json
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "sk-canary-0123456789"
GOOD = {
    "id": "1",
    "object": "chat.completion",
    "model": "gpt-good-2026",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "Dallas."},
        }
    ],
    "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9},
}
STATUSES = {
    "gpt-rejects": 400,
    "gpt-says-key": 401,
    "gpt-unknown": 404,
    "gpt-rate-limited": 429,
    "gpt-rate-limited-for-ages": 429,
    "gpt-crashed": 500,
    "gpt-overloaded": 503,
    "gpt-gave-up": 504,
    "gpt-redirects": 307,
}
BODIES = {
    "gpt-good": json.dumps(GOOD),
    "gpt-malformed": '{"choices": [',
    "gpt-doubled": '{"model": "a", "model": "b"}',
    "gpt-no-choices": json.dumps({**GOOD, "choices": []}),
    "gpt-no-usage": json.dumps({name: value for name, value in GOOD.items() if name != "usage"}),
    "gpt-null": json.dumps({**GOOD, "choices": [{"message": {"content": None}}]}),
    "gpt-negative": json.dumps({**GOOD, "usage": {"prompt_tokens": -1, "completion_tokens": 2}}),
    "gpt-oversize": json.dumps({**GOOD, "padding": "x" * 100_000}),
}
HEADERS = {
    "gpt-rate-limited": {"retry-after": "7"},
    "gpt-rate-limited-for-ages": {"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"},
    "gpt-redirects": {"location": "http://127.0.0.1:1/"},
    "gpt-encoded": {"content-encoding": "gzip"},
    "gpt-good": {"set-cookie": "tracked=1; Path=/"},
}


class Upstream(http.server.ThreadingHTTPServer):
    """The server, and all that it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str], Any]] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about callers that left."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers by the name of the model."""

    server: Upstream

    def do_POST(self) -> None:
        """Answer one chat completion, each model in its own way."""
        document = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(
            (self.path, {name.lower(): value for name, value in self.headers.items()}, document)
        )
        model = document["model"]
        if model == "gpt-closes":
            return
        if model == "gpt-slow":
            time.sleep(5)
        body = BODIES.get(model, f'{{"error": "{self.headers["authorization"]}"}}').encode()
        self.send_response(STATUSES.get(model, 200))
        for name, value in HEADERS.get(model, {}).items():
            self.send_header(name, value)
        self.send_header(
            "content-length", str(len(body) + 100 * (model in {"gpt-drips", "gpt-truncated"}))
        )
        self.end_headers()
        self.wfile.write(body)
        while model == "gpt-drips":
            self.wfile.write(b" ")
            time.sleep(0.05)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # as the inherited one is
        """Say nothing."""


@contextmanager
def running_upstream() -> Iterator[Upstream]:
    """Run an upstream until the block ends."""
    upstream = Upstream()
    thread = threading.Thread(target=upstream.serve_forever, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        upstream.shutdown()
        upstream.server_close()
        thread.join()
