"""What all operations share is one cause: the form of errors, a header field that is not sent."""

import pytest

from conformance.fuzzing.general_effects import GeneralEffects
from conformance.fuzzing.oracle import Key


def _key(name: str, place: str, operation: str, *facts: tuple[str, str]) -> Key:
    sides = tuple(((fact,), (runtime,)) for runtime, fact in facts)
    return name, place, operation, "", sides, ()


def _of_an_error(operation: str) -> Key:
    return _key("value", "$.errors[*].field", operation, ("a", "differs"), ("b", "differs"))


def test_what_errors_of_two_operations_show_is_the_form_of_errors() -> None:
    effects = GeneralEffects()
    effects.add(_of_an_error("POST /a"), "POST /a", (422, 422))
    assert not effects.explain(_of_an_error("POST /b"), (422, 422))
    effects.add(_of_an_error("POST /b"), "POST /b", (422, 422))
    assert effects.explain(_of_an_error("POST /c"), (422, 422))
    assert not effects.explain(_of_an_error("POST /c"), (200, 200))
    assert not effects.explain(_of_an_error("POST /c"), (422, 400))


@pytest.mark.parametrize("lacking", ["a", "b"])
def test_a_header_field_that_a_runtime_does_not_send_is_one_cause(lacking: str) -> None:
    """`Allow` has another value for each path."""
    effects = GeneralEffects()
    found = _key("header", "header allow", "", ("a", "GET"), ("b", "absent"))
    effects.add(found, "GET /a", (405, 405))
    sides = {"a": "PUT", "b": "PUT", lacking: "absent"}
    other = _key("header", "header allow", "", *sides.items())
    assert effects.explain(other, (405, 405)) == (lacking == "b")
    assert not effects.explain(_key("header", "header etag", "", *sides.items()), (405, 405))
