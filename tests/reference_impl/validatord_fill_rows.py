"""The rules page as a table: fill proposals that fail by one rule."""

from tests.reference_impl.validatord_artifacts import (
    ADA,
    FILL,
    ROSTER,
    Row,
    fault,
    schema,
    without,
)

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
