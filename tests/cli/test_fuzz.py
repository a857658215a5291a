"""`conformance fuzz` as it is used, on services with one defect each.

The tests check what it prints, what it writes, and its exit code.
"""

import contextlib
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

from tests.cli.command import conformance, settled
from tests.miniatures.server import Received, Reply, json_reply, serve

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.0",
    "paths": {
        "/things": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["name", "size"],
                                "properties": {
                                    "name": {"type": "string", "maxLength": 20},
                                    "size": {"type": "integer", "minimum": 1, "maximum": 9},
                                },
                            }
                        }
                    }
                }
            }
        },
        "/things/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
            ],
            "get": {},
            "delete": {},
        },
    },
}


@dataclass
class Things:
    """A service with things, and one defect; it notes what it is asked."""

    defect: str = ""
    located: bool = False
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        self.asked.append((request.method, request.target, request.body))
        path = request.target.partition("?")[0]
        if path == "/openapi.json":
            return json_reply(DOCUMENT)
        if path == "/reset":
            self.held, self.ids = {}, itertools.count(1)
            return Reply(status=204)
        if path == "/things" and request.method == "POST":
            return self._made(request)
        name = path.removeprefix("/things/")
        if path.startswith("/things/") and request.method in {"GET", "DELETE"}:
            if name not in self.held:
                return json_reply({"code": "none"}, 404)
            gone = request.method == "DELETE" and self.defect != "never gone"
            return json_reply(self.held.pop(name) if gone else self.held[name])
        return json_reply({"code": "no route"}, 404)

    def _made(self, request: Received) -> Reply:
        try:
            thing = request.json()
        except (ValueError, RecursionError):
            return json_reply({"code": "no json"}, 400)
        most = 10 if self.defect == "size 10" else 9
        size = thing.get("size") if isinstance(thing, dict) else None
        if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= most:
            return json_reply({"code": "bad"}, 422)
        made = {"id": next(self.ids), "name": thing.get("name"), "size": size}
        if self.defect == "another unit":
            made["size"] *= 1000
        if self.defect == "random":
            made["token"] = f"{id(object())}-{len(self.asked)}"
        self.held[str(made["id"])] = made
        if self.located:
            return json_reply({}, 201, location=f"/things/{made['id']}")
        return json_reply(made, 201)


Fuzzed = Callable[..., CompletedProcess[str]]


@contextlib.contextmanager
def _served(
    folder: Path, *services: Things, disposable: bool = True, reset: bool = True
) -> Iterator[Fuzzed]:
    """Serve a, b and so on, and yield what runs `fuzz` on them."""
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(serve(each)) for each in services]
        declared = {
            name: {
                "url": url,
                **({"disposable": True} if disposable else {}),
                **({"reset": {"request": {"POST": "/reset"}}} if reset else {}),
            }
            for name, url in zip("abc", urls, strict=False)
        }
        (folder / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": declared}))
        yield lambda *words: conformance("fuzz", *words, cwd=folder)


def _body(case: dict[str, Any]) -> Any:
    """Return the JSON that a case sends, whether it says what that is or not."""
    request = case["request"]
    return request["json"] if "json" in request else json.loads(request["raw"])


def _cases(folder: Path, name: str = "found.yaml") -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.safe_load((folder / name).read_text())["cases"]
    return cases


def test_a_bound_that_is_one_off_is_found_shrunk_and_written(tmp_path: Path) -> None:
    """The case is red under `run`, and green once the defect is gone."""
    bad = Things("size 10")
    with _served(tmp_path, Things(), bad) as fuzz:
        done = fuzz("--seed", "1", "--requests", "1500", "--output", "found.yaml", "--propose")
        assert done.returncode == 1, done.stderr
        (case,) = _cases(tmp_path)
        assert _body(case) == {"size": 10}
        assert "found: status differs (bad): POST /things" in done.stderr
        assert "1 cause found" in done.stdout
        assert "POST /things" in done.stdout
        rows = yaml.safe_load((tmp_path / "found.rows.yaml").read_text())["decisions"]
        assert [row["cause"] for row in rows] == ["status"]
        assert (tmp_path / "reports/runs/latest/report.html").is_file()

        assert conformance("run", "found.yaml", cwd=tmp_path).returncode == 1
        bad.defect = ""
        assert "1 case: 1 passed" in conformance("run", "found.yaml", cwd=tmp_path).stdout


def test_what_a_valid_request_shows_is_found_without_a_reset(tmp_path: Path) -> None:
    """No state can be the reason: nothing was asked before."""
    with _served(tmp_path, Things(), Things("another unit"), reset=False) as fuzz:
        done = fuzz("--seed", "1", "--requests", "300", "--only", "POST /things")
    assert "found: value of $.size differs: POST /things" in done.stderr, done.stdout


@pytest.mark.parametrize("located", [False, True], ids=["id in the body", "id in Location"])
def test_a_defect_that_takes_a_sequence(tmp_path: Path, located: bool) -> None:
    """Each runtime is sent the ids that it gave itself."""
    with _served(tmp_path, Things(located=located), Things("never gone", located=located)) as fuzz:
        done = fuzz("--seed", "1", "--requests", "600", "--output", "found.yaml")
        assert done.returncode == 1
        methods = [
            [next(iter(step["request"])) for step in case["steps"]] for case in _cases(tmp_path)
        ]
        assert ["POST", "DELETE", "GET"] in methods


def test_only_an_operation_with_an_id_makes_what_it_asks_about(tmp_path: Path) -> None:
    """Questions are about one operation; what it needs is made by others."""
    with _served(tmp_path, Things(), Things("never gone")) as fuzz:
        done = fuzz("--seed", "1", "--requests", "800", "--only", "GET /things/{id}")
    assert "POST /things, then DELETE /things/${thing_id}, then GET /thing" in done.stderr
    asked = [line for line in done.stdout.splitlines() if " values" in line]
    assert [line.partition("  ")[0] for line in asked] == ["GET /things/{id}"], done.stdout


def test_services_that_are_alike_are_dry_and_green(tmp_path: Path) -> None:
    """What differs by itself is no finding, nor is it written."""
    with _served(tmp_path, Things("random"), Things("random")) as fuzz:
        done = fuzz("--seed", "1", "--only", "POST /things", "--requests", "1500")
        assert done.returncode == 0, done.stdout
        assert "0 causes found" in done.stdout
        assert not list(tmp_path.glob("reports/runs/*/found.yaml"))


def test_the_same_seed_sends_the_same_requests(tmp_path: Path) -> None:
    asked = []
    for _ in range(2):
        things = Things()
        with _served(tmp_path, things, Things()) as fuzz:
            assert fuzz("--seed", "5", "--requests", "500").returncode == 0
        asked.append(things.asked)
    assert asked[0] == asked[1]
    assert len(asked[0]) > 200


def test_nothing_is_changed_where_nobody_has_said_that_it_may_be(tmp_path: Path) -> None:
    things = Things()
    with _served(tmp_path, things, Things(), disposable=False) as fuzz:
        done = fuzz("--seed", "1", "--requests", "300")
    assert {method for method, target, _ in things.asked if target != "/reset"} <= {
        "GET",
        "HEAD",
        "OPTIONS",
        "TRACE",
    }
    assert (
        "not asked: POST /things: it may change something, and a, b are not marked `disposable: "
        "true`" in done.stdout
    )
    assert done.returncode == 0


def test_nothing_that_can_be_asked_is_an_error_of_its_own(tmp_path: Path) -> None:
    with _served(tmp_path, Things(), Things(), disposable=False) as fuzz:
        done = fuzz("--only", "POST /things")
    assert done.returncode == 5
    assert "no operation can be asked" in done.stderr
    assert "POST /things: it may change something" in done.stderr


def test_a_cause_that_the_ledger_decides_is_passed_by(tmp_path: Path) -> None:
    with _served(tmp_path, Things(), Things("size 10")) as fuzz:
        assert (
            fuzz(
                "--seed", "1", "--requests", "1500", "--output", "found.yaml", "--propose"
            ).returncode
            == 1
        )
        rows = (tmp_path / "found.rows.yaml").read_text().replace("TODO", '"known since the port"')
        (tmp_path / "decisions.yaml").write_text(rows.replace("fuzz/found/", "other/"))
        done = fuzz("--seed", "2", "--requests", "1500")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 cause decided in the ledger, not reported" in done.stdout


def test_a_run_is_resumed_where_it_ended(tmp_path: Path) -> None:
    """What was tried is not tried again, and what was found is not reported again."""
    things = Things()
    with _served(tmp_path, things, Things("size 10")) as fuzz:
        assert fuzz("--seed", "1", "--requests", "1500", "--runs", "runs").returncode == 1
        first = {body for method, _, body in things.asked if method == "POST"}
        things.asked.clear()
        (run,) = [
            each
            for each in (tmp_path / "runs").iterdir()
            if each.is_dir() and not each.is_symlink()
        ]
        done = fuzz("--resume", run.name, "--requests", "1200", "--runs", "runs")
        again = {body for method, _, body in things.asked if method == "POST"}
    assert done.returncode == 0, done.stdout
    assert "seed 1" in done.stdout
    assert len(again - first) > len(again & first)


def test_suites_are_a_source_of_operations(tmp_path: Path) -> None:
    """Without a document the requests of suites are changed along their own structure."""
    case = {"name": "make", "request": {"POST": "/things", "json": {"name": "x", "size": 3}}}
    (tmp_path / "things.yaml").write_text(yaml.safe_dump({"suite": "things", "cases": [case]}))
    with _served(tmp_path, Things(), Things("size 10")) as fuzz:
        done = fuzz("things.yaml", "--seed", "1", "--requests", "1500", "--output", "found.yaml")
    assert done.returncode == 1, done.stderr
    assert _body(_cases(tmp_path)[0]) == {"size": 10}


@pytest.mark.parametrize("ruled", [False, True])
def test_the_rules_of_a_suite_hold_for_what_its_operations_are_asked(
    tmp_path: Path, ruled: bool
) -> None:
    case = {"name": "make", "request": {"POST": "/things", "json": {"name": "x", "size": 3}}}
    rule = {"path": "$.size", "is": "number", "why": "each has its own unit"}
    suite = {"suite": "things", "cases": [case], **({"rules": [rule]} if ruled else {})}
    (tmp_path / "things.yaml").write_text(yaml.safe_dump(suite))
    with _served(tmp_path, Things(), Things("another unit")) as fuzz:
        done = fuzz("things.yaml", "--seed", "1", "--requests", "800")
    assert done.returncode == (0 if ruled else 1), done.stdout
    assert ("$.size" in done.stdout) is not ruled


def test_a_found_case_has_no_rule_about_what_no_answer_has(tmp_path: Path) -> None:
    case = {"name": "make", "request": {"POST": "/things", "json": {"name": "x", "size": 3}}}
    rules = [
        {"path": "$.nowhere", "is": "number", "why": "of another operation"},
        {"path": "$.id", "is": "any", "why": "each counts by itself"},
    ]
    suite = {"suite": "things", "rules": rules, "cases": [case]}
    (tmp_path / "things.yaml").write_text(yaml.safe_dump(suite))
    with _served(tmp_path, Things(), Things("another unit")) as fuzz:
        words = ["--seed", "1", "--requests", "800", "--output", "found.yaml"]
        assert fuzz("things.yaml", *words).returncode == 1
    assert {json.dumps(each["rules"]) for each in _cases(tmp_path)} == {json.dumps([rules[1]])}


def test_what_not_every_runtime_supports_is_not_asked(tmp_path: Path) -> None:
    case = {"name": "make", "request": {"POST": "/things", "json": {"name": "x", "size": 3}}}
    suite = {"suite": "things", "requires": ["making"], "cases": [case]}
    (tmp_path / "things.yaml").write_text(yaml.safe_dump(suite))
    things = Things()
    with _served(tmp_path, things, Things("size 10")) as fuzz:
        runtimes = yaml.safe_load((tmp_path / "runtimes.yaml").read_text())
        runtimes["runtimes"]["b"]["supports"] = ["reading"]
        (tmp_path / "runtimes.yaml").write_text(yaml.safe_dump(runtimes))
        done = fuzz("things.yaml", "--seed", "1", "--requests", "100")
    assert done.returncode == 5
    assert "things/make: b does not support making" in done.stderr
    assert not [path for _, path, _ in things.asked if path == "/things"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--openapi", "none.json"], "none.json: No such file or directory"),
        (["--only", "PUT /x"], "--only PUT /x: no such operation"),
        (["--for", "soon"], "soon"),
        (["--resume", "nothing"], "no run 'nothing'"),
        (["--runtime", "a"], "two runtimes are needed that can be asked, got a"),
    ],
)
def test_bad_usage_is_one_message(tmp_path: Path, words: list[str], told: str) -> None:
    with _served(tmp_path, Things(), Things()) as fuzz:
        done = fuzz(*words)
    assert done.returncode == 2
    assert told in settled(done.stderr)
    assert "Traceback" not in done.stderr


def test_json_is_the_report_of_the_run(tmp_path: Path) -> None:
    with _served(tmp_path, Things(), Things("size 10")) as fuzz:
        done = fuzz("--seed", "1", "--requests", "1500", "--json")
    assert done.returncode == 1
    assert [group["title"] for group in json.loads(done.stdout)["groups"]] == [
        "status differs (bad)"
    ]
