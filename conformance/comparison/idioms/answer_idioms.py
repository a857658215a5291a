"""Idioms of whole answers: their status, their header fields, and bodies of another kind."""

from typing import Final

from conformance.comparison.idioms.idiom import Idiom, cures

TEXT_VS_JSON: Final = "text-vs-json-error"
LINE_ENDS: Final = "line-ends"
CHARSET_PARAMETER: Final = "charset-parameter"
LOCATION_FORM: Final = "location-form"
VALIDATION_STATUS: Final = "validation-status"
METHOD_STATUS: Final = "method-status"
CREATED_STATUS: Final = "created-status"
NO_CONTENT_STATUS: Final = "no-content-status"
CREDENTIALS_STATUS: Final = "credentials-status"
SERVER_ERROR: Final = "server-error-vs-refusal"
TRAILING_SLASH: Final = "trailing-slash-redirect"

ANSWER_IDIOMS: Final[tuple[Idiom, ...]] = (
    Idiom(
        name=TEXT_VS_JSON,
        title="text vs JSON error",
        explanation="An error has a JSON body on one side, text or a page on the other, often the framework's own.",
        cures=cures(
            go=("an error writer instead of http.Error", 15),
            rust=("a rejection handler: the extractor's own rejections are text", 20),
            python=("the framework's exception handler", 10),
            typescript=("the framework's error hook", 10),
            java=("a @RestControllerAdvice, and server.error.whitelabel off", 15),
            csharp=("an exception handler instead of the developer's page", 10),
        ),
    ),
    Idiom(
        name=LINE_ENDS,
        title="line ends",
        explanation="The same lines end in another way, or the last one ends not at all.",
        cures=cures(
            go=("Fprint instead of Fprintln; http.Error adds a line end", 1),
            rust=("write! instead of writeln!", 1),
            python=("newline='' where the text is made", 1),
            typescript=("join('\\n') where the text is made", 1),
            java=('"\\n" instead of the system\'s line separator', 1),
            csharp=('"\\n" instead of Environment.NewLine', 1),
        ),
    ),
    Idiom(
        name=CHARSET_PARAMETER,
        title="charset parameter",
        explanation="The media type names a charset on one side only, or another one; JSON is UTF-8 without it.",
        cures=cures(
            go=("the Content-Type that the handler sets", 1),
            rust=("the content-type that the response sets", 1),
            python=("the response class's media type or charset", 1),
            typescript=("the framework's content-type for JSON", 2),
            java=("the `produces` of the mapping, or the encoding filter", 2),
            csharp=("the content type of the result", 1),
        ),
    ),
    Idiom(
        name=LOCATION_FORM,
        title="form of Location",
        explanation="A redirect or a new resource is named by a whole URL on one side and by a path on the other.",
        cures=cures(
            go=("the URL given to http.Redirect or the Location header", 2),
            rust=("the Uri given to Redirect or the Location header", 2),
            python=("the URL given to the response; url_for may be absolute", 2),
            typescript=("the URL given to redirect or location", 2),
            java=("UriComponentsBuilder: fromCurrentRequest makes a whole URL", 2),
            csharp=("Created(path) instead of CreatedAtAction, which makes a whole URL", 2),
        ),
    ),
    Idiom(
        name=VALIDATION_STATUS,
        title="400 vs 422 for what is not valid",
        explanation="What cannot be processed is a bad request on one side and unprocessable content on the other.",
        cures=cures(
            go=("the status that the validation error is written with", 2),
            rust=("the rejection's status; axum's Json answers 422", 5),
            python=("the handler of the validation error; FastAPI answers 422", 5),
            typescript=("the validator's error hook", 3),
            java=("the advice for MethodArgumentNotValidException, which is 400", 5),
            csharp=("InvalidModelStateResponseFactory, which is 400", 5),
        ),
    ),
    Idiom(
        name=METHOD_STATUS,
        title="404 vs 405 for an unknown method",
        explanation="A path that is there, asked by a method that is not, is missing on one side, not allowed on the "
        "other.",
        cures=cures(
            go=("patterns with methods in ServeMux, or the router's method handler", 3),
            rust=("method_not_allowed_fallback of the router", 3),
            python=("the methods of the route", 1),
            typescript=("a handler for other methods: Express knows none", 5),
            java=("the mapping's methods", 1),
            csharp=("the route's method constraint", 1),
        ),
    ),
    Idiom(
        name=CREATED_STATUS,
        title="200 vs 201 for what was made",
        explanation="Something new is answered with 201 Created on one side and plain success on the other.",
        cures=cures(
            go=("w.WriteHeader(http.StatusCreated)", 1),
            rust=("(StatusCode::CREATED, …) as the return value", 1),
            python=("status_code=201 of the route", 1),
            typescript=("status(201) where the answer is sent", 1),
            java=("@ResponseStatus(CREATED), or ResponseEntity.created", 1),
            csharp=("Created(…) instead of Ok(…)", 1),
        ),
    ),
    Idiom(
        name=NO_CONTENT_STATUS,
        title="204 vs a success with a body",
        explanation="A success says nothing more on one side and sends a body on the other.",
        cures=cures(
            go=("w.WriteHeader(http.StatusNoContent), or a body", 2),
            rust=("StatusCode::NO_CONTENT as the return value, or a body", 2),
            python=("status_code=204 of the route, or a return value", 2),
            typescript=("status(204).end(), or a body", 2),
            java=("ResponseEntity.noContent(), or a body", 2),
            csharp=("NoContent(), or Ok(…)", 2),
        ),
    ),
    Idiom(
        name=CREDENTIALS_STATUS,
        title="401 vs 403",
        explanation="A caller without the right credentials is asked for them on one side and refused on the other.",
        cures=cures(
            go=("the status in the authentication middleware", 2),
            rust=("the rejection of the authentication extractor", 3),
            python=("the exception of the authentication dependency", 2),
            typescript=("the status in the authentication middleware", 2),
            java=("the AuthenticationEntryPoint of the security chain", 5),
            csharp=("Challenge() instead of Forbid(), or the reverse", 2),
        ),
    ),
    Idiom(
        name=SERVER_ERROR,
        title="server error where the other refuses",
        explanation="A request that one side refuses makes the other fail: an error on the way is not handled.",
        cures=cures(
            go=("return the error and map it to a status, where it is first seen", 10),
            rust=("map the error in IntoResponse instead of unwrap()", 10),
            python=("catch the exception and raise the framework's own", 5),
            typescript=("catch the rejection and answer it", 5),
            java=("an @ExceptionHandler for the exception", 5),
            csharp=("map the exception in the exception handler", 5),
        ),
    ),
    Idiom(
        name=TRAILING_SLASH,
        title="redirect for a trailing slash",
        explanation="A path with or without a slash at its end is redirected on one side and answered on the other.",
        cures=cures(
            go=("register the path without the slash; ServeMux redirects to a subtree", 1),
            rust=("NormalizePathLayer, or both routes", 2),
            python=("redirect_slashes=False of the router, or both routes", 1),
            typescript=("the router's strict option", 1),
            java=("both paths in the mapping", 1),
            csharp=("RouteOptions.AppendTrailingSlash, or both routes", 1),
        ),
    ),
)
