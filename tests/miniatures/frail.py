"""A service that ends at some paths: `python frail.py PORT [FOLDER]`.

Without a folder it never ends.

`/dies` always ends it, `/dies-once` only the first time, of which a file in the folder is the
memory.
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BODY = b'{"ok":true}'


class Handler(BaseHTTPRequestHandler):
    """Answers everything alike, as long as it lives."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer, or end."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        if len(sys.argv) > 2 and ends(self.path, Path(sys.argv[2], "died")):
            sys.stdout.write("out of luck\n")
            sys.stdout.flush()
            os._exit(3)
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def ends(path: str, died: Path) -> bool:
    """Return whether a path ends the service, and note that it did."""
    wanted = path == "/dies" or (path == "/dies-once" and not died.exists())
    if wanted:
        died.touch()
    return wanted


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
