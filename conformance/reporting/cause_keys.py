"""A cause by the first letters of its key, which is the same in every run."""

from collections.abc import Iterable, Sequence

from conformance.errors import UsageError
from conformance.model.group import Group
from conformance.safe_text import visible
from conformance.wording import plural, some


def refuse_number(letters: str, groups: Sequence[Group]) -> None:
    """Raise UsageError for the number of a cause in one report, which is no key.

    In the next run it may be the number of another cause.
    """
    if not letters.isdecimal() or not 1 <= int(letters) <= len(groups):
        return
    numbered = groups[int(letters) - 1]
    raise UsageError(
        f"{letters}: this is the number of a cause in one report, and no key",
        hint=f"cause {letters} is {visible(numbered.title)}: give its key, {numbered.key}",
    )


def group_by_key(letters: str, groups: Iterable[Group]) -> Group | None:
    """Return the group whose key starts with some letters, or None.

    Raises UsageError where several do.
    """
    named = [group for group in groups if group.key.startswith(letters)]
    if len(named) > 1:
        titles = some([f"{visible(group.title)} [{group.key}]" for group in named])
        several = plural(len(named), "cause")
        raise UsageError(
            f"{letters}: the keys of {several} start so: {titles}", hint="give more letters"
        )
    return named[0] if named else None
