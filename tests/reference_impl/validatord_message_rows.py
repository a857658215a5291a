"""The rules page as a table: emails and SMS that fail by one rule."""

from tests.reference_impl.validatord_artifacts import (
    EMAIL,
    NON_EMPTY,
    PAY,
    ROSTER,
    SMS,
    SSN,
    Row,
    fault,
    schema,
    without,
)

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
