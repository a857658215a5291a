// The bodies of a step side by side, a column for each body that is not like another, with the difference lit.
//
// Lit strongly is what a finding is about; what differs without one, because this case does not compare it or a rule
// allows it, is only tinted.  Runs of equal lines are folded.

const SHOWN_AROUND = 3;
const FOLDED_FROM = 10;
const MOST_ROWS = 4000;
const DOCUMENTS = new Set(["XML", "HTML"]);

/** Return the bodies of a step as elements; `columns` are runtimes with their body, the reference's first. */
function bodyComparison(columns, findings, level) {
  const merged = mergeEqual(columns);
  const texts = merged.map((column) => column.body.text);
  if (texts.some((text) => text === undefined)) return binaryComparison(merged);
  const trees = merged.map(treeOf);
  const asJson = trees.every((tree) => tree);
  const rows = asJson ? alignTrees(trees) : alignTexts(texts);
  const about = findings.filter((finding) => finding.facet === "shape" || finding.facet === "value");
  const named = merged.some((column) => column.read && DOCUMENTS.has(column.read.kind)) ? namesOnly : (path) => path;
  for (const row of rows) row.lit = row.differs ? litBy(row, about, asJson, named) : "";
  return [table(merged, rows), note(merged, rows, about, level, asJson)];
}

/** Return a body as it was read, for kinds other than JSON, or null where it is JSON or text. */
function readBody(cell, block) {
  return cell.read ? { kind: cell.read.kind, text: block.bodies[cell.read.body].text } : null;
}

/** Return the tree of a body: of what was read, or of the JSON that was written. */
function treeOf(column) {
  if (column.read) return readJson(column.read.text);
  return column.body.cut ? null : readJson(column.body.text);
}

/** Return a path in a document without what depends on its layout: a repeated tag, a text beside attributes. */
function namesOnly(path) {
  return path.replace(/\[\*\]|\['#text'\]/g, "");
}

/** Put runtimes with one body into one column. */
function mergeEqual(columns) {
  const merged = [];
  for (const column of columns) {
    const known = merged.find((other) => other.body === column.body);
    if (known) known.names.push(column.name);
    else merged.push({ names: [column.name], body: column.body, read: column.read });
  }
  return merged;
}

function litBy(row, findings, asJson, named) {
  for (const finding of findings) {
    if (!asJson) return "strong";
    const here = named(row.path);
    const there = named(finding.path);
    const below = here.startsWith(there) ? here.slice(there.length) : null;
    if (below === "" && (!row.beyond || finding.facet === "value")) return "strong";
    if (below !== null && /^[.[]/.test(below) && (row.differs === "shape" || finding.facet === "value")) return "strong";
  }
  return "soft";
}

function table(columns, rows) {
  const grid = element("div.bodies", { role: "table", "aria-label": "Bodies side by side", tabindex: "0" });
  grid.style.setProperty("--columns", columns.length);
  grid.append(element("div.body-row.body-head", { role: "row" }, columns.map((column, at) => columnHead(column, at))));
  for (const part of foldedParts(rows)) {
    grid.append(...part.slice(0, MOST_ROWS));
    if (grid.childElementCount < MOST_ROWS) continue;
    grid.append(element("div.fold", {}, "There are more lines than are shown here; the record holds them."));
    break;
  }
  return grid;
}

function columnHead(column, at) {
  const cut = column.body.cut ? ", cut here" : "";
  return element(
    `div.body-cell.${at ? "odd" : "rest"}`,
    { role: "columnheader" },
    element("b", {}, column.names.join(", ")),
    element("span.quiet", {}, ` ${plural(column.body.size, "byte")}${cut}`),
  );
}

/** Yield the rows as elements, runs of equal ones behind a button. */
function* foldedParts(rows) {
  let at = 0;
  while (at < rows.length) {
    let end = at;
    while (end < rows.length && !rows[end].differs) end += 1;
    const before = at ? SHOWN_AROUND : 1;
    const after = end < rows.length ? SHOWN_AROUND : 1;
    if (end - at >= FOLDED_FROM + before + after) {
      yield rows.slice(at, at + before).map(bodyRow);
      yield [fold(rows.slice(at + before, end - after))];
      yield rows.slice(end - after, end).map(bodyRow);
    } else yield rows.slice(at, end).map(bodyRow);
    if (end < rows.length) yield [bodyRow(rows[end])];
    at = end + 1;
  }
}

function fold(rows) {
  const open = (event) => event.currentTarget.replaceWith(...rows.slice(0, MOST_ROWS).map(bodyRow));
  return element("button.fold", { type: "button", click: open }, `⋯ ${plural(rows.length, "equal line")}`);
}

function bodyRow(row) {
  const made = element(`div.body-row${row.lit ? `.${row.lit}` : ""}`, { role: "row" });
  const first = row.cells[0];
  row.cells.forEach((cell, at) => made.append(bodyCell(row, cell, at, first)));
  return made;
}

function bodyCell(row, cell, at, first) {
  if (!cell) {
    return element(`div.body-cell${row.closing ? "" : ".absent"}`, { role: "cell", "aria-label": row.closing ? null : "nothing there" });
  }
  const other = row.lit ? (at ? first : row.cells.find((each) => each && (each.text !== cell.text || each.name !== cell.name))) : null;
  const differs = row.lit && (at ? !first || first.text !== cell.text || first.name !== cell.name : true);
  const made = element(`div.body-cell${differs ? (at ? ".odd" : ".rest") : ""}`, { role: "cell" });
  made.style.setProperty("--depth", cell.depth);
  if (cell.name !== null) {
    made.append(marked("span.name", cell.name, other && other.name !== cell.name ? other.name ?? "" : null), ": ");
  }
  made.append(marked(cell.scalar ? "span.scalar" : "span", cell.text, other && cell.scalar && other.text !== cell.text ? other.text : null));
  if (cell.comma) made.append(",");
  return made;
}

function note(columns, rows, findings, level, asJson) {
  const said = [];
  if (columns.length === 1) said.push(columns[0].names.length > 1 ? "All bodies are the same." : "Only one body to show.");
  const soft = rows.filter((row) => row.lit === "soft").length;
  if (soft) {
    const why = level === "value" ? "as a rule allows" : `which does not count where ${level} is compared`;
    said.push(`${plural(soft, "tinted line")} ${soft === 1 ? "differs" : "differ"} without a finding, ${why}.`);
  }
  const kinds = [...new Set(columns.map((column) => column.read?.kind).filter(Boolean))];
  if (asJson && kinds.length) said.push(`Shown as read: ${kinds.join(", ")}. How it was written is under the exchange.`);
  if (!asJson && columns.length > 1) said.push("Shown as text: not every body is JSON that can be laid out.");
  return said.length ? element("p.quiet", {}, said.join(" ")) : null;
}

function binaryComparison(columns) {
  const said = (body) =>
    body.text === undefined
      ? [element("p", {}, plural(body.size, "byte")), element("p.mono", {}, `sha256 ${body.sha256}`), element("p.mono", {}, body.start)]
      : [element("p", {}, `${plural(body.size, "byte")} of text`), element("pre", {}, body.text.slice(0, 2000))];
  const cards = columns.map((column) => element("div.card", {}, element("b", {}, column.names.join(", ")), said(column.body)));
  return [element("div.cards", {}, cards)];
}
