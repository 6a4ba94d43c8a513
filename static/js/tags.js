// Offers the tags there are, with how many stories bear each, while one is typed. It is a combobox as the ARIA
// Authoring Practices describe it; the field stays a comma list, and works as one without this.

// Where one tag ends and the next begins, as the server reads the list: a comma within quotes parts nothing, and quotes
// are quotes only where a tag begins with them. Places count UTF-16 units, as the cursor's do: an emoji has two.
function commasIn(text) {
  const commas = [];
  let isFresh = true; // nothing of the tag but spaces so far
  let isQuoted = false;
  let wasQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === "," && !isQuoted) {
      commas.push(at);
      isFresh = true;
      wasQuoted = false;
    } else if (sign === '"' && (isFresh || isQuoted || (wasQuoted && text[at - 1] === '"'))) {
      isQuoted = !isQuoted; // a doubled quote closes and opens again
      wasQuoted = true;
      isFresh = false;
    } else if (sign.trim()) {
      isFresh = false;
    }
  }
  return commas;
}

// The tag around the cursor: where it starts and ends in the list, and what is typed of it.
export function tagAt(list, cursor) {
  const commas = commasIn(list);
  const start = (commas.filter((comma) => comma < cursor).pop() ?? -1) + 1;
  const end = commas.find((comma) => comma >= cursor) ?? list.length;
  const typed = list.slice(start, end).trim();
  return { start, end, text: typed.startsWith('"') ? typed.replace(/^"|"$/g, "").replaceAll('""', '"') : typed };
}

// The list with the tag around the cursor replaced by this one, and where the cursor then stands.
export function replaceTagAt(list, cursor, name) {
  const { start, end } = tagAt(list, cursor);
  const before = list.slice(0, start).trimEnd();
  const after = list.slice(end).replace(/^,\s*/, "");
  const written = `${before}${before ? " " : ""}${name}, `;
  return { list: written + after, cursor: written.length };
}

export function sayFound(count) {
  if (count === 0) return gettext("No such tag yet. It is made when you save.");
  const sentence = ngettext(
    "%(count)s tag. Arrow keys choose, Enter takes.",
    "%(count)s tags. Arrow keys choose, Enter takes.",
    count,
  );
  return interpolate(sentence, { count }, true);
}

function offerTags(field) {
  const list = document.createElement("ul");
  list.id = `${field.id}_suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", gettext("Tags there are"));
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  const place = document.createElement("div");
  place.className = "suggesting";
  field.replaceWith(place);
  place.append(field, list, status);
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    field.setAttribute(name, value);
  }

  let chosen = -1;
  let waiting;
  let asked = "";

  const current = () => tagAt(field.value, field.selectionStart);

  function close() {
    clearTimeout(waiting);
    asked = "";
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    const options = list.children;
    options[chosen]?.setAttribute("aria-selected", "false");
    chosen = (next + options.length) % options.length;
    options[chosen].setAttribute("aria-selected", "true");
    options[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[chosen].id);
  }

  function take(option) {
    const { list: written, cursor } = replaceTagAt(field.value, field.selectionStart, option.dataset.name);
    field.value = written;
    field.setSelectionRange(cursor, cursor);
    close();
    status.textContent = `${option.dataset.name} added.`;
    field.focus();
  }

  function show(tags) {
    list.replaceChildren(
      ...tags.map(({ name, count }, number) => {
        const option = document.createElement("li");
        option.id = `${list.id}_${number}`;
        option.dataset.name = name;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const word = document.createElement("span");
        word.textContent = name;
        const uses = document.createElement("span");
        uses.className = "quiet";
        uses.textContent = ` ${interpolate(ngettext("%(count)s story", "%(count)s stories", count), { count }, true)}`;
        option.append(word, uses);
        // Before the field loses the focus, which closes the list.
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          take(option);
        });
        return option;
      }),
    );
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    list.hidden = tags.length === 0;
    field.setAttribute("aria-expanded", String(tags.length > 0));
    status.textContent = sayFound(tags.length);
  }

  async function ask(text) {
    asked = text;
    try {
      const answer = await fetch(`${field.dataset.suggestions}?q=${encodeURIComponent(text)}`);
      if (answer.ok && asked === text) show((await answer.json()).tags);
    } catch {
      close();
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    const { text } = current();
    if (text) waiting = setTimeout(() => ask(text), 150);
    else close();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask(current().text);
      else mark(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  field.addEventListener("blur", close);
}

for (const field of globalThis.document?.querySelectorAll("input[data-suggestions]") ?? []) offerTags(field);
