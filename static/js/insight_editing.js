// Editing an insight beside its evidence works without this. With it, the buttons of the evidence exchange that part of
// the page alone, and the line that says which text it shows, so that the text stays where it is; a selection in a wording becomes a quotation; and pieces of
// evidence can be dragged into order.

const form = globalThis.document?.getElementById("insight_form");
const bench = () => document.getElementById("bench");

// The passage that a selection marks, and where it starts as the server counts: in code points, where the browser counts
// UTF-16 units, two for an emoji. Nothing where nothing is selected.
export function quotationFrom(wording, selectionStart, selectionEnd) {
  if (selectionStart === selectionEnd) return null;
  return { passage: wording.slice(selectionStart, selectionEnd), start: [...wording.slice(0, selectionStart)].length };
}

// The field that holds the start of the passage in this field; nothing for any other field.
export function startFieldOf(id) {
  return id.endsWith("-passage") ? id.replace(/-passage$/, "-start") : null;
}

// What the button beside a piece of evidence would say, had it been dragged onto another one; nothing onto itself.
export function moveOf(pieces, dragged, target) {
  return dragged === target ? null : `place ${dragged} ${pieces.indexOf(target)}`;
}

// Where the focus goes once the evidence was exchanged: to what was pressed if it is still there to be pressed, else to
// what is said, else to the search.
export function focusAfter(pressed, says, search) {
  if (pressed && !pressed.disabled) return pressed;
  return says.textContent.trim() ? says : search;
}

// In a read-only box Chromium selects nothing by the keyboard; in one that refuses each change it does.
function letKeyboardSelect() {
  for (const wording of bench().querySelectorAll(".wording")) {
    wording.readOnly = false;
    wording.inputMode = "none";
    wording.setAttribute("aria-readonly", "true");
  }
}

function revealHelp() {
  for (const help of bench().querySelectorAll(".with-script")) help.hidden = false;
  letKeyboardSelect();
}

async function press(value, focusOn) {
  const data = new FormData(form);
  data.append("_bench", value);
  bench().setAttribute("aria-busy", "true");
  let page;
  try {
    const response = await fetch(location.pathname, { method: "POST", body: data });
    if (!response.ok) throw new Error(response.status);
    page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!page.getElementById("bench")) throw new Error("another page");
  } catch {
    bench().removeAttribute("aria-busy");
    const says = document.getElementById("bench-says");
    says.className = "notice error";
    says.textContent = gettext(
      "This did not reach the archive, and nothing was changed. Try again; if you are signed out, sign in in another window first.",
    );
    says.focus();
    return;
  }
  const open = [...bench().querySelectorAll("details[open]")].map((details) => details.dataset.of);
  for (const part of ["bench", "which"]) {
    document.getElementById(part).replaceWith(document.adoptNode(page.getElementById(part)));
  }
  for (const details of bench().querySelectorAll("details")) {
    if (open.includes(details.dataset.of)) details.open = true;
  }
  revealHelp();
  const pressed = focusOn && document.getElementById(focusOn);
  focusAfter(pressed, document.getElementById("bench-says"), document.getElementById("find-title")).focus();
}

if (form && bench()) {
  revealHelp();

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.name !== "_bench") return;
    event.preventDefault();
    const at = document.activeElement;
    // Enter in a field of the text presses the first button of the form; here it saves, as on other pages.
    if (button.hidden && !bench().contains(at)) {
      // Not from within a submission: that would be ignored.
      setTimeout(() => form.requestSubmit(form.querySelector("[name=_continue]")));
      return;
    }
    press(button.value, button.hidden ? at.id : button.id);
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest(".quote");
    if (!button) return;
    const wording = document.getElementById(button.dataset.wording);
    const quotation = quotationFrom(wording.value, wording.selectionStart, wording.selectionEnd);
    if (!quotation) {
      wording.focus();
      return;
    }
    document.getElementById(wording.dataset.passage).value = quotation.passage;
    document.getElementById(wording.dataset.start).value = quotation.start;
    if (button.dataset.save) press(`save ${button.dataset.save}`);
    else document.getElementById(wording.dataset.passage).focus();
  });

  form.addEventListener("beforeinput", (event) => {
    if (event.target.matches(".wording")) event.preventDefault();
  });

  // A passage that is mended by hand is looked for anew.
  form.addEventListener("input", (event) => {
    const id = startFieldOf(event.target.id);
    const start = id && document.getElementById(id);
    if (start) start.value = "";
  });

  let dragged = null;
  const pieceAt = (event) => event.target.closest && event.target.closest("[data-piece]");
  const mark = (piece) => {
    for (const marked of bench().querySelectorAll(".over")) marked.classList.remove("over");
    if (piece) piece.classList.add("over");
  };
  form.addEventListener("dragstart", (event) => {
    dragged = event.target.closest && event.target.closest(".handle") ? pieceAt(event) : null;
    if (!dragged) return;
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged, 0, 0);
  });
  form.addEventListener("dragover", (event) => {
    if (!dragged || !pieceAt(event)) return;
    event.preventDefault();
    mark(pieceAt(event));
  });
  form.addEventListener("dragend", () => mark(null));
  form.addEventListener("drop", (event) => {
    const target = pieceAt(event);
    if (!dragged || !target) return;
    event.preventDefault();
    mark(null);
    const pieces = [...bench().querySelectorAll("[data-piece]")].map((piece) => piece.dataset.piece);
    const move = moveOf(pieces, dragged.dataset.piece, target.dataset.piece);
    if (move) press(move);
    dragged = null;
  });
}
