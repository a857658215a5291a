"""Idioms of one value spelled in two ways: seen only where values are compared."""

from typing import Final

from conformance.comparison.idioms import spellings
from conformance.comparison.idioms.idiom import Idiom, cures

SPELLING_IDIOMS: Final[tuple[Idiom, ...]] = (
    Idiom(
        name="text-case",
        title="words in another case",
        explanation="The same word, usually an enum's value, is spelled by another convention.",
        cures=cures(
            go=("the constants of the type", 3),
            rust=('#[serde(rename_all = "…")] on the enum', 1),
            python=("the enum's values", 3),
            typescript=("the union's literals and what fills it", 3),
            java=("@JsonProperty on the constants, or @JsonValue", 3),
            csharp=("JsonStringEnumConverter with a naming policy", 1),
        ),
        respelled=spellings.text_case,
    ),
    Idiom(
        name="rounded-integer",
        title="integer rounded to a double",
        explanation="An integer past 2^53 went through a double on one side and lost its last digits.",
        cures=cures(
            go=("int64 or json.Number instead of interface{}, which decodes to float64", 3),
            rust=("i64 or u64 instead of f64", 1),
            python=("int instead of float", 1),
            typescript=("a string or BigInt: number is a double", 10),
            java=("long or BigInteger instead of double", 1),
            csharp=("long or BigInteger instead of double", 1),
        ),
        respelled=spellings.rounded_integer,
    ),
    Idiom(
        name="rounded-number",
        title="number with fewer digits",
        explanation="The same number has more digits on one side, as when one computes in single precision or rounds.",
        cures=cures(
            go=("float64 instead of float32, or one rounding for all", 2),
            rust=("f64 instead of f32, or one rounding for all", 2),
            python=("round() in one place, or none", 1),
            typescript=("toFixed in one place, or none", 1),
            java=("double instead of float, or one rounding for all", 2),
            csharp=("double instead of float, or one rounding for all", 2),
        ),
        respelled=spellings.rounded_number,
    ),
    Idiom(
        name="replaced-characters",
        title="characters replaced",
        explanation="Characters are lost on one side: U+FFFD or ? stands in their place.",
        cures=cures(
            go=("keep bytes instead of a string that is no UTF-8; encoding/json replaces it", 5),
            rust=("String::from_utf8 instead of from_utf8_lossy", 3),
            python=("decode with errors='strict', and the right charset", 1),
            typescript=("new TextDecoder(charset, {fatal: true})", 2),
            java=("name the charset where bytes become text", 1),
            csharp=("an Encoding that throws on what it cannot read", 2),
        ),
        respelled=spellings.replaced_characters,
    ),
    Idiom(
        name="uuid-form",
        title="UUID form",
        explanation="The same UUID is written in another case, or with other hyphens or braces.",
        cures=cures(
            go=("String() of the uuid type instead of its hex", 1),
            rust=("uuid's Hyphenated format", 1),
            python=("str() of the UUID instead of its hex", 1),
            typescript=("toLowerCase() where the identifier is made", 1),
            java=("UUID.toString()", 1),
            csharp=('ToString("D") instead of another format', 1),
        ),
        respelled=spellings.uuid_form,
    ),
    Idiom(
        name="base64-form",
        title="base64 alphabet or padding",
        explanation="The same bytes are written in the standard or the URL-safe alphabet, with or without padding.",
        cures=cures(
            go=("base64.StdEncoding instead of RawURLEncoding, or the reverse", 1),
            rust=("the engine: STANDARD or URL_SAFE_NO_PAD", 1),
            python=("b64encode instead of urlsafe_b64encode, or the reverse", 1),
            typescript=('"base64" instead of "base64url", or the reverse', 1),
            java=("Base64.getEncoder() instead of getUrlEncoder(), or the reverse", 1),
            csharp=("Convert.ToBase64String instead of Base64Url, or the reverse", 1),
        ),
        respelled=spellings.base64_form,
    ),
    Idiom(
        name="escaped-text",
        title="text escaped for HTML",
        explanation="Text is escaped for HTML on one side, where JSON asks for no such thing.",
        cures=cures(
            go=("no html.EscapeString before encoding", 1),
            rust=("no escaping before serialising", 1),
            python=("no html.escape before serialising", 1),
            typescript=("no escaping before JSON.stringify", 1),
            java=("no HtmlUtils.htmlEscape before serialising", 1),
            csharp=("no HtmlEncode before serialising", 1),
        ),
        respelled=spellings.escaped_text,
    ),
    Idiom(
        name="unicode-form",
        title="Unicode normal form",
        explanation="The same text is composed on one side and decomposed on the other.",
        cures=cures(
            go=("norm.NFC where text enters", 2),
            rust=("unicode_normalization's nfc() where text enters", 2),
            python=("unicodedata.normalize('NFC', …) where text enters", 1),
            typescript=("normalize() where text enters", 1),
            java=("Normalizer.normalize where text enters", 1),
            csharp=("Normalize() where text enters", 1),
        ),
        respelled=spellings.unicode_form,
    ),
)
