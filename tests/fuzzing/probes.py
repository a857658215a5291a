"""Probes and keys of causes, written by hand."""

from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import parse
from conformance.fuzzing.oracle import Key
from conformance.fuzzing.probe import Probe


def probe_at(operation: str, where: str, entry: str, body: str, stage: str = "value") -> Probe:
    """Return a probe of one request, with the place and the entry that are tried."""
    method, _, path = operation.partition(" /")
    form = Form(method=method, path=tuple(path.split("/")), body=parse(body))
    return Probe((FormStep(form),), (operation,), stage, f"{operation} @ {where}", entry)


def key_at(name: str, place: str, operation: str) -> Key:
    """Return the key of a cause at a place, which runtime `a` refuses."""
    return name, place, operation, "bad", ((("400",), ("a",)),), ()
