import { describe, expect, test } from "bun:test";
import { faultOf } from "../src/replay.ts";
import { makeBundle, type Remembered, wordsOf } from "../src/retrieval.ts";

const record = (text: string, failed = false, checks: string[] = []): Remembered => ({ sigHash: text, timestamp: "", text, failed, checks });

describe("wordsOf", () => {
  test("takes runs of three letters and digits, each once", () => {
    expect([...wordsOf("The THE a1b İstanbul zürich x2")]).toEqual(["the", "a1b", "stanbul", "rich"]);
  });
});

describe("makeBundle", () => {
  test("has three parts, each only with what there is", () => {
    const bundle = makeBundle([record("went\r\nwell", false, ["lint"]), record("went wrong", true, ["lint", "tests"])], 100);
    expect(bundle).toBe("Examples:\n- went well\nFailures:\n- went wrong\nValidation steps:\n- lint\n- tests");
  });

  test("leaves out what no longer fits, and counts code points", () => {
    expect(makeBundle([record("\u{1f600}".repeat(8)), record("too long for what is left")], 2)).toBe(`Examples:\n- ${"\u{1f600}".repeat(8)}`);
    expect(makeBundle([record("one")], 0)).toBe("");
  });
});

describe("faultOf", () => {
  test.each([
    [" \n", "the answer is empty"],
    ["x".repeat(4001), "the answer is longer than 4000 characters"],
    ["something else", "the answer has no word of the task"],
    ["an index was rebuilt", undefined],
  ])("says of %j: %p", (answer, expected) => {
    expect(faultOf(answer, "rebuild the index")).toBe(expected as string);
  });
});
