"""The older shop, which its callers rely on."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ORDERS = {
    "1": {"id": 1, "total": 19.9, "note": "gift"},
    "2": {"id": 2, "total": 5.0, "note": None},
}


class Shop(BaseHTTPRequestHandler):
    """Answers GET requests about orders."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one request."""
        if self.path == "/health":
            self.answer(200, {"status": "ok"})
        elif self.path == "/orders":
            self.answer(200, {"orders": list(ORDERS.values())})
        elif order := ORDERS.get(self.path.removeprefix("/orders/")):
            self.answer(200, order)
        else:
            self.answer(404, {"error": "no such order"})

    def answer(self, status: int, content: object) -> None:
        """Write an answer as JSON."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
