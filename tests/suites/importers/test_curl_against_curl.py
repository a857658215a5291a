"""What an imported curl command sends is what bash and curl send: both run on the same port."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conformance.suites.document import parse_document
from conformance.suites.importers.curl import read_curl
from conformance.suites.importers.suite_text import suite_text
from conformance.suites.suite_file import cases_of
from tests.miniatures.server import Received, Reply, serve

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")

COMMANDS = [
    "curl URL/plain",
    "curl URL",
    "curl 'URL?x=1#fragment'",
    "curl URL/a/./b/../c/..?d=/e/../f",
    "curl --path-as-is URL/a/./b/../c",
    "curl -X DELETE URL/items/1",
    "curl -XPUT URL/p -d a=1",
    "curl -I URL/head",
    "curl URL/form -d a=1 -d 'b=two words' --data-raw @c",
    "curl URL/empty -d ''",
    "curl -G URL/search?a=b -d q=1 --data-urlencode 'r=ä & ö~-._'",
    "curl -G URL/search --data-urlencode =x=y --data-urlencode 'a+b'",
    "curl URL/urlencoded --data-urlencode 'name=a b+c%\"'",
    "curl --json '{\"a\": 1}' URL/json",
    "curl --json '{\"a\":' --json '1}' -H 'accept: text/plain' URL/json",
    (
        "curl URL/typed -H 'Content-Type: text/plain; charset=utf-8' --data-binary "
        "$'two\\nlines\\r\\n'"
    ),
    "curl URL/untyped -H 'Content-Type:' -d raw",
    "curl URL/empty-header -H 'X-Empty;' -H 'X-Space:   padded  ' -H 'X-Utf: é'",
    'curl \\\n  URL/continued \\\n  -H \'x-a: 1\' \\\n  -H "x-b: \\"q\\" \\$5 \\\\ \\`"',
    (
        "curl URL/ansi -H 'content-type: application/json' \\\n"
        '--data-raw $\'{"a":"it\\\'s \\u0021 \\x41\\101 \\t \\\\n","b":"\\u00e9\\U0001F600"}\''
    ),
    "curl URL/adjacent -d 'a'\"b\"c$'d'\\ e",
    "curl URL/secretive -sSL --compressed -k -o /dev/null -m 20",
    "curl -sS --url URL/url --max-time 20 --http1.1",
    "curl URL/one URL/two -d x",
    "curl -r 0-9 URL/range",
    'curl URL/part -F a=1 -F \'b=x;type=text/x\' -F \'c="q;\\"r";filename="f\\"n.txt"\' -F g=h',
    "curl URL/parts -F 'g=h;filename=i' --form-string 'd=@e;type=f'",
    "curl URL/amp -d a=1&\n",
    "curl URL/redirect > /dev/null 2>&1 # a comment",
    "curl URL/first && curl URL/second; curl URL/third",
    "curl URL/globbed?a=[1] -g",
    "curl 'URL/digit'2> /dev/null",
    "curl --request-target '*' -X OPTIONS URL/ignored",
]


def sent_by_curl(text: str, folder: Path) -> list[Received]:
    """Run commands in bash and return what arrived, in order."""
    seen: list[Received] = []

    def keep(request: Received) -> Reply:
        seen.append(request)
        return Reply()

    with serve(keep) as url:
        (folder / "commands.sh").write_text(
            "export CURL_HOME=/nonexistent\n" + text.replace("URL", url)
        )
        subprocess.run(
            ["bash", "commands.sh"], cwd=folder, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            check=False,
            capture_output=True, timeout=60,
        )  # fmt: skip
    return seen


def imported(text: str) -> list[Any]:
    """Return the requests of the cases that the reader makes of imported commands."""
    found = list(read_curl(text.replace("URL", "http://127.0.0.1:1"), "c"))
    made = suite_text(found, "imported/c", "c")
    assert made.left_out == ()
    return [case.steps[0].request for case in cases_of(parse_document(made.text.encode(), "c"))]


def comparable(
    method: str, target: str, headers: list[tuple[str, str]], body: bytes | None
) -> tuple[Any, ...]:
    """Return what must agree: without curl's own boundary and any header about the client.

    The case of percent escapes is left aside: versions of curl differ in it.
    """
    kept = {name.lower(): value for name, value in headers}
    boundary = re.search(r"boundary=(-+\w+)", kept.get("content-type", ""))
    content = (body or b"").replace(boundary[1].encode(), b"BOUNDARY") if boundary else body or b""
    kept["content-type"] = re.sub(r"boundary=-+\w+", "boundary=B", kept.get("content-type", ""))
    for name in ("host", "user-agent", "accept-encoding", "content-length"):
        kept.pop(name, None)
    if kept.get("accept") == "*/*":
        kept.pop("accept")
    escapes_alike = re.sub("%..", lambda escape: escape[0].upper(), target)
    return method, escapes_alike, kept, content


def test_an_import_sends_what_curl_sends(tmp_path: Path) -> None:
    """Method, target, headers and body agree for every command, run one after the other."""
    arrived = sent_by_curl("\nwait\n".join(COMMANDS), tmp_path)
    cases = imported("\n".join(COMMANDS))

    assert [comparable(r.method, r.target, list(r.headers.items()), r.body) for r in arrived] == [
        comparable(r.method, r.target, r.headers, r.body) for r in cases
    ]
    assert len(cases) > len(COMMANDS)
