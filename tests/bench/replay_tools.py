"""The tools that replay the same exchanges: how each is had, what it reads, how it is started.

Programs are installed once, below the user's cache folder.  Each tool is given its fastest ordinary
form: one file of all exchanges, quiet output, one process.  Only ours asks two runtimes in one run;
the others are started once for each.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.bench.workload import ENVIRONMENT, Exchange

CACHE: Final = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "conformance-bench"
)
INSTALL_TIMEOUT_S: Final = 1_200


class AbsentToolError(Exception):
    """A tool that could not be had; its text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One tool.

     In commands `{home}` is its folder in the cache, `{release}` its release, `{base}` a runtime's
    URL.
    """

    name: str
    installs: tuple[tuple[str, ...], ...]
    program: str
    release: str
    file: str
    text: Callable[[Sequence[Exchange]], str]
    command: tuple[str, ...]

    def install(self) -> None:
        """Install the program where it is not there yet; raises AbsentToolError."""
        home = CACHE / self.name
        home.mkdir(parents=True, exist_ok=True)
        for command in () if (home / self.program).exists() else self.installs:
            print(f"installing {self.name}: {' '.join(command)}", file=sys.stderr)
            try:
                subprocess.run(
                    self._filled(command),
                    cwd=home,
                    env=ENVIRONMENT,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    timeout=INSTALL_TIMEOUT_S,
                    check=True,
                )
            except subprocess.CalledProcessError as error:
                raise AbsentToolError(
                    f"`{' '.join(command)}` failed: {_reason(error.stdout)}"
                ) from error
            except (OSError, subprocess.SubprocessError) as error:
                raise AbsentToolError(f"`{' '.join(command)}`: {error}") from error

    def commands(
        self, folder: Path, asked: Sequence[Exchange], bases: Sequence[str]
    ) -> list[list[str]]:
        """Write what the tool reads into a folder, and return each runtime's replay command."""
        (folder / self.file).write_text(self.text(asked), encoding="utf-8")
        return [self._filled(self.command, base) for base in bases]

    def _filled(self, words: Sequence[str], base: str = "") -> list[str]:
        meant = {"{home}": str(CACHE / self.name), "{release}": self.release, "{base}": base}
        return [
            re.sub(r"\{(?:home|release|base)\}", lambda found: meant[found[0]], word)
            for word in words
        ]


def _reason(said: bytes) -> str:
    """Return the last line of an installer's output that names an error, else the last.

    It is the line that says most.
    """
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    telling = [
        line
        for line in lines
        if "panicked" in line or "failed:" in line or line.startswith(("error:", "go: "))
    ]
    return (telling or lines or ["it said nothing"])[-1][:300]


def _hurl(asked: Sequence[Exchange]) -> str:
    return "\n".join(
        f"{one.method} {{{{base}}}}{one.target}\n"
        + (f"content-type: application/json\n{one.body}\n" if one.body else "")
        + f"HTTP {one.status}\n"
        for one in asked
    )


def _newman(asked: Sequence[Exchange]) -> str:
    items = [_newman_item(one) for one in asked]
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return json.dumps({"info": {"name": "replay", "schema": schema}, "item": items})


def _newman_item(one: Exchange) -> dict[str, Any]:
    check = f"pm.test('status', () => pm.response.to.have.status({one.status}));"
    request: dict[str, Any] = {"method": one.method, "url": "{{base}}" + one.target}
    if one.body:
        request["header"] = [{"key": "content-type", "value": "application/json"}]
        request["body"] = {"mode": "raw", "raw": one.body}
    return {
        "name": one.name,
        "request": request,
        "event": [{"listen": "test", "script": {"exec": [check]}}],
    }


def _tavern(asked: Sequence[Exchange]) -> str:
    return "".join(
        f"---\ntest_name: {one.name}\nstages:\n  - name: ask\n    request:\n      method: "
        f"{one.method}\n"
        f'      url: "{{tavern.env_vars.BASE}}{one.target}"\n'
        + (f"      json: {one.body}\n" if one.body else "")
        + f"    response:\n      status_code: {one.status}\n"
        for one in asked
    )


def _venom(asked: Sequence[Exchange]) -> str:
    return "name: replay\ntestcases:\n" + "".join(
        f"- name: {one.name}\n  steps:\n  - type: http\n    method: {one.method}\n"
        f'    url: "{{{{.base}}}}{one.target}"\n'
        + (
            f"    headers: {{content-type: application/json}}\n    body: '{one.body}'\n"
            if one.body
            else ""
        )
        + f"    assertions:\n    - result.statuscode ShouldEqual {one.status}\n"
        for one in asked
    )


# The npm package of hurl only downloads a binary from where a build machine may not reach, so hurl
# is compiled.  That
# reads C headers with libclang, and for them those of the C compiler.
_BUILD_HURL: Final = (
    'LIBCLANG_PATH="{home}/libclang/clang/native" BINDGEN_EXTRA_CLANG_ARGS="-I$(cc '
    '-print-file-name=include)" '
    'cargo install --quiet --locked --root "{home}" hurl@{release}'
)
TOOLS: Final = (
    Tool(
        name="hurl",
        release="8.0.1",
        installs=(
            (
                sys.executable,
                "-m",
                "pip",
                "install",
                "-q",
                "--upgrade",
                "--target",
                "{home}/libclang",
                "libclang",
            ),
            ("sh", "-c", _BUILD_HURL),
        ),
        program="bin/hurl",
        file="replay.hurl",
        text=_hurl,
        command=("{home}/bin/hurl", "--test", "--variable", "base={base}", "replay.hurl"),
    ),
    Tool(
        name="newman",
        release="6.2.2",
        installs=(("npm", "install", "--silent", "--prefix", "{home}", "newman@{release}"),),
        program="node_modules/.bin/newman",
        file="replay.json",
        text=_newman,
        command=(
            "{home}/node_modules/.bin/newman",
            "run",
            "replay.json",
            "--env-var",
            "base={base}",
            "--silent",
        ),
    ),
    Tool(
        name="venom",
        release="v1.3.0-beta.2",
        installs=(
            ("env", "GOBIN={home}", "go", "install", "github.com/ovh/venom/cmd/venom@{release}"),
        ),
        program="venom",
        file="replay.yml",
        text=_venom,
        command=("{home}/venom", "run", "--var", "base={base}", "replay.yml"),
    ),
    Tool(
        name="tavern",
        release="3.7.1",
        installs=(
            (sys.executable, "-m", "venv", "{home}"),
            ("{home}/bin/python", "-m", "pip", "install", "-q", "tavern=={release}", "pytest<9"),
        ),
        program="bin/tavern-ci",
        file="test_replay.tavern.yaml",
        text=_tavern,
        command=(
            "env",
            "BASE={base}",
            "{home}/bin/python",
            "-m",
            "pytest",
            "-q",
            "test_replay.tavern.yaml",
        ),
    ),
)
