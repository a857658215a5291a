"""A second thing of a collection, unlike the first: what sorts, filters and counts shows by it."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import (
    Items,
    JsonObject,
    Node,
    paths,
    text_node,
    value_of,
    with_node,
    with_scalars,
)
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.sequences import altered, renamed

_MOST_VARIED: Final = 12
"""Texts of one request that are made different one by one, where not all of them may be."""
_DATE: Final = re.compile(r"[12]\d{3}-\d\d-\d\d")
_WORD: Final = re.compile("[A-Za-z][a-z]+")


async def another(creator: Creator, ask: Callable[[Probe], Awaitable[Outcome]]) -> FormStep | None:
    """Return the request that creates a second thing.

    Its numbers and texts are others as far as every runtime accepts.  None where the second one is
    refused with the values of the first one.
    """

    async def is_accepted(step: FormStep) -> bool:
        operations = (*creator.operations, creator.operations[-1])
        outcome = await ask(Probe((*creator.steps, step), operations, "base"))
        return outcome.accepted()

    usual = renamed(creator)
    for form in (_varied(altered(usual.form)), altered(usual.form)):
        if await is_accepted(replace(usual, form=form)):
            return replace(usual, form=form)
    if not await is_accepted(usual):
        return None
    return await _varied_one_by_one(usual, is_accepted)


async def _varied_one_by_one(
    step: FormStep, is_accepted: Callable[[FormStep], Awaitable[bool]]
) -> FormStep:
    body = step.form.body
    if not isinstance(body, JsonObject | Items):
        return step
    for path, node in list(paths(body))[:_MOST_VARIED]:
        other = _other_text(node)
        if other == node:
            continue
        body = step.form.body
        assert isinstance(body, JsonObject | Items)  # noqa: S101 - only its scalars are changed
        changed = replace(step, form=replace(step.form, body=with_node(body, path, other)))
        if await is_accepted(changed):
            step = changed
    return step


def _varied(form: Form) -> Form:
    body = form.body
    if not isinstance(body, JsonObject | Items):
        return form
    return replace(form, body=with_scalars(body, _other_text))


def _other_text(node: Node) -> Node:
    """Return a text with another first letter, of the same case, or a date of the next year."""
    text = value_of(node)
    if not isinstance(text, str) or "${" in text:
        return node
    if _DATE.match(text):
        return text_node(f"{int(text[:4]) + 1:04}{text[4:]}")
    if _WORD.match(text) is None:
        return node
    return text_node(("Z" if text[0].isupper() else "z") + text[1:])
