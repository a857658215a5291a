"""The header facet: two answers differ where the facts read from their header fields differ."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.answers.cookies import SET_COOKIE, Cookie, read_cookies, values_beside
from conformance.comparison.answers.location_targets import lead_elsewhere, target_facts
from conformance.comparison.bodies.token import spelled_tokens, tokens_beside
from conformance.comparison.difference import (
    ABSENT,
    DIFFERS,
    FACT_CHARACTERS,
    HEADER_PLACE,
    PRESENT,
    Difference,
    as_fact,
    at_one_place,
)
from conformance.comparison.identities.own_urls import own_spelled
from conformance.comparison.idioms.headers import HEADER_NAME_CASE, header_idiom, name_cases
from conformance.model.finding import DifferenceKind, Facet

_LISTS: Final = frozenset({"allow", "www-authenticate"})
"""Fields whose facts are lists of tokens."""
_METHODS: Final = "access-control-allow-methods"
"""A list of methods, in which letter case counts."""
_UNORDERED_LISTS: Final = frozenset(
    (
        "accept-patch",
        "accept-post",
        "accept-ranges",
        "access-control-allow-headers",
        _METHODS,
        "access-control-expose-headers",
        "cache-control",
        "dav",
        "vary",
    )
)
"""Fields with lists whose order and white space say nothing (RFC 9110, sections 5.6.1, 12.5.5 and
14.3; RFC 9111, section 5.2; RFC 4918, section 10.1; the Fetch standard).
"""
_OF_A_MEDIA_TYPE: Final = frozenset({"content-type;charset", "content-type;header"})
_OF_THE_CONTENT: Final = frozenset({"etag", "last-modified"})
"""Fields about the content of an answer, besides those that say so in their name."""
_WHATEVER: Final = (None, None)
"""What only a rule accepts that is about no kind of value: form and presence count for others."""
Names = tuple[tuple[str, str], ...]
"""Header names in lower case, each with its spelling as it was sent."""


def header_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the differences between the compared header fields of two answers."""
    if a.header.facts != b.header.facts:
        yield from _fact_differences(a, b, terms)
    if a.header.cookies != b.header.cookies:
        yield from _cookie_differences(a, b, terms)
    if terms.by_value:
        yield from _value_differences(a, b, terms)


def fields_without_content(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield what differs in the fields of two answers whose contents are not compared."""
    asked = a.header.asked
    terms.stops.leaves_out = lambda place: _is_left_out(place, asked)
    found = header_differences(a, b, terms)
    return (each for each in found if not _is_left_out(each.places[0], asked))


def _is_left_out(place: str, asked: Sequence[str]) -> bool:
    """Return whether a place is in the content, or a field about it (RFC 9110, section 8).

    An ETag counts where the case names it: it may be that of what was changed.
    """
    if not place.startswith(HEADER_PLACE):
        return place != "status"
    name = place.removeprefix(HEADER_PLACE).partition(";")[0]
    return name.startswith("content-") or (name in _OF_THE_CONTENT and name not in asked)


def _value_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield what fields say that both answers have: a Location, and what the case names."""
    first, second = a.header, b.header
    sent = (a.answer.header("location") or "", b.answer.header("location") or "")
    if lead_elsewhere(a, b, terms) and not terms.loosening.header("location", sent):
        yield _difference("location", target_facts(a, b, terms), sent, Facet.VALUE)
    for (name, x), (_, y) in zip(first.named, second.named, strict=True):
        if x is None or y is None or _same_text((x, y), (a.base_url, b.base_url)):
            continue
        if name in _UNORDERED_LISTS and _tokens(name, x) == _tokens(name, y):
            continue
        if not terms.loosening.header(name, (x, y)):
            shown = (a.answer.header(name) or "", b.answer.header(name) or "")
            found = _difference(name, (DIFFERS, DIFFERS), shown, Facet.VALUE)
            yield replace(found, details=tokens_beside(*shown))
    yield from _name_differences(first.names, second.names)


def _name_differences(a: Names, b: Names) -> Iterator[Difference]:
    """Yield the header names that the case names and the sides send with other capitals."""
    there = dict(b)
    for name, sent in a:
        other = there.get(name, sent)
        if other != sent:
            place, facts = f"{HEADER_PLACE}{name}", name_cases(sent, other)
            idiom = HEADER_NAME_CASE.name
            yield at_one_place(
                DifferenceKind.NOTE, Facet.HEADERS, place, facts, (sent, other), idiom=idiom
            )


def _tokens(name: str, field: str) -> list[str]:
    """Return the tokens of a list; quotes stand around lists of names only, which are no order."""
    tokens = field.split(",")
    same_case = tokens if name == _METHODS else map(str.lower, tokens)
    return sorted(token.strip() for token in same_case)


def _same_text(texts: tuple[str, str], base_urls: tuple[str, str]) -> bool:
    """Return whether two values are equal apart from runtime addresses and token clocks."""
    if texts[0] == texts[1]:
        return True
    first, second = (
        own_spelled(spelled_tokens(text), url) for text, url in zip(texts, base_urls, strict=True)
    )
    return first == second


def _cookie_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the cookies that only one side sets or sets differently, and by value what differs."""
    first, second = a.header.cookies, b.header.cookies
    base_urls = (a.base_url, b.base_url)
    for name in dict.fromkeys((*first, *second)):
        x, y = first.get(name), second.get(name)
        place = f"{SET_COOKIE};{name}"
        if x is None or y is None:
            facts = (ABSENT if x is None else PRESENT, ABSENT if y is None else PRESENT)
            yield _difference(place, facts, facts, Facet.HEADERS)
            continue
        if not _same_text((x.fact, y.fact), base_urls):
            yield _difference(place, (x.fact, y.fact), (x.fact, y.fact), Facet.HEADERS)
        if terms.by_value and not _same_values((x, y), base_urls, name, terms):
            shown = (_sent_values(a, name), _sent_values(b, name))
            found = _difference(f"{place};value", (DIFFERS, DIFFERS), shown, Facet.VALUE)
            yield replace(found, details=tokens_beside(*shown))


def _same_values(
    cookies: tuple[Cookie, Cookie], base_urls: tuple[str, str], name: str, terms: Terms
) -> bool:
    """Return whether the values of two cookies are the same text each, or a rule accepts them."""
    both = zip(*values_beside(*cookies), strict=True)
    unlike = [values for values in both if not _same_text(values, base_urls)]
    return all(terms.loosening.header(SET_COOKIE, values, name) for values in unlike)


def _sent_values(answer: ReadAnswer, name: str) -> str:
    """Return all values of a cookie as they were sent, whatever they are held against."""
    fields = (value for field, value in answer.answer.headers if field.lower() == SET_COOKIE)
    return ", ".join(line.value for line in read_cookies(fields)[name].lines)


def _fact_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    same_media = a.header.media == b.header.media
    for (field, a_fact), (_, b_fact) in zip(a.header.facts, b.header.facts, strict=True):
        if a_fact == b_fact or (field in _OF_A_MEDIA_TYPE and not same_media):
            continue
        name = field.partition(";")[0]
        if terms.loosening.header(name, _WHATEVER):
            continue
        values = (_sent(a, name, a_fact), _sent(b, name, b_fact))
        facts = _of_lists(a_fact, b_fact) if field in _LISTS else (a_fact, b_fact)
        yield _difference(field, facts, values, Facet.HEADERS, header_idiom(field, a_fact, b_fact))


def _of_lists(a: str, b: str) -> tuple[str, str]:
    """Return the facts of two token lists: all of either if short, else what only one side has."""
    if ABSENT in {a, b} or max(len(a), len(b)) <= FACT_CHARACTERS:
        return a, b
    first, second = a.split(", "), b.split(", ")
    only_first, only_second = (
        [x for x in here if x not in there] for here, there in ((first, second), (second, first))
    )
    return _with_or_without(only_first, only_second), _with_or_without(only_second, only_first)


def _with_or_without(here: Sequence[str], there: Sequence[str]) -> str:
    return f"with {', '.join(here)}" if here else f"without {', '.join(there)}"


def _sent(answer: ReadAnswer, name: str, fact: str) -> str:
    """Return a field as an answer sent it, the fact where it has none."""
    sent = answer.answer.header(name)
    return fact if sent is None else sent


def _difference(
    field: str,
    facts: tuple[str, str],
    values: tuple[str, str],
    facet: Facet,
    idiom: str | None = None,
) -> Difference:
    facts = (as_fact(facts[0]), as_fact(facts[1]))
    return at_one_place(
        DifferenceKind.HEADER, facet, f"{HEADER_PLACE}{field}", facts, values, idiom=idiom
    )
