// The search: words are looked for in causes and in cases, and what is found is marked.

const MOST_MARKS = 2000;
const CAUSES = [...document.querySelectorAll(".cause")].map((made) => ({
  made,
  summary: wordsOf(made.querySelector("summary")),
  words: wordsOf(made),
}));

function wordsOf(made) {
  return made.textContent.replace(/\s+/g, " ").toLowerCase();
}

/** Show the causes that have all words. One that has them only inside is opened. */
function showCauses(words) {
  const shown = CAUSES.filter((cause) => words.every((word) => cause.words.includes(word)));
  const chosen = new Set(shown);
  for (const cause of CAUSES) {
    cause.made.hidden = !chosen.has(cause);
    if (chosen.has(cause) && !words.every((word) => cause.summary.includes(word))) cause.made.open = true;
  }
  const found = `${shown.length} of ${plural(CAUSES.length, "cause")}, ${list.shown.length} of ${plural(ROWS.length, "case")}`;
  document.getElementById("found").textContent = words.length ? found : "";
  markFound();
}

/** Mark the words of the search where they stand, in causes and in the rows of cases that are made. */
function markFound() {
  if (!globalThis.CSS?.highlights) return;
  const ranges = [];
  if (filters.words.length) {
    for (const part of document.querySelectorAll(".cause:not([hidden]), .case-name")) rangesIn(part, ranges);
  }
  if (ranges.length) CSS.highlights.set("found", new Highlight(...ranges));
  else CSS.highlights.delete("found");
}

function rangesIn(part, ranges) {
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node && ranges.length < MOST_MARKS; node = texts.nextNode()) {
    const text = node.data.toLowerCase();
    if (text.length !== node.data.length) continue;
    for (const word of filters.words) {
      for (let at = text.indexOf(word); at >= 0 && ranges.length < MOST_MARKS; at = text.indexOf(word, at + word.length)) {
        const range = new StaticRange({ startContainer: node, startOffset: at, endContainer: node, endOffset: at + word.length });
        ranges.push(range);
      }
    }
  }
}
