"""The problems of runtimes whose fields have the right form.

These are fields that do not go together, a variable that is not set or cannot be sent, and a URL
without a host and a port.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from conformance.errors import Problem
from conformance.model.secret import unusable_secret
from conformance.suites.access_fields import ACCESS_FIELDS, access_problems, captured_by_login
from conformance.suites.nodes import Node, each_value, members, text
from conformance.suites.request_defaults import HEADER_VALUE
from conformance.suites.runtime_fields import URL_PATTERN
from conformance.suites.substitution import (
    check_text,
    is_set,
    references_below,
    with_variables,
)

_ONLY_WITH: Final = {
    **dict.fromkeys(("ready", "port", "start_timeout_ms", "stop_timeout_ms"), ("command",)),
    **dict.fromkeys(("environment", "toolchain", "fallback"), ("command", "batch")),
    **dict.fromkeys(("directory", "source"), ("command", "batch", "app")),
}
_FILLED_IN: Final = {"command": {"port", "python"}, "batch": {"directory", "python"}}


def runtime_problems(
    runtimes: Iterable[Node], folder: Path, environment: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield all problems of runtimes, each with its place."""
    for node in runtimes:
        given = members(node)
        yield from _lonely_fields(given)
        if "tls" in given:
            yield from _tls_problems(given)
        if "url" in given:
            yield from _url_problems(given["url"], environment)
        yield from access_problems(given, folder, environment)
        filled_in = _FILLED_IN["batch" if "batch" in given else "command"]
        for name, value in given.items():
            yield from _name_problems(name, value, environment, filled_in)
            if name == "url":
                yield from _unset_variables(value, environment, ())
            elif name == "headers":
                yield from _unset_variables(value, environment, captured_by_login(given))


def _lonely_fields(given: Mapping[str, Node]) -> Iterator[Problem]:
    """Yield a problem for each field that is given without the field it belongs to."""
    for name in filter(given.__contains__, _ONLY_WITH):
        kinds = _ONLY_WITH[name]
        is_lonely = given.keys().isdisjoint(kinds)
        if is_lonely:
            wanted = " or ".join(map(repr, kinds))
            yield Problem(given[name].place, f"field {name!r} goes with {wanted} only")


def _name_problems(
    field: str, value: Node, environment: Mapping[str, str], of_commands: Collection[str]
) -> Iterator[Problem]:
    """Yield the problems of names in a field of a runtime.

    Names in its signers and its login are checked elsewhere.
    """
    if field in {"headers", *ACCESS_FIELDS}:
        yield from _unusable_secrets(value, environment)
    if field == "headers":
        yield from _bad_header_values(value, environment)
    elif field in {"command", "batch", "environment"}:
        yield from check_text(value, of_commands.__contains__)
    elif field not in {"url", *ACCESS_FIELDS}:
        yield from check_text(value)


def _url_problems(node: Node, environment: Mapping[str, str]) -> Iterator[Problem]:
    url = with_variables(text(node), environment)
    # A variable may hold anything
    has_form = re.fullmatch(URL_PATTERN, url) is not None
    if has_form and can_be_called(url):
        return
    yield Problem(node.place, f"{url or text(node)} names no host and port that can be called")


def _tls_problems(given: Mapping[str, Node]) -> Iterator[Problem]:
    settings = members(given["tls"])
    url = text(given.get("url"))
    # The value of a variable may begin with https
    if not url.startswith(("https:", "${")):
        yield Problem(given["tls"].place, "field 'tls' goes with an https 'url' only")
    for name, other in (("certificate", "key"), ("key", "certificate")):
        if name in settings and other not in settings:
            yield Problem(settings[name].place, f"field {name!r} needs {other!r} beside it")


def _unset_variables(
    node: Node, environment: Mapping[str, str], of_login: Collection[str]
) -> Iterator[Problem]:
    def known(name: str) -> bool:
        return name in of_login or is_set(name, environment)

    for problem in check_text(node, known):
        # The text after the semicolon is advice for suites
        what = problem.message.rpartition(";")[0]
        yield Problem(problem.place, f"{what}; set the variable, or write ${{env:NAME}}")


def _unusable_secrets(node: Node, environment: Mapping[str, str]) -> Iterator[Problem]:
    for place, reference in references_below(node):
        name = reference.removeprefix("env:")
        # A variable that is not set is reported where its value is needed
        if name not in environment:
            continue
        wrong = unusable_secret(environment[name])
        if wrong:
            yield Problem(place, f"the variable {name} {wrong}")


def _bad_header_values(node: Node, environment: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each variable whose value no header can hold; the secret is not shown."""
    pattern = HEADER_VALUE.pattern or ""
    for _, value in each_value(members(node).items()):
        sent = with_variables(text(value), environment)
        if re.fullmatch(pattern, sent):
            continue
        what = f"the variable in {text(value)!r} does not hold {HEADER_VALUE.meaning}"
        yield Problem(value.place, what)


def can_be_called(url: str) -> bool:
    """Return whether a URL of the right form has a valid port."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False
