// How many rows are selected; one box that selects the page; and Enter, which leads on.
"use strict";

const picked = () => document.querySelectorAll('#results [name="mail"]:checked').length;

function count() {
  const words = document.querySelector("[data-chosen]");
  if (!words) return;
  const all = document.querySelector('#chosen [name="all"]');
  const number = picked();
  words.textContent = all?.checked ? "Selected:" : `${number} selected:`;
  const page = document.querySelector("[data-pick-page]");
  const boxes = document.querySelectorAll('#results [name="mail"]').length;
  page.checked = number > 0 && number === boxes;
  page.indeterminate = number > 0 && number < boxes;
}

function offerPage() {
  for (const box of document.querySelectorAll("[data-pick-page]")) box.hidden = false;
  count();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick-page]")) {
    for (const box of document.querySelectorAll('#results [name="mail"]')) {
      box.checked = event.target.checked;
    }
  }
  if (event.target.closest("#results")) count();
});
// From a row that is selected to what can be done with it, however many rows lie between.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches('#results [name="mail"], [data-pick-page]')) return;
  event.preventDefault();
  if (picked()) document.querySelector("#chosen :is([name=all], [name=act])").focus();
});
document.addEventListener("htmx:afterSettle", offerPage);
window.addEventListener("pageshow", offerPage);
