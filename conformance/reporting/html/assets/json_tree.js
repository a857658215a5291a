// JSON as it was written: a tree that keeps every number, escape and duplicate member as the runtime spelled it.
// A parser that made values of them would hide the very differences that this page is for.

const JSON_TOKEN = /[\s\ufeff]*(?:([{}[\],:])|("(?:[^"\\]|\\[^])*")|(true|false|null|-?(?:Infinity|NaN|[0-9][0-9.eE+-]*)))/y;
const DEEPEST = 200;

/** Return the tree of a JSON text, or null where it is none, or too deep to be shown as one. */
function readJson(text) {
  const tokens = { text, at: 0 };
  try {
    const tree = readValue(tokens, nextToken(tokens), 0);
    return /^\s*$/.test(text.slice(tokens.at)) ? tree : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function nextToken(tokens) {
  JSON_TOKEN.lastIndex = tokens.at;
  const found = JSON_TOKEN.exec(tokens.text);
  if (!found) throw new SyntaxError("no JSON");
  tokens.at = JSON_TOKEN.lastIndex;
  return { mark: found[1], string: found[2], word: found[3] };
}

function readValue(tokens, token, depth) {
  if (depth > DEEPEST) throw new SyntaxError("too deep");
  if (token.string !== undefined) return { kind: "string", text: token.string };
  if (token.word !== undefined) return { kind: kindOfWord(token.word), text: token.word };
  if (token.mark === "{") return { kind: "object", children: readChildren(tokens, "}", depth, true) };
  if (token.mark === "[") return { kind: "array", children: readChildren(tokens, "]", depth, false) };
  throw new SyntaxError("no value");
}

function kindOfWord(word) {
  if (word === "null") return "null";
  if (word === "true" || word === "false") return "boolean";
  return /^-?[0-9]+$/.test(word) ? "integer" : "number";
}

/** Read members or elements up to the closing mark; each is a name, null in an array, and a value. */
function readChildren(tokens, end, depth, named) {
  const children = [];
  let token = nextToken(tokens);
  if (token.mark === end) return children;
  for (;;) {
    let name = null;
    if (named) {
      if (token.string === undefined || nextToken(tokens).mark !== ":") throw new SyntaxError("no member");
      name = token.string;
      token = nextToken(tokens);
    }
    children.push({ name, value: readValue(tokens, token, depth + 1) });
    token = nextToken(tokens);
    if (token.mark === end) return children;
    if (token.mark !== ",") throw new SyntaxError("no end");
    token = nextToken(tokens);
  }
}

/** Return what a name says: the text behind its quotes and escapes. */
function nameText(lexeme) {
  try {
    return JSON.parse(lexeme);
  } catch {
    return lexeme.slice(1, -1);
  }
}

/** Return a path one member further, written as findings write theirs. */
function pathBelow(path, lexeme) {
  if (lexeme === null) return `${path}[*]`;
  const name = nameText(lexeme);
  if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) return `${path}.${name}`;
  return `${path}['${name.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}']`;
}
