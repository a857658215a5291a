"""Revision by rule: a draft, changed as the last message demands.

In: a draft and the conversation; its last message may say what is wrong with the draft. Out: the
draft, changed by each rule of `_RULES` whose sentence is found there. A rule only shortens, removes
or copies from the conversation; what it would have to invent stays wrong. Every pattern scans a
text in linear time.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from reference_impl.kit.json_in_text import objects_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from reference_impl.chatd.wire import Message

    Draft = dict[str, Any]
    Edit = Callable[[Draft, re.Match[str], Sequence[Draft]], None]

_PLACES = frozenset({"city", "state", "role"})
_SOCIAL_SECURITY_NUMBER = re.compile(r"(?<!\s)\s*(?<![0-9-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9-])")
_PAY_RATE = re.compile(
    r"(?<!\s)\s*\$\s*[0-9][0-9,]*(?:\.[0-9]+)?\s*(?:(?:per|an|a)\s+(?:hour|year)"
    r"|/\s*(?:hr|hour|yr|year)|salary)\b",
    re.IGNORECASE,
)


def revise(draft: Draft, messages: Sequence[Message]) -> Draft:
    """Return a copy of a draft, changed as the last message demands."""
    revised = dict(draft)
    known = list(chain.from_iterable(objects_in(message.content) for message in messages))
    for sentence, edit in _RULES:
        if demand := sentence.search(messages[-1].content):
            edit(revised, demand, known)
    return revised


def _shorten(draft: Draft, demand: re.Match[str], _known: Sequence[Draft]) -> None:
    text, limit = draft.get(demand["member"]), int(demand["limit"])
    if isinstance(text, str) and len(text) > limit:
        whole_words = text[: limit + 1].rpartition(" ")[0]
        draft[demand["member"]] = (whole_words or text[:limit]).rstrip(" ,;:")


def _remove(forbidden: re.Pattern[str]) -> Edit:
    def edit(draft: Draft, demand: re.Match[str], _known: Sequence[Draft]) -> None:
        text = draft.get(demand["member"])
        if isinstance(text, str):
            draft[demand["member"]] = forbidden.sub("", text)

    return edit


def _greet(draft: Draft, demand: re.Match[str], known: Sequence[Draft]) -> None:
    text = draft.get(demand["member"])
    name = _first_of_worker(demand["worker"], _workers(known)).get("name")
    if isinstance(text, str) and isinstance(name, str):
        draft[demand["member"]] = f"Hello {name.partition(' ')[0]}, {text}"


def _resize(draft: Draft, demand: re.Match[str], known: Sequence[Draft]) -> None:
    fills = _fills(draft)
    used = {str(fill.get("worker_id")) for fill in fills}
    fitting = [
        {"worker_id": worker.get("worker_id"), "name": worker.get("name")}
        for worker in _workers(known)
        if str(worker.get("worker_id")) not in used and _is_wanted(worker, known)
    ]
    draft["fills"] = [*fills, *fitting][: int(demand["target"])]


def _drop(draft: Draft, demand: re.Match[str], _known: Sequence[Draft]) -> None:
    draft["fills"] = [fill for fill in _fills(draft) if fill.get("worker_id") != demand["worker"]]


def _drop_repetitions(draft: Draft, demand: re.Match[str], _known: Sequence[Draft]) -> None:
    fills = _fills(draft)
    first = _first_of_worker(demand["worker"], fills)
    draft["fills"] = [
        fill for fill in fills if fill is first or fill.get("worker_id") != demand["worker"]
    ]


def _rename(draft: Draft, demand: re.Match[str], _known: Sequence[Draft]) -> None:
    draft["fills"] = [
        {**fill, "name": demand["name"]} if fill.get("worker_id") == demand["worker"] else fill
        for fill in _fills(draft)
    ]


def _fills(draft: Draft) -> list[Draft]:
    return _objects(draft.get("fills"))


def _workers(known: Sequence[Draft]) -> Iterator[Draft]:
    for found in known:
        yield from _objects(found.get("roster"))


def _objects(value: Any) -> list[Draft]:
    """Return the objects of a list; an empty list for any other value."""
    elements = value if isinstance(value, list) else ()
    return [element for element in elements if isinstance(element, dict)]


def _first_of_worker(worker_id: str, entries: Iterable[Draft]) -> Draft:
    """Return the first entry of a worker; an empty entry if there is none."""
    return next((entry for entry in entries if entry.get("worker_id") == worker_id), {})


def _is_wanted(worker: Draft, known: Sequence[Draft]) -> bool:
    wanted: Draft = {}
    for found in known:
        if "roster" in found:
            wanted |= {place: found[place] for place in _PLACES & found.keys()}
    return worker.get("status") == "active" and wanted.items() <= worker.items()


_MEMBER = r"\b(?P<member>\w{1,64})"
_WORKER = r"\bworker (?P<worker>\S{1,256}?)"
_RULES: tuple[tuple[re.Pattern[str], Edit], ...] = (
    (
        re.compile(
            _MEMBER + r" has [0-9]{1,9} characters, at most (?P<limit>[0-9]{1,9}) are allowed"
        ),
        _shorten,
    ),
    (re.compile(_MEMBER + r" holds a US social security number"), _remove(_SOCIAL_SECURITY_NUMBER)),
    (re.compile(_MEMBER + r" holds a pay rate"), _remove(_PAY_RATE)),
    (
        re.compile(_MEMBER + r" does not hold the first name of " + _WORKER + r"\.?(?:\s|\Z)"),
        _greet,
    ),
    (re.compile(r"\b[0-9]{1,9} fills for a target of (?P<target>[0-9]{1,9})"), _resize),
    (re.compile(_WORKER + r" is not on the roster"), _drop),
    (re.compile(_WORKER + r" has (?:status|city|state|role) "), _drop),
    (re.compile(_WORKER + r" is used more than once"), _drop_repetitions),
    (re.compile(_WORKER + r" is on the roster as (?P<name>[^,]{1,256}), not "), _rename),
)
