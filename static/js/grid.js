// Typing votes into a table with the keyboard alone. Without it the table is a form of plain boxes.

(() => {
  const table = document.querySelector("[data-sheet]");
  if (!table) {
    return;
  }
  const form = table.closest("form");
  const status = form.querySelector("[data-sheet-status]");
  const numbers = table.dataset.sheet === "numbers";
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
  const boxes = rows.flat();
  const places = new Map(rows.flatMap((row, y) => row.map((box, x) => [box, [y, x]])));
  const WORDS = { keep: "k", amplify: "a", discard: "d", create: "c" };
  const seen = JSON.parse(form.elements.seen.value);
  const isChanged = (box) => box.value !== (seen[box.name] ?? "");
  let leaving = false;

  // The same reading as the server's: a letter or word of the four choices, or a whole number.
  const tidied = (text) => {
    const word = text.trim().toLowerCase();
    return numbers ? word : (WORDS[word] ?? word);
  };
  const isRight = (text) => (numbers ? /^\d{0,5}$/ : /^[kadc]?$/).test(text);

  const put = (box, text) => {
    box.value = tidied(text);
    box.toggleAttribute("aria-invalid", false);
    if (!isRight(box.value)) {
      box.setAttribute("aria-invalid", "true");
    }
    box.parentElement.classList.toggle("errors", !isRight(box.value));
    box.parentElement.classList.toggle("changed", isChanged(box));
  };

  const tell = (words = "") => {
    const count = boxes.filter(isChanged).length;
    const unsaved = count ? `${count} ${count === 1 ? "change" : "changes"} not saved yet.` : "";
    status.textContent = [words, unsaved].filter(Boolean).join(" ");
  };

  // One stop for Tab in the whole table; the arrows do the rest.
  const stop = (box) => {
    for (const other of boxes) {
      other.tabIndex = other === box ? 0 : -1;
    }
  };
  const go = (y, x) => {
    const box = rows[y]?.[x];
    if (box) {
      box.focus();
      box.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    return Boolean(box);
  };
  const goOn = (box) => {
    const [y, x] = places.get(box);
    return go(y, x + 1) || go(y + 1, 0);
  };

  table.addEventListener("focusin", (event) => {
    if (places.has(event.target)) {
      stop(event.target);
      event.target.select();
    }
  });

  table.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!places.has(box) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
      return;
    }
    const [y, x] = places.get(box);
    const within = numbers && box.selectionStart === box.selectionEnd;
    const moves = {
      ArrowUp: () => go(y - 1, x),
      ArrowDown: () => go(y + 1, x),
      ArrowLeft: () => (within && box.selectionStart > 0 ? null : go(y, x - 1)),
      ArrowRight: () => (within && box.selectionEnd < box.value.length ? null : go(y, x + 1)),
      Home: () => (within ? null : go(y, 0)),
      End: () => (within ? null : go(y, rows[y].length - 1)),
      Enter: () => go(y + (event.shiftKey ? -1 : 1), x),
    };
    if (!numbers) {
      moves.Delete = moves.Backspace = () => {
        put(box, "");
        tell();
        return true;
      };
      moves[" "] = () => {
        put(box, "");
        tell();
        goOn(box);
        return true;
      };
    }
    if (event.shiftKey && event.key !== "Enter") {
      return;
    }
    if (moves[event.key] && moves[event.key]() !== null) {
      event.preventDefault();
    }
  });

  table.addEventListener("input", (event) => {
    const box = event.target;
    if (!places.has(box)) {
      return;
    }
    // A phone's keyboard adds to what stands there: the last letter is meant.
    const last = box.value.slice(-1).toLowerCase();
    const isLetter = !numbers && "kadc".includes(last) && last !== "";
    put(box, isLetter ? last : box.value);
    tell(isRight(box.value) ? "" : numbers ? "A whole number, please." : "Type k, a, d or c.");
    if (isLetter) {
      goOn(box);
    }
  });

  table.addEventListener("paste", (event) => {
    if (!places.has(event.target)) {
      return;
    }
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    const block = text.split("\n").map((line) => line.split("\t"));
    const [top, left] = places.get(event.target);
    const filled = [];
    let outside = 0;
    block.forEach((line, down) => {
      line.forEach((word, right) => {
        const box = rows[top + down]?.[left + right];
        if (box) {
          put(box, word);
          filled.push(box);
        } else if (word.trim()) {
          outside += 1;
        }
      });
    });
    const wrong = filled.filter((box) => box.hasAttribute("aria-invalid")).length;
    tell(
      [
        `Pasted into ${filled.length} ${filled.length === 1 ? "box" : "boxes"}.`,
        wrong ? `${wrong} could not be read and ${wrong === 1 ? "is" : "are"} marked.` : "",
        outside ? `${outside} did not fit on this page: save, go on to the next page, and paste the rest there.` : "",
      ]
        .filter(Boolean)
        .join(" "),
    );
  });

  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && boxes.some(isChanged)) {
      event.preventDefault();
    }
  });

  for (const note of document.querySelectorAll(".with-script")) {
    note.hidden = false;
  }
  boxes.forEach((box) => put(box, box.value)); // some may come back unsaved
  tell();
  stop(boxes.find((box) => box.hasAttribute("aria-invalid")) ?? boxes[0]);
})();
