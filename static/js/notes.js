// The notes box and the preview work without this. With it, what is typed survives a closed tab, an entry is
// split where the cursor stands, and nobody leaves mended entries by accident.

const WEEK = 7 * 24 * 60 * 60 * 1000;

// As the server counts them: an emoji is one letter, though it has two UTF-16 units.
export function countLetters(text) {
  return [...text].length;
}

// A draft as it was kept; nothing once it has grown old, or where something else lies under its name.
export function readDraft(kept, now) {
  let draft = null;
  try {
    draft = JSON.parse(kept);
  } catch {
    return null;
  }
  return typeof draft?.text === "string" && now - draft.when <= WEEK ? draft : null;
}

// The text with a mark on a line of its own where the cursor stands; as it is where one half would be empty, or where
// a mark stands already.
export function splitAt(text, cursor, mark) {
  const before = text.slice(0, cursor).trimEnd();
  const after = text.slice(cursor).trimStart();
  const isMarked = text.split("\n").some((line) => line.trim() === mark);
  return isMarked || !before || !after ? text : `${before}\n${mark}\n${after}`;
}

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
    button.textContent = gettext("Forget the draft");
    button.addEventListener("click", () => {
      forget();
      box.value = "";
      say(gettext("The draft is gone."));
      box.focus();
    });
    say(sentence, button);
  };

  if (document.querySelector(".messagelist .notes-saved")) forget();
  let kept = null;
  try {
    kept = localStorage.getItem(name);
  } catch {}
  const draft = readDraft(kept, Date.now());
  if (kept && !draft) {
    forget();
  } else if (draft && !box.value) {
    box.value = draft.text;
    const when = new Date(draft.when).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    offerToForget(interpolate(gettext("This is your draft of %(when)s, kept in this browser."), { when }, true));
  }

  box.addEventListener("input", () => {
    if (!box.value) return forget();
    try {
      localStorage.setItem(name, JSON.stringify({ text: box.value, when: Date.now() }));
    } catch {
      return;
    }
    const letters = countLetters(box.value);
    if (letters > longest) {
      say(
        interpolate(
          gettext("These notes have %(letters)s letters. At most %(longest)s can be read at once."),
          { letters, longest },
          true,
        ),
      );
    } else if (!status.querySelector("button")) {
      offerToForget(gettext("A draft is kept in this browser for a week, or until you save."));
    }
  });
}

function splitAtCursor(button) {
  const box = document.getElementById(button.dataset.split);
  box.value = splitAt(box.value, box.selectionStart, document.getElementById("preview").dataset.mark);
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

const box = globalThis.document?.querySelector("[data-draft]");
if (box) keepDraft(box);
const preview = globalThis.document?.getElementById("preview");
if (preview) guard(preview);
