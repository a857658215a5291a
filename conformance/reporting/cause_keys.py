"""A cause by the first letters of its key, which is the same in every run."""

from collections.abc import Iterable

from conformance.errors import UsageError
from conformance.model.group import Group
from conformance.safe_text import visible
from conformance.wording import plural


def group_by_key(letters: str, groups: Iterable[Group]) -> Group | None:
    """Return the group whose key starts with some letters, or None; raises UsageError where several do."""
    named = [group for group in groups if group.key.startswith(letters)]
    if len(named) > 1:
        titles = " and ".join(f"{visible(group.title)} [{group.key}]" for group in named[:2])
        raise UsageError(
            f"{letters}: {plural(len(named), 'cause')} have such a key: {titles}", hint="give more letters"
        )
    return named[0] if named else None
