"""Bodies of another kind, and the line ends of texts."""

from collections.abc import Set as AbstractSet
from typing import Final

from conformance.comparison.harm import Harm
from conformance.comparison.idioms.idiom import Idiom, cures

_TEXTUAL: Final = frozenset({"text", "HTML", "XML"})


TEXT_VS_JSON: Final = Idiom(
    name="text-vs-json-error",
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
    broken=_TEXTUAL,
    harm=Harm.LOOKS,
)


OTHER_ERROR_PAGE: Final = Idiom(
    name="another-error-page",
    title="another error page",
    explanation="Both answer the error with a page, each with its own: usually the framework's default.",
    cures=cures(
        go=("an error handler for all routes", 15),
        rust=("a handler for rejections and a fallback", 20),
        python=("the framework's exception handler", 10),
        typescript=("the framework's error hook", 10),
        java=("an error page of the application, and server.error.whitelabel off", 15),
        csharp=("UseStatusCodePages with pages of the application", 10),
    ),
)


LINE_ENDS: Final = Idiom(
    name="line-ends",
    title="line ends",
    explanation="The lines of a text end in another way, or the last one has no end on one side.",
    cures=cures(
        go=("Fprint instead of Fprintln; http.Error adds a line end", 1),
        rust=("write! instead of writeln!", 1),
        python=("newline='' where the text is made", 1),
        typescript=("join('\\n') where the text is made", 1),
        java=('"\\n" instead of the system\'s line separator', 1),
        csharp=('"\\n" instead of Environment.NewLine', 1),
    ),
    harm=Harm.LOOKS,
)


def body_kind_idiom(kinds: AbstractSet[str], *, errors: bool) -> str | None:
    """Name what explains that two bodies are of different kinds; `errors` says that both answers are errors."""
    text_error = errors and "JSON" in kinds and bool(kinds & _TEXTUAL)
    return TEXT_VS_JSON.name if text_error else None
