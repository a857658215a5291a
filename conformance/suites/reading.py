"""What the steps of a case may draw on, and whether something will stand for a name in them."""

import re
from collections.abc import Collection
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.case import FRESH, LOGIN
from conformance.model.made_value import is_made, wrong_made
from conformance.model.template import BASE_URL, HOST
from conformance.suites.capture_fields import RESERVED
from conformance.suites.field_check import suggestion
from conformance.suites.matrix import NAME
from conformance.suites.nodes import Node, items, members, shown
from conformance.suites.request_defaults import NO_DEFAULTS, RequestDefaults
from conformance.suites.request_fields import Files

VARIABLE: Final = "env:"
ROW: Final = "row:"


class Reading(Struct, frozen=True, kw_only=True):
    """What the steps of a case may draw on.

    Files, values by name, declared variables, fresh names, members of rows, what the suite gives
    its requests, the steps of its setup.
    """

    files: Files
    variables: frozenset[str]
    isolated: bool = False
    has_rows: bool = False
    vars: frozenset[str] = frozenset()
    defaults: RequestDefaults = NO_DEFAULTS
    setup: tuple[Node, ...] = ()

    def within(self, case: Node) -> "Reading":
        """Return what the steps of a case may draw on."""
        names = self.vars | members(members(case).get("vars")).keys()
        return replace(self, vars=names, setup=self.setup_of(case))

    def setup_of(self, case: Node) -> tuple[Node, ...]:
        """Return all steps of a case's setup, those of its suite first."""
        return (*self.setup, *items(members(case).get("setup")))

    def unknown(self, name: str, captured: Collection[str], *, secrets: bool = True) -> str | None:
        """Return why nothing will stand for a name, or None."""
        if name.startswith(FRESH) and re.fullmatch(NAME, name.removeprefix(FRESH)):
            return self._fresh_wrong(name)
        if is_made(name):
            return wrong_made(name)
        if name in {BASE_URL, HOST}:
            return _own_url_wrong(name, in_request=secrets)
        if self._is_secret(name):
            return None if secrets else "a secret is not compared with anything"
        is_member_of_row = self.has_rows and name.startswith(ROW)
        if is_member_of_row or name in captured or name in self.vars:
            return None
        return self._unnamed(name, captured)

    def _fresh_wrong(self, name: str) -> str | None:
        # Only a case that names all that it touches can have its own names
        if self.isolated:
            return None
        return f"a fresh name such as {shown(name)} needs `isolate: names`"

    def _is_secret(self, name: str) -> bool:
        if name.startswith(VARIABLE) and name.removeprefix(VARIABLE) in self.variables:
            return True
        return _is_login(name)

    def _unnamed(self, name: str, captured: Collection[str]) -> str:
        """Return that nothing has a name, and which one was meant."""
        nothing = f"nothing is named {shown(name)} here"
        if name.startswith(VARIABLE):
            return f"{nothing}; declare it: `env: [{name.removeprefix(VARIABLE)}]`"
        known = [*captured, *self.vars, *sorted(RESERVED)]
        meant = suggestion(name, known) or "; write $${ if the text itself is meant"
        return nothing + meant


def _is_login(name: str) -> bool:
    if not name.startswith(LOGIN):
        return False
    return re.fullmatch(NAME, name.removeprefix(LOGIN)) is not None


def _own_url_wrong(name: str, *, in_request: bool) -> str | None:
    if in_request:
        return None
    return f"what {shown(name)} is differs between runtimes: it is compared as [own URL]"
