"""Strings that break outputs: terminals, Markdown, XML, HTML, JSON, YAML, logs of CI services."""

from typing import Final

TERMINALS: Final = (
    "\x00", "a\x00b", "\x07", "\x08\x08\x08", "\x0b\x0c", "\r", "\rover", "a\nb", "\n\n# title",
    "\x7f",
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[H",
    "\x1bPq\x1b\\", "\x1b[?1049h", "\x9b31m", "\x90\x9c", "\x85", "\x80\x81\x9f", "\xad", "\u200b",
    "\u200d", "\ufeff",
)  # fmt: skip
DIRECTIONS: Final = (
    "\u202egnp.exe", "\u202a\u202b\u202c\u202d", "\u2066\u2067\u2068\u2069", "\u200e\u200f",
    "\u061c", "\u2028", "\u2029",
)  # fmt: skip
CODE_POINTS: Final = (
    "\ud800", "\udfff", "a\ud83d", "\udc00\ud800", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff",
    "\ue000", "\U000e0041",
    "\ufdd0", "\u0378", "e\u0301", "\U0001f469\u200d\U0001f52c", "\ufffd", "\u1680", "\u3000",
    "\xa0", "\U0001d573",
)  # fmt: skip
MARKUP: Final = (
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "-->",
    "<![CDATA[", "]]>", "]]>]]&gt;",
    "&amp;", "&#0;", "&lt;b&gt;", "<b>", "<a href='javascript:alert(1)'>x</a>",
    "<svg/onload=alert(1)>", "<style>", "<?xml?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;", '" onmouseover="alert(1)', "' x='",
    "<details open>",
)  # fmt: skip
MARKDOWN: Final = (
    "|", "a|b|c", "| a |\n|---|", "\\|", "`", "``` ```", "`a``b`", "*bold*", "__x__", "~~x~~",
    "# x", "- x", "> x", "1. x",
    "[x](javascript:alert(1))", "![x](http://evil.example/x.png)", "<http://evil.example>", "[^1]",
    "[x]: http://y", "---",
    "===", "\\", "\\`", "~~~", "    code", "\ttab", "a  \nb", "@someone", "#123", ":rocket:", "$x$",
    "{{x}}", "{% x %}",
)  # fmt: skip
LOGS: Final = (
    "::error::owned", "::error file=x,line=1::owned", "::add-mask::a", "::stop-commands::t",
    "::set-output name=x::y",
    "\n::error::on a line of its own", "\r\n::warning::x", "%0A::error::x", "%", "%25", "%0D",
    "##[error]x", "##vso[task]x",
    "##teamcity[x]", "section_start:1:x\r\x1b[0K", "\n[ERROR] x",
)  # fmt: skip
SYNTAX: Final = (
    "", " ", "  lead and trail  ", "null", "true", "NaN", "-0", "1e999", "0x1F", "010", "no",
    "12:30", "~", "!!binary", "*a",
    "&a", "{a: b}", "[a", "a: b", "a #b", "%YAML", "--- a", "...", "?", "'", '"', "''", '"""',
    "$(id)", "`id`", "${x}", "$${x}",
    ";ls", "../../etc/passwd", "con", "-rf", "a/b", "a\\b", "x" * 5000, "\\u0000", "\\x1b[31m",
    "\\n", "${env:HOME}",
    "__proto__", "constructor", "$", "$.a[0]", "*", "@", "Infinity",
)  # fmt: skip
NAUGHTY: Final = (*TERMINALS, *DIRECTIONS, *CODE_POINTS, *MARKUP, *MARKDOWN, *LOGS, *SYNTAX)
