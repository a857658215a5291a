"""Requests with other names than usual: they create another resource of the same kind."""

import re
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import (
    Items,
    JsonObject,
    Node,
    text_node,
    value_of,
    with_scalars,
)

_LEAP_DAY: Final = re.compile("^-02-29")
_DATE: Final = re.compile(r"[12]\d{3}-\d\d-\d\d")


def renamed(creator: Creator) -> FormStep:
    """Return the request that creates another resource, with the same values but other names."""
    own = creator.steps[-1]
    name = f"{creator.placeholder}_two"
    captures = tuple(replace(each, name=name, identity=name) for each in own.captures)
    return FormStep(with_names(own.form, "two_"), captures)


def at_another_time(step: FormStep) -> FormStep:
    """Return a request with dates and times of the next year, so that it overlaps with no other."""
    body = step.form.body
    if not isinstance(body, JsonObject | Items):
        return step
    return replace(step, form=step.form.with_body(with_scalars(body, _in_the_next_year)))


def _in_the_next_year(node: Node) -> Node:
    text = value_of(node)
    return next_year(text) if isinstance(text, str) and begins_with_a_date(text) else node


def begins_with_a_date(text: str) -> bool:
    """Return whether a text is a date or begins with one."""
    return _DATE.match(text) is not None


def next_year(text: str) -> str:
    """Return a date or a time of the next year, as JSON; 28 February for the 29th."""
    day = _LEAP_DAY.sub("-02-28", text[4:])
    return text_node(f"{int(text[:4]) + 1:04}{day}")


def with_names(form: Form, prefix: str) -> Form:
    """Return a request with a prefix in each fresh name."""
    return changed_texts(form, lambda written: written.replace("${fresh:", "${fresh:" + prefix))


def changed_texts(form: Form, change: Callable[[str], str]) -> Form:
    """Return a request with the texts of its path and its scalars changed."""
    body = form.body
    if isinstance(body, JsonObject | Items):
        body = with_scalars(body, change)
    return replace(form, path=tuple(map(change, form.path)), body=body)


def referring_to(form: Form, name: str, other: str) -> Form:
    """Return a request with another placeholder in place of each `${name}`."""

    def changed(text: str) -> str:
        return text.replace(f"${{{name}}}", f"${{{other}}}")

    query = tuple((key, None if value is None else changed(value)) for key, value in form.query)
    headers = tuple((key, changed(value)) for key, value in form.headers)
    return replace(changed_texts(form, changed), query=query, headers=headers)
