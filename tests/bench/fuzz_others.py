"""What two other ways find of the differences of the fuzz bench, each plant by itself.

`python -m tests.bench.fuzz_others [--seed N]… [--alone] [--plant NAME]…`

- A naive replay: schemathesis asks the shop as it is, and its requests are sent again in the same
  order to the shop and to the one with a plant, each from the start.  A plant counts as found if a
  status or a body differs.
- With `--alone`, schemathesis asks the shop with a plant.  A plant counts as found if a check fails
  there of an operation that does not fail of the shop as it is.
"""

import argparse
import base64
import http.client
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec import Struct

from tests.bench.fuzz_shop_document import PLANTS
from tests.bench.fuzz_shop_process import served

_OF_THE_CLIENT = {"host", "content-length", "connection", "accept-encoding", "transfer-encoding"}
_TIMEOUT_S = 10
"""The shop answers in a millisecond; a busy machine takes longer."""


class Sent(Struct, frozen=True):
    """A request that schemathesis has sent."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Asked(Struct, frozen=True):
    """What schemathesis has sent to a shop, and the checks that failed, by operation."""

    requests: tuple[Sent, ...]
    failures: frozenset[tuple[str, str]]


def main() -> None:
    """Print what each way finds, for each seed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, action="append", default=[])
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--plant", action="append", default=[])
    given = parser.parse_args()
    plants = given.plant or list(PLANTS)
    for seed in given.seed or [1]:
        usual = _asked(seed, "")
        answers = _answers(usual.requests, "")
        assert answers == _answers(usual.requests, ""), "the shop differs from itself"
        replayed = [each for each in plants if _answers(usual.requests, each) != answers]
        print(f"seed {seed}: naive replay, {_found(replayed, plants, len(usual.requests))}")
        if given.alone:
            asked = {each: _asked(seed, each) for each in plants}
            found = [each for each in plants if asked[each].failures - usual.failures]
            count = sum(len(each.requests) for each in asked.values()) // len(plants)
            print(f"seed {seed}: schemathesis alone, {_found(found, plants, count)}")


def _found(found: list[str], plants: list[str], requests: int) -> str:
    lacking = ", ".join(each for each in plants if each not in found)
    share = f"{len(found)} of {len(plants)} found ({len(found) / len(plants):.0%})"
    return f"{requests:,} requests a plant: {share}; not found: {lacking or 'none'}"


def _asked(seed: int, plant: str) -> Asked:
    """Let schemathesis ask a shop."""
    with served(plant) as port, tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{port}"
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json",
            "--seed", str(seed), "--report", "ndjson", "--report-dir", folder,
            "--continue-on-failure",
            "--generation-database", "none", "--no-color",
        ]  # fmt: skip
        subprocess.run(command, cwd=folder, capture_output=True, check=False)
        (report,) = Path(folder).glob("*.ndjson")
        events = [json.loads(line) for line in report.read_text().splitlines()]
    scenarios = [each["ScenarioFinished"] for each in events if "ScenarioFinished" in each]
    recorders = [each["recorder"] for each in scenarios]
    requests = tuple(chain.from_iterable(map(_requests_of, recorders)))
    return Asked(requests, frozenset(chain.from_iterable(map(_failures_of, recorders))))


def _requests_of(recorder: dict[str, Any]) -> Iterator[Sent]:
    for exchange in recorder.get("interactions", {}).values():
        request = exchange["request"]
        _, _, target = request["uri"].partition("://")
        headers = [
            (name, value)
            for name, values in request["headers"].items()
            for value in values
            if name.lower() not in _OF_THE_CLIENT
        ]
        body = base64.b64decode((request.get("body") or {}).get("$base64", ""))
        target = f"/{target.partition('/')[2]}"
        yield Sent(request["method"], target, tuple(headers), body)


def _failures_of(recorder: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for check in chain.from_iterable(recorder.get("checks", {}).values()):
        if check["status"] == "failure":
            yield recorder["label"], check["name"]


def _answers(requests: tuple[Sent, ...], plant: str) -> list[tuple[int, bytes]]:
    """Send requests to a shop that has just started, and return what it answers."""
    found = []
    with served(plant) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
        for each in requests:
            connection.putrequest(each.method, each.target, skip_accept_encoding=True)
            for name, value in each.headers:
                connection.putheader(name, value.encode("latin-1", "replace"))
            if each.body:
                connection.putheader("Content-Length", str(len(each.body)))
            connection.endheaders(each.body or None)
            answer = connection.getresponse()
            found.append((answer.status, answer.read()))
        connection.close()
    return found


if __name__ == "__main__":
    main()
