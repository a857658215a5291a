"""Sustained writes and searches on one small index of a vectord, then operator recovery.

The writes are upserts and deletes.

Run: `python -m tests.peers.sustained_writes http://127.0.0.1:4215 --seconds 10`. It knows the wire
and no runtime: the same program drives every substrate of the Go peer and the reference. Its seed
alone decides what it sends. It prints, as JSON, how many operations of each kind were asked and
failed, with the first failure of each.
"""

import argparse
import http.client
import json
import random
import sys
import threading
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

INDEX = "playbook_memory"
DIM = 16
IDS = 50
NO_ANSWER = 0
GONE_AFTER = 10  # requests in a row without an answer


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the operations of one kind.

    A failure is any answer but 200 and, for a delete, 404.
    """

    asked: int = 0
    failed: int = 0
    first_failure: str = ""

    def note(self, status: int, said: str, fine: frozenset[int]) -> None:
        """Count one answer."""
        self.asked += 1
        if status not in fine:
            self.failed += 1
            self.first_failure = self.first_failure or f"{status or 'no answer'}: {said}"


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a drive found."""

    operations: dict[str, Tally] = field(default_factory=dict)
    seconds: float = 0.0
    is_alive: bool = False
    recovered: bool = False

    @property
    def failed(self) -> int:
        """Count the failures of all kinds."""
        return sum(tally.failed for tally in self.operations.values())


class Client:
    """One kept connection to a vectord."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        self._base = parts.path.rstrip("/")

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Send one request; the status is 0 where no answer came."""
        headers = {} if body is None else {"content-type": "application/json"}
        content = None if body is None else json.dumps(body)
        try:
            self._connection.request(
                method, f"{self._base}/v1/vectors/index{path}", content, headers
            )
            response = self._connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            return NO_ANSWER, type(fault).__name__

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()


def drive(url: str, *, seconds: float, threads: int = 4, seed: int = 1) -> Outcome:
    """Create the index, write until the time is up or nobody answers, and recover it."""
    outcome = Outcome(operations={kind: Tally() for kind in ("upsert", "search", "delete")})
    with closing(Client(url)) as operator:
        _create(operator)
    begun = time.monotonic()
    lock = threading.Lock()
    chances = [_chance(seed + number) for number in range(threads)]
    workers = [
        threading.Thread(target=_write, args=(url, outcome, lock, begun + seconds, chance))
        for chance in chances
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    outcome.seconds = round(time.monotonic() - begun, 3)
    with closing(Client(url)) as operator:  # again: a server closes what is idle
        outcome.is_alive = operator.ask("GET", "")[0] == http.HTTPStatus.OK
        outcome.recovered = outcome.is_alive and _recover(operator)
    return outcome


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # the same writes again, no secret


def _create(client: Client) -> bool:
    status, _ = client.ask("POST", "", {"name": INDEX, "dim": DIM})
    return status in {200, 201}


def _write(
    url: str, outcome: Outcome, lock: threading.Lock, end: float, chance: random.Random
) -> None:
    unanswered = 0
    with closing(Client(url)) as client:
        while time.monotonic() < end and unanswered < GONE_AFTER:
            kind = chance.choice(("upsert", "upsert", "search", "delete"))
            status, said = client.ask(*_request(kind, chance))
            unanswered = unanswered + 1 if status == NO_ANSWER else 0
            fine = frozenset({200, 404}) if kind == "delete" else frozenset({200})
            with lock:
                outcome.operations[kind].note(status, said, fine)


def _request(kind: str, chance: random.Random) -> tuple[str, str, Any]:
    identity = f"playbook-{chance.randrange(IDS)}"
    vector = [chance.gauss(0, 1) for _ in range(DIM)]
    if kind == "upsert":
        return (
            "POST",
            f"/{INDEX}/add",
            {"items": [{"id": identity, "vector": vector, "metadata": {"score": 1}}]},
        )
    if kind == "search":
        return "POST", f"/{INDEX}/search", {"vector": vector, "k": 5}
    return "DELETE", f"/{INDEX}/items/{identity}", None


def _recover(client: Client) -> bool:
    """Delete the index as an operator would; the next record makes it again, and it is found."""
    client.ask("DELETE", f"/{INDEX}")
    method, path, record = _request("upsert", _chance(0))
    answers = [_create(client), client.ask(method, path, record)[0] == http.HTTPStatus.OK]
    asked = {"vector": record["items"][0]["vector"], "k": 1}
    status, said = client.ask("POST", f"/{INDEX}/search", asked)
    return all(answers) and status == http.HTTPStatus.OK and record["items"][0]["id"] in said


def main() -> None:
    """Drive the vectord that the command line names."""
    parser = argparse.ArgumentParser(description="Sustained writes to a small index of a vectord.")
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    outcome = drive(asked.url, seconds=asked.seconds, threads=asked.threads, seed=asked.seed)
    sys.stdout.write(json.dumps(asdict(outcome), indent=2) + "\n")


if __name__ == "__main__":
    main()
