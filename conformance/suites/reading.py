"""The context in which the steps of a case are read, and whether a name in them has a value."""

import re
from collections.abc import Collection
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.case import FRESH, LOGIN
from conformance.model.made_value import FORM_OF_FRESH, is_made, wrong_made
from conformance.model.template import BASE_URL, HOST
from conformance.suites.capture_fields import RESERVED
from conformance.suites.field_check import suggestion
from conformance.suites.matrix import NAME
from conformance.suites.nodes import Node, items, members, shown
from conformance.suites.request_defaults import NO_DEFAULTS, RequestDefaults
from conformance.suites.sent_files import Files
from conformance.suites.substitution import variable_of

ROW: Final = "row:"


class Reading(Struct, frozen=True, kw_only=True):
    """The context in which the steps of a case are read.

    It holds files, declared variables, names of values, whether fresh names and members of rows are
    known, the request defaults of the suite, and the steps of the setup.
    """

    files: Files
    variables: frozenset[str]
    isolated: bool = False
    has_rows: bool = False
    vars: frozenset[str] = frozenset()
    defaults: RequestDefaults = NO_DEFAULTS
    setup: tuple[Node, ...] = ()

    def within(self, case: Node) -> "Reading":
        """Return the context for the steps of a case, with the case's own values and setup."""
        names = self.vars | members(members(case).get("vars")).keys()
        return replace(self, vars=names, setup=self.setup_of(case))

    def setup_of(self, case: Node) -> tuple[Node, ...]:
        """Return all steps of a case's setup; those of its suite come first."""
        return (*self.setup, *items(members(case).get("setup")))

    def unknown(self, name: str, captured: Collection[str], *, secrets: bool = True) -> str | None:
        """Return why a name has no value, or None if it has one.

        With `secrets=False` a secret is refused, because it is compared.
        """
        if _is_fresh(name):
            return self._fresh_wrong(name)
        if is_made(name):
            return wrong_made(name)
        if name in {BASE_URL, HOST}:
            return _own_url_wrong(name, in_request=secrets)
        is_secret = variable_of(name) in self.variables or _has_name_of(LOGIN, name)
        if is_secret and not secrets:
            return "a secret is not compared with anything"
        is_member_of_row = self.has_rows and name.startswith(ROW)
        is_named = name in captured or name in self.vars
        if is_secret or is_member_of_row or is_named:
            return None
        return self._unnamed(name, captured)

    def _fresh_wrong(self, name: str) -> str | None:
        # Only a case that touches nothing but its own names can have fresh ones
        if self.isolated:
            return None
        return f"a fresh name such as {shown(name)} needs `isolate: names`"

    def _unnamed(self, name: str, captured: Collection[str]) -> str:
        """Return the message that a name has no value, with the name that was probably meant."""
        nothing = f"nothing is named {shown(name)} here"
        variable = variable_of(name)
        if variable is not None:
            return f"{nothing}; declare it: `env: [{variable}]`"
        known = [*captured, *self.vars, *sorted(RESERVED)]
        meant = suggestion(name, known) or "; write $${ if the text itself is meant"
        return nothing + meant


def _is_fresh(name: str) -> bool:
    """Return whether a name is `fresh:NAME` or `fresh:NAME:FORM`."""
    plain, colon, form = name.removeprefix(FRESH).partition(":")
    has_form = not colon or re.fullmatch(FORM_OF_FRESH, form) is not None
    return has_form and _has_name_of(FRESH, f"{FRESH}{plain}") and name.startswith(FRESH)


def _has_name_of(prefix: str, name: str) -> bool:
    """Return whether a name consists of a prefix and a valid name."""
    if not name.startswith(prefix):
        return False
    return re.fullmatch(NAME, name.removeprefix(prefix)) is not None


def _own_url_wrong(name: str, *, in_request: bool) -> str | None:
    if in_request:
        return None
    return f"what {shown(name)} is differs between runtimes: it is compared as [own URL]"
