"""Idioms of header fields: the charset, the form of Location, the letter case of names."""

from typing import Final

from conformance.comparison.answers.location import OWN_FORMS
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.idiom import Idiom, cures

CHARSET_PARAMETER: Final = Idiom(
    name="charset-parameter",
    title="charset parameter",
    explanation="The media type names a charset on one side only, or another one.",
    cures=cures(
        go=("the Content-Type that the handler sets", 1),
        rust=("the content-type that the response sets", 1),
        python=("the response class's media type or charset", 1),
        typescript=("the content type that is set, or the framework's default for such a body", 2),
        java=("the `produces` of the mapping, or the encoding filter", 2),
        csharp=("the content type of the result", 1),
    ),
    harm=Harm.LOOKS,
)


LOCATION_FORM: Final = Idiom(
    name="location-form",
    title="form of Location",
    explanation="A redirect or a new resource is named in two forms: as a whole URL, as a path "
    "from the root, or as a path relative to the request.",
    cures=cures(
        "absolute URL",
        go=("a path for http.Redirect or the Location header", 2),
        rust=("a path for Redirect or the Location header", 2),
        python=("a path for the response; url_for may make a whole URL", 2),
        typescript=("a path for redirect or location", 2),
        java=("a path; fromCurrentRequest makes a whole URL", 2),
        csharp=("Created(path) instead of CreatedAtAction, which makes a whole URL", 2),
    )
    + cures(
        "absolute path",
        "relative path",
        go=("the URL given to http.Redirect or the Location header", 2),
        rust=("the URL given to Redirect or the Location header", 2),
        python=("the URL given to the response", 2),
        typescript=("the URL given to redirect or location", 2),
        java=("the URL given to the response; fromCurrentRequest makes a whole one", 2),
        csharp=("the URL given to the result; CreatedAtAction makes a whole one", 2),
    ),
)


HEADER_NAME_CASE: Final = Idiom(
    name="header-name-case",
    title="different letter case in header names",
    explanation="The name of a header field that the case names is sent with other capitals; HTTP "
    "reads them alike.",
    cures=cures(
        "lower case",
        "mixed case",
        go=("Header.Set instead of a direct entry in the map: it sends Capitalised names", 1),
        rust=("title_case_headers of hyper, which sends Capitalised names", 1),
        python=(
            (
                "under WSGI the name given to the response; an ASGI server sends lower case, and "
                "has no option"
            ),
            1,
        ),
        typescript=("the name given to setHeader, which is sent as it is", 1),
        java=("the name given to setHeader, which is sent as it is", 1),
        csharp=("the name given to Headers, sent as it is unless Kestrel knows the name", 1),
    )
    + cures(
        go=("a direct entry in the header map: it is sent as it is", 1),
        rust=("no title_case_headers of hyper: names are lower case without it", 1),
        python=(
            (
                "under WSGI the name given to the response; an ASGI server sends lower case, and "
                "has no option"
            ),
            1,
        ),
        typescript=("the name given to setHeader, which is sent as it is", 1),
        java=("the name given to setHeader, which is sent as it is", 1),
        csharp=("the name given to Headers, sent as it is unless Kestrel knows the name", 1),
    ),
    harm=Harm.LOOKS,
)


def name_cases(a: str, b: str) -> tuple[str, str]:
    """Return the letter cases of two spellings of one header name.

    If both have the same letter case, the spellings themselves are returned.
    """
    cases = _case_of(a), _case_of(b)
    return cases if cases[0] != cases[1] else (a, b)


def _case_of(name: str) -> str:
    """Return the letter case of a header's name."""
    if name == name.lower():
        return "lower case"
    capitalised = "-".join(map(str.capitalize, name.split("-")))
    return "Capitalised" if name == capitalised else "mixed case"


def header_idiom(field: str, a_fact: str, b_fact: str) -> str | None:
    """Return the name of the idiom that explains two facts of a header field, or None."""
    if field == "content-type;charset":
        return CHARSET_PARAMETER.name
    if field == "location" and {a_fact, b_fact} <= OWN_FORMS:
        return LOCATION_FORM.name
    return None
