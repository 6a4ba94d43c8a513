// Marks in a text box, while somebody writes, what may tell who somebody is: what the page found when it was made, and
// numbers and addresses by their form. It asks nobody: all it needs stands in the page or here. Without it, the same is
// said when the form is saved.

const PATTERNS = [
  [() => gettext("an e-mail address"), /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/gu, () => true],
  [() => gettext("an NHS number"), /(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])/gu, isNhsNumber],
  [() => gettext("a phone number"), /(?<![\w+])(?:\+|\(\+?)?(?:44|0)[\d ()–-]{7,20}\d(?!\w)/gu, isPhone],
  [
    () => gettext("a postcode"),
    /(?<!\w)(?:[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKMNP-Y]?|GIR) ?\d[ABD-HJLNP-UW-Z]{2}(?!\w)/giu,
    () => true,
  ],
  [
    () => gettext("a National Insurance number"),
    /(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)/giu,
    () => true,
  ],
];

// Whether ten digits pass the check of NHS numbers, modulus 11.
export function isNhsNumber(text) {
  const digits = [...text.replace(/\D/g, "")].map(Number);
  if (digits.length !== 10) return false;
  const sum = digits.slice(0, 9).reduce((total, digit, place) => total + digit * (10 - place), 0);
  return (11 - (sum % 11)) % 11 === digits[9];
}

// Whether it has nine or ten digits after the 0 or the code of the country.
export function isPhone(text) {
  const national = text.replace(/\D/g, "").replace(/^(?:0044|44)?0?/, "");
  return national.length === 9 || national.length === 10;
}

// The stretches of a text to mark, in order and without overlaps: [{ start, end, what }], counted as JavaScript does.
// `known` are passages that the page named, each with what it is.
export function stretches(text, known) {
  const found = [];
  for (const [says, pattern, holds] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      if (holds(match[0])) found.push({ start: match.index, end: match.index + match[0].length, what: says() });
    }
  }
  for (const { passage, what } of known) {
    let start = passage ? text.indexOf(passage) : -1;
    while (start >= 0) {
      const end = start + passage.length;
      if (isWhole(text, start, end)) found.push({ start, end, what });
      start = text.indexOf(passage, end);
    }
  }
  found.sort((one, other) => one.start - other.start || other.end - one.end);
  return found.filter((each, place) => found.slice(0, place).every((before) => before.end <= each.start));
}

// Whether no letter or digit stands right beside a stretch: “Ann” is not marked in “Annexe”.
function isWhole(text, start, end) {
  const beside = /[\p{L}\p{N}]/u;
  return !beside.test(text.slice(0, start).slice(-1)) && !beside.test(text.slice(end, end + 1));
}

// A copy of the box lies behind it, with the same words and marks around what was found.
function highlight(box, known) {
  const frame = document.createElement("div");
  frame.className = "marked-box";
  const behind = document.createElement("div");
  behind.className = "marked-words";
  behind.setAttribute("aria-hidden", "true");
  const said = document.createElement("p");
  said.className = "help marked-said";
  said.setAttribute("aria-live", "polite");
  box.before(frame);
  frame.append(behind, box);
  frame.after(said);

  let timer = null;
  const draw = () => {
    const text = box.value;
    const found = stretches(text, known);
    const pieces = [];
    let from = 0;
    for (const { start, end } of found) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      pieces.push(text.slice(from, start), mark);
      from = end;
    }
    // A last line that is empty has no height of its own.
    behind.replaceChildren(...pieces, `${text.slice(from)}\n`);
    behind.scrollTop = box.scrollTop;
    return found.map(({ start, end, what }) => `${text.slice(start, end)} (${what})`);
  };
  const say = (found) => {
    const words = [...new Set(found)].join(", ");
    const sentence = words ? interpolate(gettext("May tell who somebody is: %s"), [words]) : "";
    if (said.textContent !== sentence) said.textContent = sentence;
  };
  box.addEventListener("input", () => {
    const found = draw();
    clearTimeout(timer);
    timer = setTimeout(() => say(found), 600);
  });
  box.addEventListener("scroll", () => (behind.scrollTop = box.scrollTop));
  // Other scripts change a box without typing into it.
  box.form?.addEventListener("click", () => setTimeout(draw));
  document.getElementById("id_text")?.addEventListener("input", () => setTimeout(draw));
  say(draw());
}

function passagesOf(list) {
  return [...list.querySelectorAll("[data-passage]")].map((each) => ({
    passage: each.textContent,
    what: each.dataset.what ?? "",
  }));
}

if (globalThis.document) {
  const wording = document.getElementById("id_published_text") ?? document.getElementById("id_statement");
  const list = document.querySelector("[data-passages='']");
  if (wording instanceof HTMLTextAreaElement) highlight(wording, list ? passagesOf(list) : []);
  for (const each of document.querySelectorAll("[data-passages]:not([data-passages=''])")) {
    const box = document.getElementById(each.dataset.passages);
    if (box) highlight(box, passagesOf(each));
  }
}
