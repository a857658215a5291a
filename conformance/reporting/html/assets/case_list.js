// The list of cases by runtime.  Rows are made in blocks when they come near the window, so that ten thousand of them
// open as fast as ten; a case's own data are read when it is opened.

const BLOCK_ROWS = 50;
const MOST_PRINTED = 1000;

const INDEX = readData("index");
const ROWS = INDEX.rows.map(([id, verdict, reason, seen, classes, causes, decisions], number) => {
  const name = INDEX.verdicts[verdict];
  const words = [id, reason, name, ...decisions, ...causes.map((cause) => INDEX.causes[cause - 1])].join(" ");
  return { id, number, verdict: name, reason, seen, classes, causes, decisions, words: words.toLowerCase() };
});
const NUMBERS = new Map(ROWS.map((row) => [row.id, row.number]));

const list = { shown: ROWS, open: new Set(), matrix: document.getElementById("matrix"), elements: new Map() };
const filters = { words: [], verdicts: new Set(), suite: "", runtime: -1, cause: 0 };

const nearby = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => fillBlock(entry.target)),
  { rootMargin: "1200px" },
);

function suiteOf(id) {
  return id.slice(0, id.lastIndexOf("/"));
}

function isShown(row) {
  return (
    filters.words.every((word) => row.words.includes(word)) &&
    (!filters.verdicts.size || filters.verdicts.has(row.verdict)) &&
    (!filters.suite || suiteOf(row.id) === filters.suite) &&
    (filters.runtime < 0 || differsIn(row, filters.runtime)) &&
    (!filters.cause || row.causes.includes(filters.cause))
  );
}

/** Tell whether a runtime is the odd one out in a case, or gave no answer. */
function differsIn(row, runtime) {
  return row.classes[runtime] > 0 || (row.classes[runtime] < 0 && row.seen[runtime].length > 0);
}

/** Show the cases that the filters leave. */
function showCases() {
  list.shown = ROWS.filter(isShown);
  list.elements.clear();
  nearby.disconnect();
  const blocks = [];
  for (let at = 0; at < list.shown.length; at += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, list.shown.length - at);
    const block = element("div.block", { role: "rowgroup", "data-first": at, "data-count": count });
    block.style.setProperty("--rows", count);
    blocks.push(block);
  }
  const none = list.shown.length ? null : element("p.nothing", {}, "No case is like that.");
  list.matrix.replaceChildren(matrixHead(), ...blocks, ...(none ? [none] : []));
  list.matrix.classList.toggle("long", list.shown.length > MOST_PRINTED);
  list.matrix.setAttribute("aria-rowcount", list.shown.length + 1);
  blocks.forEach((block) => nearby.observe(block));
  if (blocks.length) fillBlock(blocks[0]);
  document.getElementById("shown").textContent = `${list.shown.length} of ${ROWS.length}`;
}

function matrixHead() {
  const names = INDEX.runtimes.map((runtime) =>
    element("span.cell", { role: "columnheader" }, runtime.name, !runtime.live && element("span.how.recorded", {}, "rec")),
  );
  return element("div.row.row-head", { role: "row" }, element("span", { role: "columnheader" }, "case"), names);
}

function fillBlock(block) {
  nearby.unobserve(block);
  if (block.firstChild) return;
  const first = Number(block.dataset.first);
  for (let at = first; at < first + Number(block.dataset.count); at += 1) block.append(rowElement(list.shown[at], at));
  block.classList.add("filled");
  markFound();
}

function rowElement(row, at) {
  const open = list.open.has(row.id);
  const button = element(
    "button.case-name",
    { type: "button", "aria-expanded": String(open), click: () => toggle(row) },
    element(`span.symbol.${row.verdict}`, { title: row.verdict, "aria-hidden": "true" }, INDEX.symbols[INDEX.verdicts.indexOf(row.verdict)]),
    element("span.hidden", {}, `${row.verdict}: `),
    element("span.id", {}, row.id),
    row.decisions.map((decision) => element("span.tag", {}, decision)),
    row.verdict !== "known" && element("span.why.quiet", {}, row.reason),
  );
  const cells = INDEX.runtimes.map((runtime, column) => cellElement(row, runtime, column));
  const line = element("div.row", { role: "row", "aria-rowindex": at + 2 }, element("span.first", { role: "cell" }, button), cells);
  const made = element(`div.case.${row.verdict}`, { id: `row-${row.number}`, "data-at": at }, line);
  list.elements.set(row.id, made);
  if (open) made.append(detail(row));
  return made;
}

function cellElement(row, runtime, column) {
  const seen = row.seen[column];
  const kind = row.classes[column];
  const split = row.classes.some((other) => other > 0);
  const said = seen.length ? seen.map((step) => (step === "" ? "–" : String(step))).join(" ") : "·";
  const wrong = seen.some((step) => typeof step === "string" && step);
  const letter = split && kind >= 0 ? element(`span.class.class-${Math.min(kind, 3)}`, { title: kind ? "differs from the rest" : "the rest" }, String.fromCharCode(65 + Math.min(kind, 25))) : null;
  return element(`span.cell${wrong ? ".faulted" : ""}`, { role: "cell", "data-runtime": runtime.name }, element("span.seen", {}, said), letter);
}

function detail(row) {
  return element("div.detail", { role: "region", "aria-label": row.id }, caseView(row, readData(`case-${row.number}`)));
}

/** Open or close a case. */
function toggle(row, open = !list.open.has(row.id)) {
  if (open === list.open.has(row.id)) return;
  if (open) list.open.add(row.id);
  else list.open.delete(row.id);
  const made = list.elements.get(row.id);
  made.querySelector(".case-name").setAttribute("aria-expanded", String(open));
  if (open) made.append(detail(row));
  else made.querySelector(".detail").remove();
  history.replaceState(null, "", open ? linkTo(row.id) : location.pathname + location.search);
}

function linkTo(id) {
  return `#${encodeURIComponent(id).replaceAll("%2F", "/")}`;
}

/** Return the element of the case at a place of the list, made if it was not yet. */
function elementAt(at) {
  const block = list.matrix.querySelectorAll(".block")[Math.floor(at / BLOCK_ROWS)];
  fillBlock(block);
  return list.elements.get(list.shown[at].id);
}

/** Make what a printer shows: it scrolls nowhere. */
function fillForPrint() {
  for (const block of list.matrix.querySelectorAll(".block")) {
    if (Number(block.dataset.first) < MOST_PRINTED) fillBlock(block);
  }
}
