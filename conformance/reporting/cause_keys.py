"""A cause by the first letters of its key, which is the same in every run."""

from collections.abc import Collection, Sequence

from conformance.comparison.causes import LEAST_KEY_LETTERS
from conformance.errors import UsageError
from conformance.model.group import Group
from conformance.safe_text import visible
from conformance.wording import plural, some


def group_by_key(letters: str, groups: Sequence[Group]) -> Group | None:
    """Return the group whose key starts with some letters, or None.

    Raises UsageError where several do, for no letters, and for the number of a cause in one report:
    in the next run it may be the number of another cause.
    """
    named = [group for group in groups if group.key.startswith(letters)]
    if not letters:
        raise UsageError("a key without letters", hint="give the first letters of a key")
    if _is_number(letters, named) and 1 <= int(letters) <= len(groups):
        raise _a_number(letters, groups[int(letters) - 1])
    if len(named) > 1:
        titles = some([f"{visible(group.title)} [{group.key}]" for group in named])
        several = plural(len(named), "cause")
        raise UsageError(
            f"{letters}: the keys of {several} start so: {titles}", hint="give more letters"
        )
    return named[0] if named else None


def _is_number(letters: str, named: Collection[Group]) -> bool:
    """Return whether letters are a number: reports print no key that is as short."""
    is_key = named and len(letters) >= LEAST_KEY_LETTERS
    return letters.isascii() and letters.isdecimal() and not is_key


def _a_number(letters: str, numbered: Group) -> UsageError:
    return UsageError(
        f"{letters}: this is the number of a cause in one report, and no key",
        hint=f"cause {letters} is {visible(numbered.title)}: give its key, {numbered.key}",
    )
