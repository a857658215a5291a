"""What is written for a found cause is what was asked, as far as a file can hold it."""

import re

from conformance.fuzzing.case_file import named
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import JsonObject, node_of, value_of
from conformance.fuzzing.probe import Probe


def test_a_fresh_name_is_written_as_a_text_of_the_same_form() -> None:
    """A pattern that takes the letters and digits of a fresh name may refuse a hyphen."""
    body = node_of({"slug": "${fresh:slug}", "other": "A${fresh:two_slug}"})
    probe = Probe(
        (FormStep(Form(method="POST", path=("courses",), body=body)),), ("POST /courses",), "value"
    )
    (case,) = named([("status differs", probe, ())], fresh=False)
    tree = case.probe.form.tree
    assert isinstance(tree, JsonObject)
    slug, other = (value_of(node) for _, node in tree.pairs)
    assert re.fullmatch("n[0-9a-f]{15}", slug)
    assert re.fullmatch("An[0-9a-f]{15}", other)
    assert slug not in other
