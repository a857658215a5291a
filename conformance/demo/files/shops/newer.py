"""The newer shop, a second implementation made from a description of the older one."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ORDERS = {
    "1": {"id": 1, "total": "19.90", "note": "gift"},
    "2": {"id": 2, "total": "5.00"},
}


class Shop(BaseHTTPRequestHandler):
    """Answers GET requests about orders."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one request; what goes wrong inside is an error of this server."""
        try:
            self.answer(200, self.found())
        except KeyError:
            self.answer(500, {"error": "internal error"})

    def found(self) -> object:
        """Return what the request asks for."""
        if self.path == "/health":
            return {"status": "ok"}
        if self.path == "/orders":
            return {"orders": list(ORDERS.values())}
        return ORDERS[self.path.removeprefix("/orders/")]

    def answer(self, status: int, content: object) -> None:
        """Write an answer as JSON."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
