"""One defect that shows in many operations is one finding; another defect beside it is another."""

from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import parse
from conformance.fuzzing.oracle import Key
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.triggers import Triggers


def _probe(operation: str, where: str, entry: str, body: str, stage: str = "value") -> Probe:
    method, _, path = operation.partition(" /")
    form = Form(method=method, path=tuple(path.split("/")), body=parse(body))
    return Probe((FormStep(form),), (operation,), stage, f"{operation} @ {where}", entry)


def _key(name: str, place: str, operation: str) -> Key:
    return name, place, operation, "bad", ((("400",), ("a",)),), ()


ORDERS, CARTS = "POST /orders", "POST /carts"
TWICE = _probe(ORDERS, "body $.a", "twice", '{"a":1,"a":2}')


def test_a_defect_of_a_parser_is_known_in_every_operation() -> None:
    triggers = Triggers()
    triggers.add(TWICE, TWICE, _key("status", "status", ORDERS))

    assert triggers.known(_probe(CARTS, "body $.b", "twice", "{}"), _key("value", "$.b", CARTS))
    assert not triggers.known(
        _probe(CARTS, "body $.b", "absent", "{}"), _key("value", "$.b", CARTS)
    )


def test_a_member_with_one_effect_is_known_in_other_operations_and_another_effect_is_not() -> None:
    triggers = Triggers()
    found = _probe(ORDERS, "body $.size", "small numbers", '{"size":0}')
    triggers.add(found, found, _key("status", "status", ORDERS))
    elsewhere = _probe(CARTS, "body $.size", "small numbers", '{"size":0}')

    assert triggers.known(elsewhere, _key("status", "status", CARTS))
    assert not triggers.known(elsewhere, _key("value", "$.size", CARTS))


def test_what_holds_a_known_trigger_and_more_follows_from_it() -> None:
    triggers = Triggers()
    found = _probe(ORDERS, "body $.size", "small numbers", '{"size":0}')
    triggers.note_base(
        ORDERS, Form(method="POST", path=("orders",), body=parse('{"size":1,"name":"x"}'))
    )
    triggers.add(found, found, _key("status", "status", ORDERS))

    assert triggers.contained(_probe(ORDERS, "pair", "small", '{"size":0,"name":""}', "pair"))
    assert not triggers.contained(_probe(ORDERS, "pair", "small", '{"size":1,"name":""}', "pair"))
