"""The rules page as a table: artifacts that fail by one rule, and artifacts just inside it."""

from typing import Any

ADA = {
    "worker_id": "w1",
    "name": "Ada Lovelace",
    "status": "active",
    "city": "Austin",
    "state": "TX",
    "role": "welder",
}
BOB = {**ADA, "worker_id": "w2", "name": "Bob Ray", "status": "inactive"}
CY = {**ADA, "worker_id": "w3", "name": "Cy"}
IMPOSTOR = {**ADA, "name": "Second Ada"}
ROSTER = {"roster": [ADA, BOB, CY, IMPOSTOR]}
EMAIL = {"to": "ada@example.com", "subject": "Shift", "body": "Hello Ada, call 555-123-4567."}
SMS = {"to": "+1-555-123-4567", "body": "Hello Ada"}
FILL = {"worker_id": "w1", "name": "Ada Lovelace"}
HEX = "0123456789abcdefABCDEF0123456789" * 2
PLAYBOOK = {
    "operation": "fill: Welder x2",
    "endorsed_names": ["Ada"],
    "target_count": 1,
    "fingerprint": HEX,
}
SSN = "is 123-45-6789."
PAY = "at $25 per hour"

EMAIL_INFO = {
    "severity": "info",
    "field": "context.worker_id",
    "message": "no worker_id: consistency was not checked",
}
FILL_INFO = {
    "severity": "info",
    "field": "context.target_count",
    "message": "no target_count: completeness was not checked",
}


def schema(field: str, requirement: str) -> dict[str, Any]:
    """Give the rejection of a malformed member."""
    return {"Schema": {"field": field, "reason": f"{field} must {requirement}"}}


def fault(group: str, reason: str) -> dict[str, Any]:
    """Give a rejection without a field."""
    return {group: {"reason": reason}}


def without(artifact: dict[str, Any], member: str) -> dict[str, Any]:
    """Take one member away."""
    return {name: value for name, value in artifact.items() if name != member}


Row = tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any]]

NON_EMPTY = "be a non-empty string"
MESSAGE_ROWS: list[Row] = [
    *[
        (
            f"{kind} {member} {name}",
            kind,
            {**artifact, member: value},
            {},
            schema(member, NON_EMPTY),
        )
        for kind, artifact in (("email", EMAIL), ("sms", SMS))
        for member in artifact
        for name, value in (("empty", ""), ("null", None), ("number", 5), ("list", ["a"]))
    ],
    *[(f"email without {m}", "email", without(EMAIL, m), {}, schema(m, NON_EMPTY)) for m in EMAIL],
    *[(f"sms without {m}", "sms", without(SMS, m), {}, schema(m, NON_EMPTY)) for m in SMS],
    ("email empty", "email", {}, {}, schema("to", NON_EMPTY)),
    ("no @", "email", {**EMAIL, "to": "ada"}, {}, schema("to", "hold exactly one @")),
    ("two @", "email", {**EMAIL, "to": "a@b@c"}, {}, schema("to", "hold exactly one @")),
    ("member before @", "email", {"to": "ada", "subject": "s"}, {}, schema("body", NON_EMPTY)),
    (
        "subject 79",
        "email",
        {**EMAIL, "subject": "é" * 79},
        {},
        fault("Completeness", "subject has 79 characters, at most 78 are allowed"),
    ),
    (
        "body 4001",
        "email",
        {**EMAIL, "body": "x" * 4001},
        {},
        fault("Completeness", "body has 4001 characters, at most 4000 are allowed"),
    ),
    (
        "sms 161",
        "sms",
        {**SMS, "body": "😀" * 161},
        {},
        fault("Completeness", "body has 161 characters, at most 160 are allowed"),
    ),
    (
        "subject before body",
        "email",
        {**EMAIL, "subject": "x" * 80, "body": "x" * 5000},
        {},
        fault("Completeness", "subject has 80 characters, at most 78 are allowed"),
    ),
    (
        "ssn subject",
        "email",
        {**EMAIL, "subject": SSN, "body": SSN},
        {},
        fault("Policy", "subject holds a US social security number"),
    ),
    (
        "ssn body",
        "email",
        {**EMAIL, "body": SSN},
        {},
        fault("Policy", "body holds a US social security number"),
    ),
    (
        "ssn before pay",
        "email",
        {**EMAIL, "subject": PAY, "body": SSN},
        {},
        fault("Policy", "body holds a US social security number"),
    ),
    (
        "pay subject",
        "email",
        {**EMAIL, "subject": PAY, "body": PAY},
        {},
        fault("Policy", "subject holds a pay rate"),
    ),
    ("pay body", "email", {**EMAIL, "body": PAY}, {}, fault("Policy", "body holds a pay rate")),
    (
        "sms ssn",
        "sms",
        {**SMS, "body": "123-45-6789"},
        {},
        fault("Policy", "body holds a US social security number"),
    ),
    ("sms pay", "sms", {**SMS, "body": PAY}, {}, fault("Policy", "body holds a pay rate")),
    (
        "length before policy",
        "sms",
        {**SMS, "body": SSN + "x" * 160},
        {},
        fault("Completeness", "body has 175 characters, at most 160 are allowed"),
    ),
    (
        "phantom",
        "email",
        EMAIL,
        {**ROSTER, "worker_id": "w9"},
        fault("Consistency", "worker w9 is not on the roster"),
    ),
    (
        "empty worker_id",
        "sms",
        SMS,
        {**ROSTER, "worker_id": ""},
        fault("Consistency", "worker  is not on the roster"),
    ),
    (
        "no roster",
        "sms",
        SMS,
        {"worker_id": "w1"},
        fault("Consistency", "worker w1 is not on the roster"),
    ),
    (
        "other first name",
        "sms",
        SMS,
        {**ROSTER, "worker_id": "w2"},
        fault("Consistency", "body does not hold the first name of worker w2"),
    ),
    (
        "case of a name",
        "sms",
        {**SMS, "body": "hello ada"},
        {**ROSTER, "worker_id": "w1"},
        fault("Consistency", "body does not hold the first name of worker w1"),
    ),
    (
        "policy before consistency",
        "sms",
        {**SMS, "body": PAY},
        {**ROSTER, "worker_id": "w9"},
        fault("Policy", "body holds a pay rate"),
    ),
]

LISTED = "be a non-empty list"
FILL_ROWS: list[Row] = [
    *[
        (f"fills {name}", "fill", artifact, ROSTER, schema("fills", LISTED))
        for name, artifact in (
            ("missing", {}),
            ("empty", {"fills": []}),
            ("object", {"fills": {"0": FILL}}),
        )
    ],
    ("no object", "fill", {"fills": [FILL, "w1"]}, ROSTER, schema("fills[1]", "be an object")),
    (
        "worker_id missing",
        "fill",
        {"fills": [without(FILL, "worker_id")]},
        ROSTER,
        schema("fills[0].worker_id", "be a string"),
    ),
    (
        "name number",
        "fill",
        {"fills": [FILL, {**FILL, "name": 5}]},
        ROSTER,
        schema("fills[1].name", "be a string"),
    ),
    (
        "worker_id before name",
        "fill",
        {"fills": [{}]},
        ROSTER,
        schema("fills[0].worker_id", "be a string"),
    ),
    (
        "objects before members",
        "fill",
        {"fills": [{}, 5]},
        ROSTER,
        schema("fills[1]", "be an object"),
    ),
    (
        "too few",
        "fill",
        {"fills": [FILL]},
        {**ROSTER, "target_count": 2},
        fault("Completeness", "1 fills for a target of 2"),
    ),
    (
        "too many",
        "fill",
        {"fills": [FILL]},
        {**ROSTER, "target_count": 0},
        fault("Completeness", "1 fills for a target of 0"),
    ),
    (
        "phantom fill",
        "fill",
        {"fills": [{"worker_id": "w9", "name": "X"}]},
        ROSTER,
        fault("Consistency", "worker w9 is not on the roster"),
    ),
    (
        "other name",
        "fill",
        {"fills": [{**FILL, "name": "Second Ada"}]},
        ROSTER,
        fault("Consistency", "worker w1 is on the roster as Ada Lovelace, not Second Ada"),
    ),
    (
        "inactive",
        "fill",
        {"fills": [{"worker_id": "w2", "name": "Bob Ray"}]},
        ROSTER,
        fault("Consistency", "worker w2 has status inactive, not active"),
    ),
    *[
        (
            f"other {place}",
            "fill",
            {"fills": [FILL]},
            {**ROSTER, place: "Oz"},
            fault("Consistency", f"worker w1 has {place} {ADA[place]}, not Oz"),
        )
        for place in ("city", "state", "role")
    ],
    (
        "city before state",
        "fill",
        {"fills": [FILL]},
        {**ROSTER, "role": "Oz", "state": "Oz", "city": "Oz"},
        fault("Consistency", "worker w1 has city Austin, not Oz"),
    ),
    (
        "used twice",
        "fill",
        {"fills": [FILL, FILL]},
        {**ROSTER, "target_count": 2},
        fault("Consistency", "worker w1 is used more than once"),
    ),
    (
        "fill by fill",
        "fill",
        {"fills": [FILL, FILL, {"worker_id": "w9", "name": ""}]},
        ROSTER,
        fault("Consistency", "worker w1 is used more than once"),
    ),
    (
        "completeness before consistency",
        "fill",
        {"fills": [FILL, FILL]},
        {"target_count": 3},
        fault("Completeness", "2 fills for a target of 3"),
    ),
]

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

PASSES: list[tuple[str, str, dict[str, Any], dict[str, Any], list[dict[str, str]]]] = [
    ("email", "email", EMAIL, {}, [EMAIL_INFO]),
    ("email for a worker", "email", EMAIL, {**ROSTER, "worker_id": "w1"}, []),
    (
        "limits in code points",
        "email",
        {**EMAIL, "subject": "😀" * 78, "body": "é" * 4000},
        {},
        [EMAIL_INFO],
    ),
    (
        "white space is not empty",
        "email",
        {"to": "@", "subject": " ", "body": "\n"},
        {},
        [EMAIL_INFO],
    ),
    ("unknown members", "email", {**EMAIL, "cc": [1, {"a": None}]}, {}, [EMAIL_INFO]),
    ("sms at its limit", "sms", {**SMS, "body": "😀" * 160}, {}, [EMAIL_INFO]),
    (
        "an sms needs no @ and no subject",
        "sms",
        {**SMS, "to": "a@b@c", "subject": SSN},
        {},
        [EMAIL_INFO],
    ),
    ("sms with a one-word name", "sms", {**SMS, "body": "Cyan"}, {**ROSTER, "worker_id": "w3"}, []),
    ("fill", "fill", {"fills": [FILL]}, ROSTER, [FILL_INFO]),
    (
        "fill with everything",
        "fill",
        {"fills": [FILL, {"worker_id": "w3", "name": "Cy", "more": 1}]},
        {**ROSTER, "target_count": 2, "city": "Austin", "state": "TX", "role": "welder"},
        [],
    ),
    ("playbook", "playbook", PLAYBOOK, {}, []),
    ("two names for one", "playbook", {**PLAYBOOK, "endorsed_names": ["a", "a"]}, {}, []),
    ("a verb with hyphen", "playbook", {**PLAYBOOK, "operation": "Re-fill_now: x\ny"}, {}, []),
    ("a huge target", "playbook", {**PLAYBOOK, "target_count": 2**53 - 1}, {}, []),
]
