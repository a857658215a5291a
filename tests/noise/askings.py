"""Suites and services for `noise`, and its proposals pasted into the suite they were made for."""

import contextlib
import itertools
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import yaml

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

Answers = Callable[[int], Any]
"""Gives the JSON of an answer, or a reply, by how many the service has given before it."""


def suite(*names: str, **fields: object) -> dict[str, Any]:
    """Return a suite with a case for each name, which asks for the target of that name."""
    cases = [{"name": name, "request": {"GET": f"/{name}"}} for name in names]
    return {"suite": "shop/orders", "compare": "value", **fields, "cases": cases}


def service(**answers: Answers) -> Service:
    """Return a service that answers a target by the function of that name."""
    count = itertools.count()

    def serving(request: Received) -> Reply:
        answer = answers[request.target.removeprefix("/")](next(count))
        return answer if isinstance(answer, Reply) else json_reply(answer)

    return serving


def noise_of(folder: Path, written: dict[str, Any], *services: Service) -> str:
    """Return what `noise` prints for a suite and the services a, b and so on."""
    done = asked("noise", folder, written, *services)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def asked(
    verb: str, folder: Path, written: dict[str, Any], *services: Service
) -> CompletedProcess[str]:
    """Run a verb on a suite; without services on the runtimes of the folder."""
    (folder / "shop.yaml").write_text(yaml.safe_dump(written, sort_keys=False))
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(serve(each)) for each in services]
        named = [f"--runtime={name}={url}" for name, url in zip("abc", urls, strict=False)]
        return conformance(verb, "shop.yaml", *named, cwd=folder)


def rules_of(printed: str) -> dict[str, list[dict[str, str]]]:
    """Return the proposed rules by the case they are for, the suite's by an empty name."""
    (of_suite,) = yaml.safe_load(printed)["noise"] or [{}]
    rules = {"": of_suite.get("rules", [])} | {
        case["name"]: case["rules"] for case in of_suite.get("cases", [])
    }
    return {
        name: [_without_why(rule) for rule in listed] for name, listed in rules.items() if listed
    }


def _without_why(rule: dict[str, str]) -> dict[str, str]:
    return {field: text for field, text in rule.items() if field != "why"}


def comments_of(printed: str) -> list[str]:
    """Return the comments on what is not proposed, or was not asked."""
    return [line.removeprefix("# ") for line in printed.splitlines()[3:] if line.startswith("#")]


def pasted(written: dict[str, Any], printed: str) -> dict[str, Any]:
    """Return a suite with the proposed rules where the proposal has them."""
    (proposed,) = yaml.safe_load(printed)["noise"]
    of_case = {case["name"]: case["rules"] for case in proposed.get("cases", [])}
    cases = [{**case, "rules": of_case.get(case["name"], [])} for case in written["cases"]]
    return {**written, "rules": proposed.get("rules", []), "cases": cases}
