"""The case of `explain --cite` fails while its cause is open, and for nothing else.

Each line: what the original sends, what the port sends, the cause, and answers of a port with the
exit code of the pinned case there.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

SUITE = "suite: shop\ncompare: value\ncases:\n  - {name: one, request: {GET: /one}}\n"
PINS: dict[str, tuple[Any, Any, str, list[tuple[Any, int]]]] = {
    "two places of one cause": (
        {"total": 1, "sum": 2, "day": "Mon"},
        {"total": "1", "sum": "2", "day": "Tue"},
        "number as string",
        [
            ({"total": "1", "sum": "2", "day": "Mon"}, 1),
            ({"total": 1, "sum": "2", "day": "Tue"}, 1),
            ({"total": "1", "sum": 2, "day": "Tue"}, 1),
            ({"total": 1, "sum": 2, "day": "Tue", "more": 1}, 0),
        ],
    ),
    "elements of a list": (
        {"rows": [{"n": 1, "a": "x"}, {"n": 2, "a": "y"}]},
        {"rows": [{"n": "1", "a": "x"}, {"n": "2", "a": "z"}]},
        "number as string",
        [
            ({"rows": [{"n": 1, "a": "x"}, {"n": "2", "a": "y"}]}, 1),
            ({"rows": [{"n": 1, "a": "x"}, {"n": 2, "a": "z"}]}, 0),
        ],
    ),
    "a member that must not be": (
        {"a": {"b": 1}, "d": 1},
        {"a": {"b": "1", "c": 2}, "d": 1},
        "c: only in port",
        [
            ({"a": {"b": 1, "c": 2}, "d": 1}, 1),
            ({"a": {"b": "1"}, "d": 1}, 0),
        ],
    ),
    "a member that is missing": (
        {"id": "a81f", "n": 1},
        {"n": "1"},
        "member $.id: not in port",
        [({"n": 1}, 1), ({"id": "b92e", "n": "1"}, 0)],
    ),
    "a list that is longer": (
        {"rows": [1, 2], "n": 1},
        {"rows": [1, 2, 3], "n": "1"},
        "length of $.rows differs",
        [({"rows": [1, 2, 3], "n": 1}, 1), ({"rows": [1, 2], "n": "1"}, 0)],
    ),
    "a status": (
        Reply(status=404, body=b'{"n": 1}', headers={"content-type": "application/json"}),
        Reply(status=400, body=b'{"n": "1"}', headers={"content-type": "application/json"}),
        "status",
        [
            (Reply(status=400, body=b'{"n": 1}', headers={"content-type": "application/json"}), 1),
            (Reply(status=404, body=b'{"n": 2}', headers={"content-type": "application/json"}), 0),
        ],
    ),
    "nothing in place of a list": (
        {"rows": [], "n": 1},
        {"rows": None, "n": "1"},
        "null vs empty list",
        [({"rows": None, "n": 1}, 1), ({"rows": [], "n": "1"}, 0)],
    ),
}


def constant(answer: Any) -> Service:
    """Return a service that always sends the same."""
    sent = answer if isinstance(answer, Reply) else json_reply(answer)
    return lambda _: sent


@pytest.mark.parametrize("name", PINS)
def test_a_pin(conformance: WarmCommand, tmp_path: Path, name: str) -> None:
    """It is red on the port, green on the original, and red or green for its cause alone."""
    original, port, cause, tried = PINS[name]
    (tmp_path / "shop.yaml").write_text(SUITE)
    with serve(constant(original)) as a, serve(constant(port)) as b:
        both = ("--runtime", f"original={a}", "--runtime", f"port={b}", "--baseline", "original")
        conformance("run", "shop.yaml", *both, cwd=tmp_path)
    report = json.loads((tmp_path / "reports/runs/latest/report.json").read_bytes())
    titles = {group["title"]: group["key"] for group in report["groups"]}
    (key,) = [key for title, key in titles.items() if cause in title] or [str(titles)]
    cited = conformance("explain", key, "--cite", cwd=tmp_path).stdout
    (case,) = re.findall(r"^```+yaml\n(.*?)^```+$", cited, re.MULTILINE | re.DOTALL)
    (tmp_path / "pinned.yaml").write_text(case)

    for answer, code in [(original, 0), (port, 1), *tried]:
        with serve(constant(answer)) as url:
            ran = conformance("run", "pinned.yaml", "-q", "--runtime", f"x={url}", cwd=tmp_path)
        assert ran.returncode == code, (answer, case)


def registry(prefix: str, score: int) -> Service:
    """Return a service that makes an id for what it is given, and gives it back by that id."""
    made: list[str] = []

    def answer(received: Received) -> Reply:
        if received.method == "POST":
            made.append(f"{prefix}-{len(made):08d}")
            return json_reply({"worker": {"id": made[-1], "name": received.json()["name"]}}, 201)
        known = received.target.rpartition("/")[2] in made
        return json_reply({"score": score}) if known else json_reply({"error": "unknown"}, 404)

    return answer


REGISTRY = """\
suite: registry
compare: value
isolate: names
cases:
  - name: register-and-read
    steps:
      - request: {POST: /workers, json: {name: "${fresh:ann}"}}
        capture: {id: {path: $.worker.id, identity: worker}}
      - request: {GET: "/workers/${id}"}
"""


def test_a_pin_of_steps_that_go_on_with_an_id(conformance: WarmCommand, tmp_path: Path) -> None:
    """Each service is asked with its own id: the case is green once the port is fixed."""
    (tmp_path / "registry.yaml").write_text(REGISTRY)
    with serve(registry("old", 7)) as a, serve(registry("new", 9)) as b:
        both = ("--runtime", f"original={a}", "--runtime", f"port={b}", "--baseline", "original")
        conformance("run", "registry.yaml", *both, cwd=tmp_path)
    report = json.loads((tmp_path / "reports/runs/latest/report.json").read_bytes())
    (key,) = [group["key"] for group in report["groups"]]
    cited = conformance("explain", key, "--cite", cwd=tmp_path).stdout
    (case,) = re.findall(r"^```+yaml\n(.*?)^```+$", cited, re.MULTILINE | re.DOTALL)
    (tmp_path / "pinned.yaml").write_text(case)

    for service, code in [
        (registry("old", 7), 0),
        (registry("new", 9), 1),
        (registry("new", 7), 0),
    ]:
        with serve(service) as url:
            ran = conformance("run", "pinned.yaml", "-q", "--runtime", f"x={url}", cwd=tmp_path)
        assert ran.returncode == code, case
