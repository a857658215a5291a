"""A small service to put under load: it finds things, and tells of each what was found.

With faults of its own.
"""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.miniatures.server import Received, Reply, json_reply

LOAD_TEXT = """\
load:
  rows: rows.ndjson
  users: 4
  duration: 20s
  seed: 3
  stop_after_scenarios: 60
  scenarios:
    find_and_look:
      weight: 3
      steps:
        - request: {POST: /find, json: {text: "${row:query}", k: 2}}
          expect: {status: 200, json: {hits: {$len: 2}}}
          capture: {first: "$.hits[0].id"}
        - request: {GET: "/things/${first}"}
          expect: {status: 200, json: {id: "${first}", found: true}}
    name_it:
      weight: 1
      steps:
        - request: {POST: /names, json: {name: "${fresh:name}"}}
          expect: {status: 201, json: {name: "${fresh:name}"}}
"""


def write_load(folder: Path, text: str = LOAD_TEXT) -> Path:
    """Write a load file and its rows."""
    rows = "".join(f'{{"query": "thing {number}"}}\n' for number in range(10))
    (folder / "rows.ndjson").write_text(rows)
    file = folder / "shop.yaml"
    file.write_text(text)
    return file


@dataclass(slots=True)
class Shop:
    """The service, and what it was asked.

    `fails` tells of each look at a thing, from 1 on, whether it is refused.

    `stalls` tells of each question, from 1 on, for how much longer than `takes_s` all wait for its
    answer.
    """

    fails: Callable[[int], bool] = lambda _: False
    takes_s: float = 0.0
    stalls: Callable[[int], float] = lambda _: 0.0
    queries: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    _looks: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _questions: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Received) -> Reply:
        """Answer."""
        with self._one_at_a_time:
            time.sleep(self.takes_s + self.stalls(next(self._questions)))
            return self._answer(asked)

    def _answer(self, asked: Received) -> Reply:
        if asked.target == "/find":
            self.queries.append(asked.json()["text"])
            return json_reply({"hits": [{"id": "t-1"}, {"id": "t-2"}]})
        if asked.target == "/names":
            self.names.append(asked.json()["name"])
            return json_reply({"name": self.names[-1]}, 201)
        if self.fails(next(self._looks)):
            return json_reply({"detail": "<b>too busy</b>"}, 503)
        return json_reply({"id": asked.target.rpartition("/")[2], "found": True})
