"""Send a creating request twice with one `Idempotency-Key`, so that it should have effect once.

The header field is the one that the API document declares, else `Idempotency-Key`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.form import Form
from conformance.fuzzing.moves import altered, captured_as
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.probe import Probe

_USUAL: Final = "Idempotency-Key"
_NAMES: Final = re.compile("idempoten|request-?id|dedup", re.IGNORECASE)
_KEY: Final = "${fresh:key}"


def idempotency_probes(bases: Mapping[str, Base]) -> Iterator[Probe]:
    """Yield creations sent twice with one key: the same request, and one with other values."""
    for base in bases.values():
        if base.operation.method == "POST" and base.accepted:
            yield from _for_base(base)


def _for_base(base: Base) -> Iterator[Probe]:
    declared = _declared(base.operation)
    first = base.form.with_header(*_field(declared))
    other = base.other or altered(base.form)
    others = {"again": first, "with other values": other.with_header(*_field(declared))}
    for entry, form in others.items():
        # Without a declared key, sending the same request twice shows whether a key has effect
        if entry == "again" or (declared and form != first):
            yield _twice(base, first, form, entry)


def _declared(operation: Operation) -> str:
    """Return the name of the declared header field for the key; empty if there is none."""
    return next(filter(_NAMES.search, operation.names_in("header")), "")


def _field(declared: str) -> tuple[str, str]:
    return (declared or _USUAL).lower(), _KEY


def _twice(base: Base, first: Form, then: Form, entry: str) -> Probe:
    name = base.operation.id
    again = captured_as(replace(base.form_step, form=then), "again")
    followed = base.probe.with_form(first).followed_by([(again, name)])
    path = f"{name} with the same key {entry}"
    return replace(followed, stage="sequence", locus=f"{name} @ after {path}", entry=path)
