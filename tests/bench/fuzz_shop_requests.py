"""Requests to the shop of the fuzz bench: how they are read and refused.

The module has the plants that are about that.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


class ShopError(Exception):
    """A refusal: a status, a code and the field that it is about."""

    def __init__(self, status: int, code: str, where: str = "", **headers: str) -> None:
        super().__init__(code)
        self.answer = Answer(status, {"code": code, "field": where}, headers)


@dataclass(slots=True)
class Answer:
    """A status, a JSON value or text, and header fields."""

    status: int
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Asked:
    """A request."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes

    def parameter(self, name: str) -> str | None:
        """Return the last value of a parameter."""
        return next((value for key, value in reversed(self.query) if key == name), None)


class Requests:
    """Reads requests, with some plants switched on."""

    def __init__(self, plants: frozenset[str]) -> None:
        self.plants = plants

    def on(self, plant: str) -> bool:
        """Return whether a plant is switched on."""
        return plant in self.plants

    def _whole(self, text: str | None, name: str, least: int, default: int) -> int:
        if text is None:
            return default
        if not re.fullmatch(r"-?[0-9]{1,18}", text) or int(text) < least:
            raise ShopError(400, "invalid", name)
        return int(text)

    def _object(self, asked: Asked, known: set[str]) -> dict[str, Any]:
        label = asked.headers.get("content-type", "").lower()
        kind, _, rest = label.partition(";")
        if kind.strip() != "application/json" and not (
            self.on("content-type-text") and kind == "text/plain"
        ):
            raise ShopError(415, "wants_json")
        if not asked.body and self.on("body-empty"):
            return {}
        raw = asked.body
        if self.on("charset-latin1") and "latin1" in rest:
            raise ShopError(415, "wants_utf8")
        if self.on("trailing-comma"):
            raw = re.sub(rb",\s*}", b"}", raw)
        try:
            value = json.loads(
                raw.decode("utf-8"), parse_constant=self._constant, object_pairs_hook=self._pairs
            )
        except (ValueError, RecursionError) as error:
            raise ShopError(400, "no_json") from error
        if not isinstance(value, dict):
            raise ShopError(422, "no_object")
        if self.on("unknown-member") and (more := sorted(value.keys() - known)):
            raise ShopError(422, "unknown_member", more[0])
        return value

    def _constant(self, word: str) -> float:
        if self.on("nan-accepted"):
            return float(word.lower().replace("infinity", "inf"))
        raise ValueError(word)

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if self.on("duplicate-member"):
            return dict(reversed(pairs))
        return dict(pairs)


def asked_of(head: bytes, body: bytes) -> Asked:
    """Read a request."""
    first, *fields = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    path, _, query = target.partition("?")
    headers = {
        name.lower(): text.strip() for name, _, text in (line.partition(":") for line in fields)
    }
    return Asked(method, path, parse_qsl(query, keep_blank_values=True), headers, body)
