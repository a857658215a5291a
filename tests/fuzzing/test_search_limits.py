"""A search that ends soon looks at what has waited."""

import time

from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.further_forms import FurtherForms
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.search_limits import Limits


def test_the_last_part_of_a_search_is_near_its_limit() -> None:
    assert not Limits(requests=100).are_near(74)
    assert Limits(requests=100).are_near(75)
    now = time.monotonic()
    assert not Limits(deadline=now + 60, seconds=60.0).are_near(0)
    assert Limits(deadline=now + 10, seconds=60.0).are_near(0)
    assert not Limits().are_near(10**9)


def test_forms_wait_in_small_number_and_each_once() -> None:
    forms, key = FurtherForms(), ("value", "$.a", "", "", (), ())
    probes = [
        Probe((FormStep(Form(method="GET", path=(f"{at}",))),), ("GET /",), "value")
        for at in range(20)
    ]
    for probe in (*probes, *probes):
        forms.put_off(probe, [key])
    forms.put_off(probes[0], [("status", *key[1:])])
    assert list(forms.taken()) == probes[:8]
    assert not list(forms.taken())
