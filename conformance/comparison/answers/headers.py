"""The header facet: compare the facts and the values of the header fields of two answers."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import filterfalse, repeat
from operator import attrgetter, itemgetter
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.answers.cookies import SET_COOKIE, Cookie, read_cookies, values_beside
from conformance.comparison.answers.location_targets import lead_elsewhere, target_facts
from conformance.comparison.bodies.label import Label, read_label
from conformance.comparison.bodies.token import forms_of_tokens, spelled_tokens, tokens_beside
from conformance.comparison.difference import (
    ABSENT,
    HEADER_PLACE,
    PRESENT,
    VALUES_DIFFER,
    Difference,
    as_fact,
    at_one_place,
)
from conformance.comparison.identities.own_urls import base_in_field, own_spelled
from conformance.comparison.idioms.headers import HEADER_NAME_CASE, header_idiom, name_cases
from conformance.comparison.idioms.own_urls import OWN_URL_FORM, own_url_forms
from conformance.model.finding import DifferenceKind, Facet

_ALLOW: Final = "allow"
_LISTS: Final = frozenset({_ALLOW, "www-authenticate"})
"""Fields whose facts are lists of tokens."""
_ARE_NO_LISTS: Final = frozenset({ABSENT, "empty", "unreadable"})
"""Facts that such a field may have instead of a list."""
_METHODS: Final = "access-control-allow-methods"
"""A list of methods, whose letter case counts."""
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
"""Fields with lists whose order and white space have no meaning (RFC 9110, sections 5.6.1, 12.5.5
and 14.3; RFC 9111, section 5.2; RFC 4918, section 10.1; the Fetch standard).
"""
_OF_A_MEDIA_TYPE: Final = frozenset({"content-type;charset", "content-type;header"})
"""Facts that are compared only if the media types are the same."""
_LABEL: Final = "content-type"
_KNOWN_OF_LABELS: Final = frozenset({"charset", "header", "boundary"})
"""Parameters of a content type that are facts of their own, or that have no meaning (`boundary`).
"""
_OF_THE_CONTENT: Final = frozenset({"etag", "last-modified"})
"""Fields about the content, besides those whose names begin with `content-`."""
_ITEM: Final = re.compile(r'(?:[^,"]|"[^"]*"?)+')
"""An item of a list: a comma inside quotes does not end it."""
_QUOTED: Final = re.compile(r'"([^"]*)"')
_ONLY_ANY_ACCEPTS: Final = (None, None)
"""Two values that only a rule with `any` accepts: other rules do not cover form and presence."""
Names = tuple[tuple[str, str], ...]
"""Header names in lower case, each with its spelling as sent."""


def header_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the differences between the compared header fields of two answers."""
    if a.header.facts != b.header.facts:
        yield from _fact_differences(a, b, terms)
    if a.header.cookies != b.header.cookies:
        yield from _cookie_differences(a, b, terms)
    if terms.by_value:
        yield from _value_differences(a, b, terms)
    else:
        yield from _token_differences(a, b, terms)


def fields_without_content(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the differences of two answers' header fields, except fields about the content."""
    named = a.header.named_fields
    terms.stops.leaves_out = lambda place: _is_left_out(place, named)
    for each in header_differences(a, b, terms):
        if not _is_left_out(each.places[0], named):
            yield each


def _is_left_out(place: str, named: Sequence[str]) -> bool:
    """Return whether a place belongs to the content, as fields about it do (RFC 9110, section 8).

    An ETag is compared if the case names it: it may identify the resource that was changed.
    """
    if not place.startswith(HEADER_PLACE):
        return place != "status"
    name = _name_in(place.removeprefix(HEADER_PLACE))
    is_of_content = name in _OF_THE_CONTENT and name not in named
    return is_of_content or name.startswith("content-")


def _name_in(field: str) -> str:
    """Return the field name of a fact such as `content-type;charset`."""
    name, _, _ = field.partition(";")
    return name


def _value_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the differences in value: of Location, and of the fields that the case names."""
    locations = (_sent(a, "location"), _sent(b, "location"))
    if lead_elsewhere(a, b, terms) and not terms.loosening.header("location", locations):
        facts = target_facts(a, b, terms)
        yield _difference("location", facts, locations, Facet.VALUE)
    for (name, x), (_, y) in zip(a.header.named, b.header.named, strict=True):
        # An absent field differs in its fact already, and so does all of an Allow field
        if x is None or y is None or name == _ALLOW:
            continue
        if _same_field(name, (x, y), (a.base_url, b.base_url)):
            continue
        if not terms.loosening.header(name, (x, y)):
            yield _unequal_field(name, (a, b))
    yield from _name_differences(a.header.names, b.header.names)


def _token_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the named fields in which only one side has a token, or only one a signed one.

    Such a difference is one of shape.  A field that one side lacks differs in its fact already.
    """
    of_both = dict(a.header.names).keys() & dict(b.header.names).keys()
    for name in sorted(of_both - {SET_COOKIE}):
        sent = _sent(a, name), _sent(b, name)
        if not _same_forms(sent) and not terms.loosening.header(name, sent):
            yield _unequal(name, sent)


def _unequal_field(name: str, answers: tuple[ReadAnswer, ReadAnswer]) -> Difference:
    """Return the difference between two values of a field that the case names."""
    sent = _sent(answers[0], name), _sent(answers[1], name)
    if name in _UNORDERED_LISTS:
        first, second = map(", ".join, map(_distinct_items, repeat(name), sent))
        return _difference(name, _of_lists(first, second), sent, Facet.VALUE)
    seen = map(own_spelled, sent, map(attrgetter("base_url"), answers))
    forms = own_url_forms(*seen)
    if forms is None:
        return _unequal(name, sent)
    return _difference(name, forms, sent, Facet.VALUE, OWN_URL_FORM.name)


def _unequal(field: str, sent: tuple[str, str]) -> Difference:
    """Return the difference between two values of a field, with what differs in their tokens.

    If only one has a token, or a signed one, it is a difference of shape.
    """
    if _same_forms(sent):
        difference = _difference(field, VALUES_DIFFER, sent, Facet.VALUE)
    else:
        first, second = map(forms_of_tokens, sent)
        difference = _difference(field, (first, second), sent, Facet.HEADERS)
    return replace(difference, details=tokens_beside(*sent))


def _name_differences(a: Names, b: Names) -> Iterator[Difference]:
    """Yield the named fields whose names the two sides write with other capitals."""
    names_of_other = dict(b)
    for name, sent in a:
        other = names_of_other.get(name, sent)
        if other != sent:
            yield at_one_place(
                DifferenceKind.NOTE,
                Facet.HEADERS,
                f"{HEADER_PLACE}{name}",
                name_cases(sent, other),
                (sent, other),
                idiom=HEADER_NAME_CASE.name,
            )


def _same_field(name: str, values: tuple[str, str], base_urls: tuple[str, str]) -> bool:
    """Return whether two values of a field mean the same."""
    own_url, other_url = map(partial(base_in_field, name), base_urls)
    if _same_text(values, (own_url, other_url)):
        return True
    first, second = values
    if name == _LABEL:
        return _differ_only_in_facts(read_label(first), read_label(second))
    return name in _UNORDERED_LISTS and _distinct_items(name, first) == _distinct_items(
        name, second
    )


def _differ_only_in_facts(a: Label, b: Label) -> bool:
    """Return whether two labels differ only in what their facts show, or in the boundary."""
    unlike = map(itemgetter(0), a.parameters.items() ^ b.parameters.items())
    return a.media != b.media or _KNOWN_OF_LABELS.issuperset(unlike)


def _distinct_items(name: str, field: str) -> list[str]:
    """Return the items of a list, sorted and without repetition.

    Quotes only enclose lists of names, whose order has no meaning either.
    """
    items = map(partial(_QUOTED.sub, _in_order), _ITEM.findall(field))
    # Letter case counts only in the names of methods (RFC 9110, section 9.1)
    same_case = items if name == _METHODS else map(str.lower, items)
    return sorted(set(map(str.strip, same_case)) - {""})


def _in_order(quoted: re.Match[str]) -> str:
    """Return a quoted list of names with its names sorted."""
    names = filter(None, map(str.strip, quoted[1].split(",")))
    return f'"{", ".join(sorted(names))}"'


def _same_text(texts: tuple[str, str], base_urls: tuple[str, str]) -> bool:
    """Return whether two values are equal but for runtime addresses and clocks in tokens."""
    first, second = texts
    if first == second:
        return True
    own_url, other_url = base_urls
    first = own_spelled(spelled_tokens(first), own_url)
    second = own_spelled(spelled_tokens(second), other_url)
    return first == second


def _cookie_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the cookies that only one side sets, or that differ in attributes or value."""
    first, second = a.header.cookies, b.header.cookies
    base_urls = (a.base_url, b.base_url)
    for name in dict.fromkeys((*first, *second)):
        x, y = first.get(name), second.get(name)
        place = f"{SET_COOKIE};{name}"
        if x is None or y is None:
            facts = (_presence(x), _presence(y))
            yield _difference(place, facts, facts, Facet.HEADERS)
            continue
        facts = (x.fact, y.fact)
        if not _same_text(facts, base_urls):
            yield _difference(place, facts, facts, Facet.HEADERS)
        if not _same_values((x, y), base_urls, name, terms):
            yield _unequal(f"{place};value", (_sent_values(a, name), _sent_values(b, name)))


def _presence(cookie: Cookie | None) -> str:
    return ABSENT if cookie is None else PRESENT


def _same_values(
    cookies: tuple[Cookie, Cookie], base_urls: tuple[str, str], name: str, terms: Terms
) -> bool:
    """Return whether the values of two cookies are equal, or a rule accepts them.

    By shape, values are equal if both contain signed tokens, unsigned tokens or none.
    """
    same = partial(_same_text, base_urls=base_urls) if terms.by_value else _same_forms
    unlike = filterfalse(same, values_beside(*cookies))
    return all(terms.loosening.header(SET_COOKIE, values, name) for values in unlike)


def _same_forms(texts: tuple[str, str]) -> bool:
    """Return whether two values contain the same forms of tokens: none, signed or unsigned ones."""
    first, second = map(forms_of_tokens, texts)
    return first == second


def _sent_values(answer: ReadAnswer, name: str) -> str:
    """Return all values of a cookie as they were sent."""
    cookie = read_cookies(answer.answer.header_values(SET_COOKIE))[name]
    return ", ".join(cookie.values)


def _fact_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the fields whose facts differ."""
    same_media = a.header.media == b.header.media
    for (field, x), (_, y) in zip(a.header.facts, b.header.facts, strict=True):
        if x == y:
            continue
        # With different media types, charsets cannot be compared
        if field in _OF_A_MEDIA_TYPE and not same_media:
            continue
        name = _name_in(field)
        if terms.loosening.header(name, _ONLY_ANY_ACCEPTS):
            continue
        facts = _of_lists(x, y) if field in _LISTS else (x, y)
        yield _difference(
            field,
            facts,
            (_sent(a, name, x), _sent(b, name, y)),
            Facet.HEADERS,
            header_idiom(field, x, y),
        )


def _of_lists(a: str, b: str) -> tuple[str, str]:
    """Return what each of two lists has that the other lacks, so that every route has one cause.

    Lists with nothing in common are returned as they are.
    """
    if not _ARE_NO_LISTS.isdisjoint((a, b)):
        return a, b
    first, second = map(_items, (a, b))
    only_first = list(filterfalse(second.__contains__, first))
    only_second = list(filterfalse(first.__contains__, second))
    if (only_first, only_second) == (first, second):
        return a, b
    return _with_or_without(only_first, only_second), _with_or_without(only_second, only_first)


def _items(facts: str) -> list[str]:
    """Return the items of a list as written, in their order."""
    return list(map(str.strip, _ITEM.findall(facts)))


def _with_or_without(own: Sequence[str], others: Sequence[str]) -> str:
    """Return a side's own items, or those that it lacks if it has none."""
    if own:
        return f"with {', '.join(own)}"
    return f"without {', '.join(others)}"


def _sent(answer: ReadAnswer, name: str, otherwise: str = "") -> str:
    """Return a field as an answer sent it, or `otherwise` if it is absent."""
    value = answer.answer.header(name)
    return otherwise if value is None else value


def _difference(
    field: str,
    facts: tuple[str, str],
    values: tuple[str, str],
    facet: Facet,
    idiom: str | None = None,
) -> Difference:
    """Return a difference of a header field, or of a part of it such as `set-cookie;NAME`."""
    first, second = map(as_fact, facts)
    return at_one_place(
        DifferenceKind.HEADER,
        facet,
        f"{HEADER_PLACE}{field}",
        (first, second),
        values,
        idiom=idiom,
    )
