// Buttons that copy a text: a command, a signature, a row, a link.

/** Return a button that copies a text, or what a function returns when it is pressed. */
function copyButton(label, text, words = "copy") {
  return element("button.link.copy", { type: "button", "aria-label": label, click: (event) => copyFrom(event.currentTarget, text) }, words);
}

/** Copy a text and say so on the button. Where the browser refuses, show the text selected beside the button. */
async function copyFrom(button, text) {
  const copied = typeof text === "function" ? text() : text;
  button.parentElement.querySelector(".copied")?.remove();
  try {
    await navigator.clipboard.writeText(copied);
    button.textContent = "copied";
    say("copied");
  } catch {
    const shown = element("code.copied", {}, copied);
    button.after(shown);
    getSelection().selectAllChildren(shown);
    say("selected, copy it with the keyboard");
  }
}

/** Tell a screen reader what happened. */
function say(words) {
  document.getElementById("announcement").textContent = words;
}

/** Return the address of a part of this page. */
function addressOf(id) {
  return location.href.split("#")[0] + linkTo(id);
}

/** Make the buttons of the causes work: those beside a text copy it, those with an id copy the link to it. */
function listenToCopyButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copyFrom(button, button.parentElement.querySelector("code:not(.copied)").textContent));
  }
  for (const button of document.querySelectorAll("[data-link]")) {
    button.hidden = false;
    button.addEventListener("click", () => copyFrom(button, () => addressOf(button.dataset.link)));
  }
}
