import { describe, expect, test } from "bun:test";
import numbers from "../../rfc8785_numbers.json";
import { canonical, type Json, JsonError, parse } from "../src/json.ts";

describe("parse", () => {
  const refused = [
    "", " ", "nul", "[1,]", '{"a":1,}', '{"a":1,"a":2}', "01", "1.", ".5", "+1", "NaN", "Infinity", '"\t"', '"\\x"',
    '"\\ud800"', '"\\udc00\\ud800"', "[1] 2", "[1", '{"a"}', '"a', "\ufeff1", "[".repeat(201) + "]".repeat(201),
  ];
  test.each(refused)("refuses %j", (text) => {
    expect(() => parse(text)).toThrow(JsonError);
  });

  test("reads what JSON.parse reads", () => {
    const text = ' {"a" : [1, -0.5e-3, "\\u00e9\\n\\ud83d\\ude00", true, null, {"b":{}}] } ';
    expect(JSON.parse(canonical(parse(text).value))).toEqual(JSON.parse(text));
  });

  test("reads 200 levels", () => {
    expect(parse("[".repeat(200) + "]".repeat(200)).holdsLargeNumber).toBeFalse();
  });

  test.each([["9007199254740992", true], ["[-1e400]", true], ["9007199254740991", false], ['{"a":1e15}', false]])(
    "tells whether %s is out of range: %p",
    (text, expected) => {
      expect(parse(text).holdsLargeNumber).toBe(expected);
    },
  );

  test("gives names no meaning", () => {
    expect(canonical(parse('{"__proto__":1,"constructor":2}').value)).toBe('{"__proto__":1,"constructor":2}');
  });
});

describe("canonical", () => {
  const written: [string, string][] = [
    ['{"b":1,"a":{"z":1,"Z":2}}', '{"a":{"Z":2,"z":1},"b":1}'],
    ['{"\\ufb33":1,"\\ud83d\\ude00":2}', '{"\ud83d\ude00":2,"\ufb33":1}'],
    ['"\\u0007\\u2028\\/<"', '"\\u0007\u2028/<"'],
  ];
  test.each([...written, ...(numbers as [string, string][])])("writes %s as %s", (text, expected) => {
    const value: Json = parse(text).value;
    expect(canonical(value)).toBe(expected);
  });
});
