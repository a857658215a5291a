"""Idioms of whole bodies: bodies of two kinds, malformed bodies, and line ends."""

from typing import Final

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.kind_names import HTML, JSON, MULTIPART, TABLE, TEXT, XML
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.idiom import Contradiction, Idiom, cures
from conformance.comparison.values.lossless_json import NOT_UTF_8 as _ANOTHER_CHARSET
from conformance.comparison.values.lossless_json import TOO_DEEP

_TEXTUAL: Final = frozenset({"text", "HTML", "XML"})


TEXT_VS_JSON: Final = Idiom(
    name="text-vs-json-error",
    title="text vs JSON error",
    explanation="An error has a JSON body on one side, and a text, a page or XML on the other, "
    "often the framework's own.",
    cures=cures(
        XML,
        go=("an error writer that writes JSON for all handlers", 15),
        rust=("IntoResponse of the error type, which writes JSON", 20),
        python=("the exception handler, which writes JSON", 10),
        typescript=("the framework's error hook, which writes JSON", 10),
        java=("an exception handler that produces application/json", 15),
        csharp=("an exception handler that writes JSON, not what an XML formatter makes", 10),
    )
    + cures(
        *sorted(_TEXTUAL),
        unless=Contradiction.JSON_ERRORS,
        go=("an error writer instead of http.Error", 15),
        rust=("a rejection handler: the extractor's own rejections are text", 20),
        python=("the framework's exception handler", 10),
        typescript=("the framework's error hook", 10),
        java=("an exception handler; in Spring a @RestControllerAdvice", 15),
        csharp=("an exception handler instead of the developer's page", 10),
    )
    + cures(
        *sorted(_TEXTUAL),
        go=(
            "the writer of its other errors here, too: a NotFound handler, or no http.Error",
            5,
        ),
        rust=(
            "the type of its other errors here, too: a fallback, or a rejection handler",
            5,
        ),
        python=("the exception handler of its other errors for this one, too", 5),
        typescript=("the handler of its other errors for this one, too", 5),
        java=("the exception handler of its other errors for this one, too", 5),
        csharp=("the exception handler of its other errors for this one, too", 5),
    ),
    broken=_TEXTUAL,
    harm=Harm.LOOKS,
)


OTHER_ERROR_PAGE: Final = Idiom(
    name="another-error-page",
    title="different error page",
    explanation="Both answer the error with a page, each with its own: usually the framework's "
    "default.",
    cures=cures(
        bodies={HTML},
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
        bodies={TEXT},
        go=("the line ends of the others where the text is made, also after the last line", 1),
        rust=("the line ends of the others where the text is made, also after the last line", 1),
        python=(
            (
                "the line ends of the others where the text is made; newline='' writes them as "
                "they are"
            ),
            1,
        ),
        typescript=(
            "the line ends of the others where lines are joined, also after the last line",
            1,
        ),
        java=('"\\n" or "\\r\\n" as the others have it, not the system\'s line separator', 1),
        csharp=('"\\n" or "\\r\\n" as the others have it, not Environment.NewLine', 1),
    ),
    harm=Harm.LOOKS,
)


MISLABELLED: Final = Idiom(
    name="body-not-its-label",
    title="a body that is not what its Content-Type says",
    explanation="One side's Content-Type names another kind of body than it sends, such as JSON "
    "above a text, or text above JSON.",
    cures=cures(
        go=("the Content-Type that the handler sets, beside what it writes", 1),
        rust=("the content-type of the response, beside its body", 1),
        python=("the response class, beside what it is given", 1),
        typescript=("the content type that is set, beside what is sent", 1),
        java=("the `produces` of the mapping, beside what it returns", 1),
        csharp=("the content type of the result, beside its value", 1),
    ),
    broken=frozenset({"text", "HTML", "binary"}),
)


def _whole(writer: str) -> tuple[str, int | None]:
    """Return a fix, of unknown size, for a body that ends early or that several writers made."""
    return f"{writer} for all of the body, and whatever ends it early", None


MALFORMED: Final = Idiom(
    name="malformed-body",
    title="a malformed or cut-off body",
    explanation="One side's body begins as its Content-Type says, and cannot be parsed: it ends "
    "too early, or it was not written by a serialiser.",
    cures=cures(
        wanted={XML},
        go=_whole("encoding/xml, which declares its prefixes,"),
        rust=_whole("an XML writer such as quick_xml, with its prefixes declared,"),
        python=_whole("xml.etree, which declares its prefixes,"),
        typescript=_whole("an XML writer, with its prefixes declared,"),
        java=_whole("an XMLStreamWriter, with its prefixes declared,"),
        csharp=_whole("an XmlWriter, which declares its prefixes,"),
    )
    + cures(
        wanted={TABLE},
        go=_whole("csv.Writer, which quotes cells,"),
        rust=_whole("the csv crate's Writer, which quotes cells,"),
        python=_whole("csv.writer, which quotes cells,"),
        typescript=_whole("a CSV writer, which quotes cells,"),
        java=_whole("a CSV writer, which quotes cells,"),
        csharp=_whole("a CSV writer, which quotes cells,"),
    )
    + cures(
        wanted={MULTIPART},
        go=_whole("a multipart.Writer and its Close(), which writes the last boundary,"),
        rust=_whole("a writer of parts, which writes the last boundary,"),
        python=_whole("a writer of parts, which writes the last boundary,"),
        typescript=_whole("FormData, which writes the last boundary,"),
        java=_whole("a writer of parts, which writes the last boundary,"),
        csharp=_whole("a MultipartContent, which writes the last boundary,"),
    )
    + cures(
        wanted={JSON},
        typescript=(
            (
                "where the body is written: JSON.stringify of all of it, and whatever ends the "
                "answer early"
            ),
            None,
        ),
    )
    + cures(
        go=(
            (
                "where the body is written: the encoder's error, and whatever ends the answer "
                "before its end"
            ),
            None,
        ),
        rust=(
            (
                "where the body is written: the serialiser's error, and whatever ends the stream "
                "before its end"
            ),
            None,
        ),
        python=(
            (
                "where the body is written: a serialiser for all of it, and whatever ends the "
                "stream early"
            ),
            None,
        ),
        typescript=(
            (
                "where the body is written: a serialiser for all of it, and whatever ends the "
                "answer early"
            ),
            None,
        ),
        java=(
            (
                "where the body is written: a serialiser for all of it, and an exception in the "
                "midst of it"
            ),
            None,
        ),
        csharp=(
            (
                "where the body is written: a serialiser for all of it, and an exception in the "
                "midst of it"
            ),
            None,
        ),
    ),
    broken=frozenset({"text", "binary"}),
)


NOT_UTF_8: Final = Idiom(
    name="json-not-utf-8",
    title="JSON in another charset",
    explanation="One side sends JSON in another charset than UTF-8, such as Latin-1 or UTF-16; "
    "others cannot read it.",
    cures=cures(
        go=("UTF-8 where the body is written; text of another charset is decoded first", 2),
        rust=("UTF-8 where the body is written; text of another charset is decoded first", 2),
        python=("UTF-8 where the body is encoded: json.dumps(…).encode()", 1),
        typescript=('"utf8" instead of "latin1" or "utf16le" where the body becomes bytes', 1),
        java=("StandardCharsets.UTF_8 where the body is written", 1),
        csharp=("Encoding.UTF8 where the body is written", 1),
    ),
    broken=frozenset({"text", "binary"}),
)


def body_kind_idiom(a: Body, b: Body, *, errors: bool) -> str | None:
    """Return the name of the idiom that explains two bodies of different kinds, or None.

    `errors` is true if both answers are errors.
    """
    if a.malformed == b.kind or b.malformed == a.kind:
        return MALFORMED.name
    other_kinds = {a.kind_by_label: b, b.kind_by_label: a}
    if JSON in other_kinds:
        return _beside_json(other_kinds[JSON], errors=errors)
    # beside a second text a label proves nothing: the other body must be of the kind it names
    for body, other in ((a, b), (b, a)):
        if _is_none_of_its_kind(body):
            return MISLABELLED.name if other.structured else None
    return None


def _beside_json(body: Body, *, errors: bool) -> str | None:
    """Return the name of the idiom that explains a body of another kind beside a JSON body."""
    if body.label_kind:
        # the label says JSON, but the content was read as another kind
        is_in_another_charset = _ANOTHER_CHARSET in body.notes
        return NOT_UTF_8.name if is_in_another_charset else MISLABELLED.name
    if _is_a_misfit(body):
        return MISLABELLED.name
    if errors and body.kind in _TEXTUAL:
        return TEXT_VS_JSON.name
    return None


def _is_none_of_its_kind(body: Body) -> bool:
    """Return whether a body is not of its label's kind, and a note says so.

    A document that is only too large to be parsed has no such note.
    """
    return bool(body.notes) and _is_a_misfit(body)


def _is_a_misfit(body: Body) -> bool:
    """Return whether a body could not be parsed as its label's kind, for any reason but depth."""
    if not body.misfit or TOO_DEEP in body.notes:
        return False
    return body.kind in MISLABELLED.broken
