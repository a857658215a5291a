"""Settings that a suite gives its cases, and that a case may override."""

from collections.abc import Mapping as MappingOf
from typing import Final

from msgspec import Struct, field

from conformance.model.case import CompareLevel, NumberPolicy
from conformance.model.expectation import JsonSchema
from conformance.model.rule import Rule
from conformance.model.template import KnownName
from conformance.suites.nodes import Node, if_given, items, members, one_or_many, text, whole
from conformance.suites.rule_fields import rules_of
from conformance.suites.schema_fields import schema_of
from conformance.suites.sent_files import Files
from conformance.suites.value_fields import vars_of

# Long for the answer of a service, but short for a person who waits for a run
DEFAULT_TIMEOUT_MS: Final = 10_000


class SuiteSettings(Struct, frozen=True, kw_only=True):
    """Settings of a suite or a case, where the case's own value overrides the suite's.

    The rules and tags of a case are added to those of the suite.
    """

    compare: CompareLevel = CompareLevel.SHAPE
    numbers: NumberPolicy = NumberPolicy.VALUE
    headers: frozenset[str] = frozenset()
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    rules: tuple[Rule, ...] = ()
    tags: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    lacking: tuple[int, ...] = ()
    schema: JsonSchema | None = None
    body: str = ""
    cookies: bool = False
    sign: str | None = None
    vars: MappingOf[str, KnownName] = field(default_factory=dict)

    def refined_by(self, node: Node, files: Files) -> "SuiteSettings":
        """Return these settings, with those of a suite or a case added."""
        given = members(node)
        return SuiteSettings(
            compare=if_given(given, "compare", _level) or self.compare,
            numbers=if_given(given, "numbers", _policy) or self.numbers,
            timeout_ms=if_given(given, "timeout_ms", whole) or self.timeout_ms,
            headers=_with_words(self.headers, given.get("headers")),
            rules=(*self.rules, *rules_of(given.get("rules"))),
            tags=_with_words(self.tags, given.get("tags")),
            requires=_with_words(self.requires, given.get("requires")),
            lacking=_statuses(given.get("lacking")) or self.lacking,
            schema=schema_of(given["schema"], files) if "schema" in given else self.schema,
            body=if_given(given, "body", text) or self.body,
            # A case may be without the cookies that its suite keeps
            cookies=text(given["cookies"]) == "jar" if "cookies" in given else self.cookies,
            sign=if_given(given, "sign", text) or self.sign,
            vars={**self.vars, **vars_of(given.get("vars"))},
        )


def _level(node: Node) -> CompareLevel:
    return CompareLevel(text(node))


def _policy(node: Node) -> NumberPolicy:
    return NumberPolicy(text(node))


def _with_words(known: frozenset[str], node: Node | None) -> frozenset[str]:
    """Return words with those of a list; without a list the same object, to save memory."""
    if node is None:
        return known
    return known.union(map(text, items(node)))


def _statuses(lacking: Node | None) -> tuple[int, ...]:
    """Return the statuses of `lacking`, which has one status or a list of them."""
    status = members(lacking).get("status")
    if status is None:
        return ()
    return tuple(map(whole, one_or_many(status)))
