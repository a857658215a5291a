"""Traps for Markdown readers: fragments that a person may write anywhere.

There are also blocks that are not output.
"""

from typing import Final

from hypothesis import strategies as st

_BEGIN: Final = b"<!-- conformance:begin status -->"
_END: Final = b"<!-- conformance:end status -->"
_STAMPED: Final = b"2026-11-20 <!-- sha=0123456789ab -->"
_CLAIMS: Final = (
    b"| what | Verified by | Last verified |\n|---|---|---|\n| x | `shop/*` | " + _STAMPED + b" |\n"
)

FRAGMENTS: Final = (
    *(
        b"\r\n",
        b"\r",
        b"\n",
        b"\n\n",
        b"\n\r",
        b"\t",
        b" ",
        b"    ",
        b"\\",
        b"\\|",
        b"|",
        b"||",
        b"`",
        b"``",
        b"*",
        b"_",
    ),
    *(
        b"\xe2\x80\xa8",
        b"\xc2\x85",
        b"\x0b",
        b"\x0c",
        b"\x1c",
        b"\x00",
        b"\xef\xbb\xbf",
        b"\xc2\xa0",
        b"\x7f",
        b"\x1b[2J",
    ),
    *(
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98\x80",
        "é — 漢字".encode(),
        "\u202e".encode(),
    ),
    *(
        b"```\n",
        b"~~~\n",
        b"````md\n",
        b"\n```\n",
        b"    indented\n",
        b"\tindented\n",
        b"> ",
        b"- ",
        b"1. ",
        b"# ",
        b"===\n",
    ),
    *(
        b"<div>\n",
        b"</div>\n",
        b"<!--",
        b"-->",
        b"<!-- x -->",
        b"<pre>",
        b"<script>",
        b"<![CDATA[",
        b"<?",
        b"<!X",
        b"---\n",
    ),
    *(
        _BEGIN,
        _END,
        b"\n" + _BEGIN + b"\n",
        b"\n" + _END + b"\n",
        b" " + _BEGIN,
        _BEGIN.upper(),
        b"<!--conformance:end trend-->",
    ),
    *(
        b"\n<!-- conformance:begin other -->\n<!-- conformance:end other -->\n",
        b"<!-- sha=0123456789ab -->",
        _STAMPED,
    ),
    *(
        b"\n\n" + _CLAIMS,
        b"\n| a |\n",
        b"|---|",
        b"\na | b\n---|---\nc | d",
        b"[x](y)",
        b"[a]: <b",
        b"![",
        b"&#0;",
        b"D-001",
    ),
    *(
        b"[z](http://\xff\xed\xa0\x80\xff/%zz)",
        b"<http://\xff>",
        b"[q]: \xff 'r\n",
        b"\\\n",
        b"  \n",
        b"{{ x }}",
        b"{% raw %}",
    ),
)


def fragments() -> st.SearchStrategy[bytes]:
    """Return what a person may type: a trap, text of any kind, or bytes that are no text."""
    return st.one_of(
        st.sampled_from(FRAGMENTS),
        st.lists(st.sampled_from(FRAGMENTS), max_size=4).map(b"".join),
        st.text(max_size=12).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.binary(max_size=6),
    )


def _quoted(block: bytes, first: bytes, rest: bytes) -> bytes:
    return first + rest.join(line + b"\n" for line in block.splitlines())


_LOOKALIKES: Final = _BEGIN + b"\n" + _CLAIMS + _END + b"\n"
# Blocks with markers and tables in them that mean nothing there; none reaches beyond its own end.
INERT: Final = (
    b"```md\n" + _LOOKALIKES + b"```\n",
    b"~~~~\n" + _LOOKALIKES + b"~~~\n```\n~~~~\n",
    b"  ```\n" + _LOOKALIKES + b"  ```\n",
    _quoted(_LOOKALIKES, b"    ", b"    "),
    _quoted(_LOOKALIKES, b"\t", b"\t"),
    _quoted(_LOOKALIKES, b"> ", b"> "),
    _quoted(_LOOKALIKES, b"- ", b"  "),
    _quoted(_LOOKALIKES, b"1. ", b"   "),
    _quoted(b"```\n" + _LOOKALIKES + b"```\n", b"> ", b"> "),
    _quoted(b"```\n" + _LOOKALIKES + b"```\n", b"- ", b"  "),
    b"- one\n\n  ```\n" + _quoted(_LOOKALIKES, b"  ", b"  ") + b"  ```\n",
    b"Words " + _BEGIN + b" and " + _END + b" in a line.\n",
    b"`" + _BEGIN + b"`\n`" + _END + b"`\n",
    b"<!-- a comment\nof two lines | and a bar -->\n",
    b"<div>\n| a | Last verified |\n|---|---|\n| b | c |\n</div>\n",
    b"| a | b |\n|:--|--:|\n| \\| | `\\|` |\n| one |\n| one | two | three |\n||\n",
    b"a | b\n---|---\nc\n",
    b"Last verified | Verified by\n",
    b"| **Last verified** | x |\n|---|---|\n| of old | y |\n",
    b"<!-- conformance:begin status sha=xyz -->\n",
    b" " + _BEGIN + b"\n",
    b"<!-- conformance:start status -->\n<!--conformance:end status-->\n",
    b"one\x0btwo\xe2\x80\xa8three\xc2\x85four\x0cfive\x1csix\x00seven\xef\xbb\xbf\n",
    b"latin-1: \xe9 \xff, half a sign: \xc3 \xed\xa0\x80\n",
    b"a\rb\r\nc\n",
    b"[a]: <http://x> 'y'\n\n[b](http://\xff\xed\xa0\x80/%zz) <http://\xff>\n",
    b"Setext\n===\n",
    b"\n\n \t\n",
)
