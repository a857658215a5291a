// The part of a text that another text does not share.

const LONG_TEXT = 20; // a reader compares shorter values at a glance; characters
const TOKEN = /[\p{L}\p{M}]+|\p{N}+|\s+|[^]/gu;

/** Return a text as an element in which what another text does not share is marked. */
function marked(kind, text, other) {
  if (other === null || other === undefined) return element(kind, {}, text);
  const parts = differingParts(text, other);
  const wholly = !isMostlyShared(parts) || parts.every(([, differs]) => !differs);
  return element(kind, {}, (wholly ? [[text, true]] : parts).map(([part, differs]) => (differs ? element("mark", {}, part) : part)));
}

/** Tell whether a value is long, and mostly the same as another one: then it helps to mark what differs. */
function isLongAndAlike(text, other) {
  return text.length > LONG_TEXT && other !== undefined && isMostlyShared(differingParts(text, other));
}

/** Tell whether at least half of the characters of a text are in parts that do not differ. */
function isMostlyShared(parts) {
  const lengthOf = (chosen) => chosen.reduce((sum, [part]) => sum + part.length, 0);
  return lengthOf(parts.filter(([, differs]) => !differs)) >= lengthOf(parts) / 2;
}

/** Return the parts of a text, each with whether it differs: by word, or by character where few words are shared. */
function differingParts(text, other) {
  const byWord = text.length > LONG_TEXT ? wordParts(text, other) : [];
  return byWord.length && isMostlyShared(byWord) ? byWord : characterParts(text, other);
}

/** Return the parts of a text: what is between the first and the last character that differ is one part. */
function characterParts(text, other) {
  const mine = [...text];
  const theirs = [...other];
  let start = 0;
  while (start < mine.length && start < theirs.length && mine[start] === theirs[start]) start += 1;
  let end = 0;
  const most = Math.min(mine.length, theirs.length) - start;
  while (end < most && mine[mine.length - 1 - end] === theirs[theirs.length - 1 - end]) end += 1;
  const part = (first, last, differs) => [mine.slice(first, last).join(""), differs];
  const last = mine.length - end;
  return [part(0, start, false), part(start, last, true), part(last, mine.length, false)].filter(([shown]) => shown);
}

/** Return the parts of a text by words that another text has in the same order; white space alone is not shared. */
function wordParts(text, other) {
  const words = text.match(TOKEN) ?? [];
  const partners = commonLines(words, other.match(TOKEN) ?? []);
  const parts = [];
  words.forEach((word, at) => {
    const differs = partners[at] < 0 || (!word.trim() && partners[at - 1] < 0 && !(partners[at + 1] >= 0));
    const known = parts.at(-1);
    if (known && known[1] === differs) known[0] += word;
    else parts.push([word, differs]);
  });
  return parts;
}
