"""The port of the shop, with ten defects. `python port.py PORT` serves it."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ORDER = {
    "orderId": 7,
    "total": "12.5",
    "tags": None,
    "placed_at": 1767323045,
    "ship_to": {"city": "Basel", "zip": "4051"},
    "lines": ["a", "b"],
}


class Shop(BaseHTTPRequestHandler):
    """Answers orders by their id."""

    def do_GET(self) -> None:
        """Answer one order, the list of orders, or a problem."""
        if self.path == "/orders/7":
            self.answer(200, ORDER)
        elif self.path == "/orders":
            self.answer(200, [{"id": 7}])
        elif self.path == "/orders/x":
            self.answer(422, {"code": "bad_id"})
        else:
            self.answer(404, "no such order")

    def answer(self, status: int, body: Any) -> None:
        """Send a body as JSON, or as text."""
        raw = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header(
            "content-type", "text/plain" if isinstance(body, str) else "application/json"
        )
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        """Write no log."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
