"""The original: a small shop over HTTP. `python original.py PORT` serves it."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ORDER = {
    "order_id": 7,
    "total": 12.5,
    "note": None,
    "tags": [],
    "placed_at": "2026-01-02T03:04:05Z",
    "ship_to": {"city": "Basel"},
    "lines": ["b", "a"],
}


class Shop(BaseHTTPRequestHandler):
    """Answers orders by their id."""

    def do_GET(self) -> None:
        """Answer one order, the list of orders, or a problem."""
        if self.path == "/orders/7":
            self.answer(200, ORDER)
        elif self.path == "/orders":
            self.answer(200, {"items": [{"id": 7}]})
        elif self.path == "/orders/x":
            self.answer(400, {"code": "bad_id"})
        else:
            self.answer(404, {"code": "no_such_order"})

    def answer(self, status: int, body: Any) -> None:
        """Send a body as JSON."""
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        """Write no log."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
