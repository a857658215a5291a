"""The grammar of `signers:` and `login:` in a runtimes file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from conformance.errors import Problem
from conformance.model.access import Access, AwsSigner, CommandSigner, HmacSigner, Signer
from conformance.model.case import LOGIN
from conformance.model.template import Parts, Slot, SlotForm
from conformance.suites.fields import Choice, Field, FieldTable, ListOf, Text, Whole
from conformance.suites.matrix import NAME
from conformance.suites.nodes import Node, items, members, shown, text
from conformance.suites.request_defaults import FIELD_NAME, HEADER_VALUE
from conformance.suites.request_fields import Files
from conformance.suites.step_fields import SETUP_STEP, Reading, setup_of, setup_problems
from conformance.suites.substitution import references_below, substitute, text_parts

# A signer may ask a service for its key
DEFAULT_SIGN_TIMEOUT_MS: Final = 10_000
_VARIABLE: Final = "env:"
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
    """Yield what is wrong with the signers and the login of a runtime, beyond their tables."""
    for signer in members(given.get("signers")).values():
        kind, settings = next(
            (name, node) for name, node in members(signer).items() if name != "timeout_ms"
        )
        for place, name in references_below(settings):
            known = _COMMAND_NAMES
            if kind == "hmac":
                in_headers = _is_within(members(settings).get("headers"), place)
                known = _SENT if in_headers else _SIGNED
            if name not in known and not _is_set(name, environment):
                yield Problem(place, _unknown(name, known))
    if "login" in given:
        for place, name in references_below(given["login"]):
            if name.startswith(_VARIABLE) and not _is_set(name, environment):
                yield Problem(place, _unknown(name, ()))
        yield from setup_problems(_reading(given["login"], folder))


def _is_within(node: Node | None, place: object) -> bool:
    return node is not None and any(found == place for found, _ in references_below(node))


def _is_set(name: str, environment: Mapping[str, str]) -> bool:
    return name.startswith(_VARIABLE) and name.removeprefix(_VARIABLE) in environment


def _unknown(name: str, known: "frozenset[str] | set[str] | tuple[str, ...]") -> str:
    if name.startswith(_VARIABLE):
        return f"the variable {name.removeprefix(_VARIABLE)} is not set"
    return (
        f"nothing is named {shown(name)} here; known: "
        f"{', '.join(sorted(known)) or 'variables, as ${env:NAME}'}"
    )


def access_variables(given: Mapping[str, Node]) -> Iterator[str]:
    """Yield the names of the variables that the signers and the login of a runtime hold.

    Their values are secrets.
    """
    for field in ACCESS_FIELDS:
        for _, name in references_below(given[field]) if field in given else ():
            if name.startswith(_VARIABLE):
                yield name.removeprefix(_VARIABLE)


def access_of(given: Mapping[str, Node], folder: Path, environment: Mapping[str, str]) -> Access:
    """Return the checked signers and login of a runtime."""
    signers = members(given.get("signers"))
    login = setup_of(given["login"], _reading(given["login"], folder)) if "login" in given else ()
    return Access(
        signers=tuple(
            (name, _signer(members(node), folder, environment)) for name, node in signers.items()
        ),
        login=login,
        login_headers=tuple(_login_headers(given.get("headers"), environment)),
    )


def captured_by_login(given: Mapping[str, Node]) -> frozenset[str]:
    """Return the names that the login of a runtime captures, as its headers write them."""
    steps = items(given.get("login"))
    return frozenset(
        LOGIN + name for step in steps for name in members(members(step).get("capture"))
    )


def needs_login(value: Node) -> bool:
    """Return whether a header field holds what a login captures."""
    return any(name.startswith(LOGIN) for _, name in references_below(value))


def _login_headers(
    node: Node | None, environment: Mapping[str, str]
) -> Iterator[tuple[str, Parts]]:
    """Yield the fields that hold what a login captures; what variables hold is text of theirs."""
    for name, value in members(node).items():
        for item in items(value) or (value,):
            if needs_login(item):
                parts = text_parts(text(item), SlotForm.HEADER)
                yield name, tuple(_with_variable(part, environment) for part in parts)


def _with_variable(part: str | bytes | Slot, environment: Mapping[str, str]) -> str | bytes | Slot:
    if isinstance(part, Slot) and part.name.startswith(_VARIABLE):
        return environment[part.name.removeprefix(_VARIABLE)]
    return part


def _reading(login: Node, folder: Path) -> Reading:
    names = frozenset(name for _, name in references_below(login) if name.startswith(_VARIABLE))
    variables = frozenset(name.removeprefix(_VARIABLE) for name in names)
    return Reading(files=Files(folder), variables=variables, setup=items(login))


def _signer(given: dict[str, Node], folder: Path, environment: Mapping[str, str]) -> Signer:
    if "command" in given:
        timeout_ms = (
            int(text(given["timeout_ms"])) if "timeout_ms" in given else DEFAULT_SIGN_TIMEOUT_MS
        )
        return CommandSigner(
            argv=tuple(map(text, items(given["command"]))), directory=folder, timeout_ms=timeout_ms
        )

    def filled(written: str) -> str:
        return substitute(
            written,
            lambda name: (
                environment[name.removeprefix(_VARIABLE)]
                if name.startswith(_VARIABLE)
                else f"${{{name}}}"
            ),
        )

    if "aws-sigv4" in given:
        return AwsSigner(
            **{name: filled(text(node)) for name, node in members(given["aws-sigv4"]).items()}
        )
    settings = members(given["hmac"])
    return HmacSigner(
        key=filled(text(settings["key"])),
        digest=text(settings.get("digest")) or "sha256",
        encoding=text(settings.get("encoding")) or "hex",
        over=text(settings["over"]) if "over" in settings else "${body}",
        headers=tuple((name, text(node)) for name, node in members(settings["headers"]).items()),
    )
