// Typing votes into a table with the keyboard alone. Without it the table is a form of plain boxes.

const WORDS = new Map([["keep", "k"], ["amplify", "a"], ["discard", "d"], ["create", "c"]]);
const LETTERS = [...WORDS.values()];
const MOST_HANDS = 10_000;

// A sheet takes votes, a letter a box, or numbers of hands. Both read what is typed as the server does.
export const VOTES = {
  tidy: (text) => WORDS.get(text.trim().toLowerCase()) ?? text.trim().toLowerCase(),
  isRight: (text) => text === "" || LETTERS.includes(text),
  hint: () => gettext("Type k, a, d or c."),
};
export const NUMBERS = {
  tidy: (text) => text.trim().toLowerCase(),
  isRight: (text) => /^\d{0,9}$/.test(text) && Number(text) <= MOST_HANDS,
  hint: () => gettext("A whole number, please."),
};

// The letter that is meant where a phone's keyboard adds to what stood in the box; nothing if it is no vote.
export function lastVote(text) {
  const last = text.slice(-1).toLowerCase();
  return LETTERS.includes(last) ? last : "";
}

// What a spreadsheet puts on the clipboard: a row a line, cells between tabs, and an end of line that is no row.
export function readCells(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  return lines.map((line) => line.split("\t"));
}

// Where each pasted cell belongs, from the place the cursor is in; and how many words fell outside the sheet.
export function placeCells(cells, [top, left], [height, width]) {
  const placed = [];
  let outside = 0;
  cells.forEach((line, down) => {
    line.forEach((word, right) => {
      const [y, x] = [top + down, left + right];
      if (y < height && x < width) placed.push([y, x, word]);
      else if (word.trim()) outside += 1;
    });
  });
  return { placed, outside };
}

// The place a key leads to, which may lie outside the sheet; nothing where it moves the cursor within its box.
export function placeAfter(key, [y, x], width, { shift = false, text = null } = {}) {
  const isWithin = text !== null;
  switch (key) {
    case "ArrowUp":
      return [y - 1, x];
    case "ArrowDown":
      return [y + 1, x];
    case "ArrowLeft":
      return isWithin && text.cursor > 0 ? null : [y, x - 1];
    case "ArrowRight":
      return isWithin && text.cursor < text.length ? null : [y, x + 1];
    case "Home":
      return isWithin ? null : [y, 0];
    case "End":
      return isWithin ? null : [y, width - 1];
    case "Enter":
      return [y + (shift ? -1 : 1), x];
    default:
      return null;
  }
}

const counted = (sentence, count) => interpolate(sentence, { count }, true);

export function sayUnsaved(count) {
  if (count === 0) return "";
  return counted(ngettext("%(count)s change not saved yet.", "%(count)s changes not saved yet.", count), count);
}

export function sayPasted(filled, wrong, outside) {
  const sentences = [counted(ngettext("Pasted into %(count)s box.", "Pasted into %(count)s boxes.", filled), filled)];
  if (wrong) {
    const marked = ngettext(
      "%(count)s could not be read and is marked.",
      "%(count)s could not be read and are marked.",
      wrong,
    );
    sentences.push(counted(marked, wrong));
  }
  if (outside) {
    const left = ngettext(
      "%(count)s did not fit on this page: save, go on to the next page, and paste the rest there.",
      "%(count)s did not fit on this page: save, go on to the next page, and paste the rest there.",
      outside,
    );
    sentences.push(counted(left, outside));
  }
  return sentences.join(" ");
}

function takeVotes(table) {
  const form = table.closest("form");
  const status = form.querySelector("[data-sheet-status]");
  const kind = table.dataset.sheet === "numbers" ? NUMBERS : VOTES;
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
  const boxes = rows.flat();
  const places = new Map(rows.flatMap((row, y) => row.map((box, x) => [box, [y, x]])));
  const seen = JSON.parse(form.elements.seen.value);
  const isChanged = (box) => box.value !== (seen[box.name] ?? "");
  let isLeaving = false;

  const put = (box, text) => {
    box.value = kind.tidy(text);
    const isRight = kind.isRight(box.value);
    if (isRight) box.removeAttribute("aria-invalid");
    else box.setAttribute("aria-invalid", "true");
    box.parentElement.classList.toggle("errors", !isRight);
    box.parentElement.classList.toggle("changed", isChanged(box));
  };
  const tell = (words = "") => {
    status.textContent = [words, sayUnsaved(boxes.filter(isChanged).length)].filter(Boolean).join(" ");
  };

  // One stop for Tab in the whole table; the arrows do the rest.
  const stop = (box) => {
    for (const other of boxes) other.tabIndex = other === box ? 0 : -1;
  };
  const go = ([y, x]) => {
    const box = rows[y]?.[x];
    box?.focus();
    box?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return Boolean(box);
  };
  const goOn = ([y, x]) => go([y, x + 1]) || go([y + 1, 0]);

  table.addEventListener("focusin", (event) => {
    if (!places.has(event.target)) return;
    stop(event.target);
    event.target.select();
  });

  table.addEventListener("keydown", (event) => {
    const box = event.target;
    const { key } = event;
    const isOurs = !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing);
    if (!places.has(box) || !isOurs || (event.shiftKey && key !== "Enter")) return;
    const place = places.get(box);
    const isEmptied = kind === VOTES && ["Delete", "Backspace", " "].includes(key);
    if (isEmptied) {
      put(box, "");
      tell();
      if (key === " ") goOn(place);
    }
    const isTyping = kind === NUMBERS && box.selectionStart === box.selectionEnd;
    const text = isTyping ? { cursor: box.selectionStart, length: box.value.length } : null;
    const next = placeAfter(key, place, rows[place[0]].length, { shift: event.shiftKey, text });
    if (next) go(next);
    if (isEmptied || next) event.preventDefault();
  });

  table.addEventListener("input", (event) => {
    const box = event.target;
    if (!places.has(box)) return;
    const vote = kind === VOTES ? lastVote(box.value) : "";
    put(box, vote || box.value);
    tell(kind.isRight(box.value) ? "" : kind.hint());
    if (vote) goOn(places.get(box));
  });

  table.addEventListener("paste", (event) => {
    if (!places.has(event.target)) return;
    event.preventDefault();
    const cells = readCells(event.clipboardData.getData("text/plain"));
    const { placed, outside } = placeCells(cells, places.get(event.target), [rows.length, rows[0].length]);
    for (const [y, x, word] of placed) put(rows[y][x], word);
    const wrong = placed.filter(([y, x]) => !kind.isRight(rows[y][x].value)).length;
    tell(sayPasted(placed.length, wrong, outside));
  });

  form.addEventListener("submit", () => {
    isLeaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && boxes.some(isChanged)) event.preventDefault();
  });

  for (const note of document.querySelectorAll(".with-script")) note.hidden = false;
  for (const box of boxes) put(box, box.value); // some may come back unsaved
  tell();
  stop(boxes.find((box) => box.hasAttribute("aria-invalid")) ?? boxes[0]);
}

const table = globalThis.document?.querySelector("[data-sheet]");
if (table) takeVotes(table);
