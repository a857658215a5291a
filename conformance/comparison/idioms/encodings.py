"""How bytes and identifiers are written as text."""

import base64
import re
from typing import Final

from conformance.comparison.idioms.claim import IdiomClaim, Spellings, two_forms
from conformance.comparison.idioms.conditions import between, between_texts, for_equal_lengths
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json
from conformance.model.finding import DifferenceKind

_URL_SAFE: Final = str.maketrans("+/", "-_")


_UUID_DIGITS: Final = re.compile(r"[0-9a-f]{32}\Z")


_CANONICAL_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{8,}\Z")


@between("string", "array")
@for_equal_lengths
def base64_vs_bytes(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise the same bytes as base64 text on one side, as a list of numbers on the other."""
    # an empty text beside an empty list proves nothing
    if not any(a) or not all(map(_encodes, a, b)):
        return None
    return IdiomClaim(kind=DifferenceKind.TYPE, a_fact="base64", b_fact="list of bytes", rest=())


def _encodes(text: str, numbers: list[Json]) -> bool:
    """Return whether a text is the base64 form of a list of bytes."""
    if not all(map(_is_byte, numbers)):
        return False
    # in either alphabet and with or without padding: that difference is another idiom's
    encoded = base64.b64encode(bytes(numbers)).decode("ascii").rstrip("=")
    return text.rstrip("=") in {encoded, encoded.translate(_URL_SAFE)}


def _is_byte(number: Json) -> bool:
    return type(number) is int and 0 <= number <= 255  # noqa: PLR2004 - a byte


BASE64_VS_BYTES: Final = Idiom(
    name="base64-vs-bytes",
    title="base64 vs list of bytes",
    explanation="The same bytes are base64 text on one side and a list of numbers on the other.",
    cures=cures(
        "list of bytes",
        go=("[]byte, which is written as base64, instead of an array or []int", 3),
        rust=("serde_with::base64::Base64 on the field; Vec<u8> is written as numbers", 2),
        python=("base64.b64encode where the body is built", 2),
        typescript=('Buffer.toString("base64") where the body is built', 2),
        java=("byte[], which is written as base64, instead of List<Byte>", 3),
        csharp=("byte[], which is written as base64, instead of List<byte>", 3),
    )
    + cures(
        "base64",
        go=("[]int instead of []byte, which is written as base64", 3),
        rust=("Vec<u8> without base64, which is written as numbers", 2),
        python=("list() of the bytes where the body is built", 1),
        typescript=("Array.from of the bytes where the body is built", 1),
        java=("List<Byte> instead of byte[], which is written as base64", 3),
        csharp=("List<byte> instead of byte[], which is written as base64", 3),
    ),
    detect=base64_vs_bytes,
)


@between_texts
def uuid_form(a: str, b: str) -> Spellings:
    """Recognise one UUID in two forms: letter case, hyphens, braces or a URN prefix."""
    bare = _bare_uuid(a)
    if bare != _bare_uuid(b) or not _UUID_DIGITS.match(bare):
        return None
    return two_forms(_uuid_form(a), _uuid_form(b))


def _bare_uuid(text: str) -> str:
    """Return a UUID's digits in lower case, without hyphens, braces or a URN prefix."""
    return text.lower().removeprefix("urn:uuid:").strip("{}").replace("-", "")


def _around_uuid(text: str) -> str:
    """Return what is around the digits of a UUID: `URN`, `braces` or ``."""
    if text.lower().startswith("urn:"):
        return "URN"
    return "braces" if text.startswith("{") else ""


def _letter_case(text: str) -> str:
    if text == text.lower():
        return "lower case"
    return "upper case" if text == text.upper() else "mixed case"


def _uuid_form(text: str) -> str:
    """Return the form of a UUID: what is around it, its letter case, and its hyphens."""
    hyphens = "with hyphens" if "-" in text else "without hyphens"
    return " ".join(filter(None, (_around_uuid(text), _letter_case(text), hyphens)))


def _wants_canonical_uuid(_: str, wanted: str) -> bool:
    """Return whether another runtime sends a UUID in lower case with hyphens."""
    return _CANONICAL_UUID.fullmatch(wanted.strip('"')) is not None


UUID_FORM: Final = Idiom(
    name="uuid-form",
    title="UUID form",
    explanation="The same UUID is written in another case, or with other hyphens or braces.",
    cures=cures(
        fits=_wants_canonical_uuid,
        go=("String() of the uuid type, which writes lower case with hyphens", 1),
        rust=("the Display of the uuid type, which writes lower case with hyphens", 1),
        python=("str() of the UUID, which writes lower case with hyphens", 1),
        typescript=("lower case with hyphens, as crypto.randomUUID() writes it", 1),
        java=("toString() of the UUID, which writes lower case with hyphens", 1),
        csharp=('ToString("D"), which writes lower case with hyphens', 1),
    )
    + cures(
        go=("the form of the UUID that the others send, where it is written", 1),
        rust=("the form of the UUID that the others send, where it is written", 1),
        python=("the form of the UUID that the others send, where it is written", 1),
        typescript=("the form of the UUID that the others send, where it is written", 1),
        java=("the form of the UUID that the others send, where it is written", 1),
        csharp=("the form of the UUID that the others send, where it is written", 1),
    ),
    any_body=True,
    detect_pair=uuid_form,
)


@between_texts
def base64_form(a: str, b: str) -> Spellings:
    """Recognise one base64 text with and without padding, or in two alphabets."""
    bare = _bare_base64(a)
    if bare != _bare_base64(b) or not _BASE64.match(bare):
        return None
    return two_forms(_base64_form(a), _base64_form(b))


def _bare_base64(text: str) -> str:
    """Return a base64 text in the standard alphabet without padding."""
    return text.translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")


def _base64_alphabet(text: str) -> str:
    """Return which alphabet a base64 text needs."""
    if set(text) & set("-_"):
        return "URL-safe"
    return "standard" if set(text) & set("+/") else "either alphabet"


def _base64_form(text: str) -> str:
    padding = "padded" if text.endswith("=") else "not padded"
    return f"{_base64_alphabet(text)}, {padding}"


BASE64_FORM: Final = Idiom(
    name="base64-form",
    title="base64 alphabet or padding",
    explanation="The same bytes are written in the standard or the URL-safe alphabet, with or "
    "without padding.",
    cures=cures(
        go=(
            (
                "the encoding with the alphabet and the padding of the others: StdEncoding, "
                "URLEncoding or a Raw one"
            ),
            1,
        ),
        rust=(
            (
                "the engine with the alphabet and the padding of the others: STANDARD, URL_SAFE or "
                "a NO_PAD one"
            ),
            1,
        ),
        python=(
            (
                "the alphabet and the padding of the others: b64encode or urlsafe_b64encode, with "
                "or without rstrip"
            ),
            1,
        ),
        typescript=(
            'the alphabet and the padding of the others: "base64" is padded, "base64url" is not',
            1,
        ),
        java=(
            (
                "the alphabet and the padding of the others: getEncoder or getUrlEncoder, and "
                "withoutPadding()"
            ),
            1,
        ),
        csharp=(
            "the alphabet and the padding of the others: Convert.ToBase64String or Base64Url",
            1,
        ),
    ),
    any_body=True,
    detect_pair=base64_form,
)
