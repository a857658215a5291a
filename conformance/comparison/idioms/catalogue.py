"""The catalogue: each idiom's name, what it means in one sentence, and where it is usually mended, per language.

The sizes of the fixes are rough numbers of lines for one place, from what such a change usually takes: they rank work,
no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from conformance.comparison.idioms.claim import Detector
from conformance.comparison.idioms.objects import envelope, externally_tagged_enum, key_case
from conformance.comparison.idioms.scalars import (
    integer_vs_float,
    null_vs_empty_list,
    number_as_string,
    scalar_vs_list,
    timestamp_form,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """Where a difference is mended in one language, and in about how many lines."""

    where: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Idiom:
    """A named cause.  `detect` is None where the walk itself sees the idiom (members and whole bodies)."""

    name: str
    title: str
    explanation: str
    cures: Mapping[str, Cure]
    detect: Detector | None = None


def _cures(**by_language: tuple[str, int]) -> Mapping[str, Cure]:
    return MappingProxyType({name: Cure(where=where, lines=lines) for name, (where, lines) in by_language.items()})


NULL_VS_ABSENT: Final = "null-vs-absent"
TEXT_VS_JSON: Final = "text-vs-json-error"

IDIOMS: Final[tuple[Idiom, ...]] = (
    Idiom(
        name="externally-tagged-enum",
        title="externally tagged enum vs flat struct",
        explanation='One side writes an enum as {"Variant": {…}}, as serde does by default; the other writes '
        "the fields of a struct with the variant's name among them. Each reads its own form back; a caller that swaps "
        "one for the other breaks.",
        cures=_cures(
            go=("a MarshalJSON on the error type that writes {Variant: fields}", 50),
            rust=('#[serde(tag = "…")] on the enum, or a flat struct for the wire', 10),
            python=("the serialiser of the error type", 15),
            typescript=("the function that builds the error body", 15),
        ),
        detect=externally_tagged_enum,
    ),
    Idiom(
        name="envelope",
        title="enveloped vs bare",
        explanation="One side wraps the value in an object with one more level; the other sends the value itself.",
        cures=_cures(
            go=("the response struct of the handler", 10),
            rust=("the response type of the handler", 10),
            python=("the response model of the handler", 5),
            typescript=("the handler's return value", 5),
        ),
        detect=envelope,
    ),
    Idiom(
        name="key-case",
        title="member names in another case",
        explanation="The same members are spelled by another convention, usually a serialiser's default.",
        cures=_cures(
            go=("json struct tags on the exported fields", 1),
            rust=('#[serde(rename_all = "…")] on the type', 1),
            python=("an alias generator or the serialiser's rename option", 2),
            typescript=("the interface of the response and what fills it", 5),
        ),
        detect=key_case,
    ),
    Idiom(
        name="null-vs-empty-list",
        title="null vs empty list",
        explanation="A list with nothing in it is null on one side and [] on the other.",
        cures=_cures(
            go=("make([]T, 0) instead of a nil slice", 2),
            rust=("Vec with #[serde(default)] instead of Option<Vec>", 2),
            python=("a default of [] instead of None", 1),
            typescript=("?? [] where the body is built", 1),
        ),
        detect=null_vs_empty_list,
    ),
    Idiom(
        name="integer-vs-float",
        title="integer vs float",
        explanation="The same number is written with a fraction on one side and without on the other.",
        cures=_cures(
            go=("the field's type: int64 or float64; encoding/json writes a whole float64 as an integer", 5),
            rust=("the field's type: i64 or f64", 1),
            python=("int() or float() where the body is built", 1),
            typescript=("a number formatter; JSON.stringify writes 1.0 as 1", 5),
        ),
        detect=integer_vs_float,
    ),
    Idiom(
        name="number-as-string",
        title="number as string",
        explanation="A number is written as text on one side, often to keep more digits than a double holds.",
        cures=_cures(
            go=("the `,string` option of the struct tag", 1),
            rust=("serde_with::DisplayFromStr on the field", 2),
            python=("the field's type in the response model", 1),
            typescript=("Number() or String() where the body is built", 1),
        ),
        detect=number_as_string,
    ),
    Idiom(
        name="timestamp-form",
        title="timestamp form",
        explanation="A point in time is written in another form: another zone spelling, another separator, or an "
        "epoch number.",
        cures=_cures(
            go=("time.RFC3339 in UTC in a MarshalJSON of the type", 8),
            rust=("the serde module of the time field", 3),
            python=("isoformat() in UTC with Z, in one place", 3),
            typescript=("toISOString() where the body is built", 1),
        ),
        detect=timestamp_form,
    ),
    Idiom(
        name="scalar-vs-list",
        title="single value vs list",
        explanation="One value stands alone on one side and in a list of one on the other.",
        cures=_cures(
            go=("the field's type: T or []T", 5),
            rust=("the field's type: T or Vec<T>; serde_with::OneOrMany reads both", 5),
            python=("the field's type in the response model", 3),
            typescript=("the interface of the response", 3),
        ),
        detect=scalar_vs_list,
    ),
    Idiom(
        name=NULL_VS_ABSENT,
        title="null vs absent",
        explanation="A member without a value is null on one side and left out on the other.",
        cures=_cures(
            go=("omitempty, or a pointer field without it", 1),
            rust=('#[serde(skip_serializing_if = "Option::is_none")]', 1),
            python=("exclude None, or omit_defaults, in the serialiser", 1),
            typescript=("undefined instead of null, or the reverse", 1),
        ),
    ),
    Idiom(
        name=TEXT_VS_JSON,
        title="text vs JSON error",
        explanation="An error has a JSON body on one side and plain text on the other, usually the framework's own "
        "error page.",
        cures=_cures(
            go=("an error writer instead of http.Error", 15),
            rust=("a rejection handler: the extractor's own rejections are text", 20),
            python=("the framework's exception handler", 10),
            typescript=("the framework's error hook", 10),
        ),
    ),
)
BY_NAME: Final[Mapping[str, Idiom]] = MappingProxyType({idiom.name: idiom for idiom in IDIOMS})
