import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import "./catalogue.mjs";
import { countLetters, readDraft, splitAt } from "../../static/js/notes.js";

const agreed = JSON.parse(readFileSync(new URL("agreed.json", import.meta.url)));
const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 0, 20);

for (const [text, letters] of agreed.letters) {
  test(`${JSON.stringify(text)} has as many letters as for the server`, () => assert.equal(countLetters(text), letters));
}

const kept = (age) => JSON.stringify({ text: "🤫 Ring first", when: NOW - age });

test("draft of the last seven days is offered", () => {
  assert.equal(readDraft(kept(0), NOW).text, "🤫 Ring first");
  assert.equal(readDraft(kept(7 * DAY), NOW).text, "🤫 Ring first");
});

test("older draft is not offered", () => assert.equal(readDraft(kept(7 * DAY + 1), NOW), null));

test("what is no draft is not offered", () => {
  for (const other of [null, "", "not JSON", "null", "7", '{"when": 1}', '{"text": "no date"}']) {
    assert.equal(readDraft(other, NOW), null);
  }
});

test("entry is split where the cursor stands, without the spaces around it", () => {
  assert.equal(splitAt("We rang. Then we wrote.", 8, "--"), "We rang.\n--\nThen we wrote.");
  assert.equal(splitAt("🤫 rang. \n Then 🤫 wrote.", 9, "--"), "🤫 rang.\n--\nThen 🤫 wrote.");
});

test("entry is not split into nothing and itself", () => {
  assert.equal(splitAt("We rang.", 0, "--"), "We rang.");
  assert.equal(splitAt("We rang. ", 8, "--"), "We rang. ");
  assert.equal(splitAt("  We rang.", 2, "--"), "  We rang.");
});

test("entry is split at one place at a time", () => {
  assert.equal(splitAt("We rang.\n -- \nThen we wrote.", 3, "--"), "We rang.\n -- \nThen we wrote.");
});
