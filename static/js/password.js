// Choosing a password: a suggestion, and a meter that follows the typing.
"use strict";

// As the server makes them: nothing that is mixed up when it is read aloud.
const SIGNS = "abcdefghjkmnpqrstuvwxyz23456789";

function below(limit) {
  // Values past the last whole multiple would favour the first letters, so they are drawn again.
  const usable = Math.floor(256 / limit) * limit;
  const byte = new Uint8Array(1);
  do crypto.getRandomValues(byte);
  while (byte[0] >= usable);
  return byte[0] % limit;
}

function suggested(groups) {
  const group = () => Array.from({ length: 5 }, () => SIGNS[below(SIGNS.length)]).join("");
  return Array.from({ length: groups }, group).join("-");
}

const WORDS = ["Too short", "Weak", "Fair", "Good", "Strong"];

function kindsIn(text) {
  return [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(text)).length;
}

function score(text, shortest) {
  const length = [...text].length;
  if (length < shortest) return 0;
  // Repeated signs add little: "aaaaaaaaaaaa" is as easy to guess as it looks.
  const varied = new Set(text.toLowerCase()).size;
  const worth = Math.min(length, varied * 1.6) + 2 * (kindsIn(text) - 1);
  if (worth < 12) return 1;
  if (worth < 15) return 2;
  return worth < 19 ? 3 : 4;
}

function follow(field, box) {
  const meter = field.querySelector("[data-meter]");
  const shortest = Number(field.dataset.minLength) || 8;
  const show = () => {
    const value = box.value;
    meter.hidden = !value;
    if (!value) return;
    const points = score(value, shortest);
    const missing = shortest - [...value].length;
    meter.dataset.score = points;
    const word = points ? WORDS[points] : `${WORDS[0]}: ${missing} more`;
    const place = meter.querySelector(".meter-word");
    if (place.textContent !== word) place.textContent = word;
  };
  box.addEventListener("input", show);
  show();
}

function offer(field, box) {
  const button = field.querySelector("[data-generate]");
  const groups = Math.max(4, Math.ceil(Number(field.dataset.minLength) / 6));
  button.hidden = false;
  button.addEventListener("click", () => {
    box.value = suggested(groups);
    const reveal = field.querySelector("[data-reveal]");
    if (box.type === "password") reveal?.click();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.select();
  });
}

for (const field of document.querySelectorAll("[data-new-password]")) {
  const box = field.querySelector("input");
  follow(field, box);
  offer(field, box);
}
