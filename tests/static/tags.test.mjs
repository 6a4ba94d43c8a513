import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import "./catalogue.mjs";
import { replaceTagAt, sayFound, tagAt } from "../../static/js/tags.js";

const agreed = JSON.parse(readFileSync(new URL("agreed.json", import.meta.url)));

// The tags that a cursor meets on its way through a list.
function tagsIn(list) {
  const found = new Map();
  for (let cursor = 0; cursor <= list.length; cursor += 1) {
    const { start, text } = tagAt(list, cursor);
    found.set(start, text);
  }
  return [...found.values()].filter(Boolean);
}

for (const [list, tags] of agreed["tag lists"]) {
  test(`tag box reads ${JSON.stringify(list)} as the server does`, () => assert.deepEqual(tagsIn(list), tags));
}

test("tag around the cursor is the one before it, too, up to the comma", () => {
  assert.deepEqual(tagAt("trust, food", 5), { start: 0, end: 5, text: "trust" });
  assert.deepEqual(tagAt("trust, food", 6), { start: 6, end: 11, text: "food" });
});

test("tag after an emoji starts where the cursor says", () => {
  assert.deepEqual(tagAt("🤫 hush, tru", 12), { start: 8, end: 12, text: "tru" });
});

test("taken tag replaces what was typed of it and no other tag", () => {
  assert.deepEqual(replaceTagAt("🤫 hush, tru, food", 12, "trust"), { list: "🤫 hush, trust, food", cursor: 16 });
  assert.deepEqual(replaceTagAt("tru", 3, "trust"), { list: "trust, ", cursor: 7 });
  assert.deepEqual(replaceTagAt("food, tru", 9, '"trust, hope"'), { list: 'food, "trust, hope", ', cursor: 21 });
});

test("comma that is still being quoted parts nothing", () => {
  assert.deepEqual(tagAt('trust, "food, dr', 16), { start: 6, end: 16, text: "food, dr" });
});

test("tag box says how many tags there are", () => {
  assert.equal(sayFound(0), "No such tag yet. It is made when you save.");
  assert.equal(sayFound(1), "1 tag. Arrow keys choose, Enter takes.");
  assert.equal(sayFound(3), "3 tags. Arrow keys choose, Enter takes.");
});
