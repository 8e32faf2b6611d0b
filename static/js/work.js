// Asks for one step of the work after the other, and shows how far it is.
"use strict";

// In a block: other scripts of the page have names of their own.
{
  const work = document.querySelector("[data-work]");
  const bar = work.querySelector("progress");
  const words = work.querySelector("[data-sentence]");
  const heard = work.querySelector("[data-heard]");
  const trouble = work.querySelector("[data-trouble]");
  work.querySelector(".actions").hidden = true;

  const AGAIN = 300; // milliseconds, where another tab is at it
  const LATER = 3000; // where something did not answer
  let told = 0;

  function show(progress) {
    bar.value = progress.passed;
    words.textContent = progress.sentence;
    trouble.hidden = true;
    // Screen readers hear it every tenth of the way.
    const tenth = Math.floor(progress.share / 10);
    if (tenth > told) heard.textContent = `${tenth * 10} per cent`;
    told = tenth;
  }

  function say(sentence) {
    trouble.textContent = sentence;
    trouble.hidden = false;
  }

  async function step() {
    const before = bar.value;
    const body = new FormData(work);
    const headers = { Accept: "application/json" };
    const answer = await fetch(work.action, { method: "POST", body, headers, redirect: "manual" });
    if (answer.type === "opaqueredirect" || [400, 403, 404].includes(answer.status)) {
      location.reload(); // signed out, or no longer allowed: the page says which
      return -1;
    }
    if (!answer.ok) {
      say("The directory does not answer at the moment. It is tried again.");
      return LATER;
    }
    const progress = await answer.json();
    show(progress);
    if (progress.stage !== work.dataset.work) {
      location.reload();
      return -1;
    }
    return progress.passed > before ? 0 : AGAIN;
  }

  async function go() {
    for (;;) {
      const wait = await step().catch(() => {
        say("The panel does not answer at the moment. It is tried again.");
        return LATER;
      });
      if (wait < 0) return;
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  go();
}
