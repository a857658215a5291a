"""The lakehouse's one document: each daemon's description of its paths, as behind the gateway.

In: the document that the kit makes of the gateway's table, in which a passed-on path may answer
anything, and the documents that daemons give. Out: one document, in which a daemon's operations
stand in the place of those rows, with the answers of the gateway itself beside the daemon's. A
daemon that gives no document keeps its rows.

A name that two daemons use for different things gets the daemon's name before it: ids of operations
always, schemas where they differ.
"""

from __future__ import annotations

import asyncio
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import msgspec

from reference_impl.gateway.service.owners import OWNERS
from reference_impl.kit.client import CallError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reference_impl.kit.client import DaemonClient

_Object = dict[str, Any]
_METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "trace")
_REFERENCE = "#/components/"
_OK = 200


async def documents_of(clients: Mapping[str, DaemonClient], timeout_s: float) -> dict[str, bytes]:
    """Ask every daemon for its document, all at once; who gives none is left out."""
    answers = await asyncio.gather(
        *(_document_of(client, timeout_s) for client in clients.values())
    )
    return {name: body for name, body in zip(clients, answers, strict=True) if body is not None}


async def _document_of(client: DaemonClient, timeout_s: float) -> bytes | None:
    try:
        reply = await client.call("GET", "/openapi.json", timeout_s=timeout_s)
    except CallError:
        return None
    return reply.body if reply.status == _OK else None


def whole_document(own: bytes, of_daemons: Mapping[str, bytes]) -> bytes:
    """Make the document of the gateway and of the daemons that gave theirs."""
    document: _Object = msgspec.json.decode(own)
    general = document["paths"]
    paths = dict(general)
    missing = []
    for owner in dict.fromkeys(OWNERS.values()):
        added = _Added(owner, _object(of_daemons.get(owner, b"")), document)
        for segment in (segment for segment, name in OWNERS.items() if name == owner):
            below = added.paths_of(segment, general[f"/{segment}"])
            if not below:
                missing.append(segment)
                continue
            del paths[f"/{segment}"], paths[f"/{segment}/{{rest}}"]
            paths |= below
        _add_components(document, added.components())
    document["paths"] = dict(sorted(paths.items()))
    if missing:
        said = ", ".join(f"/{segment} ({OWNERS[segment]})" for segment in missing)
        document["info"]["description"] += (
            f" Not described now, as their daemons gave no document: {said}."
        )
    return msgspec.json.encode(document)


class _Added:
    """The document of one daemon, with the names that its parts have in the whole document."""

    def __init__(self, owner: str, document: _Object, whole: _Object) -> None:
        self._owner = owner
        self._document = document
        components = _member(document, "components")
        self._components = {
            kind: _member(components, kind) for kind in components if kind != "securitySchemes"
        }
        known = {kind: _member(whole["components"], kind) for kind in self._components}
        self._shared = _shared(self._components, known)

    def paths_of(self, segment: str, general: _Object) -> _Object:
        """Give the paths of a segment, bare; `general` has the gateway's own answers by method."""
        found = {}
        for written, item in _member(self._document, "paths").items():
            path = written.removeprefix("/v1")
            if path.split("/")[1:2] == [segment] and isinstance(item, dict):
                found[path] = self._item(item, general)
        return found

    def _item(self, item: _Object, general: _Object) -> _Object:
        """Give a path item.

        What stands beside its methods, such as parameters of all of them, stays.
        """
        found: _Object = {}
        for name, each in item.items():
            if name in _METHODS and isinstance(each, dict):
                method = name if name in general else "post"
                found[name] = self._operation(each, general[method])
            else:
                found[name] = self._renamed(each)
        return found

    def _operation(self, written: _Object, general: _Object) -> _Object:
        """Return an operation that the gateway passes on.

        The gateway may also answer it itself, and a token is the gateway's.
        """
        entry: _Object = self._renamed(
            {name: each for name, each in written.items() if name != "security"}
        )
        if "operationId" in entry:
            entry["operationId"] = f"{self._owner}_{entry['operationId']}"
        entry["tags"] = [self._owner]
        responses = dict(_member(entry, "responses"))
        for status, answer in general["responses"].items():
            if status != "default":
                responses[status] = _either(responses.get(status), answer)
        entry["responses"] = dict(sorted(responses.items()))
        if "security" in general:
            entry["security"] = general["security"]
        return entry

    def components(self) -> Iterator[tuple[str, str, Any]]:
        """Yield each component that the whole document lacks: kind, name there, and content."""
        for kind, named in self._components.items():
            for name, component in named.items():
                if (kind, name) not in self._shared:
                    yield kind, f"{self._owner}.{name}", self._renamed(component)

    def _renamed(self, node: Any) -> Any:
        """Give a part of the document with its references as they are in the whole document."""
        if isinstance(node, list):
            return [self._renamed(each) for each in node]
        if not isinstance(node, dict):
            return node
        return {
            name: self._reference(each) if name == "$ref" else self._renamed(each)
            for name, each in node.items()
        }

    def _reference(self, written: Any) -> Any:
        if not isinstance(written, str) or not written.startswith(_REFERENCE):
            return written
        kind, _, name = written.removeprefix(_REFERENCE).partition("/")
        if (kind, name) in self._shared:
            return written
        return f"{_REFERENCE}{kind}/{self._owner}.{name}"


def _shared(own: Mapping[str, _Object], known: Mapping[str, _Object]) -> set[tuple[str, str]]:
    """Give the components that are the same in two documents, with all that they refer to."""
    same: set[tuple[str, str]] = set()
    for kind, named in own.items():
        there = known[kind]
        same |= {(kind, name) for name in named if name in there and there[name] == named[name]}
    while True:
        kept = {(kind, name) for kind, name in same if set(_referred(own[kind][name])) <= same}
        if kept == same:
            return same
        same = kept


def _referred(node: Any) -> Iterator[tuple[str, str]]:
    """Give the components that a part of a document refers to: kind and name."""
    if isinstance(node, list):
        for each in node:
            yield from _referred(each)
    elif isinstance(node, dict):
        for name, each in node.items():
            if name == "$ref" and isinstance(each, str):
                kind, _, referred = each.removeprefix(_REFERENCE).partition("/")
                yield kind, referred
            else:
                yield from _referred(each)


def _either(daemon: Any, gateway: _Object) -> _Object:
    """Give what one status may be: the daemon's answer, or the gateway's own."""
    if not isinstance(daemon, dict) or daemon == gateway:
        return gateway
    merged = deepcopy(daemon)
    said = str(merged.get("description", ""))
    if gateway["description"] not in said:
        merged["description"] = f"{said} {gateway['description']}".strip()
    content = dict(_member(merged, "content"))
    for media_type, added in _member(gateway, "content").items():
        before = content.get(media_type)
        if isinstance(before, dict) and before != added:
            content[media_type] = {
                "schema": {"anyOf": [_member(before, "schema"), added["schema"]]}
            }
        else:
            content[media_type] = added
    return {**merged, "content": content} if content else merged


def _add_components(document: _Object, added: Iterator[tuple[str, str, Any]]) -> None:
    for kind, name, component in added:
        document["components"].setdefault(kind, {})[name] = component


def _object(raw: bytes) -> _Object:
    """Parse a JSON object; anything else is an empty one."""
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}


def _member(holder: Mapping[str, Any], name: str) -> _Object:
    """Return a member that is an object, else an empty one: other runtimes' documents differ."""
    found = holder.get(name)
    return found if isinstance(found, dict) else {}
