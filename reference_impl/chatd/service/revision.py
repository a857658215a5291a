"""Revision by rule: a draft, changed as far as the last message says how.

In: a draft and the conversation, whose last message may say what is wrong with it. Out: the draft,
changed by each rule of `_RULES` whose sentence is found there. A rule only shortens, removes or
copies from the conversation; what it would have to invent stays wrong. Every pattern scans a text
in linear time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reference_impl.kit.json_in_text import objects_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reference_impl.chatd.wire import Message

    Draft = dict[str, Any]
    Edit = Callable[[Draft, re.Match[str], Sequence[Draft]], None]

_PLACES = ("city", "state", "role")
_SOCIAL_SECURITY_NUMBER = re.compile(r"(?<!\s)\s*(?<![0-9-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9-])")
_PAY_RATE = re.compile(
    r"(?<!\s)\s*\$\s*[0-9][0-9,]*(?:\.[0-9]+)?\s*(?:(?:per|an|a)\s+(?:hour|year)"
    r"|/\s*(?:hr|hour|yr|year)|salary)\b",
    re.IGNORECASE,
)


def revise(draft: Draft, messages: Sequence[Message]) -> Draft:
    """Change a copy of a draft as the last message demands."""
    revised = dict(draft)
    known = [found for message in messages for found in objects_in(message.content)]
    for sentence, edit in _RULES:
        said = sentence.search(messages[-1].content)
        if said is not None:
            edit(revised, said, known)
    return revised


def _shorten(draft: Draft, said: re.Match[str], _known: Sequence[Draft]) -> None:
    text, limit = draft.get(said["member"]), int(said["limit"])
    if isinstance(text, str) and len(text) > limit:
        whole_words = text[: limit + 1].rpartition(" ")[0]
        draft[said["member"]] = (whole_words or text[:limit]).rstrip(" ,;:")


def _remove(forbidden: re.Pattern[str]) -> Edit:
    def edit(draft: Draft, said: re.Match[str], _known: Sequence[Draft]) -> None:
        text = draft.get(said["member"])
        if isinstance(text, str):
            draft[said["member"]] = forbidden.sub("", text)

    return edit


def _greet(draft: Draft, said: re.Match[str], known: Sequence[Draft]) -> None:
    text = draft.get(said["member"])
    names = [
        worker.get("name")
        for worker in _workers(known)
        if worker.get("worker_id") == said["worker"]
    ]
    if isinstance(text, str) and names and isinstance(names[0], str):
        draft[said["member"]] = f"Hello {names[0].partition(' ')[0]}, {text}"


def _resize(draft: Draft, said: re.Match[str], known: Sequence[Draft]) -> None:
    fills = _fills(draft)
    used = {str(fill.get("worker_id")) for fill in fills}
    fitting = [
        {"worker_id": worker.get("worker_id"), "name": worker.get("name")}
        for worker in _workers(known)
        if str(worker.get("worker_id")) not in used and _is_wanted(worker, known)
    ]
    draft["fills"] = [*fills, *fitting][: int(said["target"])]


def _drop(draft: Draft, said: re.Match[str], _known: Sequence[Draft]) -> None:
    draft["fills"] = [fill for fill in _fills(draft) if fill.get("worker_id") != said["worker"]]


def _drop_repetitions(draft: Draft, said: re.Match[str], _known: Sequence[Draft]) -> None:
    fills = _fills(draft)
    first = next((fill for fill in fills if fill.get("worker_id") == said["worker"]), None)
    draft["fills"] = [
        fill for fill in fills if fill is first or fill.get("worker_id") != said["worker"]
    ]


def _rename(draft: Draft, said: re.Match[str], _known: Sequence[Draft]) -> None:
    draft["fills"] = [
        {**fill, "name": said["name"]} if fill.get("worker_id") == said["worker"] else fill
        for fill in _fills(draft)
    ]


def _fills(draft: Draft) -> list[Draft]:
    fills = draft.get("fills")
    return [fill for fill in fills if isinstance(fill, dict)] if isinstance(fills, list) else []


def _workers(known: Sequence[Draft]) -> Iterator[Draft]:
    for found in known:
        roster = found.get("roster")
        if isinstance(roster, list):
            yield from (worker for worker in roster if isinstance(worker, dict))


def _is_wanted(worker: Draft, known: Sequence[Draft]) -> bool:
    wanted: Draft = {}
    for found in known:
        if "roster" in found:
            wanted |= {place: found[place] for place in _PLACES if place in found}
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
