"""The lakehouse's one OpenAPI document: the paths of all daemons, as the gateway serves them.

In: the document of the gateway's own table, in which a forwarded path may answer anything, and the
documents of the daemons. Out: one document in which the daemons' operations replace those rows,
with the gateway's own answers added. A daemon without a document keeps its rows.

A name that two daemons use for different things gets the daemon's name as a prefix: operation ids
always, schemas only if they differ.
"""

from __future__ import annotations

import asyncio
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from reference_impl.gateway.service.owners import OWNERS, SEGMENTS
from reference_impl.kit.client import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reference_impl.kit.client import DaemonClient

_Object = dict[str, Any]
_Place = tuple[str, str]
"""`(kind, name)` of a component."""
_METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "trace")
_REFERENCE = "#/components/"
_OK = 200


async def documents_of(clients: Mapping[str, DaemonClient], timeout_s: float) -> dict[str, bytes]:
    """Return the document of every daemon, requested at once; empty if a daemon gives none."""
    document_of = partial(_document_of, timeout_s=timeout_s)
    answers = await asyncio.gather(*map(document_of, clients.values()))
    return dict(zip(clients, answers, strict=True))


async def _document_of(client: DaemonClient, timeout_s: float) -> bytes:
    try:
        reply = await client.call("GET", "/openapi.json", timeout_s=timeout_s)
    except CallError:
        return b""
    return reply.body if reply.status == _OK else b""


def whole_document(own: bytes, of_daemons: Mapping[str, bytes]) -> bytes:
    """Return the document of the gateway and of the daemons that gave theirs."""
    document: _Object = msgspec.json.decode(own)
    general = document["paths"]
    paths = dict(general)
    missing = []
    for owner, segments in SEGMENTS.items():
        added = _Added(owner, _object(of_daemons.get(owner, b"")), document)
        for segment in segments:
            below = added.paths_of(segment, general[f"/{segment}"])
            if not below:
                missing.append(segment)
                continue
            del paths[f"/{segment}"], paths[f"/{segment}/{{rest}}"]
            paths |= below
        _add_components(document, added.components())
    document["paths"] = dict(sorted(paths.items()))
    if missing:
        names = ", ".join(f"/{segment} ({OWNERS[segment]})" for segment in missing)
        document["info"]["description"] += (
            f" Not described now, as their daemons gave no document: {names}."
        )
    return msgspec.json.encode(document)


class _Added:
    """The document of one daemon, with the names that its parts get in the whole document."""

    def __init__(self, owner: str, document: _Object, whole: _Object) -> None:
        self._owner = owner
        self._document = document
        self._components = _components(document)
        self._shared = _shared(self._components, _components(whole))

    def paths_of(self, segment: str, general: _Object) -> _Object:
        """Return the paths of a segment without `/v1`; `general` has the gateway's own answers."""
        found = {}
        for written, item in _member(self._document, "paths").items():
            path = written.removeprefix("/v1")
            if path.split("/")[1:2] == [segment] and isinstance(item, dict):
                found[path] = self._item(item, general)
        return found

    def _item(self, item: _Object, general: _Object) -> _Object:
        """Return a path item with its operations as the gateway serves them.

        Other members, such as parameters of all methods, stay.
        """
        found: _Object = {}
        of_any_method: _Object = general["post"]
        for name, each in item.items():
            if name in _METHODS and isinstance(each, dict):
                found[name] = self._operation(each, general.get(name, of_any_method))
            else:
                found[name] = self._renamed(each)
        return found

    def _operation(self, written: _Object, general: _Object) -> _Object:
        """Return an operation as the gateway serves it.

        The gateway's own answers are added, and the gateway's security replaces the daemon's.
        """
        entry: _Object = self._renamed(written)
        entry.pop("security", None)
        if "operationId" in entry:
            entry["operationId"] = f"{self._owner}_{entry['operationId']}"
        entry["tags"] = [self._owner]
        responses = dict(_member(entry, "responses"))
        own_answers = dict(general["responses"])
        own_answers.pop("default", None)  # the daemon's answers replace it
        for status, answer in own_answers.items():
            responses[status] = _either(responses.get(status), answer)
        entry["responses"] = dict(sorted(responses.items()))
        if "security" in general:
            entry["security"] = general["security"]
        return entry

    def components(self) -> Iterator[tuple[str, str, Any]]:
        """Yield `(kind, name, content)` of each component that the whole document lacks."""
        for (kind, name), component in self._components.items():
            if (kind, name) not in self._shared:
                yield kind, f"{self._owner}.{name}", self._renamed(component)

    def _renamed(self, node: Any) -> Any:
        """Return a part of the document with its references renamed for the whole document."""
        if isinstance(node, list):
            return list(map(self._renamed, node))
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


def _components(document: _Object) -> dict[_Place, Any]:
    """Return the components of a document by kind and name, without security schemes.

    The gateway has security schemes of its own.
    """
    by_kind = dict(_member(document, "components"))
    by_kind.pop("securitySchemes", None)
    return {
        (kind, name): component
        for kind in by_kind
        for name, component in _member(by_kind, kind).items()
    }


def _shared(own: Mapping[_Place, Any], known: Mapping[_Place, Any]) -> set[_Place]:
    """Return the components that are the same in two documents, with all that they refer to."""
    same = {place for place in own.keys() & known.keys() if known[place] == own[place]}
    while True:
        kept = {place for place in same if set(_referred(own[place])) <= same}
        if kept == same:
            return same
        same = kept


def _referred(node: Any) -> Iterator[_Place]:
    """Yield the components that a part of a document refers to."""
    for name, each in _below(node):
        if name == "$ref" and isinstance(each, str):
            kind, _, referred = each.removeprefix(_REFERENCE).partition("/")
            yield kind, referred
        else:
            yield from _referred(each)


def _below(node: Any) -> Iterable[tuple[object, Any]]:
    """Return the members of an object, or the elements of a list with their index; else nothing."""
    if isinstance(node, list):
        return enumerate(node)
    if isinstance(node, dict):
        return node.items()
    return ()


def _either(daemon: Any, gateway: _Object) -> _Object:
    """Return the description of one status that a daemon or the gateway itself may answer."""
    if not isinstance(daemon, dict) or daemon == gateway:
        return gateway
    merged = deepcopy(daemon)
    description = str(merged.get("description", ""))
    if gateway["description"] not in description:
        merged["description"] = f"{description} {gateway['description']}".strip()
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
    """Return a JSON object parsed from bytes; an empty one for anything else."""
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}


def _member(holder: Mapping[str, Any], name: str) -> _Object:
    """Return a member that is an object, or an empty one: documents of other runtimes differ."""
    found = holder.get(name)
    if not isinstance(found, dict):
        return {}
    return found
