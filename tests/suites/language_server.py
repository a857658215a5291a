"""yaml-language-server as an editor runs it: installed by npm, used over its standard streams."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

PACKAGES: Final = Path(__file__).parent / "editor"


def installed(folder: Path) -> Path:
    """Install the language server into a folder as its lock file says, and return its program."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PACKAGES / name, folder)
    subprocess.run(
        ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        check=True,
    )
    return folder / "node_modules/.bin/yaml-language-server"


class LanguageServer:
    """A running language server; each text is a document of its own."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen(
            [program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._documents = 0

    def __enter__(self) -> Self:
        capabilities = {"workspace": {"configuration": True}}
        self._send(
            id=0,
            method="initialize",
            params={"processId": None, "rootUri": None, "capabilities": capabilities},
        )
        while self._received().get("id") != 0:
            pass
        self._send(method="initialized", params={})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def diagnostics(self, text: str, schema: Path) -> list[str]:
        """Return what an editor underlines in a text whose first line names a schema."""
        self._documents += 1
        uri = f"file:///{self._documents}.yaml"
        whole = f"# yaml-language-server: $schema={schema.as_uri()}\n{text}"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": whole}
        self._send(method="textDocument/didOpen", params={"textDocument": document})
        while True:
            message = self._received()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri:
                return [found["message"] for found in params["diagnostics"]]
            if "method" in message and "id" in message:
                self._answer(message)

    def _answer(self, request: Mapping[str, Any]) -> None:
        """Answer what the server asks: its settings, and nothing to all else."""
        items = (
            request.get("params", {}).get("items", [])
            if request["method"] == "workspace/configuration"
            else []
        )
        settings = {"validate": True, "schemaStore": {"enable": False}}
        answers = [settings if item.get("section") == "yaml" else None for item in items]
        self._send(id=request["id"], result=answers or None)

    def _send(self, **message: object) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _received(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message
