"""Tiny services, each named by the way in which it diverges.

Each diverges in one way from `serves_orders` or from another plain service.

All answer every request alike but for `answers_alternately`, which is a new difference each time it
is asked.
"""

import itertools
import json
from typing import Any

from tests.miniatures.server import Received, Reply, Service, always, json_reply


def order() -> dict[str, Any]:
    """Return what the plain service answers."""
    return {
        "order_id": 7,
        "total_price": 12,
        "placed_at": "2026-11-23T10:00:00Z",
        "order_lines": [{"sku_code": "a", "unit_count": 2}, {"sku_code": "b", "unit_count": 1}],
        "gift_notes": [],
        "coupon_code": None,
        "ship_to": {"city_name": "Oslo", "zip_code": "0150"},
    }


def serves_orders() -> Service:
    """Answer an order: the plain service."""
    return always(order())


def _serves(**changed: object) -> Service:
    return always({**order(), **changed})


def drops_member() -> Service:
    """Leave a member out."""
    return always({name: member for name, member in order().items() if name != "ship_to"})


def drops_member_of_an_element() -> Service:
    """Leave a member out of one element of a list."""
    return _serves(order_lines=[{"sku_code": "a", "unit_count": 2}, {"sku_code": "b"}])


def renames_member_case() -> Service:
    """Spell every member name in camelCase."""
    return always(_in_camel_case(order()))


def _in_camel_case(value: Any) -> Any:
    if isinstance(value, dict):
        return {_camel(name): _in_camel_case(member) for name, member in value.items()}
    return list(map(_in_camel_case, value)) if isinstance(value, list) else value


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


def nulls_a_list() -> Service:
    """Write null for an empty list."""
    return _serves(gift_notes=None)


def omits_nulls() -> Service:
    """Leave members without a value out."""
    return always({name: member for name, member in order().items() if member is not None})


def floats_an_integer() -> Service:
    """Write a whole number with a fraction."""
    return _serves(total_price=12.0)


def stringifies_a_number() -> Service:
    """Write numbers as text, in every element of a list."""
    lines = [{**line, "unit_count": str(line["unit_count"])} for line in order()["order_lines"]]
    return _serves(order_lines=lines)


def shifts_timestamps() -> Service:
    """Write the same moment with an offset."""
    return _serves(placed_at="2026-11-23T12:00:00+02:00")


def lists_a_scalar() -> Service:
    """Put a single value into a list."""
    return _serves(ship_to=[order()["ship_to"]])


def wraps_in_envelope() -> Service:
    """Put the order into one more object."""
    return always({"data": order()})


def retypes_a_member() -> Service:
    """Write an object where a string should be."""
    return _serves(placed_at={"day": 1})


def changes_a_value() -> Service:
    """Answer another price."""
    return _serves(total_price=13)


def sends_one_line_more() -> Service:
    """Answer a longer list."""
    return _serves(order_lines=[*order()["order_lines"], {"sku_code": "c", "unit_count": 9}])


def reorders_members() -> Service:
    """Write the members in another order, which is no difference."""
    return always(dict(reversed(order().items())))


def repeats_a_key() -> Service:
    """Write a member twice."""
    body = json.dumps(order()).encode()
    return lambda _: Reply(body=body.replace(b"{", b'{"order_id": 7, ', 1))


def changes_status() -> Service:
    """Answer not found."""
    return always({"error": "no such order"}, status=404)


def creates() -> Service:
    """Answer the same order as created."""
    return always(order(), status=201)


def changes_media_type() -> Service:
    """Declare a problem document."""
    return always(order(), content_type="application/problem+json")


def adds_charset() -> Service:
    """Declare a charset."""
    return always(order(), content_type="application/json; charset=utf-8")


def adds_etag() -> Service:
    """Send an entity tag."""
    return always(order(), etag='"1"')


def refuses_method() -> Service:
    """Refuse with the methods that are allowed: the plain service for `drops_allow`."""
    return always({"error": "method"}, status=405, allow="GET, HEAD")


def drops_allow() -> Service:
    """Refuse without the methods that are allowed."""
    return always({"error": "method"}, status=405)


def refuses_in_json() -> Service:
    """Refuse with a JSON document: the plain service for `speaks_text_on_error`."""
    return always({"error": "unprocessable"}, status=422)


def speaks_text_on_error() -> Service:
    """Refuse with plain text."""
    return lambda _: Reply(
        status=422, headers={"content-type": "text/plain"}, body=b"unprocessable"
    )


def sends_nothing() -> Service:
    """Answer with the header of the order and no body."""
    return lambda _: Reply(body=b"")


def greets(word: str) -> Service:
    """Answer with plain text."""
    return lambda _: Reply(headers={"content-type": "text/plain"}, body=word.encode())


def tags_enums() -> Service:
    """Refuse with an externally tagged enum: the plain service for `tags_enums_flat`."""
    return always({"Schema": {"field": "artifact", "reason": "missing"}}, status=422)


def tags_enums_flat() -> Service:
    """Refuse with a flat struct, its unused fields at zero."""
    return always(
        {"Kind": "schema", "Field": "artifact", "Reason": "missing", "Limit": 0}, status=422
    )


def diverges_twice() -> Service:
    """Leave a member out and write a number as text."""
    kept = {name: member for name, member in order().items() if name != "ship_to"}
    return always({**kept, "order_id": "7"})


def answers_alternately() -> Service:
    """Answer the order, then something else, and so on."""
    replies = itertools.cycle((json_reply(order()), json_reply({**order(), "total_price": "dear"})))
    return lambda _: next(replies)


def names_the_path(word: str) -> Service:
    """Answer with a word on paths that hold it, with the order elsewhere."""

    def service(request: Received) -> Reply:
        return json_reply({"word": word}) if word in request.target else json_reply(order())

    return service
