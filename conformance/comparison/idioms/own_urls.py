"""URLs of the runtime itself, written as whole URLs or as paths."""

import re
from typing import Final

from conformance.comparison.idioms.claim import Spellings
from conformance.comparison.idioms.conditions import between_texts
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.model.own_url import SPELLING

_URL: Final = "absolute URL"
_PATH: Final = "absolute path"
_RELATIVE: Final = "relative path"
_BEFORE_A_PATH: Final = re.compile(re.escape(SPELLING) + "(?=/)")


@between_texts
def own_url_form(a: str, b: str) -> Spellings:
    """Recognise a URL of the runtime itself on one side, its path alone on the other."""
    if SPELLING not in a or SPELLING in b:
        return None
    is_root = (a, b) == (SPELLING, "/")
    if is_root or _BEFORE_A_PATH.sub("", a) == b:
        return _URL, _PATH
    if b and a == f"{SPELLING}/{b}":
        return _URL, _RELATIVE
    return None


OWN_URL_FORM: Final = Idiom(
    name="own-url-form",
    title="own URLs in a different form",
    explanation="A link to the runtime itself is a whole URL on one side, and on the other the "
    "path that it leads to.",
    cures=cures(
        _URL,
        go=("the path where links are made, without scheme and Host of the request", 2),
        rust=("the path where links are made, without scheme and host of the request", 2),
        python=("url_path_for or the path, where url_for makes a whole URL", 2),
        typescript=("the path where links are made, without the origin of the request", 2),
        java=("the path where links are made: fromCurrentRequest makes a whole URL", 2),
        csharp=("LinkGenerator.GetPathBy… instead of GetUriBy… where links are made", 2),
    )
    + cures(
        _PATH,
        _RELATIVE,
        go=("scheme and Host of the request before the path where links are made", 2),
        rust=("scheme and host of the request before the path where links are made", 2),
        python=("url_for of the request, or its base URL before the path", 2),
        typescript=("the origin of the request before the path where links are made", 2),
        java=("fromCurrentContextPath before the path where links are made", 2),
        csharp=("LinkGenerator.GetUriBy… instead of GetPathBy… where links are made", 2),
    ),
    any_body=True,
    detect_pair=own_url_form,
)


def own_url_forms(a: str, b: str) -> Spellings:
    """Return the forms of two texts, whichever has whole URLs; None for other texts."""
    reverse = own_url_form(b, a)
    return own_url_form(a, b) if reverse is None else reverse[::-1]
