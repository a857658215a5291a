"""JSON texts of three kinds: RFC 8259 has them, has them not, or leaves them to the reader.

Parsers differ on the last kind, so what the harness makes of each is pinned: its note, `plain` for
none, or `refused:` and why.
"""

from typing import Final

VALID: Final = (
    *("null", "true", "false", "0", "-1", "1", "10", "1.5", "1e5", "1E5", "1e+5", "1e-5", "1.5e5"),
    *('""', '"a"', '"\\""', '"\\\\"', '"\\/"', '"\\b\\f\\n\\r\\t"', '"\\u0041"', '"\\u00e9"', '"é"'),
    *('"\\ud83d\\ude00"', '"😀"', '"\\u0000"', '"\\u2028"', '"\u2028"', '"\x7f"', '"\\uDBFF\\uDFFF"'),
    *('"\\u0022"', '"\\u005c"', '"\\u200B"', '"\\uFFFF"', '"\\ufdd0"', '"http://a/b?c=d"', '"/*a*/"'),
    *("[]", "[ ]", "[1]", "[1,2]", "[[]]", "[[],[]]", "[null]", "[1,null]", '["a", 1]', "[\t1\n]"),
    *("{}", "{ }", '{"a":1}', '{"a":1,"b":2}', '{"":0}', '{"a":{"b":{}}}', '{"a":[]}', '{"\\u0000":1}'),
    *(" null", "null ", "\n{}\n", "\t[]", "\r\n1", '{"a" : 1}', '{\n"a":1\n}', "[1 ,2]"),
    *("123", "-123", "0.1", "-0.1", "0e1", "0E+1", "0e-1", "1.0", "20e1", "1E22", "1e-2", "123.456e7"),
    *("-1.5", "100000000000000", "9007199254740991", "[0,1]", "[" * 100 + "]" * 100),
)  # fmt: skip
INVALID: Final = (
    *("", " ", "\n", "nul", "nulll", "True", "NULL", "tru", "undefined", "a", "'a'", "`a`", "*", "^"),
    *("+1", "01", "-01", "1.", ".1", "-.1", "1.e1", "1e", "1e+", "1e1.5", "0x1", "1_0", "--1", "-"),
    *("1 2", "1a", "2.e3", "0.e1", "0e", "0E+", "1eE2", "-2.", "-1x", "1+2", "1.2.3", "-012", "1 000"),
    *('"', '"a', 'a"', '"a\n"', '"a\tb"', '"\x00"', '"\x1f"', '"\\x41"', '"\\u12"', '"\\u12G4"', '"\\a"'),
    *('"\\', '"\\u', '"\\ud834\\u"', '"\\U0041"', '"\\00"', '""x', '"a""b"', '"\\\x00"', '"\\é"', '"\\u\xe9"'),
    *("[", "]", "[1", "1]", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1:2]", "[1;2]", '["a"', "[[]", "[]]"),
    *("{", "}", '{"a"', '{"a"}', '{"a":', '{"a":}', '{"a":1', '{"a":1,}', "{,}", '{,"a":1}', "{1:1}"),
    *("{a:1}", "{'a':1}", '{"a" 1}', '{"a",1}', '{"a"::1}', '{"a":1 "b":2}', '{"a":1,,"b":2}', '{"a":1;}'),
    *('{"a":1}}', '{"a":1}#', "{} {}", "[] []", "null true", "/*a*/1", "1//a", "#a\n1", "{:1}", "{null:1}"),
    *("[\f1]", "\f1", "\v1", "\xa01", "\u20601", "[1\u2028]", "<a/>", "<null>", "[<null>]", "{[}]", '[{"a":1]'),
    *("1,", ",", ":", "\\n", "\\u0031", "[\\u0031]", '["a",\n4\n,1,', "[-]", "[- 1]", "[1e]", '["\\ud800\\"]'),
)  # fmt: skip
UNDECIDED: Final = (
    (b"\xef\xbb\xbf{}", "byte-order-mark"),
    (b"NaN", "non-finite-number"),
    (b"[Infinity]", "non-finite-number"),
    (b"[-Infinity]", "non-finite-number"),
    (b"-0", "minus-zero"),
    (b"-0.0", "minus-zero"),
    (b"-0e1", "minus-zero"),
    (b"9007199254740992", "integer-past-2^53"),
    (b"-9007199254740993", "integer-past-2^53"),
    (b"18446744073709551616", "integer-past-2^53"),
    (b"1" * 1025, "number-too-long"),
    (b"1e400", "plain"),
    (b"-1e400", "plain"),
    (b"1e-400", "plain"),
    (b"0.1000000000000000055511151231257827", "plain"),
    (b'{"a":1,"a":2}', "duplicate-key"),
    (b'{"a":1,"a":1}', "duplicate-key"),
    (b'{"a":1,"\\u0061":2}', "duplicate-key"),
    (b'"\\ud800"', "lone-surrogate"),
    (b'"\\udc00"', "lone-surrogate"),
    (b'"\\udc00\\ud800"', "lone-surrogate"),
    (b'"\\ud800a"', "lone-surrogate"),
    (b'"\\ud800\\ud800\\n"', "lone-surrogate"),
    (b'{"\\ud800":1}', "lone-surrogate"),
    (b'"\xff"', "refused: not-utf-8"),
    (b'"\xc3"', "refused: not-utf-8"),
    (b'"\xc0\xaf"', "refused: not-utf-8"),
    (b'"\xed\xa0\x80"', "lone-surrogate"),
    (b'"\xf4\x90\x80\x80"', "refused: not-utf-8"),
    (b'"\xe9"', "refused: not-utf-8"),
    ("[1]".encode("utf-16-le"), "refused: invalid-json"),
    ("[1]".encode("utf-16"), "refused: not-utf-8"),
    ("[1]".encode("utf-32-be"), "refused: invalid-json"),
    (b"[" * 513 + b"]" * 513, "refused: too-deep"),
    (b"[" * 100_000, "refused: too-deep"),
)
