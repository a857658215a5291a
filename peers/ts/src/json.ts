/**
 * Strict JSON: text in, a value out, or a refusal. Duplicate keys, half surrogate pairs and more than 200 levels are refused,
 * which `JSON.parse` lets pass. Objects are maps, so that no name of a member means anything to the language.
 */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

export class JsonError extends Error {}

const MAX_DEPTH = 200;
export const LARGEST = Number.MAX_SAFE_INTEGER;

export interface Document {
  value: Json;
  /** Whether a number anywhere in it is larger than 2^53 - 1 in size. */
  holdsLargeNumber: boolean;
}

export function parse(text: string): Document {
  const parser = new Parser(text);
  const value = parser.document();
  return { value, holdsLargeNumber: parser.holdsLargeNumber };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

/** Return the RFC 8785 form: members sorted by UTF-16 units, numbers and strings as ECMAScript writes them. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = [...value.keys()].sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value.get(name) ?? null)}`).join(",")}}`;
}

const ESCAPES: Record<string, string> = {
  '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
};
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\r\n]*/y;
const HEX = /^[0-9a-fA-F]{4}$/;

class Parser {
  holdsLargeNumber = false;
  #at = 0;
  #depth = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value();
    this.#take(SPACE);
    if (this.#at < this.#text.length) throw new JsonError("more than one value");
    return value;
  }

  #value(): Json {
    this.#take(SPACE);
    switch (this.#text[this.#at]) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw new JsonError("nested too deeply");
    this.#at += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(): JsonObject {
    const members: JsonObject = new Map();
    if (this.#skips("}")) return members;
    do {
      this.#take(SPACE);
      const name = this.#string();
      if (members.has(name)) throw new JsonError("a key twice");
      if (!this.#skips(":")) throw new JsonError("no colon");
      members.set(name, this.#value());
    } while (this.#skips(","));
    if (!this.#skips("}")) throw new JsonError("no end of an object");
    return members;
  }

  #array(): Json[] {
    const items: Json[] = [];
    if (this.#skips("]")) return items;
    do items.push(this.#value());
    while (this.#skips(","));
    if (!this.#skips("]")) throw new JsonError("no end of a list");
    return items;
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') throw new JsonError("no string");
    this.#at += 1;
    let value = this.#take(PLAIN);
    let escaped = false;
    while (this.#text[this.#at] === "\\") {
      escaped = true;
      value += this.#escape() + this.#take(PLAIN);
    }
    if (this.#text[this.#at] !== '"') throw new JsonError("no end of a string");
    this.#at += 1;
    if (escaped && !value.isWellFormed()) throw new JsonError("half a surrogate pair");
    return value;
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? "";
    if (letter === "u") {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!HEX.test(digits)) throw new JsonError("no escape");
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const meant = ESCAPES[letter];
    if (meant === undefined) throw new JsonError("no escape");
    this.#at += 2;
    return meant;
  }

  #word(word: string, value: Json): Json {
    if (!this.#text.startsWith(word, this.#at)) throw new JsonError("no value");
    this.#at += word.length;
    return value;
  }

  #number(): number {
    const lexeme = this.#take(NUMBER);
    if (lexeme === "") throw new JsonError("no value");
    const value = Number(lexeme);
    if (Math.abs(value) > LARGEST) this.holdsLargeNumber = true;
    return value;
  }

  /** Pass over white space and one mark, where it is there. */
  #skips(mark: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }
}
