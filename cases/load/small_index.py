"""Makes a small index in a vectord, and writes the rows that sustained writes draw from.

    python small_index.py --url http://127.0.0.1:4215 --vectors 2000 --rows rows.ndjson

In: a gateway or a vectord, and a number of vectors. Out: the index, and a row for each vector with
one of few ids, so that nearly every write replaces or follows a delete. The same number gives the
same rows.
"""

import argparse
import http.client
import json
import random
import sys
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

INDEX: Final = "playbook_memory"
DIM: Final = 16
IDS: Final = 50
_MADE: Final = (200, 201)


def main() -> int:
    """Make the index and the rows; 1 where the index cannot be made."""
    parser = argparse.ArgumentParser(
        description="A small index, and rows for sustained writes to it."
    )
    parser.add_argument("--url", required=True)
    parser.add_argument("--vectors", type=int, required=True)
    parser.add_argument("--rows", type=Path, required=True)
    asked = parser.parse_args()
    parts = urlsplit(asked.url)
    with closing(
        http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    ) as connection:
        body = json.dumps({"name": INDEX, "dim": DIM})
        connection.request("POST", "/v1/vectors/index", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        said = answer.read().decode("utf-8", "replace")
    if answer.status not in _MADE:
        sys.stderr.write(
            f"POST /v1/vectors/index: wanted 200 or 201, got {answer.status}: {said}\n"
        )
        return 1
    chance = random.Random(1)  # noqa: S311 - the same rows again, no secret
    with asked.rows.open("w") as out:
        for number in range(asked.vectors):
            vector = [round(chance.gauss(0, 1), 6) for _ in range(DIM)]
            row = {"index": INDEX, "id": f"playbook-{number % IDS}", "vector": vector}
            out.write(json.dumps(row) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
