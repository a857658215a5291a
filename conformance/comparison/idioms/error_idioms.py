"""Idioms of the JSON bodies of errors: asked for where both answers are errors, after all others."""

from typing import Final

from conformance.comparison.idioms.error_bodies import error_shape, problem_document
from conformance.comparison.idioms.idiom import Idiom, cures

PROBLEM_DOCUMENT: Final = "problem-document"
ERROR_IDIOMS: Final[tuple[Idiom, ...]] = (
    Idiom(
        name=PROBLEM_DOCUMENT,
        title="problem document vs own error shape",
        explanation="One side writes errors as RFC 9457 problem documents; the other has members of its own.",
        cures=cures(
            go=("one error writer for all handlers", 25),
            rust=("IntoResponse of the error type", 25),
            python=("one exception handler for all routes", 20),
            typescript=("the framework's error hook", 15),
            java=("ProblemDetail from a @RestControllerAdvice", 15),
            csharp=("AddProblemDetails", 5),
        ),
        detect=problem_document,
    ),
    Idiom(
        name="error-shape",
        title="another shape of errors",
        explanation="Each side writes errors with members of its own, usually its framework's default.",
        cures=cures(
            go=("one error writer for all handlers", 25),
            rust=("IntoResponse of the error type, and a handler for the extractors' rejections", 30),
            python=("one exception handler for all routes, the framework's own errors included", 20),
            typescript=("the framework's error hook", 15),
            java=("a @RestControllerAdvice instead of the default error attributes", 20),
            csharp=("an exception handler, and ApiBehaviorOptions for invalid models", 20),
        ),
        detect=error_shape,
    ),
)
