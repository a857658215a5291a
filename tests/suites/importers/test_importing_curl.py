"""Suites made of curl commands: what is read as a command, and what is left out with its reason."""

import re
import subprocess
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.suites.importers.curl import read_curl
from conformance.suites.importers.imported import ImportedRequest, LeftOutEntry
from conformance.suites.importers.windows_words import windows_line
from tests.suites.importers.imported_suites import written

LEFT_OUT = [
    ("curl http://h/a -d @body.json", "its data is in a file, 'body.json'"),
    ("curl http://h/a --data-urlencode name@f", "its data is in a file, 'f'"),
    ("curl http://h/a -F f=@photo.png", "its form field 'f' is the content of a file"),
    ("curl http://h/a -T f", ("its option 'upload-file' is not known here, or is about a "
                              "file; leave it away")),
    ("curl http://h/a --next http://h/b", "its option 'next' is not known here"),
    ("curl http://h/a --frobnicate", "its option 'frobnicate' is not known here"),
    ("curl http://h/a -%", "its option '-%' is not known here"),
    ("curl http://h/a -H", "option header has no value"),
    ("curl http://h/a -H @headers", "its headers are in a file, 'headers'"),
    ("curl -s", "it names no URL"),
    ("curl 'http://h/{a,b}'", "its URL is a pattern for several"),
    ("curl http://h/{a,b}", "it has braces outside quotes, which bash expands to several words"),
    ('curl http://h/a -d {"a":1,"b":2}', "it has braces outside quotes"),
    ("curl http://h/a -d $'a\\0b'", "it has a NUL character, where bash ends a text"),
    ('curl http://h/a -d "$(cat f)"', "it runs another command for a part of it"),
    ("curl http://h/a -d `cat f`", "it runs another command for a part of it"),
    ("curl 'http://h/a", "a quote is not closed"),
    ("curl http://h/a -d ^x", "it is written for the command prompt of Windows"),
    ('curl ^"http://h/a', "a quote is not closed"),
    ('curl "http://h/a" ^\n -d "a^b"', "it has ^ or \\\\ within quotes; copy it for bash"),
    ('curl "http://h/a" ^\n -d "a\\\\b"', "it has ^ or \\\\ within quotes; copy it for bash"),
    ('curl "http://h/a" ^\n > out', "it reads or writes a file by < or >"),
    ('curl ^"http://h/a^" ^\n \u2013H ^"x: y^"', "it has a typographic dash"),
    ('curl http://h/a -d "{""a"":1}"', 'it has "" within quotes, which only Windows reads'),
    ("curl.exe http://h/a -d '{\\\"a\\\":1}'", "it is written for PowerShell"),
    ("curl -X 'p t' http://h/a", "its method 'p t' is no HTTP method"),
    ("curl \u201chttp://h/a\u201d -H \u2018it's: y\u2019", "it has typographic quotes"),
    ("curl http://h/a \u2013H 'x: y'", "it has a typographic dash"),
    ("curl http://h/a\u00a0-H 'x: y'", "it has a space that no shell reads as one"),
    ("curl http://h/a `\n  -H 'a: b'", "it is written for PowerShell"),
    ("curl 'http://h/a\ncurl 'http://h/b'", "a quote is not closed before the next curl"),
    ("curl -d @- http://h/a <<EOF\n$x\nEOF", "its here-document is filled in by the shell"),
    ("curl -d @- http://h/a <<EOF\nx", "its here-document has no end, 'EOF'"),
    ("curl -d @- http://h/a", "its data is on its standard input"),
    ("curl ws://h/a", "WebSocket is out of scope"),
    ("curl http://h/a?b=1&c=2", "it has & outside quotes, which ends a command"),
    ("curl http://h/a -H 'Upgrade: websocket'", "WebSocket is out of scope"),
    ("curl http://h/a -H 'content-type: application/grpc' -d x", "gRPC is out of scope"),
    ("curl http://h/a -H 'transfer-encoding: chunked' -d x", "its body is sent in chunks"),
    ("Invoke-WebRequest -Uri http://h/a", "Invoke-WebRequest is not curl"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "why"), LEFT_OUT)
def test_commands_that_are_left_out(command: str, why: str) -> None:
    """What a command line alone does not show, or no suite can hold, is skipped with its reason."""
    made, _ = written(read_curl(command, "c"))
    assert made.left_out[0].origin == "c:1"
    assert made.left_out[0].why.startswith(why)


BROKEN = [
    "curl \u201cx\u201d \u2018it's\u2019",
    'curl "http://h/1',
    'curl ^"http://h/1^" ^\n -H ^"a: b',
    "curl \u201chttp://h/1\u201d \\\n  -H \u2018a: b\u2019",
    "curl http://h/a?b=1&c=2 \\\n  -H 'a: b'",
]


@pytest.mark.parametrize("command", [*(command for command, _ in LEFT_OUT), *BROKEN])
def test_a_broken_command_leaves_the_next_one(command: str) -> None:
    """Whatever is wrong with a command, the next line is read, and nothing is lost in silence."""
    made, cases = written(read_curl(f"{command}\ncurl http://h/next\nwget http://h\n", "c"))
    assert "/next" in [case.steps[0].request.target for case in cases]
    assert made.left_out[-1].why == "wget is not curl"
    assert any(item.origin == "c:1" for item in made.left_out)


def test_pasted_forms() -> None:
    """A byte order mark, Windows line ends, a prompt and hosts of IPv6 change nothing."""
    text = "\ufeffcurl http://[::1]:8/a\r\n$ curl.exe \"http://h/b\" \\\r\n -H 'x: y'\r\n"
    _, cases = written(read_curl(text, "c"))
    assert [case.steps[0].request.target for case in cases] == ["/a", "/b"]
    assert cases[1].steps[0].request.headers == (("x", "y"),)


def of_chrome(text: str) -> str:
    """Quote a text for the command prompt of Windows as developer tools of browsers do now."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    text = re.sub(r"[^a-zA-Z0-9\s_\-:=+~'/.',?;()*`]", lambda found: f"^{found[0]}", text)
    text = re.sub(r"%(?=[a-zA-Z0-9_])", "%^", text)
    return '^"' + text.replace("\n", "^\n\n") + '^"'


def of_firefox(text: str) -> str:
    """Quote a text for the command prompt of Windows as developer tools did before."""
    text = text.replace('"', '""').replace("%", '"%"').replace("\\", "\\\\")
    return '"' + text.replace("\n", '"^\n\n"') + '"'


TEXTS = [
    "plain",
    '{"name": "a b", "html": "<a href=\\"x\\">&amp;</a>", "line": "\\n", "dir": "C:\\\\x\\\\"}',
    "100%25 %PATH% %20",
    "two\nlines\n",
    "a^b|c&d>e<f!",
    "it's `a` $HOME $(id)",
    "Jos\xe9 \u2713 \u201cquoted\u201d",
    "ends with \\",
    "",
]


def copied(quote: Callable[[str], str], *words: str) -> str:
    """Return a command with some words, a line each, as browsers copy it."""
    return "curl " + " ^\n  ".join(map(quote, words))


@pytest.mark.parametrize("text", TEXTS)
def test_commands_for_windows(text: str) -> None:
    """A command that a browser copies for the command prompt sends what was meant."""
    header = text.partition("\n")[0]
    words = ["http://h/a?b=1&c=%20d", "-H", f"x-text: {header}", "--data-raw", text]
    command = copied(of_chrome, *words)
    made, (case, following) = written(read_curl(f"{command} &\r\ncurl http://h/next", "c"))
    request = case.steps[0].request
    assert made.left_out == ()
    assert request.target == "/a?b=1&c=%20d"
    assert request.body == text.encode()
    assert dict(request.headers).get("x-text", "") == header.encode().decode("latin-1")
    assert following.steps[0].request.target == "/next"


@settings(max_examples=200, deadline=None)
@given(st.text("ab \"\\^%&|<>!'{}\t\n\xe9", max_size=20))
def test_any_text_for_windows(text: str) -> None:
    """Whatever is quoted for Windows is read back as it was; what is ambiguous is refused."""
    for quote in (of_chrome, of_firefox):
        (found,) = read_curl(copied(quote, "http://h/", "--data-raw", text), "c")
        if quote is of_firefox and re.search(r"[\\^]", text):
            assert isinstance(found, LeftOutEntry) or found.body == text.encode()
        else:
            assert isinstance(found, ImportedRequest), found
            assert found.body == text.encode(), quote


@settings(max_examples=200, deadline=None)
@given(st.text("ab \"\\'\t", max_size=20))
def test_words_as_windows_splits_them(text: str) -> None:
    """Words are split by the rules by which Python starts programs there."""
    line = subprocess.list2cmdline(["curl", f"a {text}", text])
    assert windows_line(line, 0).words == ["curl", f"a {text}", text]


def test_a_prompt_and_variables_of_windows() -> None:
    """A prompt that was copied along is passed over, and a variable is named."""
    text = 'C:\\Users\\me>curl.exe "http://h/a" ^\r\n -H "x: %KEY%" ^\r\n -I\r\n'
    made, (case,) = written(read_curl(text, "c"))
    assert (case.steps[0].request.method, case.steps[0].request.target) == ("HEAD", "/a")
    assert "# %KEY% is written as it stands: it was a variable\n" in made.text


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("curl --data-binary @- http://h/a <<'EOF'\n{\"a\": $1}\n\nEOF", b'{"a": $1}\n\n'),
        ("curl -d @- http://h/a <<-EOF\n\ta\n\tb\n\tEOF", b"ab"),
        ("cat <<EOF | curl --data-binary @- http://h/a\na\nEOF", b"a\n"),
        ("curl --data-binary @- http://h/a <<< 'a b'", b"a b\n"),
        ("printf %s 'a' | curl --data-binary @- http://h/a", b"a"),
        ("echo -n a | curl --data-binary @- http://h/a", b"a"),
    ],
)
def test_here_documents(command: str, body: bytes) -> None:
    """What a command reads from its text is its body, and the next command is read."""
    _, (case, following) = written(read_curl(f"{command}\ncurl http://h/next\n", "c"))
    assert case.steps[0].request.body == body
    assert following.steps[0].request.target == "/next"


def test_what_reads_an_answer_is_no_command_of_its_own() -> None:
    """A program behind a pipe is passed over; one after `;` is named."""
    made, cases = written(read_curl("curl http://h/a | jq .\ncurl http://h/b; jq .", "c"))
    assert [case.name for case in cases] == ["get-a", "get-b"]
    assert [(item.origin, item.why) for item in made.left_out] == [("c:2", "jq is not curl")]


def test_variables_are_noted() -> None:
    """A variable outside single quotes is sent as it is written, and a comment says so.

    Inside it is text.
    """
    made, cases = written(read_curl("curl http://h/$ID -d \"${A}\" -d '$B'", "c"))
    assert (cases[0].steps[0].request.target, cases[0].steps[0].request.body) == (
        "/$ID",
        b"${A}&$B",
    )
    assert "# $ID is written as it stands: it was a variable\n" in made.text
    assert "$B is written" not in made.text


@settings(max_examples=200, deadline=None)
@given(st.text("cur l'\"\\$-HXdF@=:;&|<>(){}[]`^#\n\t http://h/aé\x00", max_size=60))
def test_arbitrary_commands(text: str) -> None:
    """Any text gives requests or reasons."""
    for item in read_curl(f"curl {text}", "c"):
        assert isinstance(item, ImportedRequest | LeftOutEntry)
    written(read_curl(f"curl http://h/ {text}", "c"))
