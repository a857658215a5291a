"""Sustained writes and searches on one small index of a vectord, then operator recovery.

The writes are upserts and deletes, sent to a vectord itself or through a matrixd, as playbooks.

Run: `python -m tests.peers.sustained_writes http://127.0.0.1:4215 --seconds 10`. It knows the wire
and no runtime: the same program drives every substrate of the Go peer and the reference. Its seed
alone decides what it sends. It prints, as JSON, how many operations of each kind were asked and
failed, with the first failure of each.
"""

import argparse
import hashlib
import http.client
import json
import random
import sys
import threading
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

INDEX = "playbook_memory"
DIM = 16
IDS = 50
CORPUS = "workers"
TRADES = ("forklift operator", "registered nurse", "welder", "order filler", "truck driver")
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
            self._connection.request(method, f"{self._base}/v1{path}", content, headers)
            response = self._connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            return NO_ANSWER, type(fault).__name__

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()


Request = tuple[str, str, Any]
"""Method, path below /v1, JSON body or None."""


class Way(Protocol):
    """How the index is reached."""

    def create(self, client: Client) -> bool:
        """Make what operations need."""

    def recreate(self, client: Client) -> bool:
        """Make the index again after an operator deleted it."""

    def request(self, kind: str, chance: random.Random) -> Request:
        """Return an operation: `upsert`, `search` or `delete`."""

    def found(self, body: str) -> bool:
        """Return whether a search found the record of `_chance(0)`."""


class AtVectord:
    """The index itself."""

    def create(self, client: Client) -> bool:
        """Make the index."""
        status, _ = client.ask("POST", "/vectors/index", {"name": INDEX, "dim": DIM})
        return status in {200, 201}

    recreate = create

    def request(self, kind: str, chance: random.Random) -> Request:
        """Return an operation on one of few ids."""
        identity = f"playbook-{chance.randrange(IDS)}"
        vector = [chance.gauss(0, 1) for _ in range(DIM)]
        if kind == "upsert":
            item = {"id": identity, "vector": vector, "metadata": {"score": 1}}
            return "POST", f"/vectors/index/{INDEX}/add", {"items": [item]}
        if kind == "search":
            return "POST", f"/vectors/index/{INDEX}/search", {"vector": vector, "k": 5}
        return "DELETE", f"/vectors/index/{INDEX}/items/{identity}", None

    def found(self, body: str) -> bool:
        """Return whether the recorded item is the nearest."""
        recorded = self.request("upsert", _chance(0))[2]["items"][0]["id"]
        return bool(json.loads(body)["results"][0]["id"] == recorded)


class ThroughMatrixd:
    """Playbooks over a small corpus: the path on which the original broke."""

    def create(self, client: Client) -> bool:
        """Make the corpus; the first record makes the index of playbooks."""
        _, said = client.ask("POST", "/embed", {"texts": [_worker(at) for at in range(IDS)]})
        vectors = json.loads(said)["vectors"]
        items = [{"id": f"w-{at}", "vector": vector} for at, vector in enumerate(vectors)]
        made, _ = client.ask("POST", "/vectors/index", {"name": CORPUS, "dim": len(vectors[0])})
        added, _ = client.ask("POST", f"/vectors/index/{CORPUS}/add", {"items": items})
        return made in {200, 201} and added == http.HTTPStatus.OK

    def recreate(self, _client: Client) -> bool:
        """Leave it to the next record."""
        return True

    def request(self, kind: str, chance: random.Random) -> Request:
        """Return a record of one of few playbooks, a warm search, or a deletion."""
        number = chance.randrange(IDS)
        text, answer = _worker(number), f"w-{(number + 1) % IDS}"
        if kind == "upsert":
            playbook = {"query_text": text, "answer_id": answer, "answer_corpus": CORPUS}
            return "POST", "/matrix/playbooks/record", {**playbook, "score": chance.random()}
        if kind == "search":
            search = {"query_text": text, "corpora": [CORPUS], "k": 5, "use_playbook": True}
            return "POST", "/matrix/search", search
        named = json.dumps([text, CORPUS, answer], separators=(",", ":"))
        identity = hashlib.sha256(named.encode()).hexdigest()
        return "DELETE", f"/vectors/index/{INDEX}/items/{identity}", None

    def found(self, body: str) -> bool:
        """Return whether the recorded answer is lifted."""
        recorded = self.request("upsert", _chance(0))[2]["answer_id"]
        lifted = {hit["id"] for hit in json.loads(body)["results"] if hit["boost"] > 0}
        return recorded in lifted


def _worker(number: int) -> str:
    return f"{TRADES[number % len(TRADES)]} on site {number}, shift {number % 3}"


def drive(
    url: str, *, seconds: float, threads: int = 4, seed: int = 1, way: Way | None = None
) -> Outcome:
    """Create the index, write until the time is up or nobody answers, and recover it."""
    outcome = Outcome(operations={kind: Tally() for kind in ("upsert", "search", "delete")})
    way = way or AtVectord()
    with closing(Client(url)) as operator:
        way.create(operator)
    begun = time.monotonic()
    lock = threading.Lock()
    chances = [_chance(seed + number) for number in range(threads)]
    workers = [
        threading.Thread(target=_write, args=(url, way, outcome, lock, begun + seconds, chance))
        for chance in chances
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    outcome.seconds = round(time.monotonic() - begun, 3)
    with closing(Client(url)) as operator:  # again: a server closes what is idle
        outcome.is_alive = operator.ask("GET", "/vectors/index")[0] == http.HTTPStatus.OK
        outcome.recovered = outcome.is_alive and _recover(operator, way)
    return outcome


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # the same writes again, no secret


def _write(  # noqa: PLR0913, PLR0917 - what a thread is given
    url: str, way: Way, outcome: Outcome, lock: threading.Lock, end: float, chance: random.Random
) -> None:
    unanswered = 0
    with closing(Client(url)) as client:
        while time.monotonic() < end and unanswered < GONE_AFTER:
            kind = chance.choice(("upsert", "upsert", "search", "delete"))
            status, said = client.ask(*way.request(kind, chance))
            unanswered = unanswered + 1 if status == NO_ANSWER else 0
            fine = frozenset({200, 404}) if kind == "delete" else frozenset({200})
            with lock:
                outcome.operations[kind].note(status, said, fine)


def _recover(client: Client, way: Way) -> bool:
    """Delete the index as an operator would; the next record makes it again, and it is found."""
    client.ask("DELETE", f"/vectors/index/{INDEX}")
    made = way.recreate(client)
    recorded, _ = client.ask(*way.request("upsert", _chance(0)))
    method, path, asked = way.request("search", _chance(0))
    status, said = client.ask(method, path, asked)
    return made and recorded == status == http.HTTPStatus.OK and way.found(said)


def main() -> None:
    """Drive the vectord that the command line names."""
    parser = argparse.ArgumentParser(description="Sustained writes to a small index of a vectord.")
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--through-matrixd", action="store_true")
    asked = parser.parse_args()
    way = ThroughMatrixd() if asked.through_matrixd else AtVectord()
    outcome = drive(
        asked.url, seconds=asked.seconds, threads=asked.threads, seed=asked.seed, way=way
    )
    sys.stdout.write(json.dumps(asdict(outcome), indent=2) + "\n")


if __name__ == "__main__":
    main()
