"""Lookup of a cause by the first letters of its key, which is the same in every run."""

from collections.abc import Sequence

from conformance.comparison.causes import LEAST_KEY_LETTERS, causes_of
from conformance.errors import UsageError
from conformance.model.finding import Finding
from conformance.model.group import Group
from conformance.model.verdict import CaseResult
from conformance.safe_text import visible
from conformance.wording import plural, some


def keys_of(finding: Finding, result: CaseResult) -> list[str]:
    """Return the keys of the causes of a finding."""
    return [cause.key for cause in causes_of(finding, result.requests[finding.step])]


def group_by_key(letters: str, groups: Sequence[Group]) -> Group | None:
    """Return the group whose key starts with the given letters, or None.

    Raises UsageError if several keys do, for an empty text, and for the number of a cause in a
    report, because that number may belong to another cause in the next run.
    """
    if not letters:
        raise UsageError("a key without letters", hint="give the first letters of a key")
    named = [group for group in groups if group.key.startswith(letters)]
    numbered = {str(number): group for number, group in enumerate(groups, start=1)}
    is_printed_key = named and len(letters) >= LEAST_KEY_LETTERS
    if letters in numbered and not is_printed_key:
        raise _a_number(letters, numbered[letters])
    if len(named) > 1:
        titles = some([f"{visible(group.title)} [{group.key}]" for group in named])
        several = plural(len(named), "cause")
        raise UsageError(
            f"{letters}: the keys of {several} start so: {titles}", hint="give more letters"
        )
    return next(iter(named), None)


def _a_number(letters: str, numbered: Group) -> UsageError:
    return UsageError(
        f"{letters}: this is the number of a cause in one report, and no key",
        hint=f"cause {letters} is {visible(numbered.title)}: give its key, {numbered.key}",
    )
