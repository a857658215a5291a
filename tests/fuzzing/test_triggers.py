"""One defect that shows in many operations is one finding; another defect beside it is another."""

import pytest
from msgspec.structs import replace

from conformance.fuzzing.features import features_of
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import parse
from conformance.fuzzing.operation import Operation, Parameter
from conformance.fuzzing.oracle import Key
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.triggers import Triggers
from tests.fuzzing.probes import key_at, probe_at

ORDERS, CARTS = "POST /orders", "POST /carts"
TWICE = probe_at(ORDERS, "body $.a", "twice", '{"a":1,"a":2}')


def test_a_defect_of_a_parser_is_known_in_every_operation() -> None:
    triggers = Triggers()
    triggers.add(TWICE, TWICE, key_at("status", "status", ORDERS))

    assert triggers.known(probe_at(CARTS, "body $.b", "twice", "{}"), key_at("value", "$.b", CARTS))
    assert not triggers.known(
        probe_at(CARTS, "body $.b", "absent", "{}"), key_at("value", "$.b", CARTS)
    )


def test_what_has_shown_a_known_cause_is_not_looked_at_in_each_operation() -> None:
    """A body that is deep has a member that nobody knows; another status is another effect."""
    triggers = Triggers()
    deep = probe_at(ORDERS, "body", "20 deep", "{}", "wire")
    elsewhere = probe_at(CARTS, "body", "20 deep", "{}", "wire")
    triggers.note_known(deep, (201, 422))

    assert triggers.known(elsewhere, key_at("status", "status", CARTS), (201, 422))
    assert not triggers.known(elsewhere, key_at("status", "status", CARTS), (201, 500))
    of_a_value = probe_at(CARTS, "body $.b", "absent", "{}")
    triggers.note_known(of_a_value, (201, 422))
    assert not triggers.known(of_a_value, key_at("status", "status", CARTS), (201, 422))


def test_a_member_with_one_effect_is_known_in_other_operations_and_another_effect_is_not() -> None:
    triggers = Triggers()
    found = probe_at(ORDERS, "body $.size", "small numbers", '{"size":0}')
    triggers.add(found, found, key_at("status", "status", ORDERS))
    elsewhere = probe_at(CARTS, "body $.size", "small numbers", '{"size":0}')

    assert triggers.known(elsewhere, key_at("status", "status", CARTS))
    assert not triggers.known(elsewhere, key_at("value", "$.size", CARTS))


def test_what_holds_a_known_trigger_and_more_follows_from_it() -> None:
    triggers = Triggers()
    found = probe_at(ORDERS, "body $.size", "small numbers", '{"size":0}')
    triggers.note_base(
        ORDERS, Form(method="POST", path=("orders",), body=parse('{"size":1,"name":"x"}'))
    )
    triggers.add(found, found, key_at("status", "status", ORDERS))

    assert triggers.contained(probe_at(ORDERS, "pair", "small", '{"size":0,"name":""}', "pair"))
    assert not triggers.contained(probe_at(ORDERS, "pair", "small", '{"size":1,"name":""}', "pair"))


def test_what_all_refuse_alike_does_not_explain_that_one_accepts_it() -> None:
    """An empty body has another error text; with a key that was used before, one accepts it."""
    triggers, refused = Triggers(), probe_at(ORDERS, "body $.size", "absent", "{}")
    triggers.add(refused, refused, key_at("value", "$.error", ORDERS), (422, 422))
    more = probe_at(ORDERS, "after it", "again", '{"size":{},"more":1}', "sequence")
    own = probe_at(ORDERS, "after it", "again", "{}", "sequence")
    keyed = own.with_form(own.form.with_header("idempotency-key", "k"))
    assert triggers.contained(keyed, (422, 422))
    assert not triggers.contained(keyed, (409, 201))
    assert not triggers.contained(more, (422, 422))


def _usual(triggers: Triggers, operation: str, body: str) -> None:
    method, _, path = operation.partition(" /")
    limit = Parameter(name="limit", place="query")
    known = Operation(method=method, path=tuple(path.split("/")), parameters=(limit,))
    triggers.note_usual(known, probe_at(operation, "", "", body).form)


def _random(operation: str, written: str, **changed: object) -> Probe:
    probe = probe_at(operation, "random", "", written, "random")
    return probe.with_form(replace(probe.form, **changed))


def test_what_a_random_request_tries_is_read_from_it() -> None:
    """A member that is there twice is the same defect, whatever made the request."""
    triggers = Triggers()
    for operation, body in ((ORDERS, '{"a":1}'), (CARTS, '{"b":1}')):
        _usual(triggers, operation, body)
    triggers.add(TWICE, TWICE, key_at("status", "status", ORDERS), (422, 200))

    assert triggers.known_features(_random(CARTS, '{"b":1,"b":2}'), (200, 200))
    assert not triggers.known_features(_random(CARTS, '{"b":2}'), (200, 200))


def test_a_header_field_that_is_refused_is_another_defect_than_one_that_changes_an_answer() -> None:
    triggers = Triggers()
    for operation in (ORDERS, CARTS):
        _usual(triggers, operation, "{}")
    html = (("accept", "text/html"),)
    found = _random(ORDERS, "{}", headers=html)
    triggers.add(found, found, key_at("status", "status", ORDERS), (422, 200))

    more = _random(CARTS, "{}", headers=(("accept", "text/html;q=1"),))
    assert triggers.known_features(more, (422, 204))
    assert not triggers.known_features(more, (200, 204))
    elsewhere = _random(CARTS, "{}", headers=html)
    assert triggers.known_features(elsewhere, (422, 200))
    assert not triggers.known_features(elsewhere, (200, 200))


def test_a_parameter_that_is_there_twice_is_another_defect_than_a_member() -> None:
    triggers = Triggers()
    _usual(triggers, CARTS, "{}")
    triggers.add(TWICE, TWICE, key_at("value", "$.a", ORDERS))
    twice = (("limit", "1"), ("limit", "2"))

    assert not triggers.known_features(_random(CARTS, "{}", query=twice), (200, 200))
    systematic = probe_at(CARTS, "query limit", "twice", "{}")
    assert not triggers.known(systematic, key_at("length", "$.items", CARTS))


def test_success_is_the_same_effect_whatever_its_number() -> None:
    triggers = Triggers()
    found = probe_at(ORDERS, "body $.size", "maximum", '{"size":9}')
    created = ("status", "status", ORDERS, "bad", ((("201",), ("a",)),), ())
    changed = ("status", "status", CARTS, "bad", ((("200",), ("a",)),), ())
    triggers.add(found, found, created, (422, 200))

    elsewhere = probe_at(CARTS, "body $.size", "maximum", '{"size":9}')
    assert triggers.known(elsewhere, changed, (422, 200))


@pytest.mark.parametrize(
    ("changed", "feature"),
    [
        ({"path": ("carts", "")}, ("path", "a slash at the end")),
        ({"path": ("", "carts")}, ("path", "two slashes at the start")),
        ({"path": ("carts", "x")}, ("path", "one more segment")),
        ({"path": ("CARTS",)}, ("path", "in capitals")),
        ({"path": ("%63arts",)}, ("path", "escaped without need")),
        ({"method": "PUT"}, ("method", "method PUT")),
        ({"query": (("limit[]", "1"),)}, ("query", "in brackets")),
        ({"query": (("x", "1"),)}, ("query", "an unknown parameter")),
        ({"headers": (("Content-Type", "text/x"),)}, ("content-type", "text/x")),
        ({"body": parse('{"A":1}')}, ("body", "name spelled otherwise")),
        ({"body": parse('{"a":{"z":1}}')}, ("body", "an unknown member")),
        ({"body": b'{ "z": 1 }'}, ("body", "an unknown member")),
        ({"body": parse('{"a":true}')}, ("value", "a truth value for a number")),
        (
            {"body": parse('{"a":1.0}')},
            ("value", "a whole number with a fraction or an exponent"),
        ),
    ],
)
def test_features_are_what_the_usual_request_has_not(
    changed: dict[str, object], feature: tuple[str, str]
) -> None:
    triggers = Triggers()
    _usual(triggers, CARTS, '{"a":1}')
    assert features_of(_random(CARTS, '{"a":2}', **changed), triggers.usual) == {feature}
    assert not features_of(_random(CARTS, '{"a":2}'), triggers.usual)


def test_two_content_types_to_one_effect_are_a_defect_of_all_of_them() -> None:
    """One may be a type that only some runtimes take; after two the others are no news."""
    triggers, key = Triggers(), key_at("status", "status", ORDERS)

    def tried(entry: str) -> Probe:
        return probe_at(ORDERS, "content-type", entry, "{}", "wire")

    triggers.add(tried("text/plain"), tried("text/plain"), key, (415, 201))
    assert not triggers.known(tried("text/xml"), key, (415, 200))
    triggers.add(tried("text/xml"), tried("text/xml"), key, (415, 200))
    assert triggers.known(tried("text/csv"), key, (415, 201))
    assert not triggers.known(tried("text/csv"), key, (201, 415))


def test_a_value_that_has_shown_a_cause_is_known_in_other_operations() -> None:
    triggers = Triggers()
    empty = probe_at(ORDERS, "body $.name", "another type", '{"name":""}')
    _usual(triggers, ORDERS, '{"name":"x","size":1}')
    triggers.add(empty, empty, key_at("status", "status", ORDERS))

    assert triggers.known_in(probe_at(CARTS, "", "", '{"name":"","size":true}'))
    assert not triggers.known_in(probe_at(CARTS, "", "", '{"name":"a","size":true}'))


def test_escapes_of_an_id_are_features() -> None:
    triggers = Triggers()
    known = Operation(method="GET", path=("carts", "{id}"))
    triggers.note_usual(known, Form(method="GET", path=("carts", "1")))
    for sent, feature in (
        ("a%2Fb", "an escaped /"),
        ("%25b", "an escaped %"),
        ("%FF", "bytes that are no UTF-8"),
        ("%zz", "a broken escape"),
    ):
        probe = Probe((FormStep(Form(method="GET", path=("carts", sent))),), (known.id,), "value")
        assert features_of(probe, triggers.usual) == {("path", feature)}


def test_a_type_that_one_member_takes_is_known_at_others() -> None:
    """A check of types that takes `true` for a number does so for every number."""
    triggers = Triggers()
    for operation, body in ((ORDERS, '{"a":1}'), (CARTS, '{"b":1,"c":"x"}')):
        _usual(triggers, operation, body)
    found = probe_at(ORDERS, "body $.a", "another type", '{"a":true}')
    triggers.add(found, found, key_at("status", "status", ORDERS), (422, 200))

    assert triggers.known_features(_random(CARTS, '{"b":true,"c":"x"}'), (422, 200))
    assert not triggers.known_features(_random(CARTS, '{"b":"1","c":"x"}'), (422, 200))


def test_the_values_beside_a_bound_are_one_group_and_those_of_an_enum_are_not() -> None:
    triggers, key = Triggers(), key_at("length", "$.tags", ORDERS)
    found = probe_at(ORDERS, "body $.tags", "maxItems 4", '{"tags":[1]}')
    triggers.add(found, found, key)

    assert triggers.known(probe_at(CARTS, "body $.tags", "maxItems 5", '{"tags":[1]}'), key)
    found = probe_at(ORDERS, "query sort", "enum value 1", "{}")
    triggers.add(found, found, key)
    assert not triggers.known(probe_at(CARTS, "query sort", "enum value 2", "{}"), key)


def test_null_that_one_member_keeps_is_known_of_the_others_of_an_operation() -> None:
    triggers = Triggers()

    def kept(member: str, other: str) -> Key:
        shown = ((("null",), ("a",)), ((other,), ("b",)))
        return "type", f"$.{member}", "", "", shown, ()

    found = probe_at(ORDERS, "body $.note", "another type", '{"note":null}')
    triggers.add(found, found, kept("note", "string"))

    other = probe_at(ORDERS, "body $.size", "another type", '{"size":null}')
    assert triggers.known(other, kept("size", "integer"))
    assert not triggers.known(other, kept("total", "integer"))
    elsewhere = probe_at(CARTS, "body $.size", "another type", '{"size":null}')
    assert not triggers.known(elsewhere, kept("size", "integer"))


def test_a_member_that_keeps_what_it_had_does_so_whatever_is_sent() -> None:
    """A change that is ignored shows as another difference of types with each type that is sent."""
    triggers = Triggers()

    def ignored(sent: str, member: str = "note") -> Key:
        return "type", f"$.{member}", "", "", (((sent,), ("a",)), (("string",), ("b",))), ()

    found = probe_at(ORDERS, "body $.note", "another type", '{"note":true}')
    triggers.add(found, found, ignored("boolean"))

    other = probe_at(ORDERS, "body $.note", "another type", '{"note":7}')
    assert triggers.known(other, ignored("integer"))
    elsewhere = probe_at(ORDERS, "body $.name", "another type", '{"name":7}')
    assert not triggers.known(elsewhere, ignored("integer", "name"))


@pytest.mark.parametrize("entry", ["null alone", "a time without seconds"])
def test_how_a_part_or_a_time_is_read_is_one_cause_for_all_members(entry: str) -> None:
    triggers = Triggers()
    found = probe_at(ORDERS, "body $.a", entry, '{"a":1}')
    triggers.add(found, found, key_at("status", "status", ORDERS), (200, 422))
    elsewhere = probe_at(CARTS, "body $.b", entry, '{"b":1}')

    assert triggers.known(elsewhere, key_at("value", "$.b", CARTS), (422, 200))
    assert not triggers.known(elsewhere, key_at("value", "$.b", CARTS), (200, 200))


def test_a_known_cause_is_not_looked_at_again_where_the_request_has_what_has_shown_it() -> None:
    """A deep body of a member that nobody knows is refused for the member, at each depth."""
    triggers = Triggers()
    operation = Operation(method="POST", path=("orders",))
    triggers.note_usual(operation, probe_at(ORDERS, "", "", '{"a":1}').form)
    unknown = probe_at(ORDERS, "body $", "an unknown member", '{"a":1,"zz":1}')
    key = key_at("status", "status", ORDERS)
    triggers.add(unknown, unknown, key, (201, 422))
    deep = probe_at(ORDERS, "body", "20 deep", '{"a":1,"zz":[[]]}', "wire")

    assert triggers.repeats(deep, key, (201, 422))
    assert not triggers.repeats(deep, key, (201, 201))


def test_what_is_odd_about_a_request_is_known_before_it_is_made_smaller() -> None:
    """The member that nobody knows is refused in another operation as well, however deep it is."""
    triggers = Triggers()
    for name in (ORDERS, CARTS):
        _usual(triggers, name, '{"a":1}')
    unknown = probe_at(ORDERS, "body $", "an unknown member", '{"a":1,"zz":1}')
    triggers.add(unknown, unknown, key_at("status", "status", ORDERS), (201, 422))
    deep = probe_at(CARTS, "body", "20 deep", '{"a":1,"zz":[[]]}', "wire")

    assert triggers.known(deep, key_at("status", "status", CARTS), (201, 422))
    assert not triggers.known(deep, key_at("value", "$.a", CARTS), (201, 201))
    at_random = replace(deep, stage="random")
    assert not triggers.known(at_random, key_at("status", "status", CARTS), (201, 422))


@pytest.mark.parametrize(
    ("found", "statuses", "known"),
    [
        (["PUT"], (404, 405), True),
        (["PUT"], (405, 404), False),
        (["PUT"], (200, 405), False),
        (["PUT", "PATCH"], (200, 405), False),
    ],
)
def test_what_a_router_makes_of_one_method_it_makes_of_others(
    found: list[str], statuses: tuple[int, int], *, known: bool
) -> None:
    """All refuse with 404 beside 405; what one of them accepts may be one method alone."""
    triggers = Triggers()
    for method in found:
        probe = _with_method(ORDERS, method)
        triggers.add(probe, probe, key_at("status", "status", ORDERS), statuses)
    assert (
        triggers.known(_with_method(CARTS, "TRACE"), key_at("status", "status", CARTS), (404, 405))
        is known
    )
    two_are_enough = len(found) > 1
    elsewhere = _with_method(CARTS, "TRACE"), key_at("status", "status", CARTS), (200, 405)
    assert triggers.known(*elsewhere) is two_are_enough


def _with_method(operation: str, method: str) -> Probe:
    return probe_at(operation, "method", f"method {method}", "{}", "wire")


def test_a_value_in_an_earlier_step_does_not_mislead() -> None:
    """Steps after it may go: then it is in the last one."""
    triggers, moved = Triggers(), probe_at(ORDERS, "body $.to", "enum value 1", '{"to":"open"}')
    triggers.add(moved, moved, key_at("status", "status", ORDERS))
    read = FormStep(Form(method="GET", path=("orders",)))
    longer = replace(moved.followed_by([(read, "GET /orders")]), locus="GET /orders @ after it")
    assert triggers.known_in(moved) <= triggers.known_in_steps(longer)
    assert not triggers.known_in(longer)
