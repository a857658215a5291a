"""Idioms of single values whose type is another: how a number, a boolean, a moment, bytes or nothing is written."""

from typing import Final

from conformance.comparison.idioms import scalars
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.spellings import moment_spelling

SCALAR_IDIOMS: Final[tuple[Idiom, ...]] = (
    Idiom(
        name="null-vs-empty-list",
        title="null vs empty list",
        explanation="A list with nothing in it is null on one side and [] on the other.",
        cures=cures(
            go=("make([]T, 0) instead of a nil slice", 2),
            rust=("Vec with #[serde(default)] instead of Option<Vec>", 2),
            python=("a default of [] instead of None", 1),
            typescript=("?? [] where the body is built", 1),
            java=("List.of() instead of null where the field is set", 1),
            csharp=("= [] as the property's initial value", 1),
        ),
        detect=scalars.null_vs_empty_list,
    ),
    Idiom(
        name="null-vs-empty-text",
        title="null vs empty text",
        explanation='A text that is not there is null on one side and "" on the other.',
        cures=cures(
            go=("*string instead of string", 3),
            rust=("Option<String> instead of String with a default", 3),
            python=("str | None instead of a default of ''", 1),
            typescript=('?? "" or || null where the body is built', 1),
            java=("null instead of an empty string where the field is set", 1),
            csharp=("string? instead of string.Empty", 1),
        ),
        detect=scalars.null_vs_empty_text,
    ),
    Idiom(
        name="integer-vs-float",
        title="integer vs float",
        explanation="The same number is written with a fraction on one side and without on the other.",
        cures=cures(
            go=("the field's type: int64 or float64; encoding/json writes a whole float64 as an integer", 5),
            rust=("the field's type: i64 or f64", 1),
            python=("int() or float() where the body is built", 1),
            typescript=("a number formatter; JSON.stringify writes 1.0 as 1", 5),
            java=("the field's type: long or double", 1),
            csharp=("the property's type: long or double; System.Text.Json writes 1.0 as 1", 5),
        ),
        detect=scalars.integer_vs_float,
    ),
    Idiom(
        name="number-as-string",
        title="number as string",
        explanation="A number is written as text on one side, often to keep more digits than a double holds.",
        cures=cures(
            go=("the `,string` option of the struct tag", 1),
            rust=("serde_with::DisplayFromStr on the field", 2),
            python=("the field's type in the response model", 1),
            typescript=("Number() or String() where the body is built", 1),
            java=("@JsonFormat(shape = STRING), or ToStringSerializer", 1),
            csharp=("[JsonNumberHandling(WriteAsString)]", 1),
        ),
        detect=scalars.number_as_string,
    ),
    Idiom(
        name="boolean-as-text",
        title="boolean as text",
        explanation='A boolean is written as "true" on one side and as true on the other.',
        cures=cures(
            go=("the field's type: bool, or the `,string` option", 1),
            rust=("the field's type: bool", 1),
            python=("the field's type in the response model; str(True) is 'True'", 1),
            typescript=('value === "true" where the body is built', 1),
            java=("the field's type: boolean", 1),
            csharp=("the property's type: bool", 1),
        ),
        detect=scalars.boolean_as_text,
    ),
    Idiom(
        name="boolean-as-number",
        title="boolean as number",
        explanation="A boolean is written as 1 or 0 on one side, as databases do, and as true or false on the other.",
        cures=cures(
            go=("scan the column into a bool", 1),
            rust=("the field's type: bool, or serde_with::BoolFromInt", 1),
            python=("bool() where the row is read", 1),
            typescript=("Boolean() where the row is read", 1),
            java=("getBoolean where the row is read", 1),
            csharp=("GetBoolean where the row is read", 1),
        ),
        detect=scalars.boolean_as_number,
    ),
    Idiom(
        name="base64-vs-bytes",
        title="base64 vs list of bytes",
        explanation="The same bytes are base64 text on one side and a list of numbers on the other.",
        cures=cures(
            go=("[]byte, which is written as base64, instead of an array or []int", 3),
            rust=("serde_with::base64::Base64 on the field; Vec<u8> is written as numbers", 2),
            python=("base64.b64encode where the body is built", 2),
            typescript=('Buffer.toString("base64") where the body is built', 2),
            java=("byte[], which is written as base64, instead of List<Byte>", 3),
            csharp=("byte[], which is written as base64, instead of List<byte>", 3),
        ),
        detect=scalars.base64_vs_bytes,
    ),
    Idiom(
        name="timestamp-form",
        title="timestamp form",
        explanation="A point in time is written in another form: another zone, another separator, more or fewer "
        "digits, or an epoch number.",
        cures=cures(
            go=("time.RFC3339 in UTC in a MarshalJSON of the type", 8),
            rust=("the serde module of the time field", 3),
            python=("isoformat() in UTC with Z, in one place", 3),
            typescript=("toISOString() where the body is built", 1),
            java=("Instant, and WRITE_DATES_AS_TIMESTAMPS off", 2),
            csharp=("DateTimeOffset in UTC, and one converter for it", 5),
        ),
        detect=scalars.timestamp_form,
        of_forms=True,
        respelled=moment_spelling,
    ),
    Idiom(
        name="duration-form",
        title="duration form",
        explanation="A length of time is written in another form: ISO 8601, a clock, or numbers with units.",
        cures=cures(
            go=("a MarshalJSON of the type; Duration.String() writes 1m30s", 8),
            rust=("the serde module of the duration field, such as humantime_serde", 3),
            python=("the serialiser's option for timedelta", 3),
            typescript=("one formatter where the body is built", 5),
            java=("@JsonFormat on the field; Duration.toString() writes PT1M30S", 3),
            csharp=("a converter; TimeSpan is written as 00:01:30", 5),
        ),
        detect=scalars.duration_form,
        of_forms=True,
    ),
    Idiom(
        name="scalar-vs-list",
        title="single value vs list",
        explanation="One value stands alone on one side and in a list of one on the other.",
        cures=cures(
            go=("the field's type: T or []T", 5),
            rust=("the field's type: T or Vec<T>; serde_with::OneOrMany reads both", 5),
            python=("the field's type in the response model", 3),
            typescript=("the interface of the response", 3),
            java=("the field's type: T or List<T>", 3),
            csharp=("the property's type: T or List<T>", 3),
        ),
        detect=scalars.scalar_vs_list,
    ),
)
