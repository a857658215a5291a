// What a reader does: filters, keys, links to a case.

const searchBox = document.getElementById("search");
const helpDialog = document.getElementById("help");
const THEME = "conformance-theme";
const causeButton = document.getElementById("cause-filter");

function fillChoices() {
  const choose = (select, texts, values) => texts.forEach((text, at) => select.append(element("option", { value: values[at] }, text)));
  const suites = [...new Set(ROWS.map((row) => suiteOf(row.id)))];
  const suite = document.getElementById("suite");
  choose(suite, suites, suites);
  suite.parentElement.hidden = suites.length < 2;
  const names = INDEX.runtimes.map((runtime) => runtime.name);
  choose(document.getElementById("runtime"), names.map((name) => `${name} differs`), names.map((_, at) => at));
}

function filterBy(change) {
  Object.assign(filters, change);
  causeButton.hidden = !filters.cause;
  if (filters.cause) causeButton.textContent = visible(`cause ${filters.cause} ✕`);
  for (const button of document.querySelectorAll("[data-verdict]")) {
    button.setAttribute("aria-pressed", String(filters.verdicts.has(button.dataset.verdict)));
  }
  showCases();
  showCauses(filters.words);
}

function clearFilters() {
  searchBox.value = "";
  document.getElementById("suite").value = "";
  document.getElementById("runtime").value = "";
  filterBy({ words: [], verdicts: new Set(), suite: "", runtime: -1, cause: 0 });
}

function listenToFilters() {
  searchBox.addEventListener("input", () => filterBy({ words: searchBox.value.toLowerCase().split(/\s+/).filter(Boolean) }));
  document.getElementById("suite").addEventListener("change", (event) => filterBy({ suite: event.target.value }));
  document.getElementById("runtime").addEventListener("change", (event) => filterBy({ runtime: event.target.value === "" ? -1 : Number(event.target.value) }));
  for (const button of document.querySelectorAll("[data-verdict]")) {
    button.addEventListener("click", () => {
      const verdicts = new Set(filters.verdicts);
      if (!verdicts.delete(button.dataset.verdict)) verdicts.add(button.dataset.verdict);
      filterBy({ verdicts });
    });
  }
  for (const button of document.querySelectorAll("[data-cause]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      clearFilters();
      filterBy({ cause: Number(button.dataset.cause) });
      document.getElementById("cases").scrollIntoView();
    });
  }
  causeButton.addEventListener("click", () => filterBy({ cause: 0 }));
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("help-button").addEventListener("click", () => helpDialog.showModal());
}

/** Return the place in the list of the case that has the focus, or -1. */
function placeOfFocus() {
  const focused = document.activeElement?.closest?.(".case");
  return focused ? Number(focused.dataset.at) : -1;
}

function move(by) {
  const at = Math.max(0, Math.min(list.shown.length - 1, placeOfFocus() + by));
  if (!list.shown.length) return;
  const button = elementAt(at).querySelector(".case-name");
  button.focus({ preventScroll: true });
  button.scrollIntoView({ block: "nearest" });
}

function escape() {
  if (document.activeElement === searchBox) {
    searchBox.blur();
    return;
  }
  const at = placeOfFocus();
  const row = at >= 0 && list.open.has(list.shown[at].id) ? list.shown[at] : list.shown.find((each) => list.open.has(each.id));
  if (!row) return;
  const made = elementAt(list.shown.indexOf(row));
  toggle(row, false);
  made.querySelector(".case-name").focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => searchBox.focus(),
  "?": () => helpDialog.showModal(),
  Escape: escape,
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || helpDialog.open) return;
  const typing = event.target.closest?.("input:not([type=radio]), select, textarea");
  const inList = event.target.closest?.(".case-name");
  let action = typing && event.key !== "Escape" ? null : KEYS[event.key];
  if (event.key === "ArrowDown" && (inList || event.target === searchBox)) action = () => move(1);
  if (event.key === "ArrowUp" && inList) action = () => move(-1);
  if (!action) return;
  event.preventDefault();
  action();
}

/** Keep the chosen theme for the next report, where the browser lets a page keep anything. */
function keepTheme() {
  const kept = (use) => {
    try {
      return use(localStorage);
    } catch {
      return null;
    }
  };
  const chosen = kept((storage) => storage.getItem(THEME));
  for (const button of document.querySelectorAll("[name=theme]")) {
    if (button.value === chosen) button.checked = true;
    button.addEventListener("change", () => kept((storage) => storage.setItem(THEME, button.value)));
  }
}

/** Open the case or the cause that the address names. */
function followLink() {
  let id;
  try {
    id = decodeURIComponent(location.hash.slice(1));
  } catch {
    return;
  }
  const cause = id.startsWith("cause-") && document.getElementById(id);
  if (cause) {
    if (cause.hidden) clearFilters();
    cause.open = true;
    cause.scrollIntoView({ block: "start" });
  }
  const number = NUMBERS.get(id);
  if (number === undefined) return;
  const row = ROWS[number];
  if (!list.shown.includes(row)) clearFilters();
  const made = elementAt(list.shown.indexOf(row));
  toggle(row, true);
  made.scrollIntoView({ block: "start" });
  made.querySelector(".case-name").focus({ preventScroll: true });
}

list.matrix.style.setProperty("--runtimes", INDEX.runtimes.length);
list.matrix.hidden = false;
document.querySelector(".filters").hidden = false;
searchBox.parentElement.hidden = false;
fillChoices();
listenToFilters();
listenToCopyButtons();
keepTheme();
showCases();
document.addEventListener("keydown", onKey);
addEventListener("hashchange", followLink);
addEventListener("beforeprint", () => {
  fillForPrint();
  document.querySelectorAll("details").forEach((details) => (details.open = true));
});
followLink();
