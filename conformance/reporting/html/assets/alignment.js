// N texts side by side: columns in, rows out, in which what belongs together stands on one line.
//
// A row has a cell for each column, or null where that side has nothing there, and says how the cells differ: not at all
// (""), in what they are ("shape") or only in what they say ("value").  The first column is what others are read against.

const LONGEST_COMPARED = 1500;

/** Return the rows of JSON trees: members by name, spelled alike or not, elements by their place. */
function alignTrees(trees) {
  const rows = [];
  alignValues(rows, trees.map((value) => ({ name: null, value, last: true })), "$", 0);
  return rows;
}

/** Push the rows of values that belong together; `beyond` the end of a shorter list, what is there is only a value. */
function alignValues(rows, slots, path, depth, beyond = false) {
  const cells = slots.map((slot) => slot && openingCell(slot, depth));
  rows.push({ path, cells, differs: beyond ? "value" : difference(slots), beyond });
  for (const kind of ["object", "array"]) {
    const holders = slots.map((slot) => (slot && slot.value.kind === kind ? slot.value.children : []));
    for (const group of kind === "object" ? membersTogether(holders) : elementsTogether(holders)) {
      const first = group.find((slot) => slot);
      const longer = kind === "array" && group.some((slot, at) => !slot && slots[at]?.value.kind === kind);
      alignValues(rows, group, pathBelow(path, first.name), depth + 1, beyond || longer);
    }
  }
  const closing = slots.map((slot) => slot && closingCell(slot, depth));
  const alone = slots.some((slot) => !slot) ? (beyond ? "value" : "shape") : "";
  if (closing.some((cell) => cell)) rows.push({ path, cells: closing, differs: alone, closing: !alone, beyond });
}

function openingCell(slot, depth) {
  const { kind, text, children } = slot.value;
  const opened = { object: "{", array: "[" }[kind];
  const empty = opened && !children.length;
  const shown = opened ? (empty ? { object: "{}", array: "[]" }[kind] : opened) : text;
  return { depth, name: slot.name, text: shown, scalar: !opened, comma: (!opened || empty) && !slot.last };
}

function closingCell(slot, depth) {
  const { kind, children } = slot.value;
  if (!children || !children.length) return null;
  return { depth, name: null, text: kind === "object" ? "}" : "]", scalar: false, comma: !slot.last };
}

function difference(slots) {
  const [first, ...others] = slots;
  if (others.every((slot) => !slot === !first && (!slot || sameShape(slot, first)))) {
    return others.every((slot) => !slot || slot.value.text === first.value.text) ? "" : "value";
  }
  return "shape";
}

function sameShape(a, b) {
  return a.name === b.name && a.value.kind === b.value.kind;
}

/** Return members that belong together, in the order of the first column, then of the others. */
function membersTogether(holders) {
  const groups = [];
  const byName = new Map();
  holders.forEach((children, column) => {
    const seen = new Map();
    const counted = children.map((child) => {
      const count = seen.get(child.name) ?? 0;
      seen.set(child.name, count + 1);
      return { child, count };
    });
    const known = ({ child, count }) => byName.has(`=${child.name}#${count}`);
    for (const { child, count } of [...counted.filter(known), ...counted.filter((each) => !known(each))]) {
      groupFor(byName, groups, child.name, count, column, holders.length)[column] = { ...child, last: false };
    }
  });
  return markLast(renamedTogether(groups, holders.length), holders.length);
}

/** Put the one list, or the one object, that a column has alone beside the one that it lacks: they changed names. */
function renamedTogether(groups, columns) {
  for (const kind of ["array", "object"]) {
    for (let column = 1; column < columns; column += 1) {
      const lacking = groups.filter((group) => !group[column] && group[0]?.value.kind === kind);
      const alone = groups.filter((group) => group[column]?.value.kind === kind && group.every((slot, at) => !slot || at === column));
      if (lacking.length !== 1 || alone.length !== 1) continue;
      lacking[0][column] = alone[0][column];
      groups.splice(groups.indexOf(alone[0]), 1);
    }
  }
  return groups;
}

/** Find the group of a name, as it is spelled or else but for case, hyphens and underscores; or make one. */
function groupFor(byName, groups, name, count, column, columns) {
  const exact = `=${name}#${count}`;
  const folded = `~${name.replace(/[_-]/g, "").toLowerCase()}#${count}`;
  for (const key of [exact, folded]) {
    const known = byName.get(key);
    if (known && !known[column]) return known;
  }
  const group = new Array(columns).fill(null);
  groups.push(group);
  byName.set(exact, group);
  if (!byName.has(folded)) byName.set(folded, group);
  return group;
}

function elementsTogether(holders) {
  const length = Math.max(...holders.map((children) => children.length));
  const groups = [];
  for (let at = 0; at < length; at += 1) {
    groups.push(holders.map((children) => (at < children.length ? { ...children[at], last: false } : null)));
  }
  return markLast(groups, holders.length);
}

/** Mark in each column what no sibling follows, for that has no comma. */
function markLast(groups, columns) {
  for (let column = 0; column < columns; column += 1) {
    const last = groups.findLast((group) => group[column]);
    if (last) last[column].last = true;
  }
  return groups;
}

/** Return the rows of texts: equal lines together, by the longest common subsequence with the first column. */
function alignTexts(texts) {
  const columns = texts.map(linesOf);
  const partners = columns.slice(1).map((lines) => commonLines(columns[0], lines));
  const rows = [];
  const at = columns.map(() => 0);
  for (let line = 0; line <= columns[0].length; line += 1) {
    const until = partners.map((known) => (line < columns[0].length ? known[line] : Infinity));
    pushGap(rows, columns, at, until);
    if (line === columns[0].length) break;
    const taken = columns.map((lines, column) => {
      if (column && until[column - 1] < 0) return null;
      at[column] += 1;
      return lines[at[column] - 1];
    });
    rows.push(textRow(taken));
  }
  return besideEachOther(rows);
}

/** Push the lines that other columns have before the line that they share with the first. */
function pushGap(rows, columns, at, until) {
  const waiting = columns.map((lines, column) => {
    if (!column || until[column - 1] < 0) return [];
    const end = Math.min(until[column - 1], lines.length);
    const part = lines.slice(at[column], end);
    at[column] = Math.max(at[column], end);
    return part;
  });
  const length = Math.max(...waiting.map((lines) => lines.length));
  for (let line = 0; line < length; line += 1) {
    rows.push(textRow(waiting.map((lines) => (line < lines.length ? lines[line] : null))));
  }
}

function textRow(lines) {
  const cells = lines.map((text) => (text === null ? null : { depth: 0, name: null, text, scalar: true, comma: false }));
  return { path: "$", cells, differs: lines.every((text) => text === lines[0]) ? "" : "shape" };
}

/** Put lines that only the first column has beside lines that only others have, where the two follow each other. */
function besideEachOther(rows) {
  const placed = [];
  let run = [];
  const flush = () => {
    const apart = run.every((row) => row.cells[0] === null || row.cells.slice(1).every((cell) => cell === null));
    placed.push(...(apart ? zipped(run) : run));
    run = [];
  };
  for (const row of rows) {
    if (row.differs) run.push(row);
    else {
      flush();
      placed.push(row);
    }
  }
  flush();
  return placed;
}

function zipped(run) {
  if (!run.length) return [];
  const columns = run[0].cells.map((_, column) => run.map((row) => row.cells[column]).filter((cell) => cell));
  const length = Math.max(...columns.map((cells) => cells.length));
  return Array.from({ length }, (_, line) => {
    const cells = columns.map((known) => known[line] ?? null);
    return { path: "$", cells, differs: cells.every((cell) => cell) ? "value" : "shape" };
  });
}

/** Return for each line of `a` the line of `b` that it is, or -1. */
function commonLines(a, b) {
  const partners = new Array(a.length).fill(-1);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) partners[start] = start++;
  let ends = 0;
  while (ends < a.length - start && ends < b.length - start && a[a.length - 1 - ends] === b[b.length - 1 - ends]) {
    ends += 1;
    partners[a.length - ends] = b.length - ends;
  }
  const rows = a.length - start - ends;
  const columns = b.length - start - ends;
  if (rows > LONGEST_COMPARED || columns > LONGEST_COMPARED) return partners;
  const lengths = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      const equal = a[start + i] === b[start + j];
      lengths[i][j] = equal ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (a[start + i] === b[start + j]) partners[start + i++] = start + j++;
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  return partners;
}
