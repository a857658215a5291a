"""Create a second and a third resource in a collection, to test sorting, filters and counts.

The second has other values. The third has the numbers of the second, and texts with another letter
case, a space and an accent. So these defects show: an unstable order of equal values, an order by
letter case, and a search that misses a space or the case of a letter beyond ASCII.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import FormStep
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
from conformance.fuzzing.listed_values import next_choices
from conformance.fuzzing.moves import altered
from conformance.fuzzing.operation import Schema
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.renaming import at_another_time, begins_with_a_date, next_year, renamed
from conformance.fuzzing.several_resources import one_more

_MOST_VARIED: Final = 12
"""Most texts of one request that are varied one by one, where not all can be varied at once."""
_LETTER: Final = re.compile("[A-Za-z]")
_WORDS: Final = re.compile("[A-Za-z][a-z]+( [A-Za-z]+)*")
_SPACED: Final = re.compile("[Yy][A-Za-z ]+ b")


Send = Callable[[Probe], Awaitable[Outcome]]
Change = Callable[[Node], Node]


async def others(creator: Creator, schema: Schema, send: Send) -> tuple[FormStep, ...]:
    """Return the steps that create a second and a third resource.

    Their numbers, texts and enum values differ from the first as far as every runtime accepts.
    Empty if a second resource is refused even with the values of the first.
    """
    before = creator.steps

    async def is_accepted(step: FormStep) -> bool:
        more = len(before) + 1 - len(creator.steps)
        operations = (*creator.operations, *(creator.operations[-1],) * more)
        return (await send(Probe((*before, step), operations, "base"))).accepted()

    usual = renamed(creator)
    numbered = replace(usual, form=altered(usual.form))
    start = await first_accepted((numbered, usual, at_another_time(usual)), is_accepted)
    if start is None:
        return ()
    second = await varied(start, other_text, is_accepted)
    second = await with_other_choices(second, schema, is_accepted)
    before = (*before, second)
    like_second = one_more(second)
    third = await first_accepted((like_second, at_another_time(like_second)), is_accepted)
    if third is None:
        return (second,)
    for change in (_spaced_text, _accented_text):
        third = await varied(third, change, is_accepted)
    return second, await with_other_choices(third, schema, is_accepted)


async def first_accepted(
    steps: Iterable[FormStep], is_accepted: Callable[[FormStep], Awaitable[bool]]
) -> FormStep | None:
    """Return the first step that is accepted; None if none is."""
    for step in steps:
        if await is_accepted(step):
            return step
    return None


async def varied(
    step: FormStep, change: Change, is_accepted: Callable[[FormStep], Awaitable[bool]]
) -> FormStep:
    """Return the step with all texts changed, else with each change that is accepted alone."""
    body = step.form.body
    if not isinstance(body, JsonObject | Items):
        return step
    all_at_once = _with_body(step, with_scalars(body, change))
    if all_at_once == step or await is_accepted(all_at_once):
        return all_at_once
    known: Node = body
    for path, node in list(paths(body))[:_MOST_VARIED]:
        changed = with_node(known, path, change(node))
        if changed != known and await is_accepted(_with_body(step, changed)):
            known = changed
    return _with_body(step, known)


async def with_other_choices(
    step: FormStep, schema: Schema, is_accepted: Callable[[FormStep], Awaitable[bool]]
) -> FormStep:
    """Return the step with the next enum value in each member, if it is accepted."""
    body = step.form.body
    other = _with_body(step, next_choices(body, schema)) if isinstance(body, JsonObject) else step
    return other if other != step and await is_accepted(other) else step


def _with_body(step: FormStep, body: Node) -> FormStep:
    return replace(step, form=replace(step.form, body=body))


def other_text(node: Node) -> Node:
    """Return a text with another first letter in the same case, or a date one year later."""
    text = value_of(node)
    if not isinstance(text, str) or "${" in text:
        return node
    if begins_with_a_date(text):
        return next_year(text)
    if not _LETTER.match(text):
        return node
    first = "Z" if text[0].isupper() else "z"
    return text_node(first + text[1:])


def _spaced_text(node: Node) -> Node:
    """Return words with a first letter Y in the other case, and with one word more.

    They sort between the others, unless letter case counts.
    """
    text = value_of(node)
    if not isinstance(text, str) or _WORDS.fullmatch(text) is None:
        return node
    first = "y" if text[0].isupper() else "Y"
    return text_node(f"{first}{text[1:]} b")


def _accented_text(node: Node) -> Node:
    """Return spaced words with a letter that has another case only beyond ASCII."""
    text = value_of(node)
    is_spaced = isinstance(text, str) and _SPACED.fullmatch(text) is not None
    return text_node(f"{text[:-1]}\u00e9b") if is_spaced else node
