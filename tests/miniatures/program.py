"""A program that serves on a port and is started as a process.

Its habits are chosen on the command line.

`python program.py PORT [HABIT=VALUE …]`: `after=S` listens only after some seconds, `exits=N` ends
at once with a code, `mute` never listens, `stubborn` ignores SIGTERM, `unready=N` answers the first
N requests with 503, `on=ADDRESS` listens there, `shares` lets others listen on its port, `forks=N`
has children, `leaves=N` has children in sessions of their own that ignore SIGTERM, `zombies=N`
buries none of its children, `daemon` serves in the background and ends, `floods` logs without end.
It answers `/kill` by killing itself with SIGSEGV, `/exit` by ending with 3, `/environment` with its
environment and `/pid` with its id.
"""

import http.server
import json
import os
import signal
import socket
import sys
import threading
import time


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers every path with a JSON object."""

    protocol_version = "HTTP/1.1"
    unready = 0

    def do_GET(self) -> None:
        """Answer, or die as the path says."""
        if self.path == "/kill":
            os.kill(os.getpid(), signal.SIGSEGV)
            time.sleep(60)  # another thread may be the one that takes the signal
        if self.path == "/exit":
            sys.stdout.write("giving up\n")
            sys.stdout.flush()
            os._exit(3)
        answers = {"/environment": dict(os.environ), "/pid": os.getpid()}
        body = json.dumps(
            answers.get(self.path, {"path": self.path, "seen": dict(self.headers)})
        ).encode()
        status = 503 if Handler.unready > 0 else 200
        Handler.unready -= 1
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the parent
        """Log nothing."""


class Server(http.server.ThreadingHTTPServer):
    """A server on one address, of either family, which may be shared."""

    shares = False

    def __init__(self, address: str, port: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), Handler)

    def server_bind(self) -> None:
        """Bind, after saying whether the port may be shared."""
        if self.shares:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()


def have_children(habits: dict[str, str]) -> None:
    """Fork what the habits say; the children sleep, or end at once where they are to be zombies."""
    for habit in ("forks", "leaves", "zombies"):
        for _ in range(int(habits.get(habit, "0"))):
            if os.fork() == 0:
                if habit == "leaves":
                    os.setsid()
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                time.sleep(0 if habit == "zombies" else 60)
                os._exit(0)


def flood() -> None:
    """Log for ever."""
    while True:
        sys.stdout.write("a line of log that says nothing\n" * 1000)


def main(port: int, habits: dict[str, str]) -> None:
    """Serve with some habits."""
    sys.stdout.write("line one\nline two\n")
    sys.stdout.flush()
    if "exits" in habits:
        sys.exit(int(habits["exits"]))
    if "stubborn" in habits:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "mute" in habits:
        time.sleep(60)
    if "daemon" in habits and os.fork():
        os._exit(0)
    if "daemon" in habits:
        os.setsid()
    have_children(habits)
    if "floods" in habits:
        threading.Thread(target=flood, daemon=True).start()
    time.sleep(float(habits.get("after", "0")))
    Handler.unready = int(habits.get("unready", "0"))
    Server.shares = "shares" in habits
    Server(habits.get("on", "127.0.0.1"), port).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), dict(argument.partition("=")[::2] for argument in sys.argv[2:]))
