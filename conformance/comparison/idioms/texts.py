"""How a text is written: letter case, escapes, white space and Unicode form."""

import html
import re
import unicodedata
from typing import Final

from conformance.comparison.idioms.claim import Spellings, two_forms
from conformance.comparison.idioms.conditions import between_texts
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import normalised, style_of

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*\Z")


_JOINT: Final = re.compile("[_-]")
_DIGITS_WITHIN: Final = re.compile(r"[A-Za-z][0-9]+[A-Za-z]")
_HEX: Final = re.compile(r"(?=.*[0-9])[0-9A-Fa-f-]{6,}")


@between_texts
def text_case(a: str, b: str) -> Spellings:
    """Recognise one word in two conventions: `IN_TRANSIT` and `inTransit`."""
    # a sentence follows no convention
    if not all(map(_WORD.match, (a, b))):
        return None
    if normalised(a) != normalised(b):
        return None
    # a hash or an id in capitals has another form, not another convention
    if a.casefold() == b.casefold() and _is_code(a):
        return None
    have_one_case = _capitals_of(a) == _capitals_of(b)
    form_of = style_of if have_one_case else _convention_of
    return two_forms(form_of(a), form_of(b))


def _is_code(text: str) -> bool:
    """Return whether a text is a code, not a word: with digits between letters, or hexadecimal."""
    return any((_DIGITS_WITHIN.search(text), _HEX.fullmatch(text)))


def _convention_of(word: str) -> str:
    """Return where a word has capitals, or for joined words in lower case their convention.

    The result is the same for `NEW` and `IN_TRANSIT`, and for `new` and `inTransit`; `in_transit`
    gives another one.
    """
    # joined words in lower case are a convention of their own
    is_joined = word == word.lower() and _JOINT.search(word)
    return style_of(word) if is_joined else _capitals_of(word)


def _capitals_of(word: str) -> str:
    """Return where a word has capitals: all letters, the first letter, or not the first."""
    if word == word.upper():
        return "all capitals"
    return "first letter a capital" if word[0].isupper() else "first letter small"


TEXT_CASE: Final = Idiom(
    name="text-case",
    title="different letter case",
    explanation="The same word, usually an enum's value, is spelled by another convention.",
    cures=cures(
        go=("the constants of the type", 3),
        rust=('#[serde(rename_all = "…")] on the enum', 1),
        python=("the enum's values", 3),
        typescript=("the union's literals and what fills it", 3),
        java=("@JsonProperty on the constants, or @JsonValue", 3),
        csharp=("JsonStringEnumConverter with a naming policy", 1),
    ),
    detect_pair=text_case,
)


@between_texts
def escaped_text(a: str, b: str) -> Spellings:
    """Recognise `a &amp; b` on one side, `a & b` on the other."""
    if "&" not in a or html.unescape(a) != b:
        return None
    return "escaped for HTML", "as it is"


ESCAPED_TEXT: Final = Idiom(
    name="escaped-text",
    title="text escaped for HTML",
    explanation="Text is escaped for HTML on one side, and as it is on the other.",
    cures=cures(
        "escaped for HTML",
        go=("no html.EscapeString before encoding", 1),
        rust=("no escaping before serialising", 1),
        python=("no html.escape before serialising", 1),
        typescript=("no escaping before JSON.stringify", 1),
        java=("no HtmlUtils.htmlEscape before serialising", 1),
        csharp=("no HtmlEncode before serialising", 1),
    ),
    broken=frozenset({"escaped for HTML"}),
    detect_pair=escaped_text,
)


@between_texts
def unicode_form(a: str, b: str) -> Spellings:
    """Recognise one text with composed accents on one side, decomposed accents on the other."""
    # equal in one normal form: both texts show the same characters
    composed, other_composed = unicodedata.normalize("NFC", a), unicodedata.normalize("NFC", b)
    if composed != other_composed:
        return None
    first, second = _unicode_form(a), _unicode_form(b)
    if "" in {first, second}:
        return None
    return two_forms(first, second)


def _unicode_form(text: str) -> str:
    """Return the normal form of a text: `composed`, `decomposed` or `mixed`.

    `` for a text that is in no normal form though it has no accents, such as the kelvin sign.
    """
    if unicodedata.is_normalized("NFC", text):
        return "composed"
    if unicodedata.is_normalized("NFD", text):
        return "decomposed"
    return "mixed" if any(map(unicodedata.combining, text)) else ""


UNICODE_FORM: Final = Idiom(
    name="unicode-form",
    title="Unicode normal form",
    explanation="The same text is composed on one side and decomposed on the other.",
    cures=cures(
        go=("one normal form where text enters: norm.NFC or norm.NFD", 2),
        rust=("one normal form where text enters: nfc() or nfd() of unicode_normalization", 2),
        python=("one normal form where text enters: unicodedata.normalize", 1),
        typescript=("one normal form where text enters: normalize()", 1),
        java=("one normal form where text enters: Normalizer.normalize", 1),
        csharp=("one normal form where text enters: Normalize()", 1),
    ),
    any_body=True,
    detect_pair=unicode_form,
)


@between_texts
def trimmed_text(a: str, b: str) -> Spellings:
    """Recognise white space around a text on one side, the same text without it on the other."""
    if a == b or a.strip() != b:
        return None
    return "with space around", "trimmed"


TRIMMED_TEXT: Final = Idiom(
    name="trimmed-text",
    title="white space around a text",
    explanation="The same text has white space at its start or end on one side only.",
    cures=cures(
        "with space around",
        go=("strings.TrimSpace where the text enters", 1),
        rust=("trim() where the text enters", 1),
        python=("strip() where the text enters", 1),
        typescript=("trim() where the text enters", 1),
        java=("strip() where the text enters", 1),
        csharp=("Trim() where the text enters", 1),
    )
    + cures(
        "trimmed",
        go=("no strings.TrimSpace on the way of the text", 1),
        rust=("no trim() on the way of the text", 1),
        python=("no strip() on the way of the text", 1),
        typescript=("no trim() on the way of the text", 1),
        java=("no strip() or trim() on the way of the text", 1),
        csharp=("no Trim() on the way of the text", 1),
    ),
    any_body=True,
    detect_pair=trimmed_text,
)


@between_texts
def letter_case(a: str, b: str) -> Spellings:
    """Recognise one text that has more capitals on the first side."""
    if a.lower() != b.lower() or _capitals(a) <= _capitals(b):
        return None
    return "more capitals", "fewer capitals"


def _capitals(text: str) -> int:
    return sum(map(str.isupper, text))


LETTER_CASE: Final = Idiom(
    name="letter-case",
    title="letter case of a text",
    explanation="The same text is written with other capitals.",
    cures=cures(
        go=(
            "one letter case where the value is made: strings.ToLower, strings.ToUpper or neither",
            1,
        ),
        rust=(
            "one letter case where the value is made: to_lowercase(), to_uppercase() or neither",
            1,
        ),
        python=("one letter case where the value is made: lower(), upper() or neither", 1),
        typescript=(
            "one letter case where the value is made: toLowerCase(), toUpperCase() or neither",
            1,
        ),
        java=("one letter case where the value is made: toLowerCase, toUpperCase or neither", 1),
        csharp=(
            (
                "one letter case where the value is made: ToLowerInvariant, ToUpperInvariant or "
                "neither"
            ),
            1,
        ),
    ),
    any_body=True,
    detect_pair=letter_case,
)
