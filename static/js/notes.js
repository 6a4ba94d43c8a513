// The notes box and the preview work without this. With it, what is typed survives a closed tab, an entry is
// split where the cursor stands, and nobody leaves mended entries by accident.

const WEEK = 7 * 24 * 60 * 60 * 1000;

function keepDraft(box) {
  const status = document.getElementById("draft");
  const name = box.dataset.draft;
  const longest = Number(box.dataset.longest);

  const forget = () => {
    try {
      localStorage.removeItem(name);
    } catch {}
  };
  const say = (sentence, button) => {
    status.textContent = sentence;
    if (button) status.append(" ", button);
  };
  const offerToForget = (sentence) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = "Forget the draft";
    button.addEventListener("click", () => {
      forget();
      box.value = "";
      say("The draft is gone.");
      box.focus();
    });
    say(sentence, button);
  };

  if (document.querySelector(".messagelist .notes-saved")) forget();
  let draft = null;
  try {
    draft = JSON.parse(localStorage.getItem(name));
  } catch {}
  if (draft && Date.now() - draft.when > WEEK) {
    forget();
  } else if (draft && !box.value) {
    box.value = draft.text;
    const when = new Date(draft.when).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    offerToForget(`This is your draft of ${when}, kept in this browser.`);
  }

  box.addEventListener("input", () => {
    if (!box.value) return forget();
    try {
      localStorage.setItem(name, JSON.stringify({ text: box.value, when: Date.now() }));
    } catch {
      return;
    }
    if (box.value.length > longest) {
      say(`These notes have ${box.value.length} letters. At most ${longest} can be read at once.`);
    } else if (!status.querySelector("button")) {
      offerToForget("A draft is kept in this browser for a week, or until you save.");
    }
  });
}

function splitAtCursor(button) {
  const box = document.getElementById(button.dataset.split);
  const mark = document.getElementById("preview").dataset.mark;
  const at = box.selectionStart;
  const isMarked = box.value.split("\n").some((line) => line.trim() === mark);
  if (!isMarked && box.value.slice(0, at).trim() && box.value.slice(at).trim()) {
    box.value = `${box.value.slice(0, at).trimEnd()}\n${mark}\n${box.value.slice(at).trimStart()}`;
  }
}

function guard(form) {
  let leaving = false;
  let mended = false;
  form.addEventListener("input", () => (mended = true));
  form.addEventListener("submit", () => (leaving = true));
  // Enter in a line of text would press the first button of the page.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])")) event.preventDefault();
  });
  window.addEventListener("beforeunload", (event) => {
    if (mended && !leaving) event.preventDefault();
  });
  for (const button of form.querySelectorAll("[data-split]")) {
    button.addEventListener("click", () => splitAtCursor(button));
  }
}

const box = document.querySelector("[data-draft]");
if (box) keepDraft(box);
const preview = document.getElementById("preview");
if (preview) guard(preview);
