/** Rows of a source: the bytes of a line in, an object out, or the reason why it is none. */

import { createHash } from "node:crypto";
import { type Document, isObject, type Json, JsonError, type JsonObject, canonical, parse } from "./json.ts";
import { utcTime } from "./clock.ts";

/** Why a row is left out; the message is the reason that is kept. */
export class RowError extends Error {}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function readRow(line: Uint8Array): JsonObject {
  const document = parsed(line);
  if (document.holdsLargeNumber) throw new RowError("a number is out of range");
  if (!isObject(document.value)) throw new RowError("not an object");
  return document.value;
}

function parsed(line: Uint8Array): Document {
  try {
    return parse(UTF8.decode(line));
  } catch (error) {
    if (error instanceof JsonError || error instanceof TypeError) throw new RowError("not JSON");
    throw error;
  }
}

/** Return the SHA-256 of a row's RFC 8785 form, in hex. */
export function signature(row: JsonObject): string {
  return createHash("sha256").update(canonical(row)).digest("hex");
}

export type Kind = "string" | "number" | "integer" | "boolean" | "strings" | "tokens" | "time" | "any";

export interface Member {
  name: string;
  kind: Kind;
  required: boolean;
  words: readonly string[];
}

const CALLED: Record<Kind, string> = {
  string: "a string", number: "a number", integer: "an integer", boolean: "a boolean",
  strings: "a list of strings", tokens: "an object", time: "a string", any: "a value",
};

const KINDS: Record<Kind, (value: Json) => boolean> = {
  string: (value) => typeof value === "string",
  time: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  strings: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  tokens: (value) => isObject(value) && ["prompt", "completion"].every((name) => Number.isInteger(value.get(name) ?? 0)),
  any: () => true,
};

/** Hold a row against the members of its transform, in their order; throws RowError with the first reason. */
export function checkMembers(row: JsonObject, members: readonly Member[]): void {
  for (const member of members) {
    const reason = reasonAgainst(row.get(member.name) ?? null, member);
    if (reason !== undefined) throw new RowError(`member ${member.name} is ${reason}`);
  }
}

function reasonAgainst(value: Json, member: Member): string | undefined {
  if (value === null) return member.required ? "missing" : undefined;
  if (!KINDS[member.kind](value)) return `not ${CALLED[member.kind]}`;
  if (member.required && (value === "" || (Array.isArray(value) && value.length === 0))) return "empty";
  if (member.words.length > 0 && !member.words.includes(value as string)) return `not one of ${member.words.join(", ")}`;
  if (member.kind === "time" && utcTime(value as string) === undefined) return "not a time";
  return undefined;
}
