"""Characters lost to a charset: replaced by a mark, or decoded with another charset."""

import re
from typing import Final

from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import Spellings
from conformance.comparison.idioms.conditions import between_texts
from conformance.comparison.idioms.idiom import Idiom, cures

_REPLACEMENT: Final = "�"
_AS_THEY_ARE: Final = "as they are"
_BY_A_MARK: Final = "replaced by ?"
_READ_AS_ONE_BYTE_EACH: Final = "UTF-8 read as Latin-1"
_PAST_LATIN_1: Final = 0x100
_BY_U_FFFD: Final = "replaced by U+FFFD"


@between_texts
def replaced_characters(a: str, b: str) -> Spellings:
    """Recognise non-ASCII characters on one side that are U+FFFD or `?` on the other.

    U+FFFD beside `?` means that both sides lost the character, each in its own way.
    """
    if a.isascii():
        return None
    own_form = _BY_U_FFFD if _REPLACEMENT in a else _AS_THEY_ARE
    if len(a) == len(b) and all(map(_is_kept_or_marked, a, b)):
        return own_form, _BY_A_MARK
    if own_form == _BY_U_FFFD or _REPLACEMENT not in b:
        return None
    # a decoder writes one U+FFFD for each byte, or one for all: any number marks the lost part
    kept_pieces = re.split(f"{_REPLACEMENT}+", b)
    if not _fits(a, kept_pieces):
        return None
    return _AS_THEY_ARE, _BY_U_FFFD


def _is_kept_or_marked(own: str, other: str) -> bool:
    """Return whether a character is the same on the other side, or is not ASCII and became `?`."""
    is_marked = other == "?" and not own.isascii()
    return is_marked or own == other


def _fits(text: str, pieces: list[str]) -> bool:
    """Return whether a text is these pieces in order, with non-ASCII characters between them."""
    if not text.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for number, piece in enumerate(pieces[1:], start=2):
        # the last piece must end the text, any other may be at several places
        end = len(text) if number == len(pieces) else None
        start = _start_of(piece, text, at, end)
        if start is None:
            return False
        at = start + len(piece)
    return at == len(text)


def _start_of(piece: str, text: str, at: int, end: int | None) -> int | None:
    """Return where a piece begins after one or more non-ASCII characters, or None.

    The search begins at `at`; `end` is where the piece must end, if known.
    """
    start = at + 1
    while start <= len(text) and not text[start - 1].isascii():
        is_at_the_end = end in {None, start + len(piece)}
        if is_at_the_end and text.startswith(piece, start):
            return start
        start += 1
    return None


def _has_replacement(own: str, _: str) -> bool:
    """Return whether a text contains U+FFFD, as a character or as its JSON escape."""
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
    detect_pair=replaced_characters,
    broken=frozenset({_BY_A_MARK, _BY_U_FFFD}),
    harm=Harm.LOST,
)


@between_texts
def mojibake(a: str, b: str) -> Spellings:
    """Recognise `Grüße` on one side, its UTF-8 read as Latin-1 or Windows-1252 on the other."""
    # each character past ASCII has several bytes, so a text that was decoded twice is longer
    if a.isascii() or len(b) <= len(a):
        return None
    try:
        decoded_once = b"".join(map(_byte_of, b)).decode()
    except UnicodeError:
        return None
    if decoded_once != a:
        return None
    return _AS_THEY_ARE, _READ_AS_ONE_BYTE_EACH


def _byte_of(character: str) -> bytes:
    """Return the byte that a character has in Latin-1, or past that in Windows-1252."""
    # Windows-1252 has characters past Latin-1 for the bytes 0x80 to 0x9F
    charset = "latin-1" if ord(character) < _PAST_LATIN_1 else "cp1252"
    return character.encode(charset)


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
    detect_pair=mojibake,
    broken=frozenset({_READ_AS_ONE_BYTE_EACH}),
    harm=Harm.LOST,
)
