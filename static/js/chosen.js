// How many rows are selected; and one box that selects the page.
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
document.addEventListener("htmx:afterSettle", offerPage);
window.addEventListener("pageshow", offerPage);
