"""The rules page as a table: playbooks that fail by one rule."""

from tests.reference_impl.validatord_artifacts import (
    HEX,
    NON_EMPTY,
    PLAYBOOK,
    Row,
    fault,
    schema,
    without,
)

VERB = schema("operation", "have the form verb: text")
POSITIVE = schema("target_count", "be a positive integer")
DIGITS = schema("fingerprint", "be 64 hexadecimal digits")
PLAYBOOK_ROWS: list[Row] = [
    *[
        (f"operation {value!r}", "playbook", {**PLAYBOOK, "operation": value}, {}, VERB)
        for value in (
            None,
            5,
            "",
            "fill",
            "fill:",
            "fill: ",
            "fill:x",
            "fill:  x",
            "9: x",
            "_a: x",
            "f1: x",
            " fill: x",
            "fíll: x",
            "\nfill: x",
        )
    ],
    (
        "names missing",
        "playbook",
        without(PLAYBOOK, "endorsed_names"),
        {},
        schema("endorsed_names", "be a list"),
    ),
    (
        "names string",
        "playbook",
        {**PLAYBOOK, "endorsed_names": "Ada"},
        {},
        schema("endorsed_names", "be a list"),
    ),
    *[
        (
            f"name {value!r}",
            "playbook",
            {**PLAYBOOK, "endorsed_names": ["Ada", value]},
            {},
            schema("endorsed_names[1]", NON_EMPTY),
        )
        for value in ("", None, 5)
    ],
    *[
        (f"target_count {value!r}", "playbook", {**PLAYBOOK, "target_count": value}, {}, POSITIVE)
        for value in (None, 0, -1, 1.0, "1", True, [1], 2**53)
    ],
    *[
        (f"fingerprint {name}", "playbook", {**PLAYBOOK, "fingerprint": value}, {}, DIGITS)
        for name, value in (
            ("short", HEX[1:]),
            ("long", HEX + "0"),
            ("letter", "g" + HEX[1:]),
            ("line", HEX + "\n"),
            ("digits of another script", "٣" * 64),
            ("number", 5),
        )
    ],
    (
        "no names",
        "playbook",
        {**PLAYBOOK, "endorsed_names": []},
        {},
        fault("Completeness", "0 endorsed names, between 1 and 2 are wanted"),
    ),
    (
        "too many names",
        "playbook",
        {**PLAYBOOK, "endorsed_names": ["a"] * 5, "target_count": 2},
        {},
        fault("Completeness", "5 endorsed names, between 1 and 4 are wanted"),
    ),
    ("operation first", "playbook", {}, {}, VERB),
    (
        "schema before completeness",
        "playbook",
        {**PLAYBOOK, "endorsed_names": [], "fingerprint": ""},
        {},
        DIGITS,
    ),
]
