"""A service with tokens of its own that ends at `/dies-once`: `python guarded_frail.py PORT FOLDER`.

`/token` gives the token of this process; anything else wants it. Whether it has ended is a file in
the folder.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """Answers who has the token of this process."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer, or end."""
        died, token = Path(sys.argv[2], "died"), f"token-{os.getpid()}"
        if self.path == "/dies-once" and not died.exists():
            died.touch()
            os._exit(3)
        given = self.headers.get("authorization", "")
        body = {"access": token, "given": given} if self.path == "/token" else {"echo": given}
        let_in = self.path == "/token" or given == f"Bearer {token}"
        raw = json.dumps(body).encode()
        self.send_response(200 if let_in else 401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
