"""A program that repeats what it was sent in every way it knows.

The ways are bodies, header fields, its log and its last words.

`python echoes_secrets.py PORT`; anything asked of `/crash` ends it.
"""

import base64
import html
import http.server
import json
import os
import sys
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote

SENT = ("x-token", "x-secret")


def ways(value: str) -> Iterator[tuple[str, str]]:
    """Yield ways in which services write a text, each with a name."""
    raw = value.encode()
    yield "raw", value
    yield "other case", value.upper()
    yield "json", json.dumps(value)
    yield "json twice", json.dumps(json.dumps(value))
    yield "json in utf-8", json.dumps(value, ensure_ascii=False)
    yield "percent", quote(value, safe="")
    yield "percent, path", quote(value)
    yield "percent, form", quote_plus(value)
    yield "percent, all", "".join(f"%{byte:02x}" for byte in raw)
    yield "html", html.escape(value)
    yield "html, text", html.escape(value, quote=False)
    yield "hex", raw.hex()
    yield "hex, upper", raw.hex().upper()
    yield "json, every character", "".join(map(_json_escape, value))
    yield "percent, twice", quote(quote(value, safe=""), safe="")
    yield "html, decimal", "".join(f"&#{ord(character)};" for character in value)
    yield "html, hex", "".join(f"&#x{ord(character):X};" for character in value)
    yield "mixed", "".join(map(_mixed, value, range(len(value))))
    yield "base64 in lines", base64.encodebytes(b"x" * 50 + raw + b"!").decode()
    yield "base64 in lines, as JSON", json.dumps(base64.encodebytes(raw * 4).decode())
    for offset in range(3):
        yield f"base64 at {offset}", base64.b64encode(b"u:"[:offset] + raw + b"!").decode()
        yield (
            f"base64url at {offset}",
            base64.urlsafe_b64encode(b"u:"[:offset] + raw + b"!").decode(),
        )


def _json_escape(character: str) -> str:
    return f"\\u{ord(character):04x}"


def _mixed(character: str, number: int) -> str:
    """Write every third character as it is, and the others each in its own way."""
    return (character, f"&#{ord(character)};", _json_escape(character))[number % 3]


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with all that it was sent."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        """Echo, or crash."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        fields = [
            value.encode("latin-1").decode("latin-1")
            for name in SENT
            for value in self.headers.get_all(name, [])
        ]
        values = [*fields, unquote(self.path.rpartition("/")[2]), body]
        for value in values:
            sys.stderr.write("".join(f"{name}: {written}\n" for name, written in ways(value)))
        sys.stderr.flush()
        if self.path.startswith("/crash"):
            os._exit(3)
        text = "".join(f"{name}: {written}\n" for value in values for name, written in ways(value))
        self.send_response(200, f"OK {fields[0]}")
        self.send_header("content-type", "application/json")
        self.send_header("x-echo", fields[0])
        self.send_header("location", f"/{quote(fields[0], safe='')}")
        reply = json.dumps({"text": text, "values": values, **dict.fromkeys(values, 1)}).encode()
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    do_GET = do_POST = answer  # noqa: N815 - http.server's names


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
