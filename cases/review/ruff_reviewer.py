"""A linter as a reviewer: what ruff finds in the files it is given, as entries of a review.

Run by `conformance review` with the changed files as arguments; the prompt on standard input is not read.
"""

import json
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Print an entry for each finding; the exit code is ruff's own where it could not work."""
    files = [name for name in sys.argv[1:] if name.endswith(".py") and Path(name).is_file()]
    command = [sys.executable, "-m", "ruff", "check", "--output-format", "json", "--quiet", "--", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False) if files else None  # noqa: S603
    if done is not None and done.returncode > 1:
        sys.stderr.write(done.stderr)
        return done.returncode
    found = json.loads(done.stdout or "[]") if done is not None else []
    for row in found:
        path = Path(row["filename"]).relative_to(Path.cwd())
        print(f"WHERE: {path}:{row['location']['row']}\nSEVERITY: WARN\nCLAIM: {row['code']}: {row['message']}\n")
    if not found:
        print("NO FINDINGS")
    return 0


if __name__ == "__main__":
    sys.exit(main())
