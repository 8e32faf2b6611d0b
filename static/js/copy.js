// Buttons that copy, and buttons that show what a password box holds. Hidden where there is no JavaScript.
"use strict";

async function copyText(text, source) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  // Over plain http the browser offers no clipboard: select the text and ask the old way.
  if (source.select) source.select();
  else getSelection().selectAllChildren(source);
  return document.execCommand("copy");
}

// What screen readers hear. Inside the button it would take the button its name.
const heard = document.createElement("span");
heard.className = "unseen";
heard.setAttribute("role", "status");

function sayOn(button, word) {
  const label = button.querySelector("[data-copy-word]");
  const before = (label.dataset.before ||= label.textContent);
  label.textContent = heard.textContent = word;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => {
    label.textContent = before;
    heard.textContent = "";
  }, 2500);
}

const copying = document.querySelectorAll("[data-copy]");
if (copying.length) document.getElementById("main").append(heard);
for (const button of copying) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    const copied = await copyText(source.value ?? source.textContent, source).catch(() => false);
    sayOn(button, copied ? "Copied" : "Press Ctrl+C");
  });
}

function reveal(button, box, shown) {
  box.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  button.lastChild.textContent = shown ? "Hide" : "Show";
}

for (const button of document.querySelectorAll("[data-reveal]")) {
  const box = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  reveal(button, box, box.type === "text");
  button.addEventListener("click", () => {
    reveal(button, box, box.type === "password");
    box.focus();
  });
  // Hidden again on sending, so that the browser takes it for the password it is.
  const own = box.type === "password";
  if (own) box.form.addEventListener("submit", () => reveal(button, box, false));
}
