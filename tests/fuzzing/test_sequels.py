"""What a sequence shows because of a known difference is not reported again."""

from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.oracle import Key
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.sequels import Sequels
from conformance.model.capture import Capture

CREATE, DELETE, READ = "POST /books", "DELETE /books/{id}", "GET /books/{id}"
CHANGE, REPLACE = "PATCH /books/{id}", "PUT /books/{id}"
TAKEN = (404, 200)


def _after(*operations: str, condition: tuple[str, str] | None = None) -> Probe:
    forms = [Form(method=name.partition(" ")[0], path=("books", "${id}")) for name in operations]
    forms[0] = Form(method="POST", path=("books",))
    if condition is not None:
        forms[-1] = forms[-1].with_header(*condition)
    made, *others = map(FormStep, forms)
    made = FormStep(made.form, (Capture(name="id", path=("id",)),))
    return Probe((made, *others), operations, "sequence")


def _status(operation: str) -> Key:
    return "status", "status", operation, "", ((("404",), ("a",)), (("200",), ("b",))), ()


def _of_version(name: str, *shown: tuple[str, str]) -> Key:
    facts = tuple(((fact,), (runtime,)) for fact, runtime in shown)
    return name, "$.version", CHANGE if name == "value" else "", "", facts, ()


def test_what_is_asked_of_a_state_that_is_known_to_differ_follows_from_it() -> None:
    """An id that is given out again answers in every operation."""
    sequels = Sequels()
    sequels.add(_after(CREATE, DELETE, CREATE, READ), _status(READ), TAKEN)

    again = _after(CREATE, DELETE, CREATE, REPLACE)
    assert sequels.has(again, _status(REPLACE), TAKEN)
    assert not sequels.has(again, _status(REPLACE), (409, 200))
    assert not sequels.has(_after(CREATE, CHANGE, CREATE, REPLACE), _status(REPLACE), TAKEN)


def test_a_read_and_a_delete_after_a_delete_are_two_defects() -> None:
    sequels = Sequels()
    sequels.add(_after(CREATE, DELETE, READ), _status(READ), TAKEN)

    assert not sequels.has(_after(CREATE, DELETE, DELETE), _status(DELETE), TAKEN)


def test_two_requests_that_a_state_should_refuse_are_two_defects() -> None:
    sequels = Sequels()
    sequels.add(_after(CREATE, CHANGE, REPLACE, DELETE), _status(DELETE), (409, 204))

    assert not sequels.has(_after(CREATE, CHANGE, REPLACE, CHANGE), _status(CHANGE), (409, 200))


def test_a_tag_that_a_change_keeps_shows_in_every_condition_on_it() -> None:
    sequels = Sequels()
    read = _after(CREATE, READ, CHANGE, READ, condition=("if-none-match", "${tag}"))
    sequels.add(read, _status(READ), (200, 304))

    changed = _after(CREATE, READ, CHANGE, REPLACE, condition=("if-match", "${tag}"))
    assert sequels.has(changed, _status(REPLACE), (412, 200))
    weak = _after(CREATE, READ, CHANGE, READ, condition=("if-none-match", "W/${tag}"))
    assert not sequels.has(weak, _status(READ), (200, 304))


def test_a_condition_on_a_thing_that_is_known_to_be_there_says_no_more() -> None:
    sequels = Sequels()
    sequels.add(_after(CREATE, DELETE, READ), _status(READ), TAKEN)

    read = _after(CREATE, READ, DELETE, READ, condition=("if-none-match", "${tag}"))
    assert sequels.has(read, _status(READ), (404, 304))
    assert not sequels.has(read, _status(READ), (200, 304))


def test_a_number_that_is_the_same_as_an_id_is_the_same_number() -> None:
    sequels = Sequels()
    value = _of_version("value", ("differs", "a"), ("differs", "b"))
    sequels.add(_after(CREATE, CHANGE), value)

    as_id = _of_version("identity", ("book_id", "b"), ("book_id_two", "a"))
    assert sequels.has(_after(CREATE, CREATE, CHANGE), as_id)
