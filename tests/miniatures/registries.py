"""Tiny stateful services that register workers, named by what they get wrong.

Each worker gets an id that the service makes itself.

`POST /workers` registers the body's name and tells the id in body and Location; `GET` and `DELETE
/workers/ID` do what they say; `GET /workers` lists them; `GET /pair/A/B` shows two; `POST /echo`
answers with what it was sent.
"""

import itertools
import json
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from tests.miniatures.server import Received, Reply, json_reply

MakeId = Callable[[int], str | int]


def spelled(prefix: str) -> MakeId:
    """Return long ids that start with some text."""
    return lambda number: f"{prefix}-{number:08d}"


def serial(first: int) -> MakeId:
    """Return numbers that count up."""
    return lambda number: first + number


@dataclass(slots=True)
class Registry:
    """A registry of workers; `received` holds every request in the order in which it came."""

    make_id: MakeId
    workers: dict[str, dict[str, str | int]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        with self.lock:
            self.received.append(request)
            kind, _, rest = request.target.lstrip("/").partition("/")
            if kind == "echo":
                return json_reply(
                    {"body": request.body.decode(), "token": request.headers.get("x-token")}
                )
            if kind == "pair":
                first, second = map(unquote, rest.split("/"))
                return json_reply(self.pair(first, second))
            return self.registry(request, unquote(rest))

    def registry(self, request: Received, worker_id: str) -> Reply:
        """Register, list, show or remove."""
        if request.method == "POST":
            return self.register(request)
        if not worker_id:
            return json_reply({"workers": list(self.workers.values())})
        if worker_id not in self.workers:
            return json_reply({"error": "no such worker"}, 404)
        if request.method == "DELETE":
            del self.workers[worker_id]
            return Reply(status=204, headers={}, body=b"")
        return json_reply(self.shown(worker_id))

    def register(self, request: Received) -> Reply:
        """Register a worker."""
        made = self.make_id(next(self.numbers))
        worker = {"id": made, "name": request.json()["name"]}
        self.workers[str(made)] = worker
        return json_reply(
            worker, 201, location=f"/workers/{quote(str(made))}", etag=json.dumps(str(made))
        )

    def shown(self, worker_id: str) -> dict[str, str | int]:
        """Return what the registry says of a worker."""
        return self.workers[worker_id]

    def pair(self, first: str, second: str) -> dict[str, object]:
        """Return two workers."""
        return {"first": self.shown(first), "second": self.shown(second)}


class ForgetsId(Registry):
    """Registers, and does not tell the id."""

    def register(self, request: Received) -> Reply:
        """Leave the id out of the answer."""
        super().register(request)
        return json_reply({"name": request.json()["name"]}, 201, location="/workers", etag='"x"')


class MixesUpWorkers(Registry):
    """Answers with the id of the worker that was registered last."""

    def shown(self, worker_id: str) -> dict[str, str | int]:
        """Show the right name under the wrong id."""
        return {**self.workers[worker_id], "id": next(reversed(self.workers.values()))["id"]}


class RegistersOnce(Registry):
    """Gives every worker the same id."""

    def register(self, request: Received) -> Reply:
        """Start to count again each time."""
        self.numbers = itertools.count(1)
        return super().register(request)


class SplitsHeaders(Registry):
    """Gives ids that would break out of a header."""

    def register(self, request: Received) -> Reply:
        """Tell an id of two lines."""
        return json_reply(
            {"id": "a\r\nx-injected: b", "name": request.json()["name"]},
            201,
            location="/w",
            etag='"x"',
        )


@dataclass(slots=True)
class HoldsBackAnswers(Registry):
    """Does what is requested, and delays the answers to some methods until released."""

    methods: frozenset[str] = frozenset()
    kept_back: "queue.Queue[Received]" = field(default_factory=queue.Queue)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self, request: Received) -> Reply:
        """Answer a request, late."""
        reply = Registry.__call__(self, request)
        if request.method in self.methods:
            self.kept_back.put(request)
            self.go_on.wait(60)
        return reply
