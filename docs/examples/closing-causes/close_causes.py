"""Close the causes of a port one at a time, by `conformance next`; no model is needed.

`python close_causes.py [REVISION]` works in the folder of this file. In place of a model there is a
table of changes. An agent does the same: it reads the cause, changes the port, and verifies. One
change of the table is wrong at first, so that the loop has something to undo.

Exit 0 when nothing is left to do, 1 when a person is needed. With a REVISION, the last run also
proves that neither cases, rules, recordings nor decisions were changed since.
"""

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

PORT = Path("port.py")
CHANGES = {
    "null vs absent": [('"total":', '"note": None,\n    "total":')],
    "number as string": [('"12.5"', "12"), ('"12.5"', "12.5")],  # the first one is wrong
    "null vs empty list": [('"tags": None', '"tags": []')],
    "different naming convention": [('"orderId"', '"order_id"')],
    "timestamp form": [("1767323045", '"2026-01-02T03:04:05Z"')],
    "same elements in a different order": [('["a", "b"]', '["b", "a"]')],
    "member $.ship_to.zip: only in port": [(', "zip": "4051"', "")],
    "enveloped vs bare": [('[{"id": 7}]', '{"items": [{"id": 7}]}')],
    "400 vs 422 for invalid input": [("422", "400")],
    "text vs JSON error": [('"no such order"', '{"code": "no_such_order"}')],
}
"""What to replace in the port for each cause: attempts in their order, each as (old, new)."""


def conformance(*words: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it printed. A code over 1 ends the loop."""
    done = subprocess.run(["conformance", *words], capture_output=True, text=True, check=False)
    if done.returncode > 1:
        sys.exit(done.stderr)
    return done.returncode, done.stdout


def next_step(skipped: list[str]) -> dict[str, Any]:
    """Ask the original and the port, and return the cause that comes next, or why to stop."""
    conformance("run", "cases", "--baseline", "original", "--quiet")
    skip = [word for key in skipped for word in ("--skip", key)]
    step: dict[str, Any] = json.loads(conformance("next", "--json", *skip)[1])
    return step


def is_closed(cause: dict[str, Any], attempts: int) -> bool:
    """Change the port until the cause is closed, at most so many times; undo what does not help."""
    before = PORT.read_text()
    for old, new in CHANGES.get(cause["title"], [])[:attempts]:
        PORT.write_text(before.replace(old, new))
        code, printed = conformance(*shlex.split(cause["verify"])[1:])
        print(printed, end="")
        if code == 0:
            return True
        PORT.write_text(before)
    return False


def main(revision: str | None) -> int:
    """Close one cause after the other, until the command says stop."""
    skipped: list[str] = []
    while not (step := next_step(skipped))["stop"]:
        cause = step["cause"]
        assert cause["change"] == ["port"], "only the port may be changed here"
        print(f"{step['undecided']} left: {cause['title']}: {cause['says']}")
        if not is_closed(cause, step["stop_rule"]["attempts"]):
            skipped.append(cause["key"])
    print(f"stop: {step['state']}", *step["reasons"], sep="\n  ")
    guard = ["--guard", revision] if revision else []
    return conformance("run", "cases", "--baseline", "original", "--quiet", *guard)[0]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or [None]))
