"""Idioms of two different statuses for the same request."""

import re
from collections.abc import Callable
from itertools import product, starmap
from typing import Final
from urllib.parse import urljoin, urlsplit

from conformance.comparison.harm import SERVER_ERRORS
from conformance.comparison.idioms.idiom import Contradiction, Idiom, cures
from conformance.model.observation import Answer

FIRST_ERROR: Final = 400
SUCCESSES: Final = range(200, 300)
NO_CONTENT: Final = 204
_MEANING_SUCCESS: Final = frozenset({200, 201, 202, 203})
"""Successes that promise equally much content; 206 and 207 promise something else."""
NOT_FOUND: Final = 404
_LOOKED_AT: Final = 2_000
"""How many bytes of a body are searched: the texts of routers are shorter."""
_NO_ROUTE_TEXT: Final = re.compile(
    r"\A404 page not found\Z"  # Go: net/http, chi, gorilla
    r'|\A\{"detail":\s*"Not Found"\}\Z'  # Starlette, FastAPI
    r"|The requested URL was not found on the server"  # Flask, Werkzeug
    r"|Cannot [A-Z]+ /"  # Express
    r'|"message":\s*"Route [A-Z]+:\S* not found"'  # Fastify
    r'|\A\{"timestamp":.*"status":\s*404,\s*"error":\s*"Not Found".*"path":'  # Spring Boot
)
"""What routers answer for an unknown path; an empty body (axum, ASP.NET) is no evidence."""
_PERMANENT: Final = frozenset({301, 308})
_TEMPORARY: Final = frozenset({302, 303, 307})
REDIRECTS: Final = frozenset({300, 301, 302, 303, 307, 308})
"""Statuses whose Location a client follows."""
_REDIRECTS: Final = frozenset({301, 302, 307, 308})
_REDIRECTING: Final = tuple(sorted(map(str, _REDIRECTS)))
_WITH_CONTENT: Final = tuple(str(status) for status in SUCCESSES if status != NO_CONTENT)

VALIDATION_STATUS: Final = Idiom(
    name="validation-status",
    title="400 vs 422 for invalid input",
    explanation="What cannot be processed is a bad request on one side and unprocessable content "
    "on the other.",
    cures=cures(
        go=("the status that the validation error is written with", 2),
        rust=("the status of the extractor's rejection", 5),
        python=("the status in the handler of the validation error", 5),
        typescript=("the status in the validator's error hook", 3),
        java=("the status in the handler of the validation exception", 5),
        csharp=("the status in InvalidModelStateResponseFactory", 5),
    ),
)

METHOD_STATUS: Final = Idiom(
    name="method-status",
    title="404 vs 405",
    explanation="One side says that nothing is there, the other that the method is not allowed.",
    cures=cures(
        "404",
        unless=Contradiction.PATH_UNKNOWN,
        go=("405 with Allow: patterns with methods in ServeMux, or the router's method handler", 3),
        rust=(
            (
                "405 with Allow: the methods of the path in one route; in axum one MethodRouter, "
                "and no fallback before it"
            ),
            3,
        ),
        python=("405 with Allow: the methods of the route", 1),
        typescript=(
            "405 with Allow: a handler for the other methods of the path; in Express router.all",
            5,
        ),
        java=("405 with Allow: the mapping's methods", 1),
        csharp=("405 with Allow: the route's method constraint", 1),
    )
    + cures(
        "405",
        unless=Contradiction.PATH_KNOWN,
        go=("the router's method handler: answer 404", 3),
        rust=("method_not_allowed_fallback of the router: answer 404", 3),
        python=("the handler of the 405: answer 404", 3),
        typescript=("the handler for other methods: answer 404", 3),
        java=("a handler for the exception of an unsupported method: answer 404", 5),
        csharp=("a handler for other methods: answer 404", 3),
    ),
)

CREATED_STATUS: Final = Idiom(
    name="created-status",
    title="200 vs 201 for a creation",
    explanation="Something new is answered with 201 Created on one side and plain success on the "
    "other.",
    cures=cures(
        "200",
        unless=Contradiction.SAME_STATUS,
        go=("w.WriteHeader(http.StatusCreated)", 1),
        rust=("(StatusCode::CREATED, …) as the return value", 1),
        python=("status 201 of the answer; in FastAPI status_code=201", 1),
        typescript=("status(201) where the answer is sent", 1),
        java=("status 201; in Spring @ResponseStatus(CREATED)", 1),
        csharp=("Created(…) instead of Ok(…)", 1),
    )
    + cures(
        "201",
        unless=Contradiction.SAME_STATUS,
        go=("no w.WriteHeader(http.StatusCreated)", 1),
        rust=("no StatusCode::CREATED in the return value", 1),
        python=("status 200 of the answer; in FastAPI no status_code=201", 1),
        typescript=("no status(201) where the answer is sent", 1),
        java=("status 200; in Spring no @ResponseStatus(CREATED)", 1),
        csharp=("Ok(…) instead of Created(…)", 1),
    ),
)

NO_CONTENT_STATUS: Final = Idiom(
    name="no-content-status",
    title="204 vs a success with a body",
    explanation="A success says nothing more on one side and sends a body on the other.",
    cures=cures(
        "204",
        unless=Contradiction.SAME_STATUS,
        go=("a body instead of w.WriteHeader(http.StatusNoContent)", 2),
        rust=("a body instead of StatusCode::NO_CONTENT", 2),
        python=("a return value, and status 200 instead of 204", 2),
        typescript=("a body instead of status(204).end()", 2),
        java=("a body and status 200 instead of 204", 2),
        csharp=("Ok(…) instead of NoContent()", 2),
    )
    + cures(
        *_WITH_CONTENT,
        unless=Contradiction.SAME_STATUS,
        go=("w.WriteHeader(http.StatusNoContent), and no body", 2),
        rust=("StatusCode::NO_CONTENT as the return value", 2),
        python=("status 204 of the answer, and no return value", 2),
        typescript=("status(204).end()", 2),
        java=("status 204, and no body; in Spring ResponseEntity.noContent()", 2),
        csharp=("NoContent()", 2),
    ),
)

SUCCESS_STATUS: Final = Idiom(
    name="success-status",
    title="different success status",
    explanation="Both sides answer with success, each with another status.",
    cures=cures(
        unless=Contradiction.SAME_STATUS,
        go=("w.WriteHeader with status {others}", 1),
        rust=("status {others} in the return value", 1),
        python=("status {others} for the route or its response", 1),
        typescript=("status {others} where the answer is sent", 1),
        java=("status {others} for the answer", 1),
        csharp=("status {others} for the result", 1),
    ),
    names_others=True,
)

CREDENTIALS_STATUS: Final = Idiom(
    name="credentials-status",
    title="401 vs 403",
    explanation="A caller without the right credentials is asked for them on one side and refused "
    "on the other.",
    cures=cures(
        go=("the status in the authentication middleware", 2),
        rust=("the rejection of the authentication extractor", 3),
        python=("the exception of the authentication dependency", 2),
        typescript=("the status in the authentication middleware", 2),
        java=(
            (
                "the status in the authentication filter; in Spring Security the "
                "AuthenticationEntryPoint (401) and the AccessDeniedHandler (403)"
            ),
            5,
        ),
        csharp=("Challenge() (401) or Forbid() (403)", 2),
    ),
)

SERVER_ERROR: Final = Idiom(
    name="server-error-vs-refusal",
    title="server error where the other refuses",
    explanation="A request that one side refuses makes the other fail: an error on the way is not "
    "handled.",
    cures=cures(
        go=("return the error and map it to a status, where it is first seen", 10),
        rust=("map the error in IntoResponse instead of unwrap()", 10),
        python=("catch the exception and raise the framework's own", 5),
        typescript=("catch the rejection and answer it", 5),
        java=("a handler for the exception", 5),
        csharp=("map the exception in the exception handler", 5),
    ),
    broken=SERVER_ERRORS,
)

TRAILING_SLASH: Final = Idiom(
    name="trailing-slash-redirect",
    title="redirect for a trailing slash",
    explanation="A path with or without a slash at its end is redirected on one side and answered "
    "on the other.",
    cures=cures(
        *_REDIRECTING,
        go=("a pattern for the path just as it is asked, so that nothing redirects it", 1),
        rust=("both routes, and no redirect", 2),
        python=("both routes, and no redirect; in FastAPI redirect_slashes=False", 2),
        typescript=("no redirect, and both routes", 2),
        java=("both paths in the mapping", 1),
        csharp=("both routes, and no redirect", 2),
    )
    + cures(
        go=("a redirect to the path that the others redirect to", 2),
        rust=("a redirect to the path that the others redirect to", 2),
        python=(
            (
                "a redirect to the path that the others redirect to; in FastAPI "
                "redirect_slashes makes one"
            ),
            2,
        ),
        typescript=("a redirect to the path that the others redirect to", 2),
        java=("a redirect to the path that the others redirect to", 2),
        csharp=("a redirect to the path that the others redirect to", 2),
    ),
)

NO_ROUTE: Final = Idiom(
    name="no-such-route",
    title="the framework's own 404",
    explanation="A runtime of one side answers 404 in the words that its framework has for a path "
    "without a route; the other side answers with success.",
    cures=cures(
        "404",
        unless=Contradiction.ROUTE_ANSWERS,
        go=("register the pattern", 2),
        rust=("add the route to the router", 2),
        python=("add the route, or include its router", 2),
        typescript=("register the handler", 2),
        java=("add the mapping", 2),
        csharp=("map the endpoint", 2),
    ),
    broken=frozenset({str(NOT_FOUND)}),
)

REDIRECT_PERMANENCE: Final = Idiom(
    name="redirect-permanence",
    title="permanent vs temporary redirect",
    explanation="The same request is redirected for good on one side, which callers may remember, "
    "and for now on the other.",
    cures=cures(
        go=("the status given to http.Redirect", 1),
        rust=("the status of the redirect; in axum Redirect::permanent or temporary", 1),
        python=("the status of the redirect", 1),
        typescript=("the status given to redirect", 1),
        java=("the status of the redirect", 1),
        csharp=("RedirectPermanent instead of Redirect, or the reverse", 1),
    ),
)

OF_STATUSES: Final = frozenset(
    idiom.name
    for idiom in (
        VALIDATION_STATUS,
        METHOD_STATUS,
        CREATED_STATUS,
        NO_CONTENT_STATUS,
        SUCCESS_STATUS,
        CREDENTIALS_STATUS,
        SERVER_ERROR,
        TRAILING_SLASH,
        NO_ROUTE,
        REDIRECT_PERMANENCE,
    )
)
"""The names of the idioms that explain two statuses."""
_BY_PAIR: Final[dict[frozenset[int], str]] = {
    **dict.fromkeys(map(frozenset, product(_MEANING_SUCCESS, repeat=2)), SUCCESS_STATUS.name),
    frozenset({400, 422}): VALIDATION_STATUS.name,
    frozenset({404, 405}): METHOD_STATUS.name,
    frozenset({200, 201}): CREATED_STATUS.name,
    frozenset({401, 403}): CREDENTIALS_STATUS.name,
}


def status_idiom(a: Answer, b: Answer, target: str, *, one_place: bool = True) -> str | None:
    """Return the name of the idiom that explains the statuses of two answers, or None.

    `target` is that of the request; `one_place` is true if all redirects lead to one place.
    """
    statuses = frozenset({a.status, b.status})
    if NO_CONTENT in statuses and statuses.issubset(SUCCESSES):
        # without content, 204 and 200 mean the same
        has_content = a.body or b.body
        return NO_CONTENT_STATUS.name if has_content else SUCCESS_STATUS.name
    # permanent or temporary is only a question if both redirect to one place
    detectors = _BY_ANSWERS.copy()
    if not one_place:
        del detectors[REDIRECT_PERMANENCE.name]

    def is_explained_by(idiom: str) -> bool:
        return any(starmap(detectors[idiom], ((a, b, target), (b, a, target))))

    return next(filter(is_explained_by, detectors), _BY_PAIR.get(statuses))


def _fails_beside_a_refusal(failing: Answer, refusing: Answer, _: str) -> bool:
    statuses = map(str, (failing.status, refusing.status))
    only_the_first_fails = list(map(SERVER_ERRORS.__contains__, statuses)) == [True, False]
    return only_the_first_fails and refusing.status >= FIRST_ERROR


def _redirects_for_good(permanent: Answer, temporary: Answer, _: str) -> bool:
    return permanent.status in _PERMANENT and temporary.status in _TEMPORARY


def _has_no_route(missing: Answer, other: Answer, _: str) -> bool:
    """Return whether only the first answer is a 404 with a router's text for an unknown path."""
    if missing.status != NOT_FOUND or other.status not in SUCCESSES:
        return False
    text = missing.body[:_LOOKED_AT].decode("utf-8", "replace").strip()
    return _NO_ROUTE_TEXT.search(text) is not None


def _redirects_to_a_slash(redirect: Answer, other: Answer, target: str) -> bool:
    if redirect.status not in _REDIRECTS or other.status in _REDIRECTS:
        return False
    return leads_to_a_slash(redirect, target)


_BY_ANSWERS: Final[dict[str, Callable[[Answer, Answer, str], bool]]] = {
    SERVER_ERROR.name: _fails_beside_a_refusal,
    REDIRECT_PERMANENCE.name: _redirects_for_good,
    NO_ROUTE.name: _has_no_route,
    TRAILING_SLASH.name: _redirects_to_a_slash,
}
"""Checks of two answers and a target, called in both orders; the first that is true counts."""


def leads_to_a_slash(redirect: Answer, target: str) -> bool:
    """Return whether a redirect only adds or removes the final slash of the path.

    Its query is empty or that of the request.  The root has no counterpart.
    """
    try:
        there = urlsplit(urljoin(target, redirect.header_text("location")))
    except ValueError:
        return False
    path, _, query = target.partition("?")
    shorter, longer = sorted((path, there.path), key=len)
    is_root = not shorter.strip("/")
    if is_root or longer != f"{shorter}/":
        return False
    return there.query in {"", query}
