"""`conformance import`: a file of commands or of HAR in, a suite out that runs."""

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.command import conformance
from tests.miniatures.server import always, serve

COMMANDS = """\
curl 'https://api.example.com/items?page=2' -H 'accept: application/json' -H 'cookie: id=1' \\
  -H 'user-agent: Mozilla/5.0'
curl https://api.example.com/items -H 'content-type: application/json' --data-raw '{"name":"x","tags":[]}'
curl https://api.example.com/upload -d @file.json
"""
SUITE = """\
# Imported from c.txt. Read it before you commit it: a body may hold private data.
# Hosts, which no suite names; a runtime has them in its `url`:
#   api.example.com (2)
# Left out for secrecy; what a runtime needs goes into its `headers` in runtimes.yaml:
#   cookie: ${env:COOKIE}
# Left out because they are about the browser that sent them:
#   user-agent
# Not imported:
#   c.txt:4: its data is in a file, 'file.json'
suite: shop/items
cases:
  - name: get-items
    request:
      GET: /items?page=2
      headers:
        accept: application/json
  - name: post-items
    request:
      POST: /items
      headers:
        content-type: application/json
      json: {name: x, tags: []}
"""


def test_commands_become_a_suite_that_runs(tmp_path: Path) -> None:
    """The suite is written once, word for word, says what is missing, and runs.

    A second time needs --force.
    """
    (tmp_path / "c.txt").write_text(COMMANDS)
    words = ("import", "c.txt", "--suite", "shop/items", "--output", "cases/shop/items.yaml")
    done = conformance(*words, cwd=tmp_path)
    again = conformance(*words, cwd=tmp_path)
    forced = conformance(*words, "--force", cwd=tmp_path)
    with serve(always({"id": 1})) as a, serve(always({"id": 2})) as b:
        run = conformance("run", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path)

    assert (tmp_path / "cases/shop/items.yaml").read_text() == SUITE
    assert done.stderr == (
        "not imported: c.txt:4: its data is in a file, 'file.json'\n"
        "3 requests read: 2 cases in cases/shop/items.yaml, 1 not imported\n"
    )
    assert (
        again.stderr
        == "error: cases/shop/items.yaml is there already\n  hint: --force overwrites it\n"
    )
    assert (done.returncode, again.returncode, forced.returncode) == (0, 2, 0)
    assert run.stdout.endswith(
        "2 cases: 2 passed\nPARITY\n" + run.stdout.splitlines(keepends=True)[-1]
    )


def test_standard_input(tmp_path: Path) -> None:
    """`-` reads HAR or commands, and the suite goes to standard output."""
    har = json.dumps({"log": {"entries": [{"request": {"method": "GET", "url": "http://h/a"}}]}})
    for text in (har, "curl http://h/a"):
        done = subprocess.run(
            [sys.executable, "-m", "conformance", "import", "-"],
            cwd=tmp_path, input=text, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.startswith("# Imported from standard input.")
        assert "  - name: get-a\n    request:\n      GET: /a\n" in done.stdout
        assert done.stderr == "1 request read: 1 case\n"


def test_what_cannot_be_imported(tmp_path: Path) -> None:
    """Nothing to import is 5.

    A file that is neither or is not there, and an id that is none, are 2, with a reason.
    """
    (tmp_path / "c.txt").write_text("wget http://h/\n")
    (tmp_path / "h.har").write_text('{"log": 1}')
    (tmp_path / "b.bin").write_bytes(b"\xff")
    ended = {
        words: conformance("import", *words, cwd=tmp_path)
        for words in (
            ("c.txt",),
            ("h.har",),
            ("b.bin",),
            ("none",),
            ("c.txt", "--suite", "A b"),
            (),
        )
    }

    assert [done.returncode for done in ended.values()] == [5, 2, 2, 2, 2, 2]
    assert (
        "not imported: c.txt:1: wget is not curl\nerror: no request to import\n"
        in ended["c.txt",].stderr
    )
    assert ended["h.har",].stderr.startswith(
        "error: h.har: no HAR file: Expected `object`, got `int` - at `$.log`"
    )
    assert ended["b.bin",].stderr.startswith("error: b.bin: neither HAR nor text in UTF-8: byte 0")
    assert (
        ended["none",].stderr == "error: none: No such file or directory\n  hint: check the path\n"
    )
    assert ended["c.txt", "--suite", "A b"].stderr.startswith(
        "error: --suite A b: wanted an id such as area/topic"
    )
    assert all("Traceback" not in done.stderr for done in ended.values())
