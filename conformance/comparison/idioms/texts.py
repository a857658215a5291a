"""How a text is written: letter case, escapes, Unicode form, and lost characters."""

import html
import re
import unicodedata
from typing import Final

from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import Spellings, are_texts
from conformance.comparison.idioms.error_words import is_of_no_message
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import normalised, style_of
from conformance.comparison.values.lossless_json import Json

_REPLACEMENT: Final = "�"
_AS_THEY_ARE: Final = "as they are"
_BY_A_MARK: Final = "replaced by ?"
_READ_AS_ONE_BYTE_EACH: Final = "UTF-8 read as Latin-1"
_PAST_LATIN_1: Final = 0x100
_BY_U_FFFD: Final = "replaced by U+FFFD"


_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*\Z")


_DIGITS_WITHIN: Final = re.compile(r"[A-Za-z][0-9]+[A-Za-z]")
_HEX: Final = re.compile(r"(?=.*[0-9])[0-9A-Fa-f-]{6,}")


def text_case(a: Json, b: Json) -> Spellings:
    """See one word in two conventions: `IN_TRANSIT` and `inTransit`."""
    if (
        not are_texts(a, b)
        or not _WORD.match(a)
        or not _WORD.match(b)
        or normalised(a) != normalised(b)
        or (a.casefold() == b.casefold() and _is_code(a))
    ):
        return None
    capitals = _capitals_of(a), _capitals_of(b)
    styles = capitals if capitals[0] != capitals[1] else (style_of(a), style_of(b))
    return styles if styles[0] != styles[1] else None


def _is_code(text: str) -> bool:
    """Return whether a text is no word of a convention: it has digits within, or is hex."""
    return _DIGITS_WITHIN.search(text) is not None or _HEX.fullmatch(text) is not None


def _capitals_of(word: str) -> str:
    """Name where the capitals of a word are.

    It is the same for `NEW` and `IN_TRANSIT`, and for `new` and `inTransit`.
    """
    if word == word.upper():
        return "all capitals"
    return "first letter a capital" if word[0].isupper() else "first letter small"


TEXT_CASE: Final = Idiom(
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
    respelled=text_case,
)


def replaced_characters(a: Json, b: Json) -> Spellings:
    """See characters on one side that are U+FFFD, or `?` for what is no ASCII, on the other.

    U+FFFD beside `?` says that both sides lost the character, each in its way.
    """
    if not are_texts(a, b) or a.isascii():
        return None
    if len(a) == len(b) and all(
        x == y or (y == "?" and not x.isascii()) for x, y in zip(a, b, strict=True)
    ):
        return _BY_U_FFFD if _REPLACEMENT in a else _AS_THEY_ARE, _BY_A_MARK
    if _REPLACEMENT in b and _REPLACEMENT not in a and _fits(a, re.split(f"{_REPLACEMENT}+", b)):
        return _AS_THEY_ARE, _BY_U_FFFD
    return None


def _fits(text: str, pieces: list[str]) -> bool:
    """Return whether a text is these pieces in order, with non-empty non-ASCII between them."""
    if not text.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for number, piece in enumerate(pieces[1:], start=2):
        end = len(text) if number == len(pieces) else None
        start = _start_of(piece, text, at, end)
        if start is None:
            return False
        at = start + len(piece)
    return at == len(text)


def _start_of(piece: str, text: str, at: int, end: int | None) -> int | None:
    """Return where a piece begins, past a character that is no ASCII.

    `end` is where it ends, if known.
    """
    start = at + 1
    while start <= len(text) and not text[start - 1].isascii():
        if text.startswith(piece, start) and end in {None, start + len(piece)}:
            return start
        start += 1
    return None


def _has_replacement(own: str, _: str) -> bool:
    """Return whether a text has U+FFFD in it, as it is or as JSON escapes it."""
    return _REPLACEMENT in own or "\\ufffd" in own.lower()


REPLACED_CHARACTERS: Final = Idiom(
    name="replaced-characters",
    title="characters replaced",
    explanation="Characters are lost on one side: U+FFFD or ? stands in their place.",
    cures=cures(
        fits=_has_replacement,
        go=(
            "keep bytes instead of a string that is no UTF-8; encoding/json writes U+FFFD for it",
            5,
        ),
        rust=("String::from_utf8 instead of from_utf8_lossy", 3),
        python=("decode with errors='strict', and the right charset", 1),
        typescript=("new TextDecoder(charset, {fatal: true})", 2),
        java=("name the charset where bytes become text", 1),
        csharp=("an Encoding that throws on what it cannot read", 2),
    )
    + cures(
        go=(
            (
                "UTF-8 where the text is encoded: an encoder of another charset writes ? for what "
                "that lacks"
            ),
            2,
        ),
        rust=(
            (
                "UTF-8 where the text is encoded: an encoder of another charset writes ? for what "
                "that lacks"
            ),
            2,
        ),
        python=(
            "UTF-8 where the text is encoded; errors='replace' writes ? for what a charset lacks",
            1,
        ),
        typescript=("UTF-8 where the text is encoded, the database's connection included", 2),
        java=(
            (
                "StandardCharsets.UTF_8 in getBytes and writers; another charset writes ? for what "
                "it lacks"
            ),
            1,
        ),
        csharp=(
            "Encoding.UTF8 instead of Encoding.ASCII or Latin1, which write ? for what they lack",
            1,
        ),
    ),
    respelled=replaced_characters,
    broken=frozenset({_BY_A_MARK, _BY_U_FFFD}),
    harm=Harm.LOST,
)


def mojibake(a: Json, b: Json) -> Spellings:
    """See `Grüße` on one side, on the other its UTF-8 read as Latin-1 or Windows-1252."""
    if not are_texts(a, b) or a.isascii() or len(b) <= len(a):
        return None
    try:
        again = b"".join(map(_byte_of, b)).decode()
    except UnicodeError:
        return None
    return (_AS_THEY_ARE, _READ_AS_ONE_BYTE_EACH) if again == a else None


def _byte_of(character: str) -> bytes:
    """Return the byte that is this character in Latin-1 or in Windows-1252."""
    return character.encode("latin-1" if ord(character) < _PAST_LATIN_1 else "cp1252")


MOJIBAKE: Final = Idiom(
    name="decoded-twice",
    title="UTF-8 read as another charset",
    explanation="The UTF-8 of a text was read as Latin-1 or Windows-1252 on one side, and each of "
    "its bytes was written as a character.",
    cures=cures(
        _READ_AS_ONE_BYTE_EACH,
        go=("no charmap decoder where the text enters: it is UTF-8 already", 2),
        rust=("String::from_utf8 where the text enters, not a char of each byte", 2),
        python=("decode('utf-8') where the text enters, not 'latin-1' or 'cp1252'", 1),
        typescript=('"utf8" where bytes become text, not "latin1" or "binary"', 1),
        java=("StandardCharsets.UTF_8 where bytes become text, the database's connection too", 1),
        csharp=("Encoding.UTF8 where bytes become text, not Latin1 or code page 1252", 1),
    ),
    any_body=True,
    respelled=mojibake,
    broken=frozenset({_READ_AS_ONE_BYTE_EACH}),
    harm=Harm.LOST,
)


def escaped_text(a: Json, b: Json) -> Spellings:
    """See `a &amp; b` on one side, `a & b` on the other."""
    return (
        ("escaped for HTML", "as it is")
        if are_texts(a, b) and "&" in a and html.unescape(a) == b
        else None
    )


ESCAPED_TEXT: Final = Idiom(
    name="escaped-text",
    title="text escaped for HTML",
    explanation="Text is escaped for HTML on one side, where JSON asks for no such thing.",
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
    respelled=escaped_text,
)


def unicode_form(a: Json, b: Json) -> Spellings:
    """See one text with accents composed and decomposed."""
    if not are_texts(a, b) or unicodedata.normalize("NFC", a) != unicodedata.normalize("NFC", b):
        return None
    first, second = _unicode_form(a), _unicode_form(b)
    return (first, second) if first and second and first != second else None


def _unicode_form(text: str) -> str:
    """Name the normal form of a text.

    Nothing for one without accents of their own, such as the kelvin sign.
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
    respelled=unicode_form,
)


def trimmed_text(a: Json, b: Json) -> Spellings:
    """See white space around a text on one side that the other side has cut off."""
    if not are_texts(a, b) or a == b or a.strip() != b:
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
    respelled=trimmed_text,
)


def letter_case(a: Json, b: Json) -> Spellings:
    """See one text that has more capitals on one side than on the other."""
    if not are_texts(a, b) or a.casefold() != b.casefold() or _capitals(a) <= _capitals(b):
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
    respelled=letter_case,
    place=is_of_no_message,
)
