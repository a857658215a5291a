"""The daemons whose histories are checked: how a client uses one key.

It also defines what one client alone would see.

Each client writes values that nobody else writes, so that an answer tells which write it has seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from tests.histories.operations import REFUSED

if TYPE_CHECKING:
    import random

    from tests.histories.operations import Model, Operation

Call: TypeAlias = tuple[str, Any]
"""What is done, and with what."""

Ask: TypeAlias = Callable[[str, str, bytes | None, Mapping[str, str]], tuple[int, bytes]]
"""Sends method, path, body and headers; gives status and body."""

_JSON = {"content-type": "application/json"}
_ABSENT = ("absent",)


class Storaged:
    """An object: put, put under a condition, read, deleted."""

    room: ClassVar[str] = "storaged"
    writes: ClassVar[str] = "rename,renameat,renameat2,unlink,unlinkat"
    log: ClassVar[str] = ""

    def prepare(self, _ask: Ask) -> None:
        """Nothing is needed."""

    def choose(self, choice: random.Random, value: str, seen: str | None) -> Call:
        """Choose what to do; `seen` is what this client last saw under the key."""
        kind = choice.choices(["get", "put", "replace", "create", "delete"], [5, 2, 4, 2, 1])[0]
        if kind == "replace":
            return (kind, (seen or "nothing", value))
        return (kind, value if kind in {"put", "create"} else None)

    def do(self, ask: Ask, key: str, call: Call) -> tuple[Any, ...]:
        """Do it, and give the answer as the model has it."""
        kind, argument = call
        path = f"/storage/history/{key}"
        if kind == "get":
            status, body = ask("GET", path, None, {})
            return _ABSENT if status == 404 else ("is", body.decode())
        if kind == "delete":
            status, _ = ask("DELETE", path, None, {})
            return ("deleted",) if status == 204 else _ABSENT
        conditions = {"replace": {"if-match": _etag(argument[0])}, "create": {"if-none-match": "*"}}
        value = argument[1] if kind == "replace" else argument
        status, _ = ask("PUT", path, value.encode(), conditions.get(kind, {}))
        return ({200: "replaced", 201: "created", 412: "refused"}[status],)

    def seen(self, operation: Operation) -> str | None:
        """Give what a client knows of the key after an operation of its own."""
        kind, argument = operation.call
        answer = operation.answer or _ABSENT
        if answer[0] == "is":
            return str(answer[1])
        if answer[0] in {"replaced", "created"}:
            return str(argument[1] if kind == "replace" else argument)
        return None

    def model(self) -> Model:
        """Give what one client alone would see."""
        return _Object()


@dataclass(frozen=True, slots=True)
class _Object:
    initial: str | None = None

    def after(self, state: str | None, operation: Operation) -> Any:
        kind, argument = operation.call
        if kind == "get":
            return _if(operation, _ABSENT if state is None else ("is", state), state)
        if kind == "delete":
            return _if(operation, _ABSENT if state is None else ("deleted",), None)
        holds = {"put": True, "create": state is None, "replace": state == argument[0]}[kind]
        if not holds:
            return _if(operation, ("refused",), state)
        value = argument[1] if kind == "replace" else argument
        return _if(operation, ("created" if state is None else "replaced",), value)


class Catalogd:
    """A dataset: registered under one schema or another, read, deleted."""

    room: ClassVar[str] = "catalogd"
    writes: ClassVar[str] = "write,fdatasync"
    log: ClassVar[str] = "data/catalogd/datasets.jsonl"

    def prepare(self, _ask: Ask) -> None:
        """Nothing is needed."""

    def choose(self, choice: random.Random, value: str, _seen: str | None) -> Call:
        """Choose what to do; the number of rows tells registrations apart."""
        kind = choice.choices(["get", "register", "delete"], [5, 4, 2])[0]
        schema = choice.choice(["a", "b"])
        return (kind, (schema, int(value.replace("-", ""))) if kind == "register" else None)

    def do(self, ask: Ask, key: str, call: Call) -> tuple[Any, ...]:
        """Do it, and give the answer as the model has it."""
        kind, argument = call
        path = f"/catalog/datasets/{key}"
        if kind == "get":
            status, body = ask("GET", path, None, {})
            return _ABSENT if status == 404 else ("is", *_registered(body))
        if kind == "delete":
            status, _ = ask("DELETE", path, None, {})
            return ("deleted",) if status == 204 else _ABSENT
        schema, rows = argument
        document = {
            "name": key,
            "schema": [{"name": schema, "type": "DATE"}],
            "objects": [],
            "row_count": rows,
        }
        status, body = ask("POST", "/catalog/register", json.dumps(document).encode(), _JSON)
        return (
            ("conflict",)
            if status == 409
            else ({200: "again", 201: "new"}[status], *_registered(body))
        )

    def seen(self, _operation: Operation) -> str | None:
        """No call depends on what was seen."""
        return None

    def model(self) -> Model:
        """Give what one client alone would see."""
        return _Dataset()


def _registered(body: bytes) -> tuple[str, int]:
    manifest = json.loads(body)
    return manifest["schema"][0]["name"], manifest["row_count"]


@dataclass(frozen=True, slots=True)
class _Dataset:
    initial: tuple[str, int] | None = None

    def after(self, state: tuple[str, int] | None, operation: Operation) -> Any:
        kind, argument = operation.call
        if kind == "get":
            return _if(operation, _ABSENT if state is None else ("is", *state), state)
        if kind == "delete":
            return _if(operation, _ABSENT if state is None else ("deleted",), None)
        if state is not None and state[0] != argument[0]:
            return _if(operation, ("conflict",), state)
        return _if(operation, ("new" if state is None else "again", *argument), argument)


class Vectord:
    """An item of an index: put, found by a search, deleted."""

    room: ClassVar[str] = "vectord"
    writes: ClassVar[str] = "write,fdatasync"
    log: ClassVar[str] = "data/vectord/*/*/log.*"

    def prepare(self, ask: Ask) -> None:
        """Make the index."""
        document = {"name": "history", "dim": 2, "metric": "l2"}
        assert ask("POST", "/vectors/index", json.dumps(document).encode(), _JSON)[0] == 201

    def choose(self, choice: random.Random, value: str, _seen: str | None) -> Call:
        """Choose what to do."""
        kind = choice.choices(["search", "put", "delete"], [5, 4, 2])[0]
        return (kind, value if kind == "put" else None)

    def do(self, ask: Ask, key: str, call: Call) -> tuple[Any, ...]:
        """Do it, and give the answer as the model has it."""
        kind, argument = call
        if kind == "delete":
            status, _ = ask("DELETE", f"/vectors/index/history/items/{key}", None, {})
            return ("deleted",) if status == 200 else _ABSENT
        if kind == "put":
            item = {"id": key, "vector": [1, 2], "metadata": {"key": key, "value": argument}}
            _, body = ask(
                "POST", "/vectors/index/history/add", json.dumps({"items": [item]}).encode(), _JSON
            )
            return ("new" if json.loads(body)["added"] else "replaced",)
        query = {"vector": [1, 2], "k": 1, "filter": {"key": key}}
        _, body = ask("POST", "/vectors/index/history/search", json.dumps(query).encode(), _JSON)
        hits = json.loads(body)["results"]
        return ("is", hits[0]["metadata"]["value"]) if hits else _ABSENT

    def seen(self, _operation: Operation) -> str | None:
        """No call depends on what was seen."""
        return None

    def model(self) -> Model:
        """Give what one client alone would see."""
        return _Item()


@dataclass(frozen=True, slots=True)
class _Item:
    initial: str | None = None

    def after(self, state: str | None, operation: Operation) -> Any:
        kind, argument = operation.call
        if kind == "search":
            return _if(operation, _ABSENT if state is None else ("is", state), state)
        if kind == "delete":
            return _if(operation, _ABSENT if state is None else ("deleted",), None)
        return _if(operation, ("new" if state is None else "replaced",), argument)


Subject: TypeAlias = Storaged | Catalogd | Vectord

DAEMONS: tuple[Subject, ...] = (Storaged(), Catalogd(), Vectord())


def _if(operation: Operation, answer: tuple[Any, ...], state: Any) -> Any:
    """Give the state after an operation whose answer would be this one; it may have had none."""
    return state if operation.answer in (None, answer) else REFUSED


def _etag(value: str) -> str:
    return f'"{hashlib.sha256(value.encode()).hexdigest()}"'
