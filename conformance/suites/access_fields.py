"""The grammar of `signers:` and `login:` in a runtimes file."""

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Final

from conformance.errors import Place, Problem
from conformance.model.access import Access, AwsSigner, CommandSigner, HmacSigner, Signer
from conformance.model.case import LOGIN, Step
from conformance.model.template import Parts, Slot, SlotForm
from conformance.suites.fields import Choice, Field, FieldTable, ListOf, Text, Whole
from conformance.suites.matrix import NAME
from conformance.suites.nodes import Node, each_value, items, members, shown, text
from conformance.suites.reading import Reading
from conformance.suites.request_defaults import FIELD_NAME, HEADER_VALUE
from conformance.suites.sent_files import Files
from conformance.suites.step_fields import SETUP_STEP, setup_of, setup_problems
from conformance.suites.substitution import (
    is_set,
    references_below,
    substitute,
    text_parts,
    variable_of,
    variables_below,
)

# A signer may ask a service for its key
DEFAULT_SIGN_TIMEOUT_MS: Final = 10_000
_SIGNED: Final = frozenset({"method", "target", "timestamp", "body"})
_SENT: Final = frozenset({"signature", "timestamp"})
_COMMAND_NAMES: Final = frozenset({"python"})
_KEY = Text(pattern=r"[^\0]+", meaning="a text, most often ${env:NAME}")
SIGNER = FieldTable(
    fields={
        "aws-sigv4": Field(
            spec=FieldTable(
                fields={
                    "region": Field(
                        spec=Text(), required=True, says="the region, such as eu-west-1"
                    ),
                    "service": Field(
                        spec=Text(), required=True, says="the service, such as execute-api or s3"
                    ),
                    "access_key": Field(spec=_KEY, required=True, says="the id of the key"),
                    "secret_key": Field(spec=_KEY, required=True, says="the key"),
                    "session_token": Field(spec=_KEY, says="the token of a temporary key"),
                }
            ),
            says="AWS Signature Version 4; needs the extra `sign`",
        ),
        "hmac": Field(
            spec=FieldTable(
                fields={
                    "key": Field(spec=_KEY, required=True, says="the key, as text"),
                    "digest": Field(
                        spec=Choice(options=("sha256", "sha1", "sha512")),
                        says="sha256 if not given",
                    ),
                    "encoding": Field(
                        spec=Choice(options=("hex", "base64")), says="hex if not given"
                    ),
                    "over": Field(
                        spec=Text(),
                        says="what is signed: ${method}, ${target}, ${timestamp}, ${body}; "
                        "without it the body alone",
                    ),
                    "headers": Field(
                        spec=FieldTable(keyed=(FIELD_NAME, "header names", HEADER_VALUE)),
                        required=True,
                        says="the header fields that are sent, with ${signature} and ${timestamp}",
                    ),
                }
            ),
            says="an HMAC of the request",
        ),
        "command": Field(
            spec=ListOf(
                item=Text(pattern=r"[^\0]*", meaning="text without a NUL character"), least=1
            ),
            says="a command that gets the request as JSON on its standard input and prints header "
            "fields as JSON",
        ),
        "timeout_ms": Field(
            spec=Whole(least=1, most=600_000), says="how long the command may take for a request"
        ),
    },
    one_of=("aws-sigv4", "hmac", "command"),
    needs={"timeout_ms": "command"},
)
ACCESS_FIELDS: Final = {
    "signers": Field(
        spec=FieldTable(keyed=(NAME, "names of signers", SIGNER)),
        says="what requests are signed with, for `sign: NAME`",
    ),
    "login": Field(
        spec=ListOf(item=SETUP_STEP, least=1),
        says="steps that are sent once a run; suites and `headers` write what they capture as "
        "${login:NAME}, and it is a secret",
    ),
}


def access_problems(
    given: Mapping[str, Node], folder: Path, environment: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield the problems of a runtime's signers and login that its field tables cannot express."""
    for signer in members(given.get("signers")).values():
        yield from _signer_problems(signer, environment)
    if "login" not in given:
        return
    for place, name in references_below(given["login"]):
        variable = variable_of(name)
        if variable is not None and variable not in environment:
            yield Problem(place, _unknown(name, ()))
    yield from setup_problems(_reading(given["login"], folder))


def _signer_problems(signer: Node, environment: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each name in a signer that has no value there."""
    settings = dict(members(signer))
    settings.pop("timeout_ms", None)
    [(kind, node)] = settings.items()
    for place, name in references_below(node):
        known = _known_names(kind, node, place)
        is_known = name in known or is_set(name, environment)
        if not is_known:
            yield Problem(place, _unknown(name, known))


def _known_names(kind: str, settings: Node, place: Place) -> frozenset[str]:
    """Return the names, other than variables, that may be used at a place of a signer."""
    if kind != "hmac":
        return _COMMAND_NAMES
    in_headers = map(itemgetter(0), references_below(members(settings)["headers"]))
    if place in in_headers:
        return _SENT
    return _SIGNED


def _unknown(name: str, known: Iterable[str]) -> str:
    variable = variable_of(name)
    if variable is not None:
        return f"the variable {variable} is not set"
    listed = ", ".join(sorted(known)) or "variables, as ${env:NAME}"
    return f"nothing is named {shown(name)} here; known: {listed}"


def access_variables(given: Mapping[str, Node]) -> Iterator[str]:
    """Yield the names of the environment variables in the signers and the login of a runtime.

    Their values are secrets.
    """
    for field in filter(given.__contains__, ACCESS_FIELDS):
        yield from variables_below(given[field])


def access_of(given: Mapping[str, Node], folder: Path, environment: Mapping[str, str]) -> Access:
    """Return the checked signers and login of a runtime."""
    signers: dict[str, Signer] = {}
    for name, node in members(given.get("signers")).items():
        signers[name] = _signer(members(node), folder, environment)
    return Access(
        signers=tuple(signers.items()),
        login=_login(given, folder),
        login_headers=tuple(_login_headers(given.get("headers"), environment)),
    )


def _login(given: Mapping[str, Node], folder: Path) -> tuple[Step, ...]:
    if "login" not in given:
        return ()
    return setup_of(given["login"], _reading(given["login"], folder))


def captured_by_login(given: Mapping[str, Node]) -> frozenset[str]:
    """Return the names that the login of a runtime captures, as its headers write them."""
    names: set[str] = set()
    for step in items(given.get("login")):
        names.update(members(members(step).get("capture")))
    return frozenset(LOGIN + name for name in names)


def needs_login(value: Node) -> bool:
    """Return whether a header field refers to a value that a login captures."""
    return any(name.startswith(LOGIN) for _, name in references_below(value))


def _login_headers(
    node: Node | None, environment: Mapping[str, str]
) -> Iterator[tuple[str, Parts]]:
    """Yield the header fields that refer to a login, as name and parts; variables are filled in."""
    for name, value in each_value(members(node).items()):
        if not needs_login(value):
            continue
        parts = text_parts(text(value), SlotForm.HEADER)
        yield name, tuple(_with_variable(part, environment) for part in parts)


def _with_variable(part: str | bytes | Slot, environment: Mapping[str, str]) -> str | bytes | Slot:
    if not isinstance(part, Slot):
        return part
    variable = variable_of(part.name)
    if variable is None:
        return part
    return environment[variable]


def _reading(login: Node, folder: Path) -> Reading:
    # A login has no suite that could declare variables
    variables = frozenset(variables_below(login))
    return Reading(files=Files(folder), variables=variables, setup=items(login))


def _signer(given: dict[str, Node], folder: Path, environment: Mapping[str, str]) -> Signer:
    if "command" in given:
        return CommandSigner(
            argv=tuple(map(text, items(given["command"]))),
            directory=folder,
            timeout_ms=int(text(given.get("timeout_ms")) or DEFAULT_SIGN_TIMEOUT_MS),
        )
    if "aws-sigv4" in given:
        settings = members(given["aws-sigv4"])
        texts = {name: _filled(text(node), environment) for name, node in settings.items()}
        return AwsSigner(**texts)
    settings = members(given["hmac"])
    headers = members(settings["headers"])
    return HmacSigner(
        key=_filled(text(settings["key"]), environment),
        digest=text(settings.get("digest")) or "sha256",
        encoding=text(settings.get("encoding")) or "hex",
        over=text(settings["over"]) if "over" in settings else "${body}",
        headers=tuple((name, text(node)) for name, node in headers.items()),
    )


def _filled(written: str, environment: Mapping[str, str]) -> str:
    """Return a text with its environment variables filled in; other names stay for each request."""

    def value(name: str) -> str:
        variable = variable_of(name)
        if variable is None:
            return f"${{{name}}}"
        return environment[variable]

    return substitute(written, value)
