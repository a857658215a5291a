"""How members are named: by another convention, or under another name."""

import re
from collections.abc import Iterable


def normalised(name: str) -> str:
    """Return what the spellings of one name share: letters and digits in lower case."""
    return re.sub(r"[_\-\s]", "", name).lower() or name


def style_of(name: str) -> str:
    """Name the convention that a member name follows."""
    if "_" in name.strip("_"):
        return "SCREAMING_SNAKE_CASE" if name.upper() == name else "snake_case"
    if "-" in name.strip("-"):
        return "kebab-case"
    if name[:1].isupper():
        return "UPPERCASE" if name.isupper() and len(name) > 1 else "PascalCase"
    return "lowercase" if name.lower() == name else "camelCase"


def style_of_all(names: Iterable[str]) -> str:
    """Name the convention of several names; a single lower-case word fits most of them."""
    styles = {style_of(name) for name in names}
    if len(styles) > 1:
        styles -= {"lowercase"} if styles & {"snake_case", "camelCase", "kebab-case"} else set()
        styles -= {"UPPERCASE"} if "PascalCase" in styles else set()
    return ", ".join(sorted(styles))


def share_in_common(first: Iterable[str], second: Iterable[str]) -> float:
    """Return which share of all names both sides have, however they are spelled."""
    names, others = set(map(normalised, first)), set(map(normalised, second))
    return len(names & others) / max(1, len(names | others))
