// Comfort on top of pages that work without it.
"use strict";

const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

// "/" goes to the search box, as the foot of the page says.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const box = document.querySelector("[data-search]") || document.getElementById("find-anything");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// A menu closes by Escape, by a click elsewhere, and when the focus leaves it.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A form is sent once, however often its button is clicked.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    // Also the buttons outside that belong to it.
    for (const button of form.elements) button.removeAttribute("aria-disabled");
  }
});

// A download leaves the page as it is: what it asked for is no longer so.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("[data-download]")) return;
  document.querySelector("[data-before-download]").hidden = true;
  document.querySelector("[data-after-download]").hidden = false;
});

// The focus goes to what has to be put right.
const wrong =
  document.querySelector("[data-first-error]") ||
  document.querySelector(".errorlist.nonfield, main [aria-invalid=true]");
if (wrong) {
  if (!wrong.matches("input, textarea, select")) wrong.tabIndex = -1;
  wrong.focus();
}

// Screen readers announce what changes in a live region, not what was there from the start. Only the
// words are put in anew: Undo beside them may be under somebody's finger at this moment.
const sentences = document.querySelectorAll("[data-messages] p");
setTimeout(() => {
  for (const { firstChild } of sentences) firstChild?.replaceWith(firstChild.cloneNode());
}, 150);

// The colours change at once, and a half-filled form stays as it is.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    const chosen = event.submitter;
    const body = new FormData(form, chosen);
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (!answer.ok && answer.type !== "opaqueredirect") {
      location.reload();
      return;
    }
    const root = document.documentElement;
    if (chosen.value === "system") delete root.dataset.theme;
    else root.dataset.theme = chosen.value;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === chosen));
    }
  },
  true,
);

// Where the answer to a search is another page (signed out, directory down), go and see it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answer = event.detail.xhr;
  if (answer.status === 200 && answer.responseText.includes('id="results"')) return;
  event.detail.shouldSwap = false;
  const form = document.getElementById("search").form;
  location.assign(`${form.action}?${new URLSearchParams(new FormData(form))}`);
});
