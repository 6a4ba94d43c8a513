import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import "./catalogue.mjs";
import {
  NUMBERS,
  VOTES,
  lastVote,
  placeAfter,
  placeCells,
  readCells,
  sayPasted,
  sayUnsaved,
} from "../../static/js/vote_entry.js";

const agreed = JSON.parse(readFileSync(new URL("agreed.json", import.meta.url)));

for (const [kind, name] of [[VOTES, "votes"], [NUMBERS, "hands"]]) {
  for (const [text, read] of agreed[name]) {
    test(`${JSON.stringify(text)} is read as the server reads ${name}`, () => {
      assert.equal(kind.isRight(kind.tidy(text)) ? kind.tidy(text) : null, read);
    });
  }
}

test("letter that a phone adds to what stood in the box is the vote", () => {
  assert.equal(lastVote("kA"), "a");
  assert.equal(lastVote("d"), "d");
  assert.equal(lastVote("kx"), "");
  assert.equal(lastVote("k🤫"), "");
  assert.equal(lastVote(""), "");
});

test("cells of a spreadsheet are read by line and tab, and the last line's end is no row", () => {
  assert.deepEqual(readCells("k\tdiscard\r\n\tc\r\n"), [["k", "discard"], ["", "c"]]);
  assert.deepEqual(readCells("k\rd"), [["k"], ["d"]]);
  assert.deepEqual(readCells("k"), [["k"]]);
  assert.deepEqual(readCells("k\n\n"), [["k"], [""]]);
});

test("cells go to the right and down from the cursor, and those outside are counted if they say something", () => {
  assert.deepEqual(placeCells([["k", "d", "a"], ["", "c", ""]], [1, 1], [3, 3]), {
    placed: [[1, 1, "k"], [1, 2, "d"], [2, 1, ""], [2, 2, "c"]],
    outside: 1,
  });
});

test("keys lead to the next box, or outside the sheet", () => {
  const from = (key, options) => placeAfter(key, [1, 2], 5, options);
  assert.deepEqual(from("ArrowUp"), [0, 2]);
  assert.deepEqual(from("ArrowDown"), [2, 2]);
  assert.deepEqual(from("ArrowLeft"), [1, 1]);
  assert.deepEqual(from("ArrowRight"), [1, 3]);
  assert.deepEqual(from("Home"), [1, 0]);
  assert.deepEqual(from("End"), [1, 4]);
  assert.deepEqual(from("Enter"), [2, 2]);
  assert.deepEqual(from("Enter", { shift: true }), [0, 2]);
  assert.deepEqual(placeAfter("ArrowUp", [0, 0], 5), [-1, 0]);
  assert.equal(from("Tab"), null);
  assert.equal(from("k"), null);
});

test("arrows move within a number that is being typed, and leave it at its ends", () => {
  const from = (key, cursor) => placeAfter(key, [1, 2], 5, { text: { cursor, length: 2 } });
  assert.equal(from("ArrowLeft", 1), null);
  assert.deepEqual(from("ArrowLeft", 0), [1, 1]);
  assert.equal(from("ArrowRight", 1), null);
  assert.deepEqual(from("ArrowRight", 2), [1, 3]);
  assert.equal(from("Home", 1), null);
  assert.equal(from("End", 1), null);
  assert.deepEqual(from("ArrowDown", 1), [2, 2]);
});

test("what is not saved yet is said in a sentence", () => {
  assert.equal(sayUnsaved(0), "");
  assert.equal(sayUnsaved(1), "1 change not saved yet.");
  assert.equal(sayUnsaved(2), "2 changes not saved yet.");
});

test("what became of a paste is said in sentences", () => {
  assert.equal(sayPasted(1, 0, 0), "Pasted into 1 box.");
  assert.equal(sayPasted(4, 1, 0), "Pasted into 4 boxes. 1 could not be read and is marked.");
  assert.equal(
    sayPasted(4, 2, 3),
    "Pasted into 4 boxes. 2 could not be read and are marked. " +
      "3 did not fit on this page: save, go on to the next page, and paste the rest there.",
  );
});
